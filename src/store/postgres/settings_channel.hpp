// How a change of settings is told to those who listen.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "store/data_rows.hpp"

namespace guildfleet::store {

inline constexpr std::string_view settings_channel = "guildfleet_settings";

// What NOTIFY carries: version, guild, environment and feature, apart by tabs. Small: the server takes at
// most 8000 bytes.
[[nodiscard]] std::string settings_note(const changed_settings& changed);
[[nodiscard]] std::optional<changed_settings> parse_settings_note(std::string_view note);

}  // namespace guildfleet::store
