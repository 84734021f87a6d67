#include "net/mask_source.hpp"

#include <openssl/rand.h>
#include <stdexcept>

namespace guildfleet::net {

std::uint32_t mask_source::next() {
  if (used_ == batch_size) {
    if (!batch_) batch_ = std::make_unique<std::uint32_t[]>(batch_size);
    constexpr int bytes = batch_size * sizeof(std::uint32_t);
    if (RAND_bytes(reinterpret_cast<unsigned char*>(batch_.get()), bytes) != 1) {
      throw std::runtime_error("OpenSSL has no random numbers");
    }
    used_ = 0;
  }
  return batch_[used_++];
}

}  // namespace guildfleet::net
