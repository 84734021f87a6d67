#include "bot/moment_desk.hpp"

#include <algorithm>

#include "net/cancellation.hpp"

namespace guildfleet::bot {
namespace {

constexpr std::size_t most_waiting = 10'000;  // of a shard
constexpr std::chrono::seconds hurried_within{1};

}  // namespace

moment_desk::moment_desk(net::asio::any_io_executor executor, moment_parts parts)
    : parts_(std::move(parts)), changed_(std::move(executor)) {}

bool moment_desk::after(std::size_t feature, std::chrono::milliseconds wait, discord::guild_id guild,
                        std::string name, std::function<net::task<>()> work) {
  cancel(feature, guild, name);
  if (due_.size() >= most_waiting) return false;
  moment_key key{feature, guild, std::move(name)};
  const auto at = due_.emplace(parts_.clock.steady_now() + wait, moment{key, std::move(work)});
  by_key_.emplace(std::move(key), at);
  if (!std::exchange(running_, true)) parts_.waiting.spawn("moments", run());
  if (at == due_.begin()) changed_.notify();
  return true;
}

std::optional<std::chrono::milliseconds> moment_desk::due_in(std::size_t feature, discord::guild_id guild,
                                                             const std::string& name) const {
  const auto found = by_key_.find({feature, guild, name});
  if (found == by_key_.end()) return std::nullopt;
  const auto left = found->second->first - parts_.clock.steady_now();
  return std::max(std::chrono::duration_cast<std::chrono::milliseconds>(left), std::chrono::milliseconds(0));
}

void moment_desk::cancel(std::size_t feature, discord::guild_id guild, const std::string& name) {
  const auto found = by_key_.find({feature, guild, name});
  if (found == by_key_.end()) return;
  due_.erase(found->second);
  by_key_.erase(found);
}

void moment_desk::hurry() {
  begin_until(parts_.clock.steady_now() + hurried_within);
}

void moment_desk::forget_all() {
  by_key_.clear();
  due_.clear();
}

net::task<> moment_desk::run() {
  while (!co_await net::is_cancelled()) {
    begin_until(parts_.clock.steady_now());
    (void)co_await changed_.wait(due_.empty() ? net::no_deadline() : due_.begin()->first);
  }
}

void moment_desk::begin_until(base::steady_time due) {
  while (!due_.empty() && due_.begin()->first <= due) {
    moment one = std::move(due_.begin()->second);
    by_key_.erase(one.key);
    due_.erase(due_.begin());
    if (parts_.acts(std::get<discord::guild_id>(one.key), std::get<std::size_t>(one.key)))
      parts_.handlers.spawn("moment", perform(std::move(one.work), parts_.failures, parts_.log));
  }
}

net::task<> moment_desk::perform(std::function<net::task<>()> work, base::counter failures,
                                 base::logger log) {
  try {
    co_await work();
  } catch (const std::exception& thrown) {
    failures.add();
    log.error("feature handler failed", base::field("what", thrown.what()));
  }
}

}  // namespace guildfleet::bot
