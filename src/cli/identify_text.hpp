// What `guildfleet identifies` shows of a bot's budget.
#pragma once

#include <boost/json/object.hpp>

#include "cli/terminal.hpp"
#include "store/store.hpp"

namespace guildfleet::cli {

// As the store knows it; times are milliseconds since 1970 by its clock.
struct shown_identifies {
  store::bot_name bot;
  store::identify_history history{};
  std::uint32_t shard_count = 0;  // 0: nobody runs it, and none is configured
  double floor_share = 0.2;
  std::optional<store::identify_permission_row> allowed{};    // now
  std::vector<store::identify_permission_row> permissions{};  // newest first

  // Kept back now, were there no permission.
  [[nodiscard]] std::uint32_t floor() const;
};

// Of one shard, in an hour and in a day.
struct shard_use {
  discord::shard_id shard;
  std::uint32_t last_hour = 0;
  std::uint32_t last_day = 0;
  bool operator==(const shard_use&) const = default;
};
// Those that used most first.
[[nodiscard]] std::vector<shard_use> uses_of(const store::identify_history& history);

// Buckets that were used within the last `spacing`, as shard index % max_concurrency, ascending.
[[nodiscard]] std::vector<std::uint32_t> busy_buckets(const store::identify_history& history,
                                                      std::chrono::milliseconds spacing);

[[nodiscard]] boost::json::object identifies_json(const shown_identifies& shown);
void print_identifies(const shown_identifies& shown, const terminal& to);

}  // namespace guildfleet::cli
