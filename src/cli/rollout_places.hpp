// The rollouts of a configuration's bots, wherever they lie.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/lease_places.hpp"
#include "cli/rollout_text.hpp"
#include "fleet/rollout_step.hpp"

namespace guildfleet::cli {

// One bot in the store that holds its leases, as that store shows it now.
struct placed_bot {
  store::bot_name name;
  store::store* store = nullptr;
  store::fleet_picture seen{};

  // The release that runs most of its shards, or where it was settled; empty: no node serves it.
  [[nodiscard]] std::string release() const;
};

class rollout_places final {
 public:
  explicit rollout_places(std::vector<std::unique_ptr<store::store>> places) : places_(std::move(places)) {}

  // Bots that a node serves or that have a rollout; of `wanted` only, when that is not empty. Waits for those
  // of `wanted` until a node was heard of, some seconds at most. Errors: store_error;
  // fleet_error::rollout_command names a bot that nobody serves.
  [[nodiscard]] base::result<std::vector<placed_bot>> bots(const std::vector<std::string>& wanted) const;

 private:
  [[nodiscard]] base::result<std::vector<placed_bot>> look() const;
  std::vector<std::unique_ptr<store::store>> places_;
};

// Error of who wants a second one.
[[nodiscard]] base::error goes_on_already(const store::bot_name& bot);

// nullopt: it never had one.
[[nodiscard]] base::result<std::optional<shown_rollout>> newest_rollout(const placed_bot& bot);
[[nodiscard]] base::result<std::vector<shown_rollout>> rollouts(const placed_bot& bot, std::uint32_t limit);

// Starts it. Errors: fleet_error::rollout_command when another is active.
[[nodiscard]] base::result<store::rollout_row> start(const placed_bot& bot, const fleet::rollout& plan,
                                                     const std::string& who);
// What a person wants of the newest rollout; written as long as nobody else was first, else tried again.
[[nodiscard]] base::result<shown_rollout> command(const placed_bot& bot, fleet::rollout_command what,
                                                  const std::string& who);

}  // namespace guildfleet::cli
