#include "sim/world/channels.hpp"

#include <algorithm>

#include "sim/world/permissions.hpp"
#include "sim/world/render.hpp"

namespace guildfleet::sim {

namespace {

void set_default(json::object& fields, std::string_view key, json::value value) {
  if (!fields.contains(key)) fields[key] = std::move(value);
}

json::array name_change(const json::object& fields) {
  json::array changes;
  changes.push_back(json::object{{"key", "name"}, {"new_value", fields.at("name")}});
  return changes;
}

}  // namespace

void complete_channel_fields(channel_record& channel) {
  auto& fields = channel.fields;
  set_default(fields, "flags", 0);
  if (channel.guild == 0 || channel.thread) return;
  set_default(fields, "nsfw", false);
  if (channel.type == channel_type::category) return;
  set_default(fields, "rate_limit_per_user", 0);
  if (channel.type == channel_type::voice || channel.type == channel_type::stage) {
    set_default(fields, "bitrate", 64000);
    set_default(fields, "user_limit", 0);
    set_default(fields, "rtc_region", nullptr);
    set_default(fields, "video_quality_mode", 1);
    return;
  }
  set_default(fields, "topic", nullptr);
  if (channel.type == channel_type::forum) {
    set_default(fields, "available_tags", json::array());
    set_default(fields, "default_reaction_emoji", nullptr);
    set_default(fields, "default_sort_order", nullptr);
    set_default(fields, "default_forum_layout", 0);
  }
}

channel_record& create_channel(world_state& state, guild_record& guild, channel_record draft,
                               const actor& by) {
  draft.channel = state.mint_id();
  draft.guild = guild.guild;
  complete_channel_fields(draft);
  const id which = draft.channel;
  auto& channel = state.channels.emplace(which, std::move(draft)).first->second;
  guild.channels.push_back(which);
  publish_guild(state, guild.guild, "CHANNEL_CREATE", channel_json(state, channel), intent::guilds);
  audit(state, guild, by, {.action = 10, .target = which, .changes = name_change(channel.fields)});
  return channel;
}

void channel_changed(world_state& state, const channel_record& channel, const actor& by, int audit_action,
                     json::array changes) {
  if (channel.thread) {
    publish_channel(state, channel, "THREAD_UPDATE", channel_json(state, channel), intent::guilds,
                    intent::guilds);
  } else {
    publish_guild(state, channel.guild, "CHANNEL_UPDATE", channel_json(state, channel), intent::guilds);
  }
  auto* const guild = find_guild(state, channel.guild);
  if (guild == nullptr || changes.empty()) return;
  audit(state, *guild, by,
        {.action = audit_action, .target = channel.channel, .changes = std::move(changes)});
}

namespace {

void forget_channel(world_state& state, guild_record& guild, id channel) {
  std::erase(guild.channels, channel);
  std::erase_if(guild.voice_states, [&](const auto& entry) { return entry.second.channel == channel; });
  std::erase_if(state.invites, [&](const auto& entry) { return entry.second.channel == channel; });
  std::erase_if(state.webhooks, [&](const auto& entry) { return entry.second.channel == channel; });
  state.channels.erase(channel);
}

void release_children(world_state& state, const guild_record& guild, id category) {
  for (const id which : guild.channels) {
    auto* const child = find_channel(state, which);
    if (child == nullptr || child->parent != category || child->thread) continue;
    child->parent = 0;
    publish_guild(state, guild.guild, "CHANNEL_UPDATE", channel_json(state, *child), intent::guilds);
  }
}

std::vector<id> threads_of(const world_state& state, const guild_record& guild, id parent) {
  std::vector<id> found;
  for (const id which : guild.channels) {
    const auto* const thread = find_channel(state, which);
    if (thread != nullptr && thread->thread && thread->parent == parent) found.push_back(which);
  }
  return found;
}

}  // namespace

void delete_channel(world_state& state, id channel, const actor& by) {
  auto* const record = find_channel(state, channel);
  auto* const guild = record == nullptr ? nullptr : find_guild(state, record->guild);
  if (guild == nullptr) return;
  const bool thread = record->thread.has_value();
  const auto changes = name_change(record->fields);
  if (thread) {
    publish_channel(state, *record, "THREAD_DELETE",
                    {{"id", id_text(channel)},
                     {"guild_id", id_text(guild->guild)},
                     {"parent_id", id_text(record->parent)},
                     {"type", record->type}},
                    intent::guilds, intent::guilds);
  } else {
    if (record->type == channel_type::category) release_children(state, *guild, channel);
    for (const id inner : threads_of(state, *guild, channel)) forget_channel(state, *guild, inner);
    publish_guild(state, guild->guild, "CHANNEL_DELETE", channel_json(state, *record), intent::guilds);
  }
  forget_channel(state, *guild, channel);
  audit(state, *guild, by, {.action = thread ? 112 : 12, .target = channel, .changes = changes});
}

namespace {

void overwrite_changed(world_state& state, const channel_record& channel, const overwrite& entry,
                       const actor& by, int action) {
  publish_guild(state, channel.guild, "CHANNEL_UPDATE", channel_json(state, channel), intent::guilds);
  auto* const guild = find_guild(state, channel.guild);
  if (guild == nullptr) return;
  json::array changes;
  changes.push_back(json::object{{"key", "allow"}, {"new_value", id_text(entry.allow)}});
  changes.push_back(json::object{{"key", "deny"}, {"new_value", id_text(entry.deny)}});
  audit(state, *guild, by,
        {.action = action,
         .target = channel.channel,
         .changes = std::move(changes),
         .options = {{"id", id_text(entry.target)}, {"type", id_text(static_cast<id>(entry.type))}}});
}

}  // namespace

void set_overwrite(world_state& state, channel_record& channel, const overwrite& entry, const actor& by) {
  const auto found = std::ranges::find(channel.overwrites, entry.target, &overwrite::target);
  const bool fresh = found == channel.overwrites.end();
  if (fresh) {
    channel.overwrites.push_back(entry);
  } else {
    *found = entry;
  }
  overwrite_changed(state, channel, entry, by, fresh ? 13 : 14);
}

bool remove_overwrite(world_state& state, channel_record& channel, id target, const actor& by) {
  const auto found = std::ranges::find(channel.overwrites, target, &overwrite::target);
  if (found == channel.overwrites.end()) return false;
  const auto old = *found;
  channel.overwrites.erase(found);
  overwrite_changed(state, channel, old, by, 15);
  return true;
}

const invite_record& create_invite(world_state& state, invite_record draft, const actor& by) {
  draft.code = random_token(state, 8);
  draft.created = state.clock.wall_now();
  draft.inviter = by.user;
  const auto code = draft.code;
  const auto& invite = state.invites.insert_or_assign(code, std::move(draft)).first->second;
  auto data = invite_json(state, invite, true);
  data.erase("guild");
  data.erase("channel");
  data["channel_id"] = id_text(invite.channel);
  const auto* const channel = find_channel(state, invite.channel);
  publish_where(state, invite.guild, "INVITE_CREATE", data, intent::guild_invites, [&](id bot) {
    return channel != nullptr &&
           (channel_permissions(state, *channel, bot) & permission::manage_channels) != 0;
  });
  if (auto* const guild = find_guild(state, invite.guild)) {
    json::array changes;
    changes.push_back(json::object{{"key", "code"}, {"new_value", code}});
    audit(state, *guild, by, {.action = 40, .target = 0, .changes = std::move(changes)});
  }
  return invite;
}

void delete_invite(world_state& state, const std::string& code, const actor& by) {
  const auto found = state.invites.find(code);
  if (found == state.invites.end()) return;
  const auto invite = found->second;
  state.invites.erase(found);
  const json::object data{
      {"channel_id", id_text(invite.channel)}, {"guild_id", id_text(invite.guild)}, {"code", code}};
  const auto* const channel = find_channel(state, invite.channel);
  publish_where(state, invite.guild, "INVITE_DELETE", data, intent::guild_invites, [&](id bot) {
    return channel != nullptr &&
           (channel_permissions(state, *channel, bot) & permission::manage_channels) != 0;
  });
  if (auto* const guild = find_guild(state, invite.guild)) {
    audit(state, *guild, by, {.action = 42, .target = 0});
  }
}

void use_invite(world_state& state, const std::string& code) {
  invite_record& invite = state.invites.at(code);
  ++invite.uses;
  if (invite.max_uses > 0 && invite.uses >= invite.max_uses)
    delete_invite(state, code, {.user = invite.inviter});
}

webhook_record& create_webhook(world_state& state, const channel_record& channel, std::string name,
                               id application, const actor& by) {
  webhook_record webhook{.webhook = state.mint_id(),
                         .guild = channel.guild,
                         .channel = channel.channel,
                         .name = std::move(name),
                         .token = random_token(state, 68),
                         .owner = by.user,
                         .application = application,
                         .avatar = nullptr};
  const id which = webhook.webhook;
  auto& kept = state.webhooks.emplace(which, std::move(webhook)).first->second;
  webhook_changed(state, kept);
  if (auto* const guild = find_guild(state, channel.guild)) {
    audit(state, *guild, by, {.action = 50, .target = which});
  }
  return kept;
}

void webhook_changed(world_state& state, const webhook_record& webhook) {
  publish_guild(state, webhook.guild, "WEBHOOKS_UPDATE",
                {{"guild_id", id_text(webhook.guild)}, {"channel_id", id_text(webhook.channel)}},
                intent::guild_webhooks);
}

void delete_webhook(world_state& state, id webhook, const actor& by) {
  const auto found = state.webhooks.find(webhook);
  if (found == state.webhooks.end()) return;
  const auto record = found->second;
  state.webhooks.erase(found);
  webhook_changed(state, record);
  if (auto* const guild = find_guild(state, record.guild)) {
    audit(state, *guild, by, {.action = 52, .target = webhook});
  }
}

}  // namespace guildfleet::sim
