// A bounded number of coroutines at a time do something; the others wait in the order in which they came.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "net/io.hpp"

namespace guildfleet::net {

// Kept on `home`, which must turn as long as somebody waits or has a turn; used from any reactor.
class turns final {
  struct state;

 public:
  // Somebody's turn, until it is destroyed. Any thread.
  class turn final {
   public:
    explicit turn(std::shared_ptr<state> of) : of_(std::move(of)) {}
    turn(turn&&) noexcept = default;
    turn& operator=(turn&& other) noexcept;
    turn(const turn&) = delete;
    turn& operator=(const turn&) = delete;
    ~turn() { give_back(); }

   private:
    void give_back();
    std::shared_ptr<state> of_;  // null: moved from
  };

  // `at_once`: at least 1.
  turns(asio::any_io_executor home, std::size_t at_once);

  // nullopt: it was nobody's turn yet when the deadline passed or the caller was cancelled.
  [[nodiscard]] task<std::optional<turn>> enter(deadline until) const;

 private:
  std::shared_ptr<state> state_;
};

}  // namespace guildfleet::net
