// Runs the jobs of one bot on the reactors of its shards.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "bot/shard.hpp"
#include "jobs/job_runner.hpp"

namespace guildfleet::bot {

// Lives on the bot's home reactor, as the runner does.
class job_desk final {
 public:
  job_desk(net::asio::any_io_executor home, store::bot_name bot, store::environment_name environment,
           std::string node, jobs::job_limits limits, jobs::job_parts parts);

  // Further shards of this node, and whether their leases are held.
  void add_shards(const std::vector<std::shared_ptr<shard>>& members);
  void forget_shards(std::uint32_t count);
  void on_hold(discord::shard_id shard, bool held);
  // The bot has `all` shards: those claim jobs from now on.
  void act_with(std::uint32_t all);
  // Of how many shards the one is that acts for a guild, where that is not as many as claim; nullopt: no
  // shard acts for it just now. Empty, as at first: as many as claim.
  void ask_who_acts(std::function<std::optional<std::uint32_t>(discord::guild_id)> who) {
    who_acts_ = std::move(who);
  }

  net::task<> run() { return runner_.run(); }
  void stop() { runner_.stop(); }
  [[nodiscard]] jobs::job_runner& runner() { return runner_; }

 private:
  struct place {
    std::shared_ptr<shard> member;
    bool held = false;
  };
  struct remote_run;  // of a job on its shard's reactor

  static net::task<> handle(std::shared_ptr<remote_run> run, std::shared_ptr<shard> on,
                            store::claimed_job job, net::asio::any_io_executor home);

  // Its jobs: the shard goes to another node.
  void cut_off(discord::shard_id shard);
  [[nodiscard]] static bool usable(const place& one);
  [[nodiscard]] store::job_scope scope() const;
  // The shard that may run a job of this guild just now; null: none of this node.
  [[nodiscard]] std::shared_ptr<shard> shard_for(discord::guild_id guild) const;
  net::task<jobs::job_outcome> run_job(store::claimed_job job);

  net::asio::any_io_executor home_;
  store::bot_name bot_;
  store::environment_name environment_;
  const base::clock& clock_;
  std::map<discord::shard_id, place> places_;
  std::function<std::optional<std::uint32_t>(discord::guild_id)> who_acts_;
  std::uint32_t all_ = 1;
  std::set<std::shared_ptr<remote_run>> runs_;
  jobs::job_runner runner_;
};

}  // namespace guildfleet::bot
