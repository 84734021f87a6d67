#include "sim/gateway/replay_buffer.hpp"

namespace guildfleet::sim {

std::uint64_t replay_buffer::push(event_body body) {
  bytes_ += body.text->data.size();
  events_.push_back(std::move(body));
  ++newest_;
  // The newest event stays even when it alone is over the bound: its connection has yet to get it.
  while (events_.size() > 1 && (events_.size() > max_events_ || bytes_ > max_bytes_)) forget_front();
  return newest_;
}

std::uint64_t replay_buffer::skip() {
  events_.clear();
  bytes_ = 0;
  return ++newest_;
}

void replay_buffer::forget_up_to(std::uint64_t sequence) {
  while (!events_.empty() && newest_ - events_.size() < sequence) forget_front();
}

const event_body* replay_buffer::find(std::uint64_t sequence) const {
  const std::uint64_t before_first = newest_ - events_.size();
  if (sequence <= before_first || sequence > newest_) return nullptr;
  return &events_[sequence - before_first - 1];
}

void replay_buffer::forget_front() {
  bytes_ -= events_.front().text->data.size();
  events_.pop_front();
}

}  // namespace guildfleet::sim
