#include "sim/world/command_options.hpp"

#include <algorithm>

#include "sim/world/client_input.hpp"
#include "sim/world/permissions.hpp"
#include "sim/world/render.hpp"

namespace guildfleet::sim {

namespace {

json::object& part(json::object& resolved, std::string_view key) {
  auto& value = resolved[key];
  if (!value.is_object()) value = json::object();
  return value.get_object();
}

const json::object* find_option(const json::object& owner, std::string_view name) {
  const auto* const options = array_field(owner, "options");
  if (options == nullptr) return nullptr;
  for (const auto& entry : *options) {
    if (text_field(entry.as_object(), "name") == name) return &entry.as_object();
  }
  return nullptr;
}

bool is_subcommand(const json::object& option) {
  return int_field(option, "type") <= 2;
}

std::optional<json::value> uploaded(world_state& state, const json::value& given, id channel,
                                    json::object& resolved) {
  const auto* const file = given.if_object();
  if (file == nullptr || text_field(*file, "filename").empty()) return std::nullopt;
  auto made = attach(
      state, channel,
      {text_field(*file, "filename"), text_field(*file, "content_type"), text_field(*file, "content")});
  json::value which = made.at("id");
  const auto key = which.get_string();
  part(resolved, "attachments")[key] = std::move(made);
  return which;
}

// The value in the type that the option wants; nullopt when it does not fit.
std::optional<json::value> fitted(world_state& state, const guild_record& guild, const json::object& option,
                                  const json::value& given, const command_use& use, json::object& resolved) {
  const auto type = int_field(option, "type");
  switch (type) {
    case 3:
      if (given.is_string()) return given;
      return std::nullopt;
    case 4:
      if (given.is_int64() || given.is_uint64()) return given;
      return std::nullopt;
    case 5:
      if (given.is_bool()) return given;
      return std::nullopt;
    case 11:
      return uploaded(state, given, use.channel, resolved);
    case 10:
      if (given.is_number()) return given;
      return std::nullopt;
    default: {
      const auto target = id_from_json(given);
      if (!target ||
          !resolve(state, guild, {static_cast<int>(type), *target, use.user, use.application}, resolved)) {
        return std::nullopt;
      }
      return json::value(id_text(*target));
    }
  }
}

base::result<json::value> bind_value(world_state& state, const guild_record& guild,
                                     const json::object& option, const json::value& given,
                                     const command_use& use, json::object& resolved) {
  const auto name = text_field(option, "name");
  auto value = fitted(state, guild, option, given, use, resolved);
  if (!value) return base::fail(world_error::bad_option, name, "Give a value of the option's type");
  if (auto why = why_no_option(option, *value, resolved))
    return base::fail(world_error::bad_option, name, std::move(*why));
  return *value;
}

// What is typed of it so far; nothing checks that.
base::result<json::object> focused_option(const json::object& owner, const command_use& use) {
  const auto* const option = find_option(owner, use.focused);
  if (option == nullptr || !bool_field(*option, "autocomplete"))
    return base::fail(world_error::bad_option, use.focused, "The command suggests nothing for it");
  const auto* const typed = use.values->if_contains(use.focused);
  return json::object{{"name", use.focused},
                      {"type", option->at("type")},
                      {"value", typed == nullptr ? json::value("") : *typed},
                      {"focused", true}};
}

base::result<json::array> bind_leaf(world_state& state, const guild_record& guild, const json::object& owner,
                                    const command_use& use, json::object& resolved) {
  json::array bound;
  for (const auto& given : *use.values) {
    if (use.focused == std::string_view(given.key())) continue;
    const auto* const option = find_option(owner, given.key());
    if (option == nullptr || is_subcommand(*option)) {
      return base::fail(world_error::bad_option, std::string(given.key()), "The command has no such option");
    }
    auto value = bind_value(state, guild, *option, given.value(), use, resolved);
    if (!value) return std::unexpected(value.error());
    bound.push_back(
        json::object{{"name", given.key()}, {"type", option->at("type")}, {"value", std::move(*value)}});
  }
  if (!use.focused.empty()) {
    auto typed = focused_option(owner, use);
    if (!typed) return std::unexpected(typed.error());
    bound.push_back(std::move(*typed));
    return bound;
  }
  const auto* const options = array_field(owner, "options");
  if (options == nullptr) return bound;
  for (const auto& option : *options) {
    const auto name = text_field(option.as_object(), "name");
    if (bool_field(option.as_object(), "required") && !use.values->contains(name)) {
      return base::fail(world_error::bad_option, name, "The option is required");
    }
  }
  return bound;
}

}  // namespace

bool resolve(const world_state& state, const guild_record& guild, const resolve_target& wanted,
             json::object& resolved) {
  const auto [type, target, user, application] = wanted;
  if ((type == 8 || type == 9) && guild.roles.contains(target)) {
    part(resolved, "roles")[id_text(target)] = role_json(guild.roles.at(target));
    return true;
  }
  if (type == 6 || type == 9) {
    if (find_user(state, target) == nullptr) return false;
    part(resolved, "users")[id_text(target)] = user_json(state, target);
    if (const auto* const member = find_member(guild, target)) {
      auto shown = member_json(state, *member, false);
      shown.erase("deaf");
      shown.erase("mute");
      shown["permissions"] = id_text(guild_permissions(state, guild, target));
      part(resolved, "members")[id_text(target)] = std::move(shown);
    }
    return true;
  }
  if (type != 7) return false;
  const auto* const channel = find_channel(state, target);
  if (channel == nullptr || channel->guild != guild.guild) return false;
  part(resolved, "channels")[id_text(target)] =
      json::object{{"id", id_text(target)},
                   {"name", channel->fields.at("name")},
                   {"type", channel->type},
                   {"parent_id", id_or_null(channel->parent)},
                   {"permissions", id_text(channel_permissions(state, *channel, user))},
                   {"app_permissions", id_text(channel_permissions(state, *channel, application))}};
  return true;
}

base::result<bound_options> bind_options(world_state& state, const guild_record& guild,
                                         const json::object& command, const command_use& use) {
  bound_options out;
  const auto* owner = &command;
  std::vector<const json::object*> path;
  for (const auto& name : use.path) {
    owner = find_option(*owner, name);
    if (owner == nullptr || !is_subcommand(*owner)) {
      return base::fail(world_error::unknown_command, name, "The command has no such subcommand");
    }
    path.push_back(owner);
  }
  if (const auto* const inner = array_field(*owner, "options")) {
    if (std::ranges::any_of(*inner,
                            [](const json::value& entry) { return is_subcommand(entry.as_object()); })) {
      return base::fail(world_error::unknown_command, text_field(*owner, "name"),
                        "Name one of its subcommands too");
    }
  }
  auto leaf = bind_leaf(state, guild, *owner, use, out.resolved);
  if (!leaf) return std::unexpected(leaf.error());
  out.options = std::move(*leaf);
  for (auto step = path.rbegin(); step != path.rend(); ++step) {
    json::array wrapped;
    wrapped.push_back(json::object{
        {"name", (*step)->at("name")}, {"type", (*step)->at("type")}, {"options", std::move(out.options)}});
    out.options = std::move(wrapped);
  }
  return out;
}

}  // namespace guildfleet::sim
