#include "base/secret.hpp"

#include <array>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>

namespace guildfleet::base {

secret::secret(std::string value) : value_(std::move(value)) {}

// A moved-from std::string may keep its short text in place, so the source is wiped by hand.
secret::secret(secret&& other) noexcept : value_(other.value_) {
  other.wipe();
}

secret& secret::operator=(const secret& other) {
  if (this != &other) {
    wipe();
    value_ = other.value_;
  }
  return *this;
}

secret& secret::operator=(secret&& other) noexcept {
  if (this != &other) {
    wipe();
    value_.swap(other.value_);
  }
  return *this;
}

secret::~secret() {
  wipe();
}

std::string secret::fingerprint() const {
  constexpr std::string_view domain = "guildfleet-fingerprint-v1:";
  std::string input(domain);
  input += value_;
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(input.data()), input.size(), digest.data());
  OPENSSL_cleanse(input.data(), input.size());
  std::string text;
  for (std::size_t i = 0; i < 8; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

bool secret::equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

void secret::wipe() noexcept {
  value_.resize(value_.capacity());
  OPENSSL_cleanse(value_.data(), value_.size());
  value_.clear();
}

}  // namespace guildfleet::base
