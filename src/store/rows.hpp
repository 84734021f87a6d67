// What a store keeps, as plain values. Times that leave a store are durations: its clock is its own.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/random.hpp"
#include "discord/model/ids.hpp"

namespace guildfleet::store {

// Key of every row: bots that share a database do not see each other's.
struct bot_name {
  std::string value;
  auto operator<=>(const bot_name&) const = default;
};

// One running process. The incarnation is random, so that a restarted process is another node of the same
// name.
struct node_identity {
  std::string name;
  std::uint64_t incarnation = 0;  // 63 bits, never 0
  bool operator==(const node_identity&) const = default;
};
[[nodiscard]] node_identity make_node_identity(std::string name, base::random_source& random);

struct lease_key {
  bot_name bot;
  discord::shard_id shard;
  auto operator<=>(const lease_key&) const = default;
};

// The right to run a shard. `epoch` starts at 1 and grows at each change of owner; a renewal keeps it.
struct lease {
  lease_key key;
  std::uint64_t epoch = 0;
  bool operator==(const lease&) const = default;
};

// Another node owns the shard, for at most `free_in` more unless it renews.
struct held_by {
  std::string node;
  std::chrono::milliseconds free_in{0};
  bool operator==(const held_by&) const = default;
};

using acquire_outcome = std::variant<lease, held_by>;

// A gateway session and what it was identified with (see fleet::obstacle_to_resume).
struct session_row {
  std::string session_id{};
  std::string resume_url{};
  std::uint64_t sequence = 0;  // the low watermark, not the last received
  std::uint64_t intents = 0;
  std::string token_fingerprint{};  // base::secret::fingerprint()
  std::uint64_t epoch = 0;          // of the lease under which the row is written
  bool operator==(const session_row&) const = default;
};

// A guild's state to be kept, or, without a value, to be deleted. The bytes are the writer's own format.
struct guild_change {
  discord::guild_id guild;
  std::optional<std::string> state;
};

struct guild_blob {
  discord::guild_id guild;
  std::string state;
  bool operator==(const guild_blob&) const = default;
};

// fenced: the store knows a newer epoch of this shard, nothing was written, the caller is no longer its
// owner.
enum class write_outcome { written, fenced };

// Something done at Discord that a replayed event must not do again; the replay names it the same.
struct effect_key {
  lease_key shard;
  std::string origin;  // the gateway session's id
  std::uint64_t sequence = 0;
  std::string action;  // tells the effects of one event apart: "<feature>/<number>"
};

struct announced_effect {
  bool first = true;                 // nobody had announced it
  std::chrono::milliseconds ago{0};  // since it was announced first
  std::string outcome;               // as concluded; empty: whether it took effect is not known
  bool operator==(const announced_effect&) const = default;
};

}  // namespace guildfleet::store
