// Runs the durable timers of one bot on one node.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "jobs/job_policy.hpp"
#include "net/async_event.hpp"
#include "net/task_group.hpp"
#include "store/data_store.hpp"
#include "store/store_executor.hpp"

namespace guildfleet::jobs {

// What the runner asks of its bot; all on the runner's reactor.
struct job_ports {
  // The shards that this node holds just now; none: nothing is claimed.
  std::function<store::job_scope()> scope;
  // Whether a handler may begin: the lease of the guild's shard, read right before.
  std::function<bool(discord::guild_id)> may_begin;
  // Runs the handler of the job's kind. Cancelled when the job's lease is lost or the node stops; puts it
  // back by itself when its shard goes to another node.
  std::function<net::task<job_outcome>(store::claimed_job)> run;
};

// All of it outlives the runner.
struct job_parts {
  const base::clock& clock;
  base::metrics& metrics;
  std::shared_ptr<store::job_store> store;
  store::store_executor& store_thread;
  base::logger log;
};

// One reactor. A job runs at least once; its effects must be idempotent (DESIGN: nonces and the table of
// effects).
class job_runner final {
 public:
  job_runner(net::asio::any_io_executor executor, std::string bot, std::string node, job_limits limits,
             job_ports ports, job_parts parts);
  ~job_runner();

  // Claims and runs until stop(); then waits for running handlers, at most stop_limit, and ends.
  net::task<> run();
  void stop();
  // Something was scheduled: the store is asked again now.
  void wake();
  // A shard was won: the store is asked now and often for some seconds, for the node that had the shard may
  // still be putting back what it ran.
  void shard_came();
  // Writes the job and wakes. Errors: store_error.
  [[nodiscard]] net::task<base::result<store::schedule_outcome>> schedule(store::job_plan plan,
                                                                          store::schedule_mode mode);
  [[nodiscard]] net::task<base::result<bool>> cancel(store::job_key key);

 private:
  struct running_job;

  net::task<base::steady_time> claim_some();
  net::task<base::steady_time> ask_next_due(store::job_scope scope);
  static net::task<> handle(const job_ports& ports, std::shared_ptr<running_job> one);
  net::task<> run_one(store::claimed_job job);
  net::task<> watch_over(std::shared_ptr<running_job> one);
  net::task<> write_down(std::shared_ptr<running_job> one);
  net::task<> drain();
  void note_store_error(const base::error& error);

  net::asio::any_io_executor executor_;
  std::string node_;
  job_limits limits_;
  job_ports ports_;
  job_parts parts_;
  base::random_source random_;
  start_pace pace_;
  net::async_event wake_;
  net::task_group jobs_;
  std::uint32_t in_flight_ = 0;
  base::steady_time look_often_until_{};
  bool stopping_ = false;
  bool store_failed_ = false;  // said once
  base::counter started_;
  base::counter finished_;
  base::counter put_back_;
  base::counter failed_;
  base::counter buried_;
  base::gauge running_;
  base::histogram lateness_;
};

}  // namespace guildfleet::jobs
