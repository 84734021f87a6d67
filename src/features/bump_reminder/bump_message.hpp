// How the messages of DISBOARD and Dissoku look with which a server was bumped. Pure.
//
// Both are answers to a slash command (/bump, /up). DISBOARD's has one embed: its description is "Bump done!
// :thumbsup: ..." in English and holds "表示順をアップしたよ" in Japanese, and in every language its picture
// is bot-command-image-bump.png. Dissoku answers late: its message is empty at first, and an update brings an
// embed that holds "をアップしたよ!". What is told instead when a server was bumped too early holds none of
// it.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "discord/model/ids.hpp"
#include "features/text.hpp"

namespace guildfleet::features {

enum class bump_service { disboard, dissoku };
inline constexpr std::array all_bump_services{bump_service::disboard, bump_service::dissoku};

// "disboard", as settings and records have it.
[[nodiscard]] std::string_view name_of(bump_service value);
[[nodiscard]] std::optional<bump_service> bump_service_named(std::string_view name);
// As people write it, and the command that bumps.
[[nodiscard]] std::string_view title_of(bump_service value, language in);
[[nodiscard]] std::string_view command_of(bump_service value);
[[nodiscard]] discord::user_id bot_of(bump_service value);
[[nodiscard]] std::optional<bump_service> bump_service_of(discord::user_id bot);

struct bump {
  bump_service service = bump_service::disboard;
  discord::message_id message{};
  discord::channel_id channel{};
  discord::user_id by;  // who used the command; empty: it is not said
  bool operator==(const bump&) const = default;
};

// `json`: a message as Discord sends it. nullopt: it tells of no bump that was done.
[[nodiscard]] std::optional<bump> read_bump(std::string_view json);

}  // namespace guildfleet::features
