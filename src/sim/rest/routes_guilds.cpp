// The guild itself, its channels as a list, bans, prune, audit log and the parts that a bot only reads
// (sheet 3.7).
#include <algorithm>
#include <array>

#include "sim/rest/channel_form.hpp"
#include "sim/rest/router.hpp"
#include "sim/world/channels.hpp"
#include "sim/world/members.hpp"

namespace guildfleet::sim {

namespace {

reply get_guild(call& c) {
  const auto guild = guild_for(c, c.param(0));
  if (!guild) return guild.error();
  auto out = guild_json(**guild);
  if (c.query_flag("with_counts")) {
    out["approximate_member_count"] = (*guild)->members.size();
    out["approximate_presence_count"] = (*guild)->members.size();
  }
  return ok(std::move(out));
}

reply get_preview(call& c) {
  const auto guild = guild_for(c, c.param(0));
  if (!guild) return guild.error();
  json::object out{{"id", c.params[0]},
                   {"emojis", (*guild)->emojis},
                   {"stickers", json::array()},
                   {"approximate_member_count", (*guild)->members.size()},
                   {"approximate_presence_count", (*guild)->members.size()}};
  for (const auto* key :
       {"name", "icon", "description", "home_header", "splash", "discovery_splash", "features"}) {
    out[key] = (*guild)->fields.at(key);
  }
  return ok(std::move(out));
}

json::object read_guild(const form& body) {
  json::object out;
  body.take_text("name", {2, 100}, out);
  body.take_text("description", {0, 300}, out, true);
  body.take_text("preferred_locale", {2, 5}, out);
  body.take_choice("verification_level", {0, 1, 2, 3, 4}, out);
  body.take_choice("default_message_notifications", {0, 1}, out);
  body.take_choice("explicit_content_filter", {0, 1, 2}, out);
  body.take_choice("afk_timeout", {60, 300, 900, 1800, 3600}, out);
  body.take_int("system_channel_flags", {0, 63}, out);
  body.take_bool("premium_progress_bar_enabled", out);
  for (const auto* key : {"afk_channel_id", "system_channel_id", "rules_channel_id",
                          "public_updates_channel_id", "safety_alerts_channel_id"}) {
    body.take_id(key, out, true);
  }
  return out;
}

reply patch_guild(call& c) {
  const auto guild = guild_for(c, c.param(0), permission::manage_guild);
  if (!guild) return guild.error();
  form_errors errors;
  const auto wanted = read_guild(form(c.object(), errors));
  if (!errors.empty()) return errors.to_reply();
  json::array log;
  for (const auto& field : wanted) {
    log.push_back(json::object{
        {"key", field.key()}, {"old_value", (*guild)->fields[field.key()]}, {"new_value", field.value()}});
    (*guild)->fields[field.key()] = field.value();
  }
  publish_guild(c.state, c.param(0), "GUILD_UPDATE", guild_json(**guild), intent::guilds);
  audit(c.state, **guild, c.by(), {.action = 1, .target = c.param(0), .changes = std::move(log)});
  return ok(guild_json(**guild));
}

reply list_channels(call& c) {
  const auto guild = guild_for(c, c.param(0));
  if (!guild) return guild.error();
  json::array out;
  for (const id which : (*guild)->channels) {
    const auto& channel = c.state.channels.at(which);
    if (!channel.thread) out.push_back(channel_json(c.state, channel));
  }
  return ok(std::move(out));
}

reply post_channel(call& c) {
  const auto guild = guild_for(c, c.param(0), permission::manage_channels);
  if (!guild) return guild.error();
  if ((*guild)->channels.size() >= 500) return refuse(30013);
  form_errors errors;
  const form body(c.object(), errors);
  body.require("name");
  const int type = static_cast<int>(int_field(c.object(), "type", channel_type::text));
  const auto wanted = read_channel(body, type);
  if (wanted.parent.value_or(0) != 0) {
    const auto* const parent = find_channel(c.state, *wanted.parent);
    const bool category =
        parent != nullptr && parent->guild == c.param(0) && parent->type == channel_type::category;
    if (!category) body.fail("parent_id", "CHANNEL_PARENT_INVALID", "Category does not exist");
  }
  if (!errors.empty()) return errors.to_reply();
  channel_record draft;
  draft.type = type;
  draft.fields = wanted.fields;
  draft.position = wanted.position.value_or(static_cast<int>((*guild)->channels.size()));
  draft.parent = wanted.parent.value_or(0);
  if (wanted.overwrites) draft.overwrites = *wanted.overwrites;
  return created(channel_json(c.state, create_channel(c.state, **guild, std::move(draft), c.by())));
}

reply move_channels(call& c) {
  const auto guild = guild_for(c, c.param(0), permission::manage_channels);
  if (!guild) return guild.error();
  form_errors errors;
  const json::object wrapped{{"channels", c.body}};
  std::vector<std::pair<channel_record*, channel_changes>> moves;
  std::size_t parents = 0;
  for (const auto& entry : form(wrapped, errors).objects("channels", {1, 500})) {
    auto* const channel = find_channel(c.state, id_field(entry.source(), "id"));
    if (channel == nullptr || channel->guild != c.param(0)) return refuse(10003);
    auto changes = read_channel(entry, channel->type);
    parents += changes.parent && *changes.parent != channel->parent ? 1U : 0U;
    moves.emplace_back(channel, std::move(changes));
  }
  if (!errors.empty()) return errors.to_reply();
  if (parents > 1) return refuse(40009);
  for (const auto& [channel, changes] : moves) {
    channel->position = changes.position.value_or(channel->position);
    channel->parent = changes.parent.value_or(channel->parent);
    channel_changed(c.state, *channel, c.by(), 11, {});
  }
  return no_content();
}

reply list_bans(call& c) {
  const auto guild = guild_for(c, c.param(0), permission::ban_members);
  if (!guild) return guild.error();
  const auto limit = c.query_limit({1, 1000}, 1000);
  if (!limit) return limit.error();
  const auto before = c.query_id("before");
  const id after = before ? 0 : c.query_id("after").value_or(0);
  std::vector<const ban_record*> found;
  for (const auto& [user, ban] : (*guild)->bans) {
    if (user > after && (!before || user < *before)) found.push_back(&ban);
  }
  if (before && found.size() > *limit)
    found.erase(found.begin(), found.end() - static_cast<std::ptrdiff_t>(*limit));
  json::array out;
  for (const auto* const ban : found) {
    if (out.size() < *limit) out.push_back(ban_json(c.state, *ban));
  }
  return ok(std::move(out));
}

reply get_ban(call& c) {
  const auto guild = guild_for(c, c.param(0), permission::ban_members);
  if (!guild) return guild.error();
  const auto found = (*guild)->bans.find(c.param(1));
  return found == (*guild)->bans.end() ? refuse(10026) : ok(ban_json(c.state, found->second));
}

or_reply<std::chrono::seconds> purge_time(const call& c) {
  form_errors errors;
  json::object taken;
  form(c.object(), errors).take_int("delete_message_seconds", {0, 604'800}, taken);
  if (!errors.empty()) return std::unexpected(errors.to_reply());
  return std::chrono::seconds(int_field(taken, "delete_message_seconds"));
}

reply put_ban(call& c) {
  const auto guild = guild_for(c, c.param(0), permission::ban_members);
  if (!guild) return guild.error();
  if (find_user(c.state, c.param(1)) == nullptr) return refuse(10013);
  if (!outranks(**guild, c.self(), c.param(1)) || c.param(1) == c.self()) return refuse(50013);
  const auto purge = purge_time(c);
  if (!purge) return purge.error();
  if (!(*guild)->bans.contains(c.param(1))) ban(c.state, **guild, c.param(1), *purge, c.by());
  return no_content();
}

reply delete_ban(call& c) {
  const auto guild = guild_for(c, c.param(0), permission::ban_members);
  if (!guild) return guild.error();
  if (!(*guild)->bans.contains(c.param(1))) return refuse(10026);
  unban(c.state, **guild, c.param(1), c.by());
  return no_content();
}

reply bulk_ban(call& c) {
  const auto guild = guild_for(c, c.param(0), permission::ban_members | permission::manage_guild);
  if (!guild) return guild.error();
  form_errors errors;
  const form body(c.object(), errors);
  body.require("user_ids");
  const auto users = body.ids("user_ids", {1, 200});
  if (!errors.empty()) return errors.to_reply();
  const auto purge = purge_time(c);
  if (!purge) return purge.error();
  json::array banned;
  json::array failed;
  for (const id user : users) {
    const bool may = find_user(c.state, user) != nullptr && user != c.self() &&
                     outranks(**guild, c.self(), user) && !(*guild)->bans.contains(user);
    (may ? banned : failed).emplace_back(id_text(user));
    if (may) ban(c.state, **guild, user, *purge, c.by());
  }
  if (banned.empty()) return refuse(500000);
  return ok(json::object{{"banned_users", std::move(banned)}, {"failed_users", std::move(failed)}});
}

// Nobody in the simulator is inactive.
reply prune(call& c) {
  const auto guild = guild_for(c, c.param(0), permission::kick_members | permission::manage_guild);
  return guild ? ok(json::object{{"pruned", 0}}) : guild.error();
}

reply list_invites(call& c) {
  const auto guild = guild_for(c, c.param(0), permission::manage_guild);
  if (!guild) return guild.error();
  json::array out;
  for (const auto& [_, invite] : c.state.invites) {
    if (invite.guild == c.param(0)) out.push_back(invite_json(c.state, invite, true));
  }
  return ok(std::move(out));
}

bool wanted_entry(const call& c, const json::object& entry) {
  const auto user = c.query_id("user_id");
  const auto target = c.query_id("target_id");
  const auto action = c.query_id("action_type");
  const auto before = c.query_id("before");
  const auto after = c.query_id("after");
  const id which = id_field(entry, "id");
  return (!user || id_field(entry, "user_id") == *user) &&
         (!target || id_field(entry, "target_id") == *target) &&
         (!action || static_cast<id>(int_field(entry, "action_type")) == *action) &&
         (!before || which < *before) && (!after || which > *after);
}

reply audit_log(call& c) {
  const auto guild = guild_for(c, c.param(0), permission::view_audit_log);
  if (!guild) return guild.error();
  const auto limit = c.query_limit({1, 100}, 50);
  if (!limit) return limit.error();
  const bool ascending = c.query_id("after").has_value();
  std::vector<const json::object*> found;
  for (const auto& entry : (*guild)->audit_log) {
    if (wanted_entry(c, entry)) found.push_back(&entry);
  }
  if (!ascending) std::ranges::reverse(found);
  found.resize(std::min(found.size(), *limit));
  json::array entries;
  json::array users;
  std::set<id> named;
  for (const auto* const entry : found) {
    entries.push_back(*entry);
    const id user = id_field(*entry, "user_id");
    if (user != 0 && named.insert(user).second) users.push_back(user_json(c.state, user));
  }
  json::object out{{"audit_log_entries", std::move(entries)}, {"users", std::move(users)}};
  for (const auto* key : {"integrations", "webhooks", "guild_scheduled_events", "threads",
                          "application_commands", "auto_moderation_rules"}) {
    out[key] = json::array();
  }
  return ok(std::move(out));
}

reply list_emojis(call& c) {
  const auto guild = guild_for(c, c.param(0));
  return guild ? ok((*guild)->emojis) : guild.error();
}

reply empty_list(call& c) {
  const auto guild = guild_for(c, c.param(0));
  return guild ? ok(json::array()) : guild.error();
}

constexpr std::array table = {
    route{"GET", "/guilds/{guild.id}", get_guild},
    route{"PATCH", "/guilds/{guild.id}", patch_guild},
    route{"GET", "/guilds/{guild.id}/preview", get_preview},
    route{"GET", "/guilds/{guild.id}/channels", list_channels},
    route{"POST", "/guilds/{guild.id}/channels", post_channel},
    route{"PATCH", "/guilds/{guild.id}/channels", move_channels},
    route{"GET", "/guilds/{guild.id}/bans", list_bans},
    route{"GET", "/guilds/{guild.id}/bans/{user.id}", get_ban},
    route{"PUT", "/guilds/{guild.id}/bans/{user.id}", put_ban},
    route{"DELETE", "/guilds/{guild.id}/bans/{user.id}", delete_ban},
    route{"POST", "/guilds/{guild.id}/bulk-ban", bulk_ban},
    route{"GET", "/guilds/{guild.id}/prune", prune},
    route{"POST", "/guilds/{guild.id}/prune", prune},
    route{"GET", "/guilds/{guild.id}/invites", list_invites},
    route{"GET", "/guilds/{guild.id}/audit-logs", audit_log},
    route{"GET", "/guilds/{guild.id}/emojis", list_emojis},
    route{"GET", "/guilds/{guild.id}/stickers", empty_list},
    route{"GET", "/guilds/{guild.id}/scheduled-events", empty_list},
    route{"GET", "/guilds/{guild.id}/auto-moderation/rules", empty_list},
    route{"GET", "/guilds/{guild.id}/integrations", empty_list},
};

}  // namespace

std::span<const route> guild_routes() {
  return table;
}

}  // namespace guildfleet::sim
