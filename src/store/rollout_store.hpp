// The interfaces of what a fleet keeps of releases: rollouts, what they are judged by, and the permissions
// that persons give. Threads and errors as in store.hpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>

#include "base/result.hpp"
#include "store/rollout_rows.hpp"

namespace guildfleet::store {

// Rollouts are moved by whichever node decides; it compares and sets, so that two never move one. Which
// release a bot is at stands beside them. fleet_picture shows both to every node.
class rollout_store {
 public:
  virtual ~rollout_store() = default;

  // Starts one for `bot`, with `events` (their id and time are given by the store), unless one is active:
  // then nothing is written. Forgets the oldest that have ended. Error too_large: the state.
  [[nodiscard]] virtual base::result<start_outcome> start_rollout(const bot_name& bot,
                                                                  const std::string& state,
                                                                  std::span<const rollout_event> events) = 0;
  // Writes the change, its events and the settled release together, and returns the new row. nullopt: the
  // rollout has another version (somebody else was first), has ended and was to be active again, or is
  // forgotten; nothing was written. Error too_large: the state.
  [[nodiscard]] virtual base::result<std::optional<rollout_row>> change_rollout(
      const rollout_change& change) = 0;

  [[nodiscard]] virtual base::result<std::optional<rollout_row>> newest_rollout(const bot_name& bot) = 0;
  // Newest first.
  [[nodiscard]] virtual base::result<std::vector<rollout_row>> rollouts(const bot_name& bot,
                                                                        std::uint32_t limit) = 0;
  // Newest first.
  [[nodiscard]] virtual base::result<std::vector<rollout_event>> rollout_events(std::uint64_t id,
                                                                                std::uint32_t limit) = 0;
  // Empty: none was ever settled.
  [[nodiscard]] virtual base::result<std::string> settled_release(const bot_name& bot) = 0;

  // `sample.at_ms` is ignored. Now and then those of all bots that are older than an hour are deleted. Error
  // too_large: the figures.
  [[nodiscard]] virtual base::result<void> write_sample(const release_sample& sample) = 0;
  // Those not older than `since`, oldest first.
  [[nodiscard]] virtual base::result<std::vector<release_sample>> samples(
      const bot_name& bot, std::chrono::milliseconds since) = 0;
};

// Which guilds went over while a bot's number of shards is changed. They go with the end of the operation.
class guild_cut_store {
 public:
  virtual ~guild_cut_store() = default;

  // All of `cuts` or, when the operation is not active, this node does not own one of their shards under its
  // epoch, or somebody took over one of the old shards since, none: fenced. A guild that went over before
  // stays as it is, so that who has no answer may ask again. Error too_large: an account.
  [[nodiscard]] virtual base::result<write_outcome> write_cuts(std::uint64_t operation,
                                                               std::span<const guild_cut_write> cuts) = 0;
  // By guild.
  [[nodiscard]] virtual base::result<std::vector<guild_cut_row>> cuts(std::uint64_t operation) = 0;
};

// Who let a bot identify below the floor of its budget, and why. Kept for at least 90 days after it ended.
class identify_permission_store {
 public:
  virtual ~identify_permission_store() = default;

  // From now on for `time`. Takes the place of an earlier one; one of no time takes that back.
  [[nodiscard]] virtual base::result<identify_permission_row> allow_identifies(
      const bot_name& bot, const std::string& reason, const std::string& who,
      std::chrono::milliseconds time) = 0;
  // The newest one, while its time is not over.
  [[nodiscard]] virtual base::result<std::optional<identify_permission_row>> identify_permission(
      const bot_name& bot) = 0;
  // All, newest first.
  [[nodiscard]] virtual base::result<std::vector<identify_permission_row>> identify_permissions(
      const bot_name& bot, std::uint32_t limit) = 0;
};

}  // namespace guildfleet::store
