// What the name of a container image tells.
#pragma once

#include <string_view>

namespace guildfleet::ops {

// "postgres" of "docker.io/library/postgres:16-alpine".
[[nodiscard]] std::string_view image_short_name(std::string_view image);

// "16-alpine" of the same; "@" with a digest; empty: none.
[[nodiscard]] std::string_view image_tag(std::string_view image);

// The tag, or that there is none, leaves open which version is meant.
[[nodiscard]] bool is_moving_tag(std::string_view tag);

// PostgreSQL, Redis, MySQL, MongoDB and the like; not what exports their figures.
[[nodiscard]] bool is_database_image(std::string_view image);

// What runs beside bots and is none: databases, proxies, monitoring.
[[nodiscard]] bool is_server_image(std::string_view image);

}  // namespace guildfleet::ops
