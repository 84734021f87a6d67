// Slash and context-menu commands as values, and their JSON (protocol sheet 3.1).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_text.hpp"
#include "base/result.hpp"
#include "discord/interactions/callback.hpp"
#include "discord/interactions/interaction.hpp"
#include "discord/model/channel_type.hpp"
#include "discord/model/permissions.hpp"

namespace guildfleet::discord {

// Discord's locale ("ja", "en-GB") to text.
using localizations = std::map<std::string, std::string, std::less<>>;

struct option_definition {
  option_type type = option_type::string;
  std::string name{};
  std::string description{};
  localizations names{};
  localizations descriptions{};
  bool required = false;
  bool autocomplete = false;
  std::vector<choice> choices{};
  std::vector<option_definition> options{};  // of sub-commands and groups
  std::vector<channel_type> channel_types{};
  std::optional<double> min_value{};
  std::optional<double> max_value{};
  std::optional<int> min_length{};
  std::optional<int> max_length{};
};

enum class command_context : std::uint8_t { guild = 0, bot_dm = 1, private_channel = 2 };

struct command_definition {
  command_kind kind = command_kind::chat_input;
  std::string name{};
  std::string description{};  // empty for user and message commands
  localizations names{};
  localizations descriptions{};
  std::vector<option_definition> options{};
  // nullopt: everyone; an empty set: administrators only.
  std::optional<permission_set> default_member_permissions{};
  std::vector<command_context> contexts = {command_context::guild};  // global commands only
  bool nsfw = false;
};

enum class command_scope : std::uint8_t { global, guild };

// The context names what is wrong ("config set: option 26: at most 25").
[[nodiscard]] base::result<void> check(const command_definition& command);
[[nodiscard]] base::result<std::string> to_json(const command_definition& command, command_scope scope);
[[nodiscard]] base::result<std::string> to_json(const std::vector<command_definition>& commands,
                                                command_scope scope);

}  // namespace guildfleet::discord
