// INTERACTION_CREATE as a value (protocol sheet 3.2, 3.4).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "discord/model/channel_type.hpp"
#include "discord/model/ids.hpp"
#include "discord/model/permissions.hpp"
#include "discord/rest/error.hpp"

namespace guildfleet::discord {

// Other values may arrive and are kept as they are.
enum class interaction_type : std::uint8_t {
  ping = 1,
  command = 2,
  component = 3,
  autocomplete = 4,
  modal_submit = 5
};
enum class command_kind : std::uint8_t { chat_input = 1, user = 2, message = 3 };

enum class option_type : std::uint8_t {
  sub_command = 1,
  sub_command_group = 2,
  string = 3,
  integer = 4,
  boolean = 5,
  user = 6,
  channel = 7,
  role = 8,
  mentionable = 9,
  number = 10,
  attachment = 11,
};

// The id kinds keep their number; look them up in `resolved`.
struct command_option {
  std::string name;
  option_type type = option_type::string;
  // string: also the partial text of a focused number; integer and ids; number; boolean
  std::variant<std::string, std::int64_t, double, bool, std::uint64_t> value;
  bool focused = false;  // autocomplete: the one that is being typed
};

struct resolved_user {
  user_id id;
  std::string name;  // global name, or the user name
  bool bot = false;
  bool is_member = false;  // of the guild; the rest is meaningful only then
  std::string nick;
  std::vector<role_id> roles;
  permission_set permissions;
};
struct resolved_role {
  role_id id;
  std::string name;
  int position = 0;
  permission_set permissions;
  bool managed = false;
};
struct resolved_channel {
  channel_id id;
  std::string name;
  channel_type type = channel_type::text;
  permission_set permissions;  // of the user who asks
};
struct resolved_message {
  message_id id;
  channel_id channel;
  user_id author;
  std::string content;
};

// A file that came with a command or hangs on a message. `url` is signed by Discord and works for some time
// only: fetch it at once, do not keep it.
struct attached_file {
  attachment_id id;
  std::string filename;
  std::uint64_t size = 0;  // bytes, as Discord says
  std::string url;
};

struct resolved_things {
  std::map<user_id, resolved_user> users;
  std::map<role_id, resolved_role> roles;
  std::map<channel_id, resolved_channel> channels;
  std::map<message_id, resolved_message> messages;
  std::map<attachment_id, attached_file> attachments;
};

struct command_data {
  command_id id;
  command_kind kind = command_kind::chat_input;
  // "config", or with sub-commands "config set" and "config role add".
  std::string path;
  std::vector<command_option> options;  // of the innermost command
  std::uint64_t target = 0;             // user and message commands

  [[nodiscard]] const command_option* find(std::string_view name) const;
  [[nodiscard]] std::optional<std::string_view> text(std::string_view name) const;
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name) const;
  [[nodiscard]] std::optional<double> number(std::string_view name) const;
  [[nodiscard]] std::optional<bool> boolean(std::string_view name) const;
  // user, channel, role, mentionable and attachment options
  [[nodiscard]] std::optional<std::uint64_t> id_of(std::string_view name) const;
  [[nodiscard]] const command_option* focused() const;
};

struct component_data {
  std::string custom_id;
  int component_type = 0;
  std::vector<std::string> values;  // of selects
};

// Fields by custom_id at any depth: text inputs have one value, checkboxes "true" or "false", the others any
// number.
struct modal_data {
  std::string custom_id;
  std::map<std::string, std::vector<std::string>, std::less<>> fields;

  // The first value of a field; empty when it is absent.
  [[nodiscard]] std::string_view value(std::string_view field) const;
};

struct interaction {
  interaction_id id;
  application_id application;
  base::secret token;
  interaction_type type = interaction_type::ping;
  guild_id guild;  // empty: a direct message
  channel_id channel;
  channel_type in_channel = channel_type::text;
  user_id user;
  std::string user_name;  // the member's nick, global name or user name
  std::vector<role_id> member_roles;
  permission_set member_permissions;  // in that channel, computed by Discord
  permission_set app_permissions;     // the bot's own
  std::string locale;                 // of the user, "" when absent
  std::string guild_locale;
  message_id message;                              // the one that holds the component; empty for commands
  std::vector<attached_file> message_attachments;  // of that message
  std::variant<std::monostate, command_data, component_data, modal_data> data;
  resolved_things resolved;

  [[nodiscard]] const command_data* command() const { return std::get_if<command_data>(&data); }
  [[nodiscard]] const component_data* component() const { return std::get_if<component_data>(&data); }
  [[nodiscard]] const modal_data* modal_answer() const { return std::get_if<modal_data>(&data); }
};

// `json`: the `d` of the dispatch, or the body of an HTTP interaction. Errors: rest_error::malformed_response
// with the missing or wrong field. Unknown types and fields are accepted.
[[nodiscard]] base::result<interaction> parse_interaction(std::string_view json);

}  // namespace guildfleet::discord
