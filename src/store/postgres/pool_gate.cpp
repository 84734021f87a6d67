#include "store/postgres/pool_gate.hpp"

namespace guildfleet::store {

pool_answer pool_gate::ask(base::steady_time now) const {
  if (idle_ > 0) return pool_answer::take_idle;
  const bool failing = backoff_.attempts() > 0;
  if (failing && (connecting_ > 0 || now < try_again_at_)) return pool_answer::backing_off;
  if (in_use_ + connecting_ < limits_.connections) return pool_answer::connect;
  return waiting_ < limits_.waiting ? pool_answer::wait : pool_answer::too_many_waiting;
}

void pool_gate::took_idle() {
  --idle_;
  ++in_use_;
}

void pool_gate::connected() {
  --connecting_;
  ++in_use_;
  backoff_.reset();
}

void pool_gate::connect_failed(base::steady_time now, base::random_source& random) {
  --connecting_;
  try_again_at_ = now + backoff_.next(random);
}

}  // namespace guildfleet::store
