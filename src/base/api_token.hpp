// Tokens of the HTTP API: made once, shown once, kept as a hash.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace guildfleet::base {

// "gft_" and 32 random bytes of the system in base64url. Error: the system gives no randomness.
[[nodiscard]] result<secret> make_api_token();

// SHA-256. A token is random and long, so that no salt is needed.
[[nodiscard]] std::array<std::uint8_t, 32> hash_api_token(std::string_view token);

}  // namespace guildfleet::base
