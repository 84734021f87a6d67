#include "integration/handled_messages.hpp"

namespace guildfleet::integration {

void handled_messages::begin_run(bool forgiven) {
  const std::lock_guard lock(mutex_);
  ++run_;
  if (forgiven) after_kill_.insert(run_);
}

void handled_messages::add(const std::string& bot, std::uint64_t message) {
  const std::lock_guard lock(mutex_);
  const auto [found, fresh] = last_run_[bot].try_emplace(message, run_);
  if (fresh) return;
  const bool forgiven = found->second == run_ - 1 && after_kill_.contains(run_);
  ++(forgiven ? repeated_ : twice_);
  found->second = run_;
}

std::size_t handled_messages::distinct(const std::string& bot) const {
  const std::lock_guard lock(mutex_);
  const auto found = last_run_.find(bot);
  return found == last_run_.end() ? 0 : found->second.size();
}

std::size_t handled_messages::handled_twice() const {
  const std::lock_guard lock(mutex_);
  return twice_;
}

std::size_t handled_messages::repeated_after_kill() const {
  const std::lock_guard lock(mutex_);
  return repeated_;
}

}  // namespace guildfleet::integration
