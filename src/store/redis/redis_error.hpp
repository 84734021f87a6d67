// What can go wrong with Redis. Nothing of it stops a bot: what Redis would have made quicker is done
// without.
#pragma once

#include <string_view>
#include <system_error>

#include "base/error_enum.hpp"

namespace guildfleet::store {

enum class redis_error {
  bad_url = 1,    // REDIS_URL cannot be read
  away,           // there is no connection; a new one is being tried in the background
  refused,        // user, password or database number are not accepted
  overloaded,     // too many calls wait for an answer
  bad_answer,     // what came is not the Redis protocol, or not what the command answers
  command_failed  // Redis answered with an error
};

[[nodiscard]] std::string_view sentence(redis_error value);
[[nodiscard]] inline std::error_code make_error_code(redis_error value) {
  return base::enum_error_code(value, "redis");
}

}  // namespace guildfleet::store

template <>
struct std::is_error_code_enum<guildfleet::store::redis_error> : std::true_type {};
