// Slash commands, components and modals as members use them, and what became of them.
#include <algorithm>
#include <boost/json/serialize.hpp>

#include "sim/world/choose.hpp"
#include "sim/world/client_input.hpp"
#include "sim/world/command_options.hpp"
#include "sim/world/interactions.hpp"
#include "sim/world/member_actions.hpp"
#include "sim/world/permissions.hpp"
#include "sim/world/render.hpp"

namespace guildfleet::sim {

namespace {

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  if (text.starts_with('/')) text.remove_prefix(1);
  while (!text.empty()) {
    const auto end = text.find(' ');
    if (end != 0) out.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return out;
}

struct registered {
  id application = 0;
  const json::object* command = nullptr;
};

// Context-menu names may have spaces: the whole text is tried first, then its first word.
registered find_command(const world_state& state, const guild_record& guild, id application,
                        std::string_view text) {
  if (text.starts_with('/')) text.remove_prefix(1);
  const auto first = text.substr(0, text.find(' '));
  for (const id bot : guild.bots) {
    if (application != 0 && bot != application) continue;
    for (const id scope : {guild.guild, id{0}}) {
      const auto commands = state.commands.find({bot, scope});
      if (commands == state.commands.end()) continue;
      for (const auto& [_, command] : commands->second) {
        const auto name = text_field(command, "name");
        if (name == text || (name == first && int_field(command, "type", 1) == 1)) return {bot, &command};
      }
    }
  }
  return {};
}

bool permitted(const world_state& state, const place& where, const json::object& command) {
  const bits granted = channel_permissions(state, *where.channel, where.member->user);
  if ((granted & permission::use_application_commands) == 0) return false;
  if ((granted & permission::administrator) != 0) return true;
  const auto needed = text_field(command, "default_member_permissions");
  if (needed.empty()) return true;
  const bits wanted = parse_id(needed).value_or(0);
  return wanted != 0 && (granted & wanted) == wanted;
}

// `data` of a user or message command; false when the target is unknown.
bool add_target(world_state& state, const place& where, id target, int type, json::object& data) {
  json::object resolved;
  if (type == 2) {
    if (!resolve(state, *where.guild, {6, target, where.member->user, 0}, resolved)) return false;
  } else {
    const auto* const message = find_message(state, where.channel->channel, target);
    if (message == nullptr) return false;
    resolved["messages"] = json::object{{id_text(target), message_json(state, *message, 0)}};
  }
  data["target_id"] = id_text(target);
  data["resolved"] = std::move(resolved);
  return true;
}

}  // namespace

base::result<id> member_actions::send_slash_command(const slash_command& call) {
  auto& state = world_.state();
  const auto where = choose_place(state, call.guild, call.channel, call.user);
  if (!where) return std::unexpected(where.error());
  const auto found = find_command(state, *where->guild, call.application, call.name);
  if (found.command == nullptr) {
    return base::fail(world_error::unknown_command, call.name,
                      "Wait until the bot has registered its commands");
  }
  if (!call.lent && !permitted(state, *where, *found.command)) {
    return base::fail(world_error::missing_permission, call.name,
                      "Choose a member with the command's permissions");
  }
  const int type = static_cast<int>(int_field(*found.command, "type", 1));
  json::object data{{"id", found.command->at("id")}, {"name", found.command->at("name")}, {"type", type}};
  if (const id scope = id_field(*found.command, "guild_id"); scope != 0) data["guild_id"] = id_text(scope);
  if (type == 1) {
    auto path = words(call.name);
    path.erase(path.begin());
    auto bound = bind_options(
        state, *where->guild, *found.command,
        {path, &call.options, where->channel->channel, call.focused, where->member->user, found.application});
    if (!bound) return std::unexpected(bound.error());
    if (!bound->options.empty()) data["options"] = std::move(bound->options);
    if (!bound->resolved.empty()) data["resolved"] = std::move(bound->resolved);
  } else if (!add_target(state, *where, call.target, type, data)) {
    return base::fail(world_error::bad_option, id_text(call.target), "Give the target user or message");
  }
  interaction_record draft{
      .application = found.application,
      .type = call.focused.empty() ? interaction_type::command : interaction_type::autocomplete,
      .guild = where->guild->guild,
      .channel = where->channel->channel,
      .user = where->member->user,
      .name = text_field(*found.command, "name")};
  return open_interaction(state, std::move(draft), std::move(data), call.locale, nullptr).interaction;
}

namespace {

const json::object* find_component(const json::value& tree, std::string_view custom_id) {
  if (const auto* const list = tree.if_array()) {
    for (const auto& entry : *list) {
      if (const auto* const found = find_component(entry, custom_id)) return found;
    }
    return nullptr;
  }
  const auto* const component = tree.if_object();
  if (component == nullptr) return nullptr;
  if (text_field(*component, "custom_id") == custom_id) return component;
  for (const auto* key : {"components", "component", "accessory"}) {
    const auto* const inner = component->if_contains(key);
    const auto* const found = inner == nullptr ? nullptr : find_component(*inner, custom_id);
    if (found != nullptr) return found;
  }
  return nullptr;
}

// One value of a menu; those of user, role, mentionable and channel menus are resolved. False: there is none.
bool chosen(const world_state& state, const place& where, const json::object& menu, id application,
            const std::string& value, json::object& resolved) {
  const auto type = int_field(menu, "type");
  if (type < 5 || type > 8) return true;
  const int kind = type == 5 ? 6 : type == 6 ? 8 : type == 7 ? 9 : 7;
  const id target = parse_id(value).value_or(0);
  return id_text(target) == value &&
         resolve(state, *where.guild, {kind, target, where.member->user, application}, resolved);
}

base::result<id> use_component(world_state& state, const member_actions::component_use& use, bool select) {
  const auto* const message = find_message(state, 0, use.message);
  if (message == nullptr) return base::fail(world_error::unknown_message, id_text(use.message));
  const auto where = choose_place(state, message->guild, message->channel, use.user);
  if (!where) return std::unexpected(where.error());
  const auto* const component = find_component(message->fields.at("components"), use.custom_id);
  if (component == nullptr || bool_field(*component, "disabled") ||
      (int_field(*component, "type") == 2) == select) {
    return base::fail(world_error::unknown_component, use.custom_id, "Look at the message's components");
  }
  const auto type = int_field(*component, "type");
  json::object data{
      {"custom_id", use.custom_id}, {"component_type", type}, {"id", int_field(*component, "id")}};
  if (select) {
    json::object resolved;
    json::array values;
    for (const auto& value : use.values) {
      if (!chosen(state, *where, *component, message->author, value, resolved))
        return base::fail(world_error::bad_input, use.custom_id, "The guild has no such thing: " + value);
      values.emplace_back(value);
    }
    if (auto why = why_no_selection(*component, values, resolved))
      return base::fail(world_error::bad_input, use.custom_id, std::move(*why));
    data["values"] = std::move(values);
    if (!resolved.empty()) data["resolved"] = std::move(resolved);
  }
  const id application = id_field(message->fields, "application_id");
  interaction_record draft{.application = application != 0 ? application : message->author,
                           .type = interaction_type::component,
                           .guild = where->guild->guild,
                           .channel = where->channel->channel,
                           .user = where->member->user,
                           .name = use.custom_id,
                           .source_message = message->message};
  return open_interaction(state, std::move(draft), std::move(data), use.locale, message).interaction;
}

// A modal that is being filled in, by one member.
struct modal_entry {
  const world_state& state;
  const place& where;
  id application = 0;
  const json::object& fields;  // custom id -> what was entered
  std::size_t used = 0;        // of the fields
  json::object resolved{};
};

// What was entered into an input or menu, or stands there from the start.
base::result<json::value> entered(modal_entry& modal, const json::object& input) {
  const auto custom_id = text_field(input, "custom_id");
  const auto refused = [&custom_id](std::string why) {
    return base::fail(world_error::bad_input, custom_id, std::move(why));
  };
  const auto type = int_field(input, "type");
  const auto* const given = modal.fields.if_contains(custom_id);
  modal.used += given == nullptr ? 0U : 1U;
  if (type == 4) {
    json::value text = given != nullptr ? *given : json::value(text_field(input, "value"));
    if (auto why = why_no_text(input, text)) return refused(std::move(*why));
    return text;
  }
  const bool plural = is_menu(type) || type == 19 || type == 22;
  json::value value = given != nullptr ? *given : plural ? json::value(json::array()) : json::value("");
  if (!is_menu(type)) return value;
  if (!value.is_array()) return refused("Give an array of values");
  for (const auto& each : value.get_array()) {
    const auto* const text = each.if_string();
    if (text == nullptr ||
        !chosen(modal.state, modal.where, input, modal.application, text->c_str(), modal.resolved))
      return refused("The guild has no such thing: " + json::serialize(each));
  }
  auto why = why_no_selection(input, value.get_array(), modal.resolved, bool_field(input, "required", true));
  if (why) return refused(std::move(*why));
  return value;
}

// The modal's components with what was entered.
base::result<json::value> filled(modal_entry& modal, const json::value& tree) {
  if (const auto* const list = tree.if_array()) {
    json::array out;
    for (const auto& entry : *list) {
      auto one = filled(modal, entry);
      if (!one) return one;
      out.push_back(std::move(*one));
    }
    return json::value(std::move(out));
  }
  const auto& component = tree.as_object();
  json::object out{{"type", component.at("type")}, {"id", int_field(component, "id")}};
  for (const auto* key : {"components", "component"}) {
    const auto* const inner = component.if_contains(key);
    if (inner == nullptr) continue;
    auto one = filled(modal, *inner);
    if (!one) return one;
    out[key] = std::move(*one);
  }
  if (component.contains("custom_id")) {
    auto value = entered(modal, component);
    if (!value) return value;
    out["custom_id"] = component.at("custom_id");
    out[value->is_array() ? "values" : "value"] = std::move(*value);
  }
  return json::value(std::move(out));
}

}  // namespace

base::result<id> member_actions::press_button(const component_use& use) {
  return use_component(world_.state(), use, false);
}

base::result<id> member_actions::select(const component_use& use) {
  return use_component(world_.state(), use, true);
}

base::result<id> member_actions::submit_modal(const modal_submit& submit) {
  auto& state = world_.state();
  const auto* const asked = find_interaction(state, submit.interaction);
  if (asked == nullptr) return base::fail(world_error::unknown_interaction, id_text(submit.interaction));
  if (asked->modal.empty()) return base::fail(world_error::no_modal, id_text(submit.interaction));
  const auto where = choose_place(state, asked->guild, asked->channel, asked->user);
  if (!where) return std::unexpected(where.error());
  modal_entry modal{
      .state = state, .where = *where, .application = asked->application, .fields = submit.fields};
  auto components = filled(modal, asked->modal.at("components"));
  if (!components) return std::unexpected(components.error());
  if (modal.used != submit.fields.size())
    return base::fail(world_error::unknown_component, text_field(asked->modal, "custom_id"),
                      "The modal has not all of these fields");
  json::object data{{"custom_id", asked->modal.at("custom_id")}, {"components", std::move(*components)}};
  if (!modal.resolved.empty()) data["resolved"] = std::move(modal.resolved);
  interaction_record draft{.application = asked->application,
                           .type = interaction_type::modal_submit,
                           .guild = asked->guild,
                           .channel = asked->channel,
                           .user = asked->user,
                           .name = text_field(asked->modal, "custom_id"),
                           .source_message = asked->source_message,
                           .metadata = asked->metadata};
  const auto* const source =
      asked->source_message == 0 ? nullptr : find_reply(state, *asked, asked->source_message);
  // The oldest is dropped to make room, which may be this one.
  const std::string locale = asked->locale;
  return open_interaction(state, std::move(draft), std::move(data), locale, source).interaction;
}

bool member_actions::interaction_answered(id interaction) const {
  const auto* const found = find_interaction(world_.state(), interaction);
  return found != nullptr && found->answered_after.has_value();
}

}  // namespace guildfleet::sim
