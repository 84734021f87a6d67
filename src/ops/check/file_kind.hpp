// What a file is, by its name and its text.
#pragma once

#include <optional>
#include <string_view>

namespace guildfleet::ops {

enum class file_kind { fleet, compose, kubernetes, nginx, env };
[[nodiscard]] std::string_view name_of(file_kind value);

// `name` may be a path. nullopt: none of these, and not worth a look in a folder.
[[nodiscard]] std::optional<file_kind> kind_of_file(std::string_view name, std::string_view text);

// By the text alone, of what has no telling name: standard input, a pipe.
[[nodiscard]] std::optional<file_kind> kind_of_text(std::string_view text);

// Whether the path tells a file that holds nothing but a secret: secrets/music, music_token, x.token. Not
// source code or documents in a folder of that name.
[[nodiscard]] bool is_secret_file(std::string_view path);

// Whether the path alone makes a file worth reading; of others, such as secrets, not a byte is looked at.
[[nodiscard]] bool may_be_checked(std::string_view path);

// ".env.example" and its kin: names without values.
[[nodiscard]] bool is_template(std::string_view name);

}  // namespace guildfleet::ops
