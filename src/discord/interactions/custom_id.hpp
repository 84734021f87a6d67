// custom_id of our components: "feature:v1:action:payload", at most 100 characters.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "discord/rest/error.hpp"

namespace guildfleet::discord {

// The version belongs to the feature: it grows when the meaning of action or payload changes, so that a
// button sent by an older release is recognised.
struct custom_id {
  std::string feature{};  // [a-z0-9_-]+
  int version = 1;
  std::string action{};   // [a-z0-9_-]+
  std::string payload{};  // anything, may be empty, may hold ':'
  bool operator==(const custom_id&) const = default;
};

// Errors: rest_error::invalid_request (too long, or a part with a wrong character).
[[nodiscard]] base::result<std::string> encode(const custom_id& id);

// How a received id relates to what this release understands.
enum class custom_id_age { current, older, newer };
[[nodiscard]] custom_id_age age_of(const custom_id& id, int current_version);

// nullopt: not one of ours (another program's component on the same bot).
[[nodiscard]] std::optional<custom_id> parse_custom_id(std::string_view text);

}  // namespace guildfleet::discord
