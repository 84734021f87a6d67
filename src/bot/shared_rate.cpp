#include "bot/shared_rate.hpp"

namespace guildfleet::bot {

shared_rate::shared_rate(net::asio::any_io_executor home, store::bot_name bot, shared_rate_settings settings,
                         reserve_requests reserve, std::function<void(int)> set_limit, base::logger log)
    : home_(home),
      bot_(std::move(bot)),
      settings_(settings),
      reserve_(std::move(reserve)),
      set_limit_(std::move(set_limit)),
      log_(std::move(log)),
      tasks_(home),
      part_(settings.limit) {}

void shared_rate::on_shards(std::uint32_t held, std::uint32_t all) {
  part_ = store::share_without_redis(settings_.limit, held, all);
  apply_limit();
}

void shared_rate::apply_limit() {
  set_limit_(static_cast<int>(answered_ ? settings_.limit : part_));
}

net::task<bool> shared_rate::pass(base::steady_time deadline) {
  if (closed_) co_return false;
  if (!reserve_) co_return true;
  if (!answered_ && std::chrono::steady_clock::now() < ask_at_) co_return true;
  const auto mine = std::make_shared<waiter>(home_);
  waiting_.push_back(mine);
  if (!serving_) {
    serving_ = true;
    tasks_.spawn("shared request rate", serve());
  }
  (void)co_await mine->decided.wait(deadline);
  mine->gone = true;
  co_return mine->passed;
}

net::task<> shared_rate::serve() {
  while (!closed_) {
    std::erase_if(waiting_, [](const auto& each) { return each->gone; });
    if (waiting_.empty()) break;
    const auto wanted = static_cast<std::uint32_t>(std::min<std::size_t>(waiting_.size(), settings_.limit));
    const auto grant = co_await reserve_(bot_, wanted);
    if (!grant) {
      co_await on_silence();
      continue;
    }
    if (!answered_) {
      answered_ = true;
      apply_limit();
    }
    let_pass(grant->granted);
    if (grant->granted < wanted && !co_await net::sleep_until(net::deadline_in(grant->wait))) break;
  }
  serving_ = false;
}

// What the others reserved must be spent before this node goes by its part.
net::task<> shared_rate::on_silence() {
  ask_at_ = std::chrono::steady_clock::now() + settings_.ask_again_after;
  if (std::exchange(answered_, false)) {
    log_.warn("the request rate is not shared through Redis at present; this node keeps to its part",
              base::field("requests_per_second", part_));
    apply_limit();
    if (!co_await net::sleep_until(net::deadline_in(settings_.window))) co_return;
  }
  let_pass(waiting_.size());
}

void shared_rate::let_pass(std::size_t count) {
  for (; count > 0 && !waiting_.empty(); --count) {
    waiting_.front()->passed = true;
    waiting_.front()->decided.notify();
    waiting_.pop_front();
  }
}

void shared_rate::close() {
  if (std::exchange(closed_, true)) return;
  for (const auto& each : waiting_) each->decided.notify();
  waiting_.clear();
  tasks_.close();
  tasks_.cancel();
}

}  // namespace guildfleet::bot
