#include "bot/attachment_fetcher.hpp"

#include <fmt/format.h>

#include "discord/rest/error.hpp"
#include "net/http_client.hpp"

namespace guildfleet::bot {
namespace {

constexpr std::chrono::seconds limit{10};
constexpr std::string_view context = "attachment";  // its address is signed and stays out of texts

bool is_discord(std::string_view host) {
  return host == "discord.com" || host.ends_with(".discord.com");
}

}  // namespace

bool attachment_fetcher::trusts(const net::url& from) const {
  const bool cdn = from.host == "cdn.discordapp.com" || from.host == "media.discordapp.net";
  if (cdn && from.scheme == "https" && from.port == 443) return true;
  return !is_discord(api_.host) && from.scheme == api_.scheme && from.host == api_.host &&
         from.port == api_.port;
}

net::task<base::result<std::string>> attachment_fetcher::fetch(std::string url, std::size_t max_bytes) {
  const auto from = net::parse_url(url);
  if (!from || !trusts(*from)) {
    co_return base::fail(discord::rest_error::invalid_request, std::string(context),
                         "Its address is not one of Discord's. Attach the file again.");
  }
  net::http_client_settings settings;
  settings.origin = *from;
  settings.tls = tls_;
  settings.max_connections = 1;
  settings.max_response_bytes = max_bytes;
  net::http_client client(co_await net::asio::this_coro::executor, std::move(settings));
  net::http_request request;
  request.target = from->target;
  auto answer = co_await client.send(std::move(request), net::deadline_in(limit));
  client.close();
  if (!answer) {
    co_return base::fail(answer.error().error.code(), std::string(context),
                         "Attach the file again in a moment.");
  }
  if (answer->status != 200) {
    co_return base::fail(
        answer->status == 404 ? discord::rest_error::not_found : discord::rest_error::server_failed,
        std::string(context), "Attach the file again.");
  }
  co_return std::move(answer->body);
}

}  // namespace guildfleet::bot
