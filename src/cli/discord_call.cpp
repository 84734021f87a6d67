#include "cli/discord_call.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "net/error.hpp"
#include "net/tls_context.hpp"

namespace guildfleet::cli {
namespace {

base::result<bot::rest_client_settings> client_settings(const ops::fleet_config& config,
                                                        const ops::bot_section& bot,
                                                        const std::string& version,
                                                        std::chrono::milliseconds each) {
  const auto api = discord_address(config);
  if (!api) return std::unexpected(api.error());
  auto tls = tls_for_discord(config, *api);
  if (!tls) return std::unexpected(std::move(tls).error());
  bot::rest_client_settings settings;
  settings.bot = bot.name;
  settings.token = bot.token;
  settings.api = *api;
  settings.tls = std::move(*tls);
  settings.version = version;
  settings.default_timeout = each;
  settings.limits.max_attempts = 2;  // somebody waits
  return settings;
}

net::task<> work_and_close(const discord_work& work, bot::rest_client& client) {
  co_await work(client);
  client.close();
}

}  // namespace

base::result<net::url> discord_address(const ops::fleet_config& config) {
  auto api = net::parse_url(config.discord.api_url);
  if (api) return std::move(*api);
  return base::fail(net::net_error::bad_url, config.discord.api_url,
                    "Set discord.api_url (or DISCORD_API_URL) to something like https://discord.com/api.");
}

base::result<net::tls_context> tls_for_discord(const ops::fleet_config& config, const net::url& api) {
  if (!api.secure()) return net::tls_context();
  return net::make_client_tls(config.discord.ca_file);
}

base::result<void> call_discord(const ops::fleet_config& config, const ops::bot_section& bot,
                                const std::string& version, std::chrono::milliseconds each,
                                const discord_work& work) {
  auto settings = client_settings(config, bot, version, each);
  if (!settings) return std::unexpected(std::move(settings).error());
  const base::system_clock clock;
  base::metrics metrics;
  discord::invalid_request_guard guard;
  net::asio::io_context context{1};
  bot::rest_client client(context.get_executor(), std::move(*settings), metrics, clock, guard);
  auto pending = net::asio::co_spawn(context, work_and_close(work, client), net::asio::use_future);
  context.run();
  pending.get();
  return {};
}

}  // namespace guildfleet::cli
