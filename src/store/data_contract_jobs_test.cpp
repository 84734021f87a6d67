#include "store/data_contract_jobs_test.hpp"

#include <mutex>
#include <set>
#include <thread>

namespace guildfleet::store {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_P(jobs_contract, a_due_job_is_claimed_with_all_it_was_scheduled_with) {
  const job_plan job = plan("a", 0ms, guild_on(0, 1));
  EXPECT_EQ(schedule(job), schedule_outcome::scheduled);
  const claimed_job claimed = claim_one();
  EXPECT_EQ(claimed.plan, job);
  EXPECT_EQ(claimed.attempt, 1U);
  EXPECT_EQ(claimed.first_begun_at, world->now());
  EXPECT_THAT(claim(), IsEmpty());
}

TEST_P(jobs_contract, a_job_waits_until_it_is_due) {
  schedule(plan("a", 10s));
  world->advance(9'999ms);
  EXPECT_THAT(claim(), IsEmpty());
  world->advance(1ms);
  EXPECT_THAT(claim(), SizeIs(1));
}

TEST_P(jobs_contract, a_job_may_be_due_in_many_years) {
  const job_plan job = plan("a", std::chrono::days(365 * 50));
  schedule(job);
  EXPECT_EQ(next_due(), std::chrono::days(365 * 50));
  EXPECT_EQ(only_row().plan, job);
  world->advance(std::chrono::days(365 * 50));
  EXPECT_EQ(claim_one().plan, job);
}

TEST_P(jobs_contract, the_most_overdue_are_claimed_first) {
  for (const auto& [key, due] : {std::pair{"third", 3s}, {"first", 1s}, {"fourth", 4s}, {"second", 2s}})
    schedule(plan(key, due));
  world->advance(10s);
  const auto batch = claim(2);
  ASSERT_THAT(batch, SizeIs(2));
  EXPECT_EQ(batch[0].plan.key.key, "first");
  EXPECT_EQ(batch[1].plan.key.key, "second");
  EXPECT_THAT(claimed_keys(), ElementsAre("third", "fourth"));
}

TEST_P(jobs_contract, a_key_is_unique_among_a_bots_jobs) {
  schedule(plan("a"));
  EXPECT_EQ(schedule(plan("a", 5s)), schedule_outcome::kept);
  EXPECT_EQ(only_row().plan, plan("a"));
  job_plan of_another = plan("a");
  of_another.key.bot = {"game"};
  EXPECT_EQ(schedule(of_another), schedule_outcome::scheduled);
  of_another.key.environment = {"test"};
  EXPECT_EQ(schedule(of_another), schedule_outcome::scheduled);
  EXPECT_THAT(claimed_keys(), ElementsAre("a"));
}

TEST_P(jobs_contract, replacing_a_waiting_job_gives_it_a_new_time_payload_and_its_attempts) {
  schedule(plan("a"));
  const auto failed = claim_one();
  ASSERT_TRUE(value_of(store->postpone_job(failed.plan.key, failed.fence, world->now(), "no")));
  world->advance(1min);
  job_plan fresh = plan("a", 5s, guild_on(0, 1));
  fresh.kind = "feature/other";
  fresh.payload = "fresh";
  EXPECT_EQ(schedule(fresh, schedule_mode::replace), schedule_outcome::replaced);
  EXPECT_THAT(claim(), IsEmpty());
  world->advance(5s);
  const auto claimed = claim_one();
  EXPECT_EQ(claimed.plan, fresh);
  EXPECT_EQ(claimed.attempt, 1U);
  EXPECT_EQ(claimed.first_begun_at, world->now());
}

TEST_P(jobs_contract, scheduling_a_dead_job_revives_it) {
  for (const auto mode : {schedule_mode::keep, schedule_mode::replace, schedule_mode::replace_unbegun}) {
    schedule(plan("a"), mode);
    const auto failed = claim_one();
    EXPECT_EQ(failed.attempt, 1U);
    ASSERT_TRUE(value_of(store->bury_job(failed.plan.key, failed.fence, "no")));
    EXPECT_THAT(claim(), IsEmpty());
    EXPECT_EQ(schedule(plan("a"), mode), schedule_outcome::replaced);
    const auto revived = claim_one();
    EXPECT_EQ(revived.attempt, 1U);
    ASSERT_TRUE(value_of(store->finish_job(revived.plan.key, revived.fence)));
  }
}

TEST_P(jobs_contract, replacing_a_leased_job_leaves_it) {
  schedule(plan("a"));
  const auto running = claim_one();
  EXPECT_EQ(schedule(plan("a", 5s), schedule_mode::replace), schedule_outcome::kept);
  EXPECT_TRUE(value_of(store->finish_job(running.plan.key, running.fence)));
}

TEST_P(jobs_contract, replacing_an_unbegun_job_leaves_what_was_begun) {
  EXPECT_EQ(schedule(plan("a", 5s), schedule_mode::replace_unbegun), schedule_outcome::scheduled);
  EXPECT_EQ(schedule(plan("a"), schedule_mode::replace_unbegun), schedule_outcome::replaced);
  const auto cut_off = claim_one();
  EXPECT_EQ(schedule(plan("a"), schedule_mode::replace_unbegun), schedule_outcome::kept) << "leased";
  ASSERT_TRUE(value_of(store->put_back_job(cut_off.plan.key, cut_off.fence, world->now(), "node stops")));
  EXPECT_EQ(schedule(plan("a"), schedule_mode::replace_unbegun), schedule_outcome::kept) << "put back";
}

TEST_P(jobs_contract, replacing_what_is_not_there_schedules_it) {
  EXPECT_EQ(schedule(plan("a"), schedule_mode::replace), schedule_outcome::scheduled);
}

TEST_P(jobs_contract, only_jobs_of_the_nodes_shards_and_of_no_guild_are_claimed) {
  for (std::uint64_t shard = 0; shard < 4; ++shard)
    schedule(plan("shard" + std::to_string(shard), std::chrono::milliseconds(shard), guild_on(shard, 4)));
  schedule(plan("none", 9ms));
  world->advance(1s);
  scope.shard_count = 4;
  scope.shards = {1, 3};
  EXPECT_THAT(claimed_keys(), ElementsAre("shard1", "shard3", "none"));
  scope.shards = {};
  EXPECT_THAT(claim(), IsEmpty());
  scope.shards = {0, 2};
  EXPECT_THAT(claimed_keys(), ElementsAre("shard0", "shard2"));
}

TEST_P(jobs_contract, a_guild_with_the_highest_bit_falls_on_its_shard) {
  const discord::guild_id high{0xffff'ffff'ffff'fff0U};
  schedule(plan("a", 0ms, high));
  scope.shard_count = 16;
  scope.shards = {discord::shard_of(high, 16).index};
  EXPECT_EQ(claim_one().plan.guild, high);
}

TEST_P(jobs_contract, next_due_tells_how_long_to_wait) {
  EXPECT_EQ(next_due(), std::nullopt);
  schedule(plan("later", 10s));
  EXPECT_EQ(next_due(), 10s);
  schedule(plan("sooner", 4s));
  EXPECT_EQ(next_due(), 4s);
  world->advance(7s);
  EXPECT_EQ(next_due(), 0s);
  const auto job = claim_one();
  EXPECT_EQ(next_due(), 3s);
  world->advance(3s);
  claim_one();
  EXPECT_EQ(next_due(), lease - 3s) << "the lease of the first may end";
  ASSERT_TRUE(value_of(store->finish_job(job.plan.key, job.fence)));
  EXPECT_EQ(next_due(), lease);
}

TEST_P(jobs_contract, next_due_looks_at_the_scope_only) {
  schedule(plan("a", 10s, guild_on(1, 2)));
  scope.shard_count = 2;
  EXPECT_EQ(next_due(), std::nullopt);
  scope.shards = {1};
  EXPECT_EQ(next_due(), 10s);
  scope.bot = {"game"};
  EXPECT_EQ(next_due(), std::nullopt);
}

TEST_P(jobs_contract, jobs_are_listed_soonest_first_and_by_filter) {
  const auto created = world->now();
  schedule(plan("late", 20s, guild_on(0, 1)));
  schedule(plan("soon", 10s));
  job_plan of_another = plan("other", 15s);
  of_another.key.bot = {"game"};
  schedule(of_another);
  schedule(plan("now"));
  claim_one();
  const auto keys = [&](job_filter filter) {
    std::vector<std::string> found;
    for (const auto& row : value_of(store->list_jobs(filter))) found.push_back(row.plan.key.key);
    return found;
  };
  EXPECT_THAT(keys(all()), ElementsAre("now", "soon", "other", "late"));
  auto filter = all();
  filter.limit = 1;
  EXPECT_THAT(keys(filter), ElementsAre("now"));
  filter = all();
  filter.bot = bot_name{"game"};
  EXPECT_THAT(keys(filter), ElementsAre("other"));
  filter = all();
  filter.state = job_state::leased;
  EXPECT_THAT(keys(filter), ElementsAre("now"));
  filter = all();
  filter.guild = guild_on(0, 1);
  EXPECT_THAT(keys(filter), ElementsAre("late"));
  EXPECT_EQ(value_of(store->list_jobs(filter)).front().created_at, created);
  filter = all();
  filter.environment = {"test"};
  EXPECT_THAT(keys(filter), IsEmpty());
}

TEST_P(jobs_contract, four_claimers_never_get_the_same_job_and_leave_none) {
  constexpr std::size_t jobs = 2'000;
  for (std::size_t i = 0; i < jobs; ++i) schedule(plan("job" + std::to_string(i)));
  std::mutex mutex;
  std::multiset<std::string> claimed;
  std::vector<std::unique_ptr<data_store>> nodes;
  for (int i = 0; i < 4; ++i) nodes.push_back(world->open());
  const auto claim_until_none = [&](data_store& node) {
    while (true) {
      const auto batch = value_of(node.claim_jobs(scope, "node", 50, lease));
      if (batch.empty()) return;
      const std::lock_guard lock(mutex);
      for (const auto& job : batch) claimed.insert(job.plan.key.key);
    }
  };
  {
    std::vector<std::jthread> threads;
    for (auto& node : nodes) threads.emplace_back([&] { claim_until_none(*node); });
  }
  // A claimer may pass over what another is just claiming; what is left then is still there.
  claim_until_none(*store);
  EXPECT_EQ(claimed.size(), jobs);
  EXPECT_EQ((std::set<std::string>(claimed.begin(), claimed.end()).size()), jobs);
}

TEST_P(jobs_contract, a_job_of_two_schedulers_is_there_once) {
  auto other = world->open();
  {
    std::jthread second([&] {
      for (int i = 0; i < 100; ++i)
        value_of(other->schedule(plan("job" + std::to_string(i)), schedule_mode::replace));
    });
    for (int i = 99; i >= 0; --i) schedule(plan("job" + std::to_string(i)), schedule_mode::replace);
  }
  EXPECT_THAT(claim(200), SizeIs(100));
}

INSTANTIATE_TEST_SUITE_P(of, jobs_contract, testing::ValuesIn(data_worlds()), name_of_world);

}  // namespace
}  // namespace guildfleet::store
