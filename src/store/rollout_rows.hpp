// What a store keeps of releases and of moving a bot from one to another, as plain values. Times are
// milliseconds since 1970 by the store's clock. NUL and bytes that are not UTF-8 become U+FFFD in every text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "store/rows.hpp"

namespace guildfleet::store {

// Bounds, the same in every store.
inline constexpr std::size_t largest_rollout_state = std::size_t{64} * 1024;
inline constexpr std::size_t largest_sample = std::size_t{16} * 1024;
inline constexpr std::size_t largest_cut = std::size_t{1024} * 1024;
inline constexpr std::size_t longest_event_text = 2'000;  // bytes; longer ones are cut
inline constexpr std::size_t longest_reason = 2'000;      // of an identify permission; cut
inline constexpr std::size_t longest_name = 200;          // who and kind; cut
inline constexpr std::int64_t events_kept = 1'000;        // of a rollout
// Of a bot, when the next one starts; and as many of the other kind, whose states begin so (SQL's LIKE): how
// many shards a bot was given is known however many rollouts there were since.
inline constexpr std::int64_t finished_rollouts_kept = 100;
inline constexpr std::string_view other_kind_begins = R"({"kind":"reshard"%)";
inline constexpr std::uint32_t operations_kept = 201;  // of a bot in all, the active one included

// At most one of a bot is active.
struct rollout_row {
  std::uint64_t id = 0;  // grows with each that is started
  bot_name bot;
  std::uint64_t version = 0;  // starts at 1, grows by one with each change
  std::string state;          // JSON of the decider's own, at most largest_rollout_state bytes
  bool active = false;
  std::int64_t started_ms = 0;
  std::int64_t changed_ms = 0;
  bool operator==(const rollout_row&) const = default;
};

// One thing that happened in a rollout. The store gives id and time; ids grow in the order of writing.
struct rollout_event {
  std::uint64_t id = 0;
  std::int64_t at_ms = 0;
  std::string who{};   // a person, a node
  std::string kind{};  // the decider's own
  std::string text{};
  bool operator==(const rollout_event&) const = default;
};

struct already_active {
  rollout_row row;
  bool operator==(const already_active&) const = default;
};
using start_outcome = std::variant<rollout_row, already_active>;

// A compare-and-set: written only while the rollout has `version`.
struct rollout_change {
  std::uint64_t id = 0;
  std::uint64_t version = 0;
  std::string state{};
  bool active = true;                   // false: it has ended, for good
  std::optional<std::string> settle{};  // the release that the bot is at from now on
  std::vector<rollout_event> events{};
};

// What a node needs to know to decide for which release it acts.
struct bot_release {
  bot_name bot;
  std::string settled{};                 // the release that the bot is at; empty: no rollout has ended yet
  std::optional<rollout_row> rollout{};  // the active one
  bool operator==(const bot_release&) const = default;
};

// What a node counted while it acted for a release.
struct release_sample {
  bot_name bot;
  node_identity node;
  std::string release{};
  std::int64_t at_ms = 0;  // given by the store
  std::string figures{};   // JSON of the writer's own: counters since its start; at most largest_sample bytes
  bool operator==(const release_sample&) const = default;
};

// A guild of a bot that changes its number of shards went over to the new set: from then on the old set acts
// for it no more.
struct guild_cut_row {
  discord::guild_id guild{};
  lease_key shard;         // of the new set
  std::string session_id;  // of the gateway, to which the account belongs
  std::string account{};   // the decider's own; at most largest_cut bytes
  bool operator==(const guild_cut_row&) const = default;
};

// Who may write it.
struct guild_cut_write {
  guild_cut_row cut;
  std::uint64_t epoch = 0;      // of the lease of cut.shard, which this node owns
  lease_key old_shard;          // which acted for the guild
  std::uint64_t old_epoch = 0;  // of its lease, whoever owns it
};

// A person lets a bot identify although its budget is below the floor.
struct identify_permission_row {
  std::string reason{};
  std::string who{};
  std::int64_t granted_ms = 0;
  std::int64_t until_ms = 0;
  bool operator==(const identify_permission_row&) const = default;
};

// Error too_large when `text` has more than `limit` bytes; `what` names it for a reader.
[[nodiscard]] base::result<void> check_size(std::string_view what, const std::string& text,
                                            std::size_t limit);
// As they are stored: cut, and without what no database takes.
[[nodiscard]] rollout_event bounded(const rollout_event& event);

}  // namespace guildfleet::store
