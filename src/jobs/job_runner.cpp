#include "jobs/job_runner.hpp"

#include <boost/asio/this_coro.hpp>

namespace guildfleet::jobs {
namespace {

constexpr std::chrono::milliseconds store_retry{2'000};
constexpr std::chrono::milliseconds shard_retry{1'000};  // of a job whose shard has just gone
constexpr std::chrono::milliseconds often_after_shard{10'000};
constexpr std::chrono::milliseconds often{500};

base::counter count(base::metrics& metrics, const std::string& bot, const char* result) {
  return metrics.counter_of("guildfleet_jobs_ended_total", "Attempts to run a job, by their end",
                            {{"bot", bot}, {"result", result}});
}

}  // namespace

// Shared by the handler and who watches over it.
struct job_runner::running_job {
  running_job(const net::asio::any_io_executor& executor, store::claimed_job claimed)
      : job(std::move(claimed)), ended(executor), handler(executor) {}

  store::claimed_job job;
  std::optional<job_outcome> outcome;
  net::async_event ended;
  net::task_group handler;
  base::steady_time lease_ends{};
  bool lost = false;       // the lease is another's now: nothing may be written
  bool cancelled = false;  // the node stops and does not wait any longer
};

// Tells the end also when the handler throws.
net::task<> job_runner::handle(const job_ports& ports, std::shared_ptr<running_job> one) {
  struct end_of_handler {
    net::async_event& ended;
    ~end_of_handler() { ended.notify(); }
  } const told{one->ended};
  job_outcome outcome = co_await ports.run(one->job);
  one->outcome = std::move(outcome);
}

job_runner::job_runner(net::asio::any_io_executor executor, std::string bot, std::string node,
                       job_limits limits, job_ports ports, job_parts parts)
    : executor_(executor),
      node_(std::move(node)),
      limits_(limits),
      ports_(std::move(ports)),
      parts_(std::move(parts)),
      random_(base::random_source::from_system()),
      pace_(limits.starts_per_second, parts_.clock.steady_now()),
      wake_(executor),
      jobs_(executor),
      started_(parts_.metrics.counter_of("guildfleet_jobs_started_total", "Jobs whose handler was started",
                                         {{"bot", bot}})),
      finished_(count(parts_.metrics, bot, "done")),
      put_back_(count(parts_.metrics, bot, "put_back")),
      failed_(count(parts_.metrics, bot, "failed")),
      buried_(count(parts_.metrics, bot, "buried")),
      running_(parts_.metrics.gauge_of("guildfleet_jobs_running", "Handlers of jobs that run now",
                                       {{"bot", bot}})),
      lateness_(parts_.metrics.histogram_of("guildfleet_jobs_lateness_seconds",
                                            "From a job's due time to the start of its handler",
                                            {{"bot", bot}}, {0.1, 0.5, 1, 2, 5, 15, 60, 300, 3600})) {}

job_runner::~job_runner() = default;

net::task<> job_runner::run() {
  while (!stopping_) {
    base::steady_time next = co_await claim_some();
    if (stopping_) break;
    const base::steady_time now = parts_.clock.steady_now();
    if (now < look_often_until_ && !store_failed_) next = std::min<base::steady_time>(next, now + often);
    (void)co_await wake_.wait(next);
  }
  co_await drain();
}

void job_runner::stop() {
  stopping_ = true;
  wake_.notify();
}

void job_runner::wake() {
  wake_.notify();
}

void job_runner::shard_came() {
  look_often_until_ = parts_.clock.steady_now() + often_after_shard;
  wake_.notify();
}

// Returns when to come back.
net::task<base::steady_time> job_runner::claim_some() {
  const base::steady_time now = parts_.clock.steady_now();
  const std::uint32_t free = limits_.in_flight - in_flight_;
  const std::uint32_t wanted = std::min(free, pace_.available(now));
  if (free == 0) co_return base::steady_time::max();  // the end of a handler wakes
  if (wanted == 0) co_return pace_.next_at();
  store::job_scope scope = ports_.scope();
  if (scope.shards.empty()) co_return now + limits_.look_again;
  auto claimed = co_await parts_.store_thread.run(
      [store = parts_.store, scope, node = node_, wanted, lease = limits_.lease] {
        return store->claim_jobs(scope, node, wanted, lease);
      });
  if (!claimed) {
    note_store_error(claimed.error());
    co_return parts_.clock.steady_now() + store_retry;
  }
  store_failed_ = false;
  pace_.take(static_cast<std::uint32_t>(claimed->size()));
  for (store::claimed_job& job : *claimed) {
    ++in_flight_;
    jobs_.spawn("job", run_one(std::move(job)));
  }
  running_.set(in_flight_);
  if (claimed->size() == wanted) co_return parts_.clock.steady_now();
  co_return co_await ask_next_due(std::move(scope));
}

net::task<base::steady_time> job_runner::ask_next_due(store::job_scope scope) {
  auto next =
      co_await parts_.store_thread.run([store = parts_.store, scope] { return store->next_due(scope); });
  if (!next) {
    note_store_error(next.error());
    co_return parts_.clock.steady_now() + store_retry;
  }
  co_return parts_.clock.steady_now() + time_to_sleep(*next, limits_);
}

net::task<> job_runner::run_one(store::claimed_job job) {
  const auto one = std::make_shared<running_job>(executor_, std::move(job));
  one->lease_ends = parts_.clock.steady_now() + limits_.lease;
  if (ports_.may_begin(one->job.plan.guild)) {
    started_.add();
    lateness_.observe(std::chrono::duration<double>(parts_.clock.wall_now() - one->job.plan.due).count());
    one->handler.spawn("job handler", handle(ports_, one));
    one->handler.close();
    co_await watch_over(one);
  } else {
    one->outcome = job_put_back{parts_.clock.wall_now() + shard_retry, "its shard had just left this node"};
  }
  co_await write_down(one);
  --in_flight_;
  running_.set(in_flight_);
  wake_.notify();
}

// Extends the lease until the handler has ended; cancels it when the lease is lost.
net::task<> job_runner::watch_over(std::shared_ptr<running_job> one) {
  while (one->handler.size() > 0) {
    const base::steady_time look_at = parts_.clock.steady_now() + limits_.lease / 3;
    if (co_await one->ended.wait(look_at)) break;
    if (one->handler.size() == 0) break;
    const net::asio::cancellation_state asked = co_await net::asio::this_coro::cancellation_state;
    if (asked.cancelled() != net::asio::cancellation_type::none) {
      one->cancelled = true;
      one->handler.cancel();
      break;
    }
    const auto kept = co_await parts_.store_thread.run(
        [store = parts_.store, key = one->job.plan.key, fence = one->job.fence, lease = limits_.lease] {
          return store->extend_job(key, fence, lease);
        });
    if (kept && *kept) one->lease_ends = look_at + limits_.lease * 2 / 3;
    one->lost = kept ? !*kept : parts_.clock.steady_now() >= one->lease_ends;
    if (one->lost) {
      parts_.log.warn("a job's lease was lost while it ran", base::field("kind", one->job.plan.kind),
                      base::field("key", one->job.plan.key.key));
      one->handler.cancel();
      break;
    }
  }
  co_await one->handler.join();
}

net::task<> job_runner::write_down(std::shared_ptr<running_job> one) {
  co_await net::asio::this_coro::reset_cancellation_state();
  if (one->lost) co_return;
  if (!one->outcome) one->outcome = job_failed{"its handler ended without saying how", false};
  if (one->cancelled && std::holds_alternative<job_failed>(*one->outcome))
    one->outcome = job_put_back{parts_.clock.wall_now(), "the node stopped while it ran"};
  const job_verdict verdict =
      judge(*one->outcome, one->job.attempt, parts_.clock.wall_now(), limits_, random_);
  auto written = co_await parts_.store_thread.run([store = parts_.store, key = one->job.plan.key,
                                                   fence = one->job.fence, verdict]() -> base::result<bool> {
    if (const auto* wait = std::get_if<postpone_job>(&verdict))
      return store->postpone_job(key, fence, wait->due, wait->error);
    if (const auto* back = std::get_if<put_back_job>(&verdict))
      return store->put_back_job(key, fence, back->due, back->why);
    if (const auto* dead = std::get_if<bury_job>(&verdict)) return store->bury_job(key, fence, dead->error);
    return store->finish_job(key, fence);
  });
  if (!written) note_store_error(written.error());
  if (const auto* failure = std::get_if<job_failed>(&*one->outcome)) {
    const bool dead = std::holds_alternative<bury_job>(verdict);
    (dead ? buried_ : failed_).add();
    parts_.log.warn(dead ? "a job failed for good and waits for a person" : "a job failed and is tried again",
                    base::field("kind", one->job.plan.kind), base::field("key", one->job.plan.key.key),
                    base::field("attempt", one->job.attempt), base::field("why", failure->why));
  } else {
    (std::holds_alternative<job_put_back>(*one->outcome) ? put_back_ : finished_).add();
  }
}

net::task<> job_runner::drain() {
  co_await net::asio::this_coro::reset_cancellation_state();
  jobs_.close();
  net::task_group limit(executor_);
  limit.spawn("job drain limit", [](net::task_group& jobs, net::deadline until) -> net::task<> {
    if (co_await net::sleep_until(until)) jobs.cancel();
  }(jobs_, net::deadline_in(limits_.stop_limit)));
  co_await jobs_.join();
  limit.close();
  limit.cancel();
  co_await limit.join();
}

net::task<base::result<store::schedule_outcome>> job_runner::schedule(store::job_plan plan,
                                                                      store::schedule_mode mode) {
  auto outcome = co_await parts_.store_thread.run(
      [store = parts_.store, plan = std::move(plan), mode] { return store->schedule(plan, mode); });
  wake();
  co_return outcome;
}

net::task<base::result<bool>> job_runner::cancel(store::job_key key) {
  co_return co_await parts_.store_thread.run([store = parts_.store, key] { return store->cancel_job(key); });
}

void job_runner::note_store_error(const base::error& error) {
  if (std::exchange(store_failed_, true)) return;
  parts_.log.warn("jobs wait: the store does not answer", base::field("why", error.message()));
}

}  // namespace guildfleet::jobs
