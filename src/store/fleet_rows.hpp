// What the nodes of a fleet tell one another through the store, as plain values.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "store/rollout_rows.hpp"
#include "store/rows.hpp"

namespace guildfleet::store {

// A bot's shards under one shard count, any of which a node takes.
struct served_shards {
  bot_name bot;
  std::uint32_t count = 1;
  std::uint64_t intents = 0;  // that a session of this node would ask for
  // Whether they are the same shards, whatever is asked for.
  bool operator==(const served_shards& other) const { return bot == other.bot && count == other.count; }
};

// What a node says of itself.
struct node_report {
  std::string release{};
  std::string address{};      // of its peer link, host:port; empty: none
  std::string certificate{};  // PEM, by which the peer link is verified
  std::uint32_t weight = 1;
  bool draining = false;
  std::vector<served_shards> serves{};
  bool operator==(const node_report&) const = default;
};

struct node_row {
  node_identity identity;
  node_report report;
  bool drain_asked = false;  // by a person; as long as this process lives, or until it is taken back
  std::chrono::milliseconds up_for{0};  // since it opened the store
  std::chrono::milliseconds seen_ago{0};

  // By its own wish, as it stops, or by a person's.
  [[nodiscard]] bool drains() const { return report.draining || drain_asked; }
  // Null: it does not serve the bot.
  [[nodiscard]] const served_shards* serves(const bot_name& bot) const;
};

struct lease_row {
  lease_key key;
  node_identity owner;  // empty name: free
  std::uint64_t epoch = 0;
  std::chrono::milliseconds free_in{0};  // 0: free now, whoever owned it

  [[nodiscard]] bool is_owned() const { return free_in.count() > 0; }
};

struct fleet_picture {
  std::vector<node_row> nodes;          // living, by name
  std::vector<lease_row> leases;        // by bot, count, index; a shard that nobody ever took has none
  std::int64_t at_ms = 0;               // since 1970, by the store's clock: when it was so
  std::vector<bot_release> releases{};  // by bot; one that has neither rollout nor settled release has none

  // Null: it does not live.
  [[nodiscard]] const node_row* node(const node_identity& identity) const;
};

// [["bot",count,intents],...], as both stores keep it. What no JSON of a database holds, NUL and bytes that
// are not UTF-8, becomes U+FFFD, so that one node's row can always be read by the others.
[[nodiscard]] std::string serves_as_json(std::span<const served_shards> serves);

}  // namespace guildfleet::store
