// One thread, one io_context.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <thread>

#include "net/io.hpp"

namespace guildfleet::net {

// Owns a thread that runs an io_context until stop(). Crossing reactors is posting a value to executor().
class reactor final {
 public:
  explicit reactor(std::string thread_name);
  ~reactor();  // stops and joins

  [[nodiscard]] asio::any_io_executor executor();
  [[nodiscard]] asio::io_context& context() { return context_; }
  // Age of the last proof that the loop turns (it proves itself every 500 ms): what /livez looks at. Any
  // thread.
  [[nodiscard]] std::chrono::milliseconds last_turn_age() const;
  void stop();

 private:
  struct heartbeat;
  asio::io_context context_{1};
  std::unique_ptr<heartbeat> heartbeat_;
  std::thread thread_;
};

}  // namespace guildfleet::net
