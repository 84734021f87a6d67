#include "discord/interactions/interaction.hpp"

#include "discord/interactions/interaction_json.hpp"
#include "discord/rest/json_object.hpp"

namespace guildfleet::discord {
namespace {

using namespace reading;

constexpr int max_component_depth = 8;

std::vector<role_id> roles_in(const json::object& member) {
  std::vector<role_id> roles;
  if (const json::array* listed = array_at(member, "roles")) {
    for (const json::value& one : *listed) roles.push_back(role_id{reading::id_of(one)});
  }
  return roles;
}

std::string shown_name(const json::object& user) {
  const std::string_view global = text_at(user, "global_name");
  return std::string(global.empty() ? text_at(user, "username") : global);
}

command_option read_option(const json::object& from) {
  command_option option;
  option.name = std::string(text_at(from, "name"));
  option.type = static_cast<option_type>(integer_at(from, "type", 3));
  option.focused = boolean_at(from, "focused");
  const json::value* value = find(from, "value");
  if (value == nullptr) return option;
  switch (option.type) {
    case option_type::user:
    case option_type::channel:
    case option_type::role:
    case option_type::mentionable:
    case option_type::attachment:
      option.value = reading::id_of(*value);
      return option;
    case option_type::number:
      // A focused number is the partial text that was typed.
      if (value->is_number()) {
        option.value = value->to_number<double>();
        return option;
      }
      break;
    default:
      break;
  }
  if (value->is_bool()) {
    option.value = value->get_bool();
  } else if (const auto number = integer_of(*value)) {
    option.value = *number;
  } else if (const json::string* text = value->if_string()) {
    option.value = std::string(text->data(), text->size());
  }
  return option;
}

// Walks down sub-command groups and sub-commands; the innermost options are the values.
void read_options(const json::object& from, command_data& into) {
  const json::array* options = array_at(from, "options");
  while (options != nullptr) {
    const json::object* first = options->empty() ? nullptr : options->front().if_object();
    const int type = first == nullptr ? 0 : integer_at(*first, "type");
    if (type != static_cast<int>(option_type::sub_command) &&
        type != static_cast<int>(option_type::sub_command_group)) {
      break;
    }
    into.path += ' ';
    into.path += text_at(*first, "name");
    options = array_at(*first, "options");
  }
  if (options == nullptr) return;
  for (const json::value& one : *options) {
    if (const json::object* option = one.if_object()) into.options.push_back(read_option(*option));
  }
}

command_data read_command(const json::object& data) {
  command_data command;
  command.id = id_at<command_id>(data, "id");
  command.kind = static_cast<command_kind>(integer_at(data, "type", 1));
  command.path = std::string(text_at(data, "name"));
  if (const json::value* target = find(data, "target_id")) command.target = reading::id_of(*target);
  read_options(data, command);
  return command;
}

std::vector<std::string> texts_in(const json::array& values) {
  std::vector<std::string> texts;
  for (const json::value& one : values) {
    if (const json::string* text = one.if_string()) texts.emplace_back(text->data(), text->size());
  }
  return texts;
}

component_data read_component(const json::object& data) {
  component_data component;
  component.custom_id = std::string(text_at(data, "custom_id"));
  component.component_type = integer_at(data, "component_type");
  if (const json::array* values = array_at(data, "values")) component.values = texts_in(*values);
  return component;
}

void read_modal_value(const json::object& component, modal_data& into) {
  const std::string_view id = text_at(component, "custom_id");
  if (id.empty()) return;
  auto& values = into.fields[std::string(id)];
  if (const json::array* many = array_at(component, "values")) {
    values = texts_in(*many);
    return;
  }
  const json::value* value = find(component, "value");
  if (value == nullptr) return;
  if (value->is_bool()) values = {value->get_bool() ? "true" : "false"};
  if (const json::string* text = value->if_string()) values = {std::string(text->data(), text->size())};
}

// Labels nest one field, action rows several, text displays none: look everywhere (trap 51).
void read_modal_components(const json::value& node, modal_data& into, int depth) {
  if (depth > max_component_depth) return;
  if (const json::array* many = node.if_array()) {
    for (const json::value& one : *many) read_modal_components(one, into, depth + 1);
    return;
  }
  const json::object* component = node.if_object();
  if (component == nullptr) return;
  read_modal_value(*component, into);
  if (const json::value* inner = find(*component, "component"))
    read_modal_components(*inner, into, depth + 1);
  if (const json::value* inner = find(*component, "components"))
    read_modal_components(*inner, into, depth + 1);
}

modal_data read_modal(const json::object& data) {
  modal_data modal;
  modal.custom_id = std::string(text_at(data, "custom_id"));
  if (const json::value* components = find(data, "components")) read_modal_components(*components, modal, 0);
  return modal;
}

template <class Read>
void for_each_resolved(const json::object& resolved, std::string_view kind, Read read) {
  const json::object* all = object_at(resolved, kind);
  if (all == nullptr) return;
  for (const auto& [key, value] : *all) {
    const auto id = parse_snowflake(std::string_view(key.data(), key.size()));
    const json::object* one = value.if_object();
    if (id && one != nullptr) read(*id, *one);
  }
}

attached_file read_attachment(const json::object& from) {
  const auto size = integer_at(from, "size");
  return {id_at<attachment_id>(from, "id"), std::string(text_at(from, "filename")),
          static_cast<std::uint64_t>(std::max(size, 0)), std::string(text_at(from, "url"))};
}

resolved_things read_resolved(const json::object& resolved) {
  resolved_things things;
  for_each_resolved(resolved, "users", [&](std::uint64_t id, const json::object& one) {
    resolved_user& user = things.users[user_id{id}];
    user.id = user_id{id};
    user.name = shown_name(one);
    user.bot = boolean_at(one, "bot");
  });
  for_each_resolved(resolved, "members", [&](std::uint64_t id, const json::object& one) {
    resolved_user& user = things.users[user_id{id}];
    user.id = user_id{id};
    user.is_member = true;
    user.nick = std::string(text_at(one, "nick"));
    user.roles = roles_in(one);
    user.permissions = permissions_at(one, "permissions");
  });
  for_each_resolved(resolved, "roles", [&](std::uint64_t id, const json::object& one) {
    things.roles[role_id{id}] = {role_id{id}, std::string(text_at(one, "name")), integer_at(one, "position"),
                                 permissions_at(one, "permissions"), boolean_at(one, "managed")};
  });
  for_each_resolved(resolved, "channels", [&](std::uint64_t id, const json::object& one) {
    things.channels[channel_id{id}] = {channel_id{id}, std::string(text_at(one, "name")),
                                       static_cast<channel_type>(integer_at(one, "type")),
                                       permissions_at(one, "permissions")};
  });
  for_each_resolved(resolved, "messages", [&](std::uint64_t id, const json::object& one) {
    const json::object* author = object_at(one, "author");
    things.messages[message_id{id}] = {message_id{id}, id_at<channel_id>(one, "channel_id"),
                                       author == nullptr ? user_id{} : id_at<user_id>(*author, "id"),
                                       std::string(text_at(one, "content"))};
  });
  for_each_resolved(resolved, "attachments", [&](std::uint64_t id, const json::object& one) {
    things.attachments[attachment_id{id}] = read_attachment(one);
  });
  return things;
}

void read_user(const json::object& root, interaction& into) {
  const json::object* member = object_at(root, "member");
  const json::object* user = object_at(member != nullptr ? *member : root, "user");
  if (user != nullptr) {
    into.user = id_at<user_id>(*user, "id");
    into.user_name = shown_name(*user);
  }
  if (member == nullptr) return;
  if (const std::string_view nick = text_at(*member, "nick"); !nick.empty())
    into.user_name = std::string(nick);
  into.member_roles = roles_in(*member);
  into.member_permissions = permissions_at(*member, "permissions");
}

void read_data(const json::object& root, interaction& into) {
  const json::object* data = object_at(root, "data");
  if (data == nullptr) return;
  switch (into.type) {
    case interaction_type::command:
    case interaction_type::autocomplete:
      into.data = read_command(*data);
      break;
    case interaction_type::component:
      into.data = read_component(*data);
      break;
    case interaction_type::modal_submit:
      into.data = read_modal(*data);
      break;
    case interaction_type::ping:
      break;
  }
  if (const json::object* resolved = object_at(*data, "resolved")) into.resolved = read_resolved(*resolved);
}

void read_message(const json::object& message, interaction& into) {
  into.message = id_at<message_id>(message, "id");
  const json::array* files = array_at(message, "attachments");
  if (files == nullptr) return;
  for (const json::value& one : *files) {
    if (const json::object* file = one.if_object())
      into.message_attachments.push_back(read_attachment(*file));
  }
}

std::unexpected<base::error> malformed(std::string_view what) {
  return base::fail(rest_error::malformed_response, "INTERACTION_CREATE: " + std::string(what));
}

template <class T>
std::optional<T> get_value(const command_data& data, std::string_view name) {
  const command_option* option = data.find(name);
  const T* value = option == nullptr ? nullptr : std::get_if<T>(&option->value);
  return value == nullptr ? std::nullopt : std::optional<T>(*value);
}

}  // namespace

const command_option* command_data::find(std::string_view name) const {
  for (const command_option& one : options) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

std::optional<std::string_view> command_data::text(std::string_view name) const {
  const command_option* option = find(name);
  const std::string* value = option == nullptr ? nullptr : std::get_if<std::string>(&option->value);
  return value == nullptr ? std::nullopt : std::optional<std::string_view>(*value);
}

std::optional<std::int64_t> command_data::integer(std::string_view name) const {
  return get_value<std::int64_t>(*this, name);
}
std::optional<double> command_data::number(std::string_view name) const {
  return get_value<double>(*this, name);
}
std::optional<bool> command_data::boolean(std::string_view name) const {
  return get_value<bool>(*this, name);
}
std::optional<std::uint64_t> command_data::id_of(std::string_view name) const {
  return get_value<std::uint64_t>(*this, name);
}

const command_option* command_data::focused() const {
  for (const command_option& one : options) {
    if (one.focused) return &one;
  }
  return nullptr;
}

std::string_view modal_data::value(std::string_view field) const {
  const auto found = fields.find(field);
  return found == fields.end() || found->second.empty() ? std::string_view() : found->second.front();
}

base::result<interaction> parse_interaction(std::string_view text) {
  const auto root = parse_object(text);
  if (!root) return malformed("not a JSON object");
  interaction made;
  made.id = id_at<interaction_id>(*root, "id");
  made.application = id_at<application_id>(*root, "application_id");
  made.token = base::secret(std::string(text_at(*root, "token")));
  if (made.id.empty()) return malformed("id is missing");
  if (made.token.empty()) return malformed("token is missing");
  if (made.application.empty()) return malformed("application_id is missing");
  made.type = static_cast<interaction_type>(integer_at(*root, "type"));
  made.guild = id_at<guild_id>(*root, "guild_id");
  made.channel = id_at<channel_id>(*root, "channel_id");
  if (const json::object* channel = object_at(*root, "channel")) {
    made.in_channel = static_cast<channel_type>(integer_at(*channel, "type"));
    if (made.channel.empty()) made.channel = id_at<channel_id>(*channel, "id");
  }
  read_user(*root, made);
  made.app_permissions = permissions_at(*root, "app_permissions");
  made.locale = std::string(text_at(*root, "locale"));
  made.guild_locale = std::string(text_at(*root, "guild_locale"));
  if (const json::object* message = object_at(*root, "message")) read_message(*message, made);
  read_data(*root, made);
  return made;
}

}  // namespace guildfleet::discord
