#pragma once
// The jobs of a data store as a test sees them; data_contract_jobs_test.cpp runs what is under this name for
// every store.
#include <gmock/gmock.h>

#include "store/data_contract_test.hpp"

namespace guildfleet::store {

// A guild that falls on shard `index` of `count`.
inline discord::guild_id guild_on(std::uint64_t index, std::uint64_t count, std::uint64_t which = 1) {
  return {((which * count + index) << 22U) | 5U};
}

class jobs_contract : public data_contract {
 protected:
  static constexpr std::chrono::milliseconds lease{30'000};

  [[nodiscard]] job_plan plan(const std::string& key, std::chrono::milliseconds due_in = {},
                              discord::guild_id guild = {}) const {
    return {.key = {production, music, key},
            .kind = "feature/what",
            .guild = guild,
            .due = world->now() + due_in,
            .payload = std::string("\0payload\xff of ", 12) + key};
  }
  schedule_outcome schedule(const job_plan& job, schedule_mode mode = schedule_mode::keep) {
    return value_of(store->schedule(job, mode));
  }
  std::vector<claimed_job> claim(std::uint32_t limit = 100, const std::string& node = "alpha") {
    return value_of(store->claim_jobs(scope, node, limit, lease));
  }
  // The only job there is to claim.
  claimed_job claim_one(const std::string& node = "alpha") {
    auto jobs = claim(100, node);
    EXPECT_THAT(jobs, testing::SizeIs(1));
    return jobs.empty() ? claimed_job{} : jobs.front();
  }
  std::vector<std::string> claimed_keys() {
    std::vector<std::string> keys;
    for (const auto& job : claim()) keys.push_back(job.plan.key.key);
    return keys;
  }
  [[nodiscard]] job_filter all() const {
    return {.environment = production, .bot = {}, .state = {}, .guild = {}, .limit = 100};
  }
  job_row only_row() {
    const auto rows = value_of(store->list_jobs(all()));
    EXPECT_THAT(rows, testing::SizeIs(1));
    return rows.empty() ? job_row{} : rows.front();
  }
  std::optional<std::chrono::milliseconds> next_due() { return value_of(store->next_due(scope)); }

  environment_name production;
  bot_name music{"music"};
  job_scope scope{.environment = production, .bot = music, .shard_count = 1, .shards = {0}};
};

}  // namespace guildfleet::store
