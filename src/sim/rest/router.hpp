// Finds the route of a path.
#pragma once

#include <span>

#include "sim/rest/call.hpp"

namespace guildfleet::sim {

struct route_match {
  const route* found = nullptr;  // nullptr: see `path_known`
  bool path_known = false;       // another method has this path: 405 instead of 404
  std::vector<std::string> params{};
  std::string major{};  // the major parameters, for buckets
};

// `path` without "/api/v10" and without the query.
[[nodiscard]] route_match find_route(std::string_view method, std::string_view path);

// One table per area of the API.
[[nodiscard]] std::span<const route> application_routes();
[[nodiscard]] std::span<const route> interaction_routes();
[[nodiscard]] std::span<const route> message_routes();
[[nodiscard]] std::span<const route> reaction_routes();
[[nodiscard]] std::span<const route> channel_routes();
[[nodiscard]] std::span<const route> thread_routes();
[[nodiscard]] std::span<const route> guild_routes();
[[nodiscard]] std::span<const route> member_routes();
[[nodiscard]] std::span<const route> role_routes();
[[nodiscard]] std::span<const route> user_routes();
[[nodiscard]] std::span<const route> webhook_routes();

}  // namespace guildfleet::sim
