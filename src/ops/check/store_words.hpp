// What a value of somebody else's file tells of the place of data.
#pragma once

#include <string>
#include <string_view>

#include "ops/check/secret_words.hpp"

namespace guildfleet::ops {

// The file that the value of a variable names; empty: none that is sure. After "sqlite:" three slashes are a
// relative path for some libraries and an absolute one for others.
[[nodiscard]] std::string sqlite_path_in(std::string_view name, std::string value);

// "PostgreSQL" of "5432": the database that usually listens there; empty: none.
[[nodiscard]] std::string_view database_of_port(std::string_view port);

// A PostgreSQL or Redis of another machine, and nothing in the address that asks for TLS.
[[nodiscard]] bool is_plain_database(const url_parts& url);

}  // namespace guildfleet::ops
