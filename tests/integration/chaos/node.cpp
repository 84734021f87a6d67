// The node of a chaos run: chaos --node API_URL FOLDER SHARDS TOKEN...  Runs bots named bot1, bot2, ... until
// SIGTERM.
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <malloc.h>

#include "features/registry.hpp"
#include "integration/action_log.hpp"
#include "integration/chaos/chaos.hpp"
#include "integration/hosted_fleet.hpp"

namespace guildfleet::chaos {
int run_chaos_node(const std::vector<std::string>& arguments) {
  ::mallopt(M_ARENA_MAX, 2);
  base::configure_logging({.level = base::log_level::info, .node = "chaos-node"});
  integration::printed_messages log;
  integration::record_messages_in(&log);
  const std::string& api_url = arguments.at(0);
  const auto shards = static_cast<std::uint32_t>(std::stoul(arguments.at(2)));
  bot::fleet_settings settings;
  settings.fleet = "chaos";
  settings.node = "chaos-node";
  settings.threads = 2;
  for (std::size_t i = 3; i < arguments.size(); ++i) {
    auto plan = integration::plan_of("bot" + std::to_string(i - 2), arguments[i], api_url, arguments.at(1),
                                     {features::find_feature("ping"), &integration::recorder});
    plan.settings.shards = shards;
    settings.bots.push_back(std::move(plan));
  }
  net::asio::io_context context{1};
  net::asio::signal_set signals(context, SIGTERM);
  integration::hosted_fleet fleet(std::move(settings));
  signals.async_wait([](const boost::system::error_code&, int) {});
  context.run();
  fleet.stop();
  return 0;
}

}  // namespace guildfleet::chaos
