#include "discord/gateway/heartbeat.hpp"

namespace guildfleet::discord {

void heartbeat::start(std::chrono::milliseconds interval, double jitter, base::steady_time now) {
  running_ = true;
  awaiting_ack_ = false;
  last_sent_ = {};
  interval_ = interval;
  due_ = now +
         std::chrono::milliseconds(static_cast<std::int64_t>(static_cast<double>(interval.count()) * jitter));
}

void heartbeat::sent(base::steady_time now) {
  awaiting_ack_ = true;
  last_sent_ = now;
  due_ += interval_;
  if (due_ <= now) due_ = now + interval_;
}

void heartbeat::acked(base::steady_time now) {
  if (!running_) return;
  awaiting_ack_ = false;
  if (last_sent_ != base::steady_time{}) latency_ = now - last_sent_;
}

}  // namespace guildfleet::discord
