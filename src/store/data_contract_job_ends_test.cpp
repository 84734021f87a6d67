// How a claim of a job ends: done, extended, postponed, put back, dead, taken by another.
#include "store/data_contract_jobs_test.hpp"

namespace guildfleet::store {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;

TEST_P(jobs_contract, a_finished_job_is_gone) {
  schedule(plan("a"));
  const auto job = claim_one();
  EXPECT_TRUE(value_of(store->finish_job(job.plan.key, job.fence)));
  EXPECT_FALSE(value_of(store->finish_job(job.plan.key, job.fence)));
  EXPECT_THAT(value_of(store->list_jobs(all())), IsEmpty());
}

TEST_P(jobs_contract, a_lease_that_ends_gives_the_job_to_another_and_fences_the_first) {
  schedule(plan("a"));
  const auto first_begun = world->now();
  const auto first = claim_one("alpha");
  world->advance(lease - 1ms);
  EXPECT_THAT(claim(), IsEmpty());
  world->advance(1ms);
  const auto second = claim_one("beta");
  EXPECT_NE(second.fence, first.fence);
  EXPECT_EQ(second.attempt, 2U);
  EXPECT_EQ(second.first_begun_at, first_begun);
  EXPECT_FALSE(first.begun_before);
  EXPECT_TRUE(second.begun_before);
  const job_key& key = first.plan.key;
  EXPECT_FALSE(value_of(store->extend_job(key, first.fence, lease)));
  EXPECT_FALSE(value_of(store->finish_job(key, first.fence)));
  EXPECT_FALSE(value_of(store->postpone_job(key, first.fence, world->now(), "late")));
  EXPECT_FALSE(value_of(store->bury_job(key, first.fence, "late")));
  EXPECT_EQ(only_row().node, "beta");
  EXPECT_TRUE(value_of(store->finish_job(key, second.fence)));
}

TEST_P(jobs_contract, a_holder_whose_lease_ended_may_finish_while_nobody_else_took_it) {
  schedule(plan("a"));
  const auto job = claim_one();
  world->advance(lease * 2);
  EXPECT_TRUE(value_of(store->finish_job(job.plan.key, job.fence)));
}

TEST_P(jobs_contract, a_claim_of_a_finished_job_is_none_of_a_later_job_of_the_same_key) {
  schedule(plan("a"));
  const auto stale = claim_one("alpha");
  world->advance(lease);
  const auto done = claim_one("beta");
  ASSERT_TRUE(value_of(store->finish_job(done.plan.key, done.fence)));
  schedule(plan("a"));
  claim_one("gamma");
  EXPECT_FALSE(value_of(store->finish_job(stale.plan.key, stale.fence)));
  EXPECT_FALSE(value_of(store->finish_job(done.plan.key, done.fence)));
  EXPECT_EQ(only_row().node, "gamma");
}

TEST_P(jobs_contract, an_extended_lease_lasts_longer) {
  schedule(plan("a"));
  const auto job = claim_one();
  world->advance(lease - 1s);
  EXPECT_TRUE(value_of(store->extend_job(job.plan.key, job.fence, lease)));
  world->advance(lease - 1s);
  EXPECT_THAT(claim(), IsEmpty());
  world->advance(1s);
  EXPECT_THAT(claim(), SizeIs(1));
}

TEST_P(jobs_contract, a_failed_job_waits_with_its_error_and_remembers_when_it_began) {
  schedule(plan("a"));
  const auto first_begun = world->now();
  const auto failed = claim_one();
  EXPECT_TRUE(value_of(store->postpone_job(failed.plan.key, failed.fence, world->now() + 10s, "no answer")));
  const job_row waiting = only_row();
  EXPECT_EQ(waiting.state, job_state::waiting);
  EXPECT_EQ(waiting.attempts, 1U);
  EXPECT_EQ(waiting.last_error, "no answer");
  EXPECT_EQ(waiting.node, "");
  EXPECT_FALSE(value_of(store->finish_job(failed.plan.key, failed.fence))) << "it has given its claim back";
  world->advance(10s);
  const auto again = claim_one();
  EXPECT_EQ(again.attempt, 2U);
  EXPECT_EQ(again.first_begun_at, first_begun);
  EXPECT_TRUE(again.begun_before);
}

TEST_P(jobs_contract, an_attempt_that_is_put_back_does_not_count_and_is_the_same_run) {
  schedule(plan("a"));
  const auto first_begun = world->now();
  const auto cut_off = claim_one();
  EXPECT_TRUE(value_of(store->put_back_job(cut_off.plan.key, cut_off.fence, world->now() + 1s, "moved")));
  EXPECT_EQ(only_row().attempts, 0U);
  EXPECT_EQ(only_row().last_error, "moved");
  EXPECT_FALSE(value_of(store->put_back_job(cut_off.plan.key, cut_off.fence, world->now(), "late")));
  world->advance(1s);
  const auto again = claim_one();
  EXPECT_EQ(again.attempt, 1U);
  EXPECT_EQ(again.first_begun_at, first_begun);
  EXPECT_TRUE(again.begun_before);
}

TEST_P(jobs_contract, a_job_that_runs_again_without_an_error_begins_anew) {
  schedule(plan("a"));
  const auto job = claim_one();
  EXPECT_TRUE(value_of(store->postpone_job(job.plan.key, job.fence, world->now() + 24h, "")));
  world->advance(24h);
  const auto next_day = claim_one();
  EXPECT_EQ(next_day.attempt, 1U);
  EXPECT_EQ(next_day.first_begun_at, world->now());
  EXPECT_FALSE(next_day.begun_before);
}

TEST_P(jobs_contract, a_dead_job_waits_for_a_person) {
  schedule(plan("a"));
  const auto first_begun = world->now();
  const auto job = claim_one();
  EXPECT_TRUE(value_of(store->bury_job(job.plan.key, job.fence, "for good")));
  world->advance(1h);
  EXPECT_THAT(claim(), IsEmpty());
  EXPECT_EQ(next_due(), std::nullopt);
  EXPECT_EQ(only_row().state, job_state::dead);
  EXPECT_EQ(only_row().last_error, "for good");
  EXPECT_TRUE(value_of(store->retry_job(job.plan.key)));
  EXPECT_FALSE(value_of(store->retry_job(job.plan.key)));
  const auto again = claim_one();
  EXPECT_EQ(again.attempt, 1U);
  EXPECT_EQ(again.plan.due, world->now());
  EXPECT_EQ(again.first_begun_at, first_begun) << "it is the same run";
  EXPECT_TRUE(again.begun_before) << "what it does may have been done";
}

TEST_P(jobs_contract, waiting_and_dead_jobs_can_be_cancelled_and_leased_ones_go_on) {
  const job_key key = plan("a").key;
  EXPECT_FALSE(value_of(store->cancel_job(key)));
  schedule(plan("a"));
  EXPECT_TRUE(value_of(store->cancel_job(key)));
  schedule(plan("a"));
  const auto running = claim_one();
  EXPECT_FALSE(value_of(store->cancel_job(key)));
  ASSERT_TRUE(value_of(store->bury_job(key, running.fence, "for good")));
  EXPECT_TRUE(value_of(store->cancel_job(key)));
  EXPECT_THAT(value_of(store->list_jobs(all())), IsEmpty());
}

}  // namespace
}  // namespace guildfleet::store
