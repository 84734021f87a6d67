// Proof that a process of this machine lives: one locked byte per incarnation in a file beside the database.
// The kernel drops the lock when the process ends, however it ends; nothing is left behind to clean up.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/result.hpp"

namespace guildfleet::store {

// Open-file-description locks (fcntl(2), F_OFD_SETLK): they belong to this object, not to the process, and
// can be asked about without taking them. Not for network file systems.
class life_lock final {
 public:
  // Opens or creates the file and locks the byte of `incarnation`. Errors: cannot_open.
  [[nodiscard]] static base::result<life_lock> hold(const std::string& path, std::uint64_t incarnation);
  life_lock(life_lock&& other) noexcept;
  life_lock& operator=(life_lock&&) = delete;
  ~life_lock();

  // Whether another object of this or another process holds that incarnation. When the system cannot tell:
  // yes.
  [[nodiscard]] bool held_by_other(std::uint64_t incarnation) const;

  // Whether any other object of this or another process holds one. When the system cannot tell: yes.
  [[nodiscard]] bool has_company() const;

  // One process at a time opens and migrates: waits at most `patience`. Errors: busy.
  [[nodiscard]] base::result<void> enter_setup(std::chrono::milliseconds patience);
  void leave_setup();

 private:
  life_lock(int file, std::string path) : file_(file), path_(std::move(path)) {}

  int file_;
  std::string path_;
};

}  // namespace guildfleet::store
