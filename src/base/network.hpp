// IP addresses and networks as people write them: 192.0.2.7, 10.0.0.0/8, 2001:db8::/32.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace guildfleet::base {

class network final {
 public:
  // nullopt: it is neither. An address is the network that holds nothing else.
  [[nodiscard]] static std::optional<network> parse(std::string_view text);

  // An IPv4 address that is written as an IPv6 one (::ffff:192.0.2.7) is the same. False for what is no
  // address.
  [[nodiscard]] bool holds(std::string_view address) const;
  // 0: it holds every address of its kind.
  [[nodiscard]] unsigned bits() const { return bits_; }

 private:
  std::array<std::uint8_t, 16> bytes_{};
  unsigned bits_ = 0;
  bool v6_ = false;
};

// For whom a proxy asks: of `forwarded`, the addresses that every proxy on the way wrote behind those before,
// the last one that is not a trusted proxy's itself. `peer`, who asks, where that is none, and where it
// cannot be read: what stands before it may be made up.
[[nodiscard]] std::string_view client_of(std::string_view peer, std::string_view forwarded,
                                         std::span<const network> trusted);

}  // namespace guildfleet::base
