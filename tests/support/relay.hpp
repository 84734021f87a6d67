// Stands between a client and a server on loopback, and makes their network fail.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "support/waiting.hpp"

namespace guildfleet::support {

// One thread of its own; may be told from any.
class relay final {
 public:
  // Listens on a free port. `to`: a port of the loopback.
  explicit relay(std::uint16_t to);
  ~relay();
  relay(const relay&) = delete;
  relay& operator=(const relay&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  // Nothing comes through any more, and nobody is told: packets are dropped. New connections are taken and
  // hang too.
  void freeze() { tell(mode::frozen); }
  // Connections are reset, and new ones too.
  void cut() { tell(mode::cut); }
  void mend() { tell(mode::open); }

 private:
  enum class mode : std::uint8_t { open, frozen, cut, ended };
  struct pair_of_sockets {
    std::unique_ptr<handle> client;
    std::unique_ptr<handle> server;
    bool broken = false;
  };

  void tell(mode now);
  void run();
  void take(std::vector<pair_of_sockets>& pairs) const;
  [[nodiscard]] static bool forward(const handle& from, const handle& to);

  std::uint16_t to_;
  std::uint16_t port_ = 0;
  handle listener_;
  handle wake_;
  std::atomic<mode> mode_ = mode::open;
  std::thread thread_;
};

}  // namespace guildfleet::support
