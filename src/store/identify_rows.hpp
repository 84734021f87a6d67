// What a store keeps of identifies, as plain values: who used them, and what Discord says is left.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "discord/model/ids.hpp"

namespace guildfleet::store {

// `session_start_limit` as one of the nodes read it (protocol sheet 1.1).
struct identify_budget {
  std::uint32_t total = 0;
  std::uint32_t remaining = 0;
  std::uint32_t max_concurrency = 1;
  std::chrono::milliseconds reset_after{0};  // 0: the day begins with the next identify
  bool operator==(const identify_budget&) const = default;
};

// The newest that any node read, and what all nodes used since.
struct known_budget {
  identify_budget said{};
  std::chrono::milliseconds age{0};
  std::uint32_t used = 0;  // since it was said; since the day's reset when that came later
  bool operator==(const known_budget&) const = default;

  [[nodiscard]] bool has_reset() const { return said.reset_after.count() > 0 && age >= said.reset_after; }
  [[nodiscard]] std::uint32_t left() const {
    const std::uint32_t before = has_reset() ? said.total : said.remaining;
    return before - std::min(before, used);
  }
};

struct identify_record {
  discord::shard_id shard;
  std::chrono::milliseconds ago{0};
  bool operator==(const identify_record&) const = default;
};

struct identify_count {
  discord::shard_id shard;
  std::uint32_t last_day = 0;
  bool operator==(const identify_count&) const = default;
};

// Processes that had this node's name before this one and identified within the last hour.
struct earlier_starts {
  std::uint32_t count = 0;
  std::chrono::milliseconds newest_ago{0};  // their newest identify
  bool operator==(const earlier_starts&) const = default;
};

struct identify_history {
  std::uint32_t last_day = 0;                // identifies of the bot in 24 h, all shards
  std::vector<identify_record> last_hour{};  // newest first
  std::vector<identify_count> by_shard{};    // of the last day, by shard
  earlier_starts starts{};
  std::optional<known_budget> budget{};  // nullopt: no node has told
};

// What somebody asks for who is about to identify.
struct identify_claim {
  std::uint32_t max_concurrency = 1;
  std::chrono::milliseconds spacing{0};  // between two of one bucket
  std::chrono::milliseconds arrives_within{
      0};                       // from now; who is granted sends it well before, or not at all
  std::uint32_t keep_back = 0;  // of the day's budget
};

// While nobody knows whether the last identify of the bucket has arrived and it may be its turn any time.
constexpr std::chrono::milliseconds look_for_answer_again{250};

struct claimed_identify {
  std::chrono::milliseconds wait{0};    // zero: it is this bucket's turn
  bool kept_back = false;               // no more than keep_back are left, or none
  std::optional<std::uint32_t> left{};  // of the budget, this one included; nullopt: no node has told
  std::int64_t id = 0;                  // of what is recorded; 0: nothing is
  bool operator==(const claimed_identify&) const = default;

  // It is recorded and may be sent.
  [[nodiscard]] bool granted() const { return wait.count() == 0 && !kept_back; }
};

// Counts a record that is `ago` old; records come newest first.
void count_identify(identify_history& history, discord::shard_id shard, std::chrono::milliseconds ago);

}  // namespace guildfleet::store
