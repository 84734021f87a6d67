// A value that one thread replaces and others read: what loops tell about themselves to whoever asks.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace guildfleet::base {

// Thread-safe. Readers get a snapshot that stays as it is. Not std::atomic<std::shared_ptr>: libstdc++ 12
// lets go of its lock without ordering what was read under it.
template <class T>
class published final {
 public:
  explicit published(T first = {}) : value_(std::make_shared<const T>(std::move(first))) {}

  void set(T value) {
    auto made = std::make_shared<const T>(std::move(value));
    const std::lock_guard lock(mutex_);
    value_.swap(made);
  }
  [[nodiscard]] std::shared_ptr<const T> get() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_;
};

}  // namespace guildfleet::base
