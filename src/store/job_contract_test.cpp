#include <gmock/gmock.h>
#include <set>
#include <thread>

#include "store/data_contract_test.hpp"

namespace guildfleet::store {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_P(job_contract, the_most_overdue_are_claimed_first_and_only_once) {
  schedule(plan("b", -1h));
  schedule(plan("a", -2h));
  schedule(plan("c", -30min));
  schedule(plan("later", 1h));
  const auto first = claim(2);
  EXPECT_THAT(names(first), ElementsAre("a", "b"));
  EXPECT_EQ(first[0].plan.payload, std::string("p\0q", 3));
  EXPECT_EQ(first[0].attempt, 1U);
  EXPECT_THAT(names(claim()), ElementsAre("c"));
  EXPECT_THAT(claim(), IsEmpty());
}

TEST_P(job_contract, a_key_is_kept_or_replaced) {
  schedule(plan("a", 1h));
  EXPECT_EQ(store->schedule(plan("a", -1h), schedule_mode::keep).value(), schedule_outcome::kept);
  EXPECT_THAT(claim(), IsEmpty());
  EXPECT_EQ(store->schedule(plan("a", -1h), schedule_mode::replace).value(), schedule_outcome::replaced);
  EXPECT_THAT(claim(), SizeIs(1));
  EXPECT_EQ(store->schedule(plan("a", -1h), schedule_mode::replace).value(), schedule_outcome::kept)
      << "it runs";
}

TEST_P(job_contract, bots_and_environments_do_not_share_jobs) {
  schedule(plan("a", -1h));
  job_scope other = all;
  other.bot.value = "bot2";
  EXPECT_THAT(store->claim_jobs(other, "node-a", 10, 60s).value(), IsEmpty());
  other = all;
  other.environment.value = "test";
  EXPECT_THAT(store->claim_jobs(other, "node-a", 10, 60s).value(), IsEmpty());
  EXPECT_EQ(store->next_due(other).value(), std::nullopt);
}

TEST_P(job_contract, a_guilds_job_is_claimed_by_who_holds_its_shard) {
  const std::uint64_t high = 1ULL << 63U;
  schedule(plan("shard 1", 0ms, {5ULL << 22U}));
  schedule(plan("shard 2", 0ms, {6ULL << 22U}));
  schedule(plan("far future", 0ms, {high | (5ULL << 22U)}));
  schedule(plan("no guild"));
  const std::uint32_t far = discord::shard_of({high | (5ULL << 22U)}, 4).index;
  ASSERT_EQ(far, 1U);
  const job_scope one{{"production"}, {"bot1"}, 4, {0, 1}};
  EXPECT_THAT(names(store->claim_jobs(one, "node-a", 10, 60s).value()),
              testing::UnorderedElementsAre("shard 1", "far future", "no guild"));
  const job_scope nothing{{"production"}, {"bot1"}, 4, {3}};
  EXPECT_THAT(store->claim_jobs(nothing, "node-b", 10, 60s).value(), IsEmpty());
  EXPECT_EQ(store->next_due(nothing).value(), std::nullopt);
}

TEST_P(job_contract, a_lease_that_ended_gives_the_job_to_the_next) {
  schedule(plan("a"));
  const auto first = claim(1, 10s);
  ASSERT_THAT(first, SizeIs(1));
  world->advance(5s);
  EXPECT_TRUE(store->extend_job(key("a"), first[0].fence, 10s).value());
  world->advance(6s);
  EXPECT_THAT(claim(), IsEmpty());
  world->advance(5s);
  const auto second = claim();
  ASSERT_THAT(second, SizeIs(1));
  EXPECT_EQ(second[0].attempt, 2U);
  EXPECT_NE(second[0].fence, first[0].fence);
  EXPECT_EQ(second[0].first_begun_at, first[0].first_begun_at);
  EXPECT_FALSE(store->finish_job(key("a"), first[0].fence).value());
  EXPECT_FALSE(store->extend_job(key("a"), first[0].fence, 10s).value());
  EXPECT_FALSE(store->postpone_job(key("a"), first[0].fence, world->now(), "").value());
  EXPECT_FALSE(store->bury_job(key("a"), first[0].fence, "").value());
  EXPECT_TRUE(store->finish_job(key("a"), second[0].fence).value());
  EXPECT_FALSE(store->finish_job(key("a"), second[0].fence).value());
}

TEST_P(job_contract, an_old_claim_means_nothing_to_a_new_job_of_the_same_key) {
  schedule(plan("a"));
  const auto old = claim();
  ASSERT_TRUE(store->finish_job(key("a"), old.at(0).fence).value());
  schedule(plan("a"));
  ASSERT_THAT(claim(), SizeIs(1));
  EXPECT_FALSE(store->finish_job(key("a"), old.at(0).fence).value());
}

TEST_P(job_contract, a_postponed_job_waits_with_its_error) {
  schedule(plan("a"));
  const auto job = claim().at(0);
  ASSERT_TRUE(store->postpone_job(key("a"), job.fence, world->now() + 30s, "no channel").value());
  EXPECT_THAT(claim(), IsEmpty());
  const auto row = store->list_jobs({.environment = {"production"}}).value().at(0);
  EXPECT_EQ(row.state, job_state::waiting);
  EXPECT_EQ(row.last_error, "no channel");
  EXPECT_EQ(row.attempts, 1U);
  world->advance(31s);
  EXPECT_EQ(claim().at(0).attempt, 2U);
}

TEST_P(job_contract, a_dead_job_waits_for_a_person) {
  schedule(plan("a"));
  EXPECT_FALSE(store->retry_job(key("a")).value());
  ASSERT_TRUE(store->bury_job(key("a"), claim().at(0).fence, "gone").value());
  world->advance(24h);
  EXPECT_THAT(claim(), IsEmpty());
  EXPECT_EQ(store->next_due(all).value(), std::nullopt);
  const auto dead =
      store->list_jobs({.environment = {"production"}, .bot = {}, .state = job_state::dead}).value();
  ASSERT_THAT(dead, SizeIs(1));
  EXPECT_EQ(dead[0].last_error, "gone");
  EXPECT_TRUE(store->retry_job(key("a")).value());
  EXPECT_EQ(claim().at(0).attempt, 1U);
}

TEST_P(job_contract, only_a_job_that_does_not_run_can_be_cancelled) {
  schedule(plan("waiting", 1h));
  schedule(plan("running"));
  ASSERT_THAT(claim(), SizeIs(1));
  EXPECT_TRUE(store->cancel_job(key("waiting")).value());
  EXPECT_FALSE(store->cancel_job(key("waiting")).value());
  EXPECT_FALSE(store->cancel_job(key("running")).value());
}

TEST_P(job_contract, tells_when_the_next_is_due_even_years_ahead) {
  EXPECT_EQ(store->next_due(all).value(), std::nullopt);
  schedule(plan("in five years", 24h * 365 * 5));
  const auto wait = store->next_due(all).value();
  ASSERT_TRUE(wait);
  EXPECT_LT(std::chrono::abs(*wait - 24h * 365 * 5), 10s);
  schedule(plan("now", -1s));
  EXPECT_EQ(store->next_due(all).value(), 0ms);
  ASSERT_THAT(claim(10, 20s), SizeIs(1));
  EXPECT_LE(store->next_due(all).value(), 20s) << "a lease may end";
}

TEST_P(job_contract, lists_by_bot_state_and_guild) {
  schedule(plan("b", 2h, {7}));
  schedule(plan("a", 1h, {8}));
  EXPECT_THAT(store->list_jobs({.environment = {"production"}, .limit = 1}).value().at(0).plan.key.key, "a");
  EXPECT_THAT(store->list_jobs({.environment = {"production"}, .bot = bot_name{"bot2"}}).value(), IsEmpty());
  EXPECT_THAT(
      store->list_jobs({.environment = {"production"}, .bot = {}, .state = {}, .guild = discord::guild_id{7}})
          .value(),
      SizeIs(1));
  EXPECT_THAT(store->list_jobs({.environment = {"test"}}).value(), IsEmpty());
  const auto counts = store->read_counts({"production"}).value();
  EXPECT_THAT(counts.jobs, ElementsAre(job_count{{"bot1"}, 2, 0, 0, 0}));
}

TEST_P(job_contract, many_claimers_share_the_jobs_without_a_double) {
  constexpr int jobs = 300;
  for (int i = 0; i < jobs; ++i) schedule(plan("job " + std::to_string(i), -1h));
  std::mutex guard;
  std::multiset<std::string> run;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    const std::string node = "node-" + std::to_string(i);
    threads.emplace_back([&, node, mine = world->open(node)] {
      while (true) {
        const auto claimed = mine->claim_jobs(all, node, 7, 60s).value();
        if (claimed.empty()) return;
        for (const auto& job : claimed) {
          EXPECT_TRUE(mine->finish_job(job.plan.key, job.fence).value());
          const std::lock_guard lock(guard);
          run.insert(job.plan.key.key);
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(run.size(), static_cast<std::size_t>(jobs));
  EXPECT_EQ(std::set<std::string>(run.begin(), run.end()).size(), static_cast<std::size_t>(jobs));
  EXPECT_THAT(store->list_jobs({.environment = {"production"}}).value(), IsEmpty());
}

}  // namespace
}  // namespace guildfleet::store
