#include "store/store_executor.hpp"

#include <fmt/format.h>

namespace guildfleet::store {

store_executor::store_executor(std::size_t max_depth, std::size_t threads) : max_depth_(max_depth) {
  threads_.reserve(threads);
  for (std::size_t each = 0; each < threads; ++each) threads_.emplace_back([this] { work_loop(); });
}

store_executor::~store_executor() {
  stop();
}

std::size_t store_executor::depth() const {
  const std::lock_guard lock(mutex_);
  return reserved_;
}

void store_executor::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

base::result<void> store_executor::reserve() {
  const std::lock_guard lock(mutex_);
  if (stopping_) return base::fail(store_error::stopped);
  if (reserved_ >= max_depth_) {
    return base::fail(
        store_error::queue_full, fmt::format("{} calls", reserved_),
        "The disk or the database server is too slow for the load: look at its latency, or spread the bots "
        "over processes.");
  }
  ++reserved_;
  return {};
}

std::unexpected<base::error> store_executor::too_late() {
  return base::fail(store_error::timed_out, {}, "Look at the latency of the disk or of the database server.");
}

void store_executor::submit(job accepted) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(accepted));
  }
  changed_.notify_all();
}

void store_executor::work_loop() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return !jobs_.empty() || (stopping_ && reserved_ == 0); });
    if (jobs_.empty()) return;
    job next = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    next();
    next = nullptr;
    lock.lock();
    --reserved_;
    if (stopping_ && reserved_ == 0) changed_.notify_all();
  }
}

}  // namespace guildfleet::store
