// Channels, overwrites and invites of a channel (protocol sheet 3.6).
#include <array>
#include <fmt/format.h>

#include "sim/rest/channel_form.hpp"
#include "sim/rest/router.hpp"
#include "sim/world/channels.hpp"

namespace guildfleet::sim {

namespace {

using namespace std::chrono_literals;

reply get_channel(call& c) {
  const auto channel = channel_for(c, c.param(0));
  return channel ? ok(channel_json(c.state, **channel)) : channel.error();
}

// Names and topics may change twice in ten minutes (sheet 2.4); the headers do not tell.
std::optional<reply> name_sublimit(call& c, const channel_record& channel, const json::object& changes) {
  const bool renames = std::ranges::any_of(std::array{"name", "topic"}, [&](const char* key) {
    const auto* const value = changes.if_contains(key);
    const auto* const old = channel.fields.if_contains(key);
    return value != nullptr && (old == nullptr || *old != *value);
  });
  if (!renames) return std::nullopt;
  const auto state = c.memory.sublimits.take(fmt::format("rename|{}|{}", c.self(), channel.channel), 2, 10min,
                                             c.state.clock.steady_now());
  if (state.allowed) return std::nullopt;
  return sublimited(state.reset_after);
}

json::array apply_fields(channel_record& channel, const json::object& changes) {
  json::array log;
  for (const auto& field : changes) {
    const auto* const old = channel.fields.if_contains(field.key());
    if (old != nullptr && *old == field.value()) continue;
    json::object entry{{"key", field.key()}, {"new_value", field.value()}};
    if (old != nullptr) entry["old_value"] = *old;
    log.push_back(std::move(entry));
    channel.fields[field.key()] = field.value();
  }
  return log;
}

reply patch_thread(call& c, channel_record& thread) {
  form_errors errors;
  json::object fields;
  json::object own;
  const form body(c.object(), errors);
  body.take_text("name", {1, 100}, fields);
  body.take_int("rate_limit_per_user", {0, 21'600}, fields, true);
  body.take_any("applied_tags", fields);
  body.take_int("flags", {0, 1 << 30}, fields);
  for (const auto* key : {"archived", "locked", "invitable"}) body.take_bool(key, own);
  body.take_choice("auto_archive_duration", {60, 1440, 4320, 10'080}, own);
  if (!errors.empty()) return errors.to_reply();
  auto& part = *thread.thread;
  const bool only_reopens =
      c.object().size() == 1 && own.contains("archived") && !bool_field(own, "archived") && !part.locked;
  const bool owner = part.owner == c.self() && !own.contains("locked");
  if (!owner && !only_reopens && !allowed(c, thread, permission::manage_threads)) return refuse(50013);
  auto log = apply_fields(thread, fields);
  for (const auto& field : own)
    log.push_back(json::object{{"key", field.key()}, {"new_value", field.value()}});
  if (own.contains("archived") && bool_field(own, "archived") != part.archived) {
    part.archived = bool_field(own, "archived");
    part.archive_changed = c.state.clock.wall_now();
  }
  part.locked = bool_field(own, "locked", part.locked);
  part.invitable = bool_field(own, "invitable", part.invitable);
  part.auto_archive_minutes =
      static_cast<int>(int_field(own, "auto_archive_duration", part.auto_archive_minutes));
  channel_changed(c.state, thread, c.by(), 111, std::move(log));
  return ok(channel_json(c.state, thread));
}

reply patch_channel(call& c) {
  const auto found = channel_for(c, c.param(0));
  if (!found) return found.error();
  auto& channel = **found;
  if (channel.guild == 0) return refuse(50003);
  if (channel.thread) return patch_thread(c, channel);
  if (!allowed(c, channel, permission::manage_channels)) return refuse(50013);
  form_errors errors;
  const auto wanted = read_channel(form(c.object(), errors), channel.type);
  if (!errors.empty()) return errors.to_reply();
  if (wanted.overwrites && !allowed(c, channel, permission::manage_roles)) return refuse(50013);
  if (auto refused = name_sublimit(c, channel, wanted.fields)) return *refused;
  auto log = apply_fields(channel, wanted.fields);
  if (wanted.type) channel.type = *wanted.type;
  if (wanted.position) channel.position = *wanted.position;
  if (wanted.parent) channel.parent = *wanted.parent;
  if (wanted.overwrites) channel.overwrites = *wanted.overwrites;
  channel_changed(c.state, channel, c.by(), 11, std::move(log));
  return ok(channel_json(c.state, channel));
}

reply delete_channel_route(call& c) {
  const auto found = channel_for(c, c.param(0));
  if (!found) return found.error();
  if ((*found)->guild == 0) return ok(channel_json(c.state, **found));
  const bits needed = (*found)->thread ? permission::manage_threads : permission::manage_channels;
  if (!allowed(c, **found, needed)) return refuse(50013);
  auto shown = channel_json(c.state, **found);
  delete_channel(c.state, c.param(0), c.by());
  return ok(std::move(shown));
}

reply put_overwrite(call& c) {
  const auto channel = channel_for(c, c.param(0), permission::manage_roles);
  if (!channel) return channel.error();
  form_errors errors;
  json::object taken;
  const form body(c.object(), errors);
  body.require("type");
  body.take_choice("type", {0, 1}, taken);
  const overwrite entry{.target = c.param(1),
                        .type = static_cast<int>(int_field(taken, "type")),
                        .allow = body.permissions("allow").value_or(0),
                        .deny = body.permissions("deny").value_or(0)};
  if (!errors.empty()) return errors.to_reply();
  const auto& guild = *find_guild(c.state, (*channel)->guild);
  if (entry.type == 0 && !guild.roles.contains(entry.target)) return refuse(10009);
  if (entry.type == 1 && find_user(c.state, entry.target) == nullptr) return refuse(10009);
  const bits own = channel_permissions(c.state, **channel, c.self());
  if (((entry.allow | entry.deny) & ~own & permission::all) != 0) return refuse(50013);
  set_overwrite(c.state, **channel, entry, c.by());
  return no_content();
}

reply delete_overwrite(call& c) {
  const auto channel = channel_for(c, c.param(0), permission::manage_roles);
  if (!channel) return channel.error();
  return remove_overwrite(c.state, **channel, c.param(1), c.by()) ? no_content() : refuse(10009);
}

reply put_voice_status(call& c) {
  const auto channel = channel_for(c, c.param(0), permission::set_voice_channel_status);
  if (!channel) return channel.error();
  if ((*channel)->type != channel_type::voice) return refuse(50024);
  form_errors errors;
  json::object taken;
  form(c.object(), errors).take_text("status", {0, 500}, taken, true);
  if (!errors.empty()) return errors.to_reply();
  const auto status = text_field(taken, "status");
  (*channel)->voice_status = status.empty() ? std::nullopt : std::optional(status);
  publish_guild(c.state, (*channel)->guild, "VOICE_CHANNEL_STATUS_UPDATE",
                {{"id", c.params[0]},
                 {"guild_id", id_text((*channel)->guild)},
                 {"status", status.empty() ? json::value(nullptr) : json::value(status)}},
                intent::guilds);
  return no_content();
}

reply list_invites(call& c) {
  const auto channel = channel_for(c, c.param(0), permission::manage_channels);
  if (!channel) return channel.error();
  json::array out;
  for (const auto& [_, invite] : c.state.invites) {
    if (invite.channel == c.param(0)) out.push_back(invite_json(c.state, invite, true));
  }
  return ok(std::move(out));
}

reply post_invite(call& c) {
  const auto channel = channel_for(c, c.param(0), permission::create_instant_invite);
  if (!channel) return channel.error();
  form_errors errors;
  json::object taken;
  const form body(c.object(), errors);
  body.take_int("max_age", {0, 604'800}, taken);
  body.take_int("max_uses", {0, 100}, taken);
  body.take_bool("temporary", taken);
  if (!errors.empty()) return errors.to_reply();
  invite_record draft{.guild = (*channel)->guild,
                      .channel = c.param(0),
                      .max_age = static_cast<int>(int_field(taken, "max_age", 86'400)),
                      .max_uses = static_cast<int>(int_field(taken, "max_uses")),
                      .temporary = bool_field(taken, "temporary")};
  const bool unique = bool_field(c.object(), "unique");
  for (const auto& [_, invite] : c.state.invites) {
    const bool same = invite.channel == draft.channel && invite.inviter == c.self() &&
                      invite.max_age == draft.max_age && invite.max_uses == draft.max_uses &&
                      invite.temporary == draft.temporary;
    if (same && !unique) return ok(invite_json(c.state, invite, true));
  }
  return ok(invite_json(c.state, create_invite(c.state, std::move(draft), c.by()), true));
}

reply get_invite(call& c) {
  const auto found = c.state.invites.find(c.params[0]);
  if (found == c.state.invites.end()) return refuse(10006);
  auto shown = invite_json(c.state, found->second, false);
  if (c.query_flag("with_counts")) {
    const auto members = c.state.guilds.at(found->second.guild).members.size();
    shown["approximate_member_count"] = members;
    shown["approximate_presence_count"] = members;
  }
  return ok(std::move(shown));
}

reply delete_invite_route(call& c) {
  const auto found = c.state.invites.find(c.params[0]);
  if (found == c.state.invites.end()) return refuse(10006);
  const auto channel = channel_for(c, found->second.channel);
  if (!channel) return channel.error();
  const auto* const guild = find_guild(c.state, found->second.guild);
  const bool may = allowed(c, **channel, permission::manage_channels) ||
                   (guild_permissions(c.state, *guild, c.self()) & permission::manage_guild) != 0;
  if (!may) return refuse(50013);
  auto shown = invite_json(c.state, found->second, false);
  delete_invite(c.state, c.params[0], c.by());
  return ok(std::move(shown));
}

constexpr std::array table = {
    route{"GET", "/channels/{channel.id}", get_channel},
    route{"PATCH", "/channels/{channel.id}", patch_channel},
    route{"DELETE", "/channels/{channel.id}", delete_channel_route},
    route{"PUT", "/channels/{channel.id}/permissions/{overwrite.id}", put_overwrite},
    route{"DELETE", "/channels/{channel.id}/permissions/{overwrite.id}", delete_overwrite},
    route{"PUT", "/channels/{channel.id}/voice-status", put_voice_status},
    route{"GET", "/channels/{channel.id}/invites", list_invites},
    route{"POST", "/channels/{channel.id}/invites", post_invite, route_kind::bot, true},
    route{"GET", "/invites/{invite.code}", get_invite, route_kind::open},
    route{"DELETE", "/invites/{invite.code}", delete_invite_route},
};

}  // namespace

std::span<const route> channel_routes() {
  return table;
}

}  // namespace guildfleet::sim
