#include "base/api_token.hpp"

#include <openssl/rand.h>
#include <openssl/sha.h>
#include <string>

namespace guildfleet::base {
namespace {

constexpr std::size_t random_bytes = 32;

std::string base64url(const std::array<std::uint8_t, random_bytes>& bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const std::uint8_t byte : bytes) {
    held = (held << 8U) | byte;
    bits += 8;
    for (; bits >= 6; bits -= 6) text += alphabet[(held >> (bits - 6)) & 0x3FU];
  }
  if (bits > 0) text += alphabet[(held << (6 - bits)) & 0x3FU];
  return text;
}

}  // namespace

result<secret> make_api_token() {
  std::array<std::uint8_t, random_bytes> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    return fail(std::make_error_code(std::errc::io_error), "random bytes", "Try again.");
  return secret("gft_" + base64url(bytes));
}

std::array<std::uint8_t, 32> hash_api_token(std::string_view token) {
  std::array<std::uint8_t, 32> hash{};
  static_assert(hash.size() == SHA256_DIGEST_LENGTH);
  SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), hash.data());
  return hash;
}

}  // namespace guildfleet::base
