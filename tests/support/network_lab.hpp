// Hosts on networks of their own, made of network namespaces. Needs the right to make those, and Debian's
// iproute2.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/scratch_folder.hpp"

namespace guildfleet::support {

// Two networks, "discord" and "store", that the hosts share with this process, which has the first address of
// each. All of it is in namespaces that nobody else sees and that end with this process, however it ends.
class network_lab final {
 public:
  enum class side { discord, store };

  // Moves this process, which has one thread yet, to where networks can be made; once, before all else. What
  // it is bound to from then on: loopback and the networks of labs. Not nullopt: why that cannot be.
  [[nodiscard]] static std::optional<std::string> enter();

  // After enter(). Throws std::runtime_error when a command fails.
  explicit network_lab(int hosts);

  // The same command, on a host.
  [[nodiscard]] static std::vector<std::string> on_host(int host, const std::vector<std::string>& command);
  [[nodiscard]] static std::string address_of_host(int host, side network);
  [[nodiscard]] static std::string own_address(side network);
  [[nodiscard]] static std::string addresses(side network);  // "10.1.2.0/24"

  // From now on packets between the host and this network vanish, and nobody is told.
  void cut(int host, side network) const;
  void mend(int host, side network) const;

 private:
  // `lines` are commands of ip(8); in the namespace of a host, or in this process's.
  void run(const std::string& lines, std::optional<int> host = std::nullopt) const;

  base::scratch_folder folder_;
};

}  // namespace guildfleet::support
