#include "integration/hosted_fleet.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <stdexcept>

namespace guildfleet::integration {

bot::bot_plan plan_of(const std::string& name, const std::string& token, const std::string& api_url,
                      const std::filesystem::path& folder,
                      std::vector<const features::feature_declaration*> features) {
  bot::bot_settings settings;
  settings.name = store::bot_name{name};
  settings.token = base::secret(token);
  settings.features = std::move(features);
  settings.transport = discord::compression::zstd_stream;
  settings.api = net::parse_url(api_url).value();
  settings.node = "node-a";
  settings.release = "test";
  return {std::move(settings), (folder / (name + ".sqlite")).string()};
}

hosted_fleet::hosted_fleet(bot::fleet_settings settings, const base::clock* clock)
    : clock_(clock == nullptr ? system_clock_ : *clock) {
  fleet_ = std::make_unique<bot::fleet_runtime>(control_.executor(), std::move(settings), clock_, metrics_);
  const auto errors = fleet_->open_stores();
  if (!errors.empty()) throw std::runtime_error(errors.front().message());
  ended_ = net::asio::co_spawn(control_.executor(), fleet_->run(), net::asio::use_future);
}

hosted_fleet::~hosted_fleet() {
  stop();
}

std::string hosted_fleet::start_api() {
  return net::asio::co_spawn(
             control_.executor(),
             [](hosted_fleet& self) -> net::task<std::string> {
               self.api_ = std::make_unique<api::api_server>(
                   self.control_.executor(), api::api_server_settings{}, self.fleet_->stores_of_bots(),
                   self.clock_, self.metrics_);
               const auto started = self.api_->start();
               if (!started) throw std::runtime_error(started.error().message());
               co_return fmt::format("http://127.0.0.1:{}", self.api_->port());
             }(*this),
             net::asio::use_future)
      .get();
}

void hosted_fleet::stop() {
  if (!ended_.valid()) return;
  if (api_) {
    net::asio::co_spawn(control_.executor(), api_->stop(net::deadline_in(std::chrono::seconds(2))),
                        net::asio::use_future)
        .get();
  }
  net::asio::post(control_.executor(), [this] { fleet_->stop(); });
  ended_.get();
}

bot::shard_health hosted_fleet::shard(std::size_t bot, std::size_t index) const {
  const auto all = snapshot();
  if (bot >= all.bots.size() || index >= all.bots[bot].shards.size()) return {};
  return all.bots[bot].shards[index];
}

bool hosted_fleet::all_connected() const {
  const auto all = snapshot();
  return !all.bots.empty() && std::ranges::all_of(all.bots, [](const bot::bot_health& bot) {
    return !bot.shards.empty() && std::ranges::all_of(bot.shards, [](const bot::shard_health& shard) {
      return shard.state == bot::shard_state::connected;
    });
  });
}

bool hosted_fleet::ready(std::chrono::milliseconds limit) const {
  return eventually(limit, [this] { return all_connected(); });
}

}  // namespace guildfleet::integration
