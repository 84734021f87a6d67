#include "jobs/job_runner.hpp"

#include <gtest/gtest.h>

#include "jobs/memory_job_store.hpp"
#include "net/test_support.hpp"

namespace guildfleet::jobs {
namespace {

using namespace std::chrono_literals;
using net::run_to_end;
using net::soon;

class runner : public testing::Test {
 protected:
  ~runner() override { store_thread.stop(); }

  [[nodiscard]] store::job_plan plan(const std::string& key, std::chrono::milliseconds in = 0ms,
                                     discord::guild_id guild = {}) const {
    store::job_plan out;
    out.key = {{"production"}, {"bot1"}, key};
    out.kind = "test/run";
    out.guild = guild;
    out.due = clock.wall_now() + in;
    return out;
  }
  void schedule(const store::job_plan& what) {
    EXPECT_TRUE(jobs->schedule(what, store::schedule_mode::keep));
  }
  [[nodiscard]] std::vector<store::job_row> rows() { return jobs->list_jobs({}).value(); }

  std::unique_ptr<job_runner> make(std::function<net::task<job_outcome>(store::claimed_job)> handler) {
    job_ports ports;
    ports.scope = [this] { return store::job_scope{{"production"}, {"bot1"}, 2, shards}; };
    ports.may_begin = [this](discord::guild_id) { return may_begin; };
    ports.run = std::move(handler);
    return std::make_unique<job_runner>(context.get_executor(), "bot1", "node-a", limits, std::move(ports),
                                        job_parts{clock, metrics, jobs, store_thread, base::logger::root()});
  }
  // Runs the runner until `over` holds, then stops it.
  void run_until(job_runner& one, std::function<bool()> over) {
    run_to_end(context,
               [](net::asio::io_context& on, job_runner& it, std::function<bool()> done) -> net::task<> {
                 net::task_group group(on.get_executor());
                 group.spawn("runner", it.run());
                 const auto end = soon();
                 while (!done() && std::chrono::steady_clock::now() < end)
                   (void)co_await net::sleep_until(net::deadline_in(2ms));
                 EXPECT_TRUE(done());
                 it.stop();
                 group.close();
                 co_await group.join();
               }(context, one, std::move(over)));
  }
  // A handler that writes down what it ran and ends as told.
  auto recording(job_outcome outcome) {
    return [this, outcome](store::claimed_job job) -> net::task<job_outcome> {
      ran.push_back(job.plan.key.key);
      co_return outcome;
    };
  }

  base::system_clock clock;
  base::metrics metrics;
  net::asio::io_context context{1};
  store::store_executor store_thread;
  std::shared_ptr<memory_job_store> jobs = std::make_shared<memory_job_store>(clock);
  job_limits limits{.look_again = 50ms, .first_pause = 10ms, .longest_pause = 20ms, .stop_limit = 50ms};
  std::vector<std::uint32_t> shards{0, 1};
  bool may_begin = true;
  std::vector<std::string> ran;
};

TEST_F(runner, runs_overdue_jobs_in_the_order_of_their_due_times_and_deletes_them) {
  limits.in_flight = 1;
  schedule(plan("b", -2h));
  schedule(plan("a", -1h));
  schedule(plan("c", -3h));
  schedule(plan("later", 24h));
  const auto one = make(recording(job_done{}));
  run_until(*one, [&] { return ran.size() == 3; });
  EXPECT_EQ(ran, (std::vector<std::string>{"c", "b", "a"}));
  ASSERT_EQ(rows().size(), 1U);
  EXPECT_EQ(rows().front().plan.key.key, "later");
}

TEST_F(runner, waits_for_a_job_that_is_due_soon) {
  schedule(plan("soon", 120ms));
  const auto one = make(recording(job_done{}));
  const auto before = clock.wall_now();
  run_until(*one, [&] { return ran.size() == 1; });
  EXPECT_GE(clock.wall_now() - before, 110ms);
}

TEST_F(runner, leaves_jobs_of_guilds_on_other_nodes_alone) {
  shards = {1};
  schedule(plan("mine", 0ms, discord::guild_id{1ULL << 22U}));
  schedule(plan("not mine", 0ms, discord::guild_id{2ULL << 22U}));
  schedule(plan("anybody's"));
  const auto one = make(recording(job_done{}));
  run_until(*one, [&] { return ran.size() == 2; });
  ASSERT_EQ(rows().size(), 1U);
  EXPECT_EQ(rows().front().plan.key.key, "not mine");
}

TEST_F(runner, tries_a_failed_job_again_and_buries_it_in_the_end) {
  limits.max_attempts = 3;
  schedule(plan("broken"));
  const auto one = make(recording(job_failed{"no such channel", false}));
  run_until(*one, [&] { return rows().front().state == store::job_state::dead; });
  EXPECT_EQ(ran.size(), 3U);
  EXPECT_EQ(rows().front().last_error, "no such channel");
}

TEST_F(runner, counts_an_exception_as_a_failure) {
  limits.max_attempts = 1;
  schedule(plan("thrower"));
  const auto one = make([](store::claimed_job) -> net::task<job_outcome> {
    throw std::runtime_error("a bug");
    co_return job_done{};
  });
  run_until(*one, [&] { return rows().front().state == store::job_state::dead; });
}

TEST_F(runner, keeps_its_lease_while_a_handler_is_slow) {
  limits.lease = 60ms;
  schedule(plan("slow"));
  const auto one = make([this](store::claimed_job job) -> net::task<job_outcome> {
    ran.push_back(job.plan.key.key);
    (void)co_await net::sleep_until(net::deadline_in(300ms));
    co_return job_done{};
  });
  run_until(*one, [&] { return rows().empty(); });
  EXPECT_EQ(ran.size(), 1U);
}

TEST_F(runner, cancels_a_handler_whose_lease_is_lost_and_writes_nothing) {
  limits.lease = 60ms;
  schedule(plan("stolen"));
  bool cancelled = false;
  const auto one = make([&](store::claimed_job job) -> net::task<job_outcome> {
    ran.push_back(job.plan.key.key);
    jobs->steal(job.plan.key);
    cancelled = !co_await net::sleep_until(net::deadline_in(20s));
    co_return job_done{};
  });
  run_until(*one, [&] { return cancelled; });
  ASSERT_EQ(rows().size(), 1U) << "another node finishes it";
}

TEST_F(runner, begins_nothing_without_the_shards_lease) {
  may_begin = false;
  schedule(plan("held"));
  const auto one = make(recording(job_done{}));
  run_until(*one, [&] { return rows().front().last_error == "its shard had just left this node"; });
  EXPECT_TRUE(ran.empty());
  EXPECT_EQ(rows().front().attempts, 0U) << "it was not begun";
}

TEST_F(runner, does_not_wait_for_ever_for_a_handler_when_it_stops) {
  schedule(plan("endless"));
  const auto one = make([this](store::claimed_job job) -> net::task<job_outcome> {
    ran.push_back(job.plan.key.key);
    if (co_await net::sleep_until(net::deadline_in(20s))) co_return job_done{};
    co_return job_failed{"cut off", false};
  });
  const auto before = std::chrono::steady_clock::now();
  run_until(*one, [&] { return ran.size() == 1; });
  EXPECT_LT(std::chrono::steady_clock::now() - before, 5s);
  ASSERT_EQ(rows().size(), 1U);
  EXPECT_EQ(rows().front().state, store::job_state::waiting) << "for a successor";
}

TEST_F(runner, leaves_a_run_that_was_cut_off_to_its_successor_as_the_same_run) {
  schedule(plan("endless"));
  std::vector<store::claimed_job> begun;
  const auto handler = [&](store::claimed_job job) -> net::task<job_outcome> {
    begun.push_back(job);
    if (begun.size() == 1) (void)co_await net::sleep_until(net::deadline_in(20s));
    co_return begun.size() == 1 ? job_outcome(job_failed{"cut off", false}) : job_done{};
  };
  run_until(*make(handler), [&] { return begun.size() == 1; });
  context.restart();
  run_until(*make(handler), [&] { return rows().empty(); });
  ASSERT_EQ(begun.size(), 2U);
  EXPECT_FALSE(begun[0].begun_before);
  EXPECT_TRUE(begun[1].begun_before) << "its effects may be there";
  EXPECT_EQ(begun[1].first_begun_at, begun[0].first_begun_at) << "and have the same nonces";
}

TEST_F(runner, begins_a_new_run_of_a_repeating_job) {
  schedule(plan("daily"));
  std::vector<store::claimed_job> begun;
  const auto one = make([&](store::claimed_job job) -> net::task<job_outcome> {
    begun.push_back(job);
    co_return begun.size() == 1 ? job_outcome(job_again{clock.wall_now() + 20ms}) : job_done{};
  });
  run_until(*one, [&] { return rows().empty(); });
  ASSERT_EQ(begun.size(), 2U);
  EXPECT_FALSE(begun[1].begun_before);
  EXPECT_GT(begun[1].first_begun_at, begun[0].first_begun_at);
}

TEST_F(runner, goes_on_when_the_store_is_back) {
  jobs->failing = true;
  schedule(plan("patient"));
  const auto one = make(recording(job_done{}));
  run_to_end(context,
             [](net::asio::io_context& on, job_runner& it, memory_job_store& away,
                std::vector<std::string>& done) -> net::task<> {
               net::task_group group(on.get_executor());
               group.spawn("runner", it.run());
               (void)co_await net::sleep_until(net::deadline_in(20ms));
               EXPECT_TRUE(done.empty());
               away.failing = false;
               it.wake();
               const auto end = soon();
               while (done.empty() && std::chrono::steady_clock::now() < end)
                 (void)co_await net::sleep_until(net::deadline_in(2ms));
               it.stop();
               group.close();
               co_await group.join();
             }(context, *one, *jobs, ran));
  EXPECT_EQ(ran.size(), 1U);
}

TEST_F(runner, starts_overdue_jobs_at_its_pace) {
  limits.starts_per_second = 20;
  for (int i = 0; i < 30; ++i) schedule(plan("job " + std::to_string(i)));
  const auto one = make(recording(job_done{}));
  const auto before = std::chrono::steady_clock::now();
  run_until(*one, [&] { return ran.size() == 30; });
  EXPECT_GE(std::chrono::steady_clock::now() - before, 450ms);
}

}  // namespace
}  // namespace guildfleet::jobs
