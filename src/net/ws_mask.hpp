// RFC 6455 section 5.3. Private to net/.
#pragma once

#include <cstdint>
#include <cstring>

namespace guildfleet::net {

// XORs `size` bytes with the mask, whose first byte on the wire is its highest.
inline void apply_mask(char* bytes, std::size_t size, std::uint32_t mask) {
  const unsigned char key[4] = {static_cast<unsigned char>(mask >> 24U),
                                static_cast<unsigned char>(mask >> 16U),
                                static_cast<unsigned char>(mask >> 8U), static_cast<unsigned char>(mask)};
  std::uint64_t wide_key = 0;
  std::memcpy(&wide_key, key, 4);
  std::memcpy(reinterpret_cast<char*>(&wide_key) + 4, key, 4);
  std::size_t at = 0;
  for (; at + sizeof wide_key <= size; at += sizeof wide_key) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes + at, sizeof word);
    word ^= wide_key;
    std::memcpy(bytes + at, &word, sizeof word);
  }
  for (; at < size; ++at) bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ key[at & 3U]);
}

}  // namespace guildfleet::net
