// Runs the jobs of one bot on the reactors of its shards.
#pragma once

#include <map>
#include <memory>

#include "bot/shard.hpp"
#include "jobs/job_runner.hpp"

namespace guildfleet::bot {

// Lives on the bot's home reactor, as the runner does.
class job_desk final {
 public:
  job_desk(net::asio::any_io_executor home, store::bot_name bot, store::environment_name environment,
           std::string node, jobs::job_limits limits, jobs::job_parts parts);

  // The shards of this node and whether their leases are held; of `all` shards of the bot.
  void set_shards(const std::vector<std::shared_ptr<shard>>& members, std::uint32_t all);
  void on_hold(std::uint32_t index, bool held);

  net::task<> run() { return runner_.run(); }
  void stop() { runner_.stop(); }
  [[nodiscard]] jobs::job_runner& runner() { return runner_; }

 private:
  struct place {
    std::shared_ptr<shard> member;
    bool held = false;
  };

  [[nodiscard]] static bool usable(const place& one);
  [[nodiscard]] store::job_scope scope() const;
  // The shard that may run a job of this guild just now; null: none of this node.
  [[nodiscard]] std::shared_ptr<shard> shard_for(discord::guild_id guild) const;
  net::task<jobs::job_outcome> run_job(store::claimed_job job);

  net::asio::any_io_executor home_;
  store::bot_name bot_;
  store::environment_name environment_;
  const base::clock& clock_;
  std::map<std::uint32_t, place> places_;
  std::uint32_t all_ = 1;
  jobs::job_runner runner_;
};

}  // namespace guildfleet::bot
