#include "bot/job_desk.hpp"

#include <boost/asio/post.hpp>

namespace guildfleet::bot {

// Both sides hold it.
struct job_desk::remote_run {
  remote_run(const net::asio::any_io_executor& home, const shard& on)
      : where(on.key().shard), ended(home), handler(on.executor()) {}

  discord::shard_id where;
  jobs::job_outcome outcome = jobs::job_failed{"its handler ended without an answer", false};
  net::async_event ended;
  bool over = false;  // this and the next: read and written at home
  bool left = false;  // its shard goes to another node
  net::task_group handler;
};

net::task<> job_desk::handle(std::shared_ptr<remote_run> run, std::shared_ptr<shard> on,
                             store::claimed_job job, net::asio::any_io_executor home) {
  struct teller {
    std::shared_ptr<remote_run> run;
    net::asio::any_io_executor home;
    ~teller() {
      net::asio::post(home, [run = run] {
        run->over = true;
        run->ended.notify();
      });
    }
  } const tells{run, home};
  run->outcome = co_await on->run_job(std::move(job));
}

job_desk::job_desk(net::asio::any_io_executor home, store::bot_name bot, store::environment_name environment,
                   std::string node, jobs::job_limits limits, jobs::job_parts parts)
    : home_(home),
      bot_(std::move(bot)),
      environment_(std::move(environment)),
      clock_(parts.clock),
      runner_(home, bot_.value, std::move(node), limits,
              jobs::job_ports{[this] { return scope(); },
                              [this](discord::guild_id guild) { return shard_for(guild) != nullptr; },
                              [this](store::claimed_job job) { return run_job(std::move(job)); }},
              std::move(parts)) {}

void job_desk::add_shards(const std::vector<std::shared_ptr<shard>>& members) {
  for (const auto& member : members) places_[member->key().shard].member = member;
}

void job_desk::forget_shards(std::uint32_t count) {
  std::erase_if(places_, [count](const auto& each) { return each.first.count == count; });
}

void job_desk::on_hold(discord::shard_id shard, bool held) {
  if (!held) cut_off(shard);
  const auto found = places_.find(shard);
  if (found == places_.end()) return;
  found->second.held = held;
  if (held) runner_.shard_came();
}

void job_desk::cut_off(discord::shard_id shard) {
  for (const auto& run : runs_) {
    if (run->where != shard) continue;
    run->left = true;
    run->ended.notify();
  }
}

void job_desk::act_with(std::uint32_t all) {
  all_ = all;
  runner_.wake();
}

bool job_desk::usable(const place& one) {
  return one.member != nullptr && one.held && one.member->may_act();
}

store::job_scope job_desk::scope() const {
  store::job_scope scope{environment_, bot_, all_, {}};
  for (const auto& [shard, place] : places_) {
    if (shard.count == all_ && usable(place)) scope.shards.push_back(shard.index);
  }
  return scope;
}

std::shared_ptr<shard> job_desk::shard_for(discord::guild_id guild) const {
  if (guild.empty()) {
    const auto any = std::ranges::find_if(
        places_, [&](const auto& each) { return each.first.count == all_ && usable(each.second); });
    return any == places_.end() ? nullptr : any->second.member;
  }
  const std::optional<std::uint32_t> count = who_acts_ ? who_acts_(guild) : std::optional(all_);
  const auto found = count ? places_.find(discord::shard_of(guild, *count)) : places_.end();
  return found == places_.end() || !usable(found->second) ? nullptr : found->second.member;
}

// The handler runs on its shard's reactor; a cancellation goes there as a word, not as a signal.
net::task<jobs::job_outcome> job_desk::run_job(store::claimed_job job) {
  const std::shared_ptr<shard> on = shard_for(job.plan.guild);
  if (on == nullptr) {
    constexpr std::chrono::seconds again_after{1};
    co_return jobs::job_put_back{clock_.wall_now() + again_after, "its shard had just left this node"};
  }
  const auto run = std::make_shared<remote_run>(home_, *on);
  runs_.insert(run);
  net::asio::post(on->executor(), [run, on, job = std::move(job), home = home_]() mutable {
    run->handler.spawn("job", handle(run, on, std::move(job), home));
  });
  if (!run->over) (void)co_await run->ended.wait(net::no_deadline());
  if (!run->over) run->handler.cancel();
  while (!run->over) (void)co_await run->ended.wait_uncancelled(net::no_deadline());
  runs_.erase(run);
  if (run->left && std::holds_alternative<jobs::job_failed>(run->outcome))
    co_return jobs::job_put_back{clock_.wall_now(), "its shard went to another node while it ran"};
  co_return run->outcome;
}

}  // namespace guildfleet::bot
