// A fleet inside the test's process: with features of the test's own, and with leases as short as it needs.
#pragma once

#include <filesystem>
#include <future>
#include <memory>

#include "api/api_server.hpp"
#include "bot/fleet_runtime.hpp"
#include "integration/fleet_harness.hpp"
#include "net/reactor.hpp"
#include "net/task_group.hpp"

namespace guildfleet::integration {

// A plan for this bot; its file lies in `folder`.
[[nodiscard]] bot::bot_plan plan_of(const std::string& name, const std::string& token,
                                    const std::string& api_url, const std::filesystem::path& folder,
                                    std::vector<const features::feature_declaration*> features);

class hosted_fleet final {
 public:
  // Runs from here on, by the system's clock or one that outlives it. Throws when a store cannot be opened.
  explicit hosted_fleet(bot::fleet_settings settings, const base::clock* clock = nullptr);
  ~hosted_fleet();  // stop()

  // Its API, on a port that the system chooses; once, before it is used.
  [[nodiscard]] std::string start_api();
  // Gracefully; blocks until it has ended.
  void stop();
  [[nodiscard]] bot::fleet_snapshot snapshot() const { return fleet_->snapshot(); }
  [[nodiscard]] bot::shard_health shard(std::size_t bot = 0, std::size_t index = 0) const;
  [[nodiscard]] bool all_connected() const;
  [[nodiscard]] bool ready(std::chrono::milliseconds limit = patience) const;
  [[nodiscard]] std::string metrics() const { return metrics_.expose(); }

 private:
  base::system_clock system_clock_;
  const base::clock& clock_;
  base::metrics metrics_;
  net::reactor control_{"control"};
  std::unique_ptr<bot::fleet_runtime> fleet_;
  std::unique_ptr<api::api_server> api_;
  std::future<void> ended_;
};

// A node of this name with these bots.
[[nodiscard]] inline std::unique_ptr<hosted_fleet> host(const std::string& node,
                                                        std::vector<bot::bot_plan> bots) {
  bot::fleet_settings settings;
  settings.node = node;
  settings.bots = std::move(bots);
  return std::make_unique<hosted_fleet>(std::move(settings));
}

}  // namespace guildfleet::integration
