// A Redis server of the test's own.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/scratch_folder.hpp"
#include "support/child_process.hpp"

namespace guildfleet::support {

struct redis_options {
  std::string password;           // empty: none
  bool tls = false;               // instead of the plain port, with an authority of its own
  std::vector<std::string> more;  // further words of its command line
};

class redis_server final {
 public:
  // On a free loopback port; start() must follow. Throws when the program redis-server is missing.
  explicit redis_server(redis_options options = {});

  // Back once it answers; false: it does not within 10 s. After stop() or kill() it starts again, empty, on
  // the same port.
  [[nodiscard]] bool start();
  void kill();
  [[nodiscard]] child_process& process() { return *process_; }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string url(const std::string& database = "0") const;
  [[nodiscard]] std::string ca_file() const;  // with tls

 private:
  redis_options options_;
  base::scratch_folder folder_;
  std::uint16_t port_ = 0;
  std::unique_ptr<child_process> process_;
};

// A port on which nobody listens just now.
[[nodiscard]] std::uint16_t free_port();

}  // namespace guildfleet::support
