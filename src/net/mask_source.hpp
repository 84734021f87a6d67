// Unpredictable masks for client frames (RFC 6455 section 5.3). Private to net/.
#pragma once

#include <cstdint>
#include <memory>

namespace guildfleet::net {

// Draws from OpenSSL's generator a handful at a time; holds no memory until the first mask.
class mask_source final {
 public:
  [[nodiscard]] std::uint32_t next();

 private:
  static constexpr unsigned batch_size = 32;
  std::unique_ptr<std::uint32_t[]> batch_;
  unsigned used_ = batch_size;
};

}  // namespace guildfleet::net
