#include "sim/world/publish.hpp"

#include <algorithm>

#include "sim/world/permissions.hpp"

namespace guildfleet::sim {

namespace {

constexpr std::size_t audit_entries_kept = 1000;

bool silenced(const world_state& state, id guild) {
  const auto* const record = find_guild(state, guild);
  return record != nullptr && record->unavailable;
}

}  // namespace

void publish(world_state& state, world_event event) {
  if (state.captured != nullptr) {
    state.captured->push_back(std::move(event));
  } else if (state.sink != nullptr) {
    state.sink->publish(std::move(event));
  }
}

void publish_guild(world_state& state, id guild, std::string_view type, json::object data, bits intents) {
  if (silenced(state, guild)) return;
  publish(state, {.type = std::string(type),
                  .data = std::move(data),
                  .guild = guild,
                  .any_of_intents = intents,
                  .only_bot = std::nullopt});
}

void publish_bot(world_state& state, id application, id guild, std::string_view type, json::object data,
                 bits intents) {
  world_event event{.type = std::string(type),
                    .data = std::move(data),
                    .guild = std::nullopt,
                    .any_of_intents = intents,
                    .only_bot = application};
  if (guild != 0) event.guild = guild;
  publish(state, std::move(event));
}

namespace {

void publish_filtered(world_state& state, const guild_record& guild, world_event event,
                      const std::function<bool(id)>& permitted) {
  if (std::ranges::all_of(guild.bots, permitted)) {
    publish(state, std::move(event));
    return;
  }
  for (const id bot : guild.bots) {
    if (!permitted(bot)) continue;
    auto copy = event;
    copy.only_bot = bot;
    publish(state, std::move(copy));
  }
}

}  // namespace

void publish_where(world_state& state, id guild, std::string_view type, const json::object& data,
                   bits intents, const std::function<bool(id application)>& permitted) {
  const auto* const record = find_guild(state, guild);
  if (record == nullptr || record->unavailable) return;
  publish_filtered(state, *record,
                   {.type = std::string(type),
                    .data = data,
                    .guild = guild,
                    .any_of_intents = intents,
                    .only_bot = std::nullopt},
                   permitted);
}

void publish_channel(world_state& state, const channel_record& channel, std::string_view type,
                     const json::object& data, bits guild_intent, bits dm_intent, bool content) {
  world_event event{.type = std::string(type),
                    .data = data,
                    .guild = std::nullopt,
                    .any_of_intents = dm_intent,
                    .only_bot = std::nullopt,
                    .holds_message_content = content};
  if (channel.guild == 0) {
    for (const id user : channel.recipients) {
      if (!state.bots.contains(user)) continue;
      event.only_bot = user;
      publish(state, event);
    }
    return;
  }
  const auto* const guild = find_guild(state, channel.guild);
  if (guild == nullptr || guild->unavailable) return;
  event.guild = channel.guild;
  event.any_of_intents = guild_intent;
  publish_filtered(state, *guild, std::move(event), [&](id bot) {
    return (channel_permissions(state, channel, bot) & permission::view_channel) != 0;
  });
}

void audit(world_state& state, guild_record& guild, const actor& by, audit_entry entry) {
  json::object out{{"id", id_text(state.mint_id())},
                   {"action_type", entry.action},
                   {"user_id", id_or_null(by.user)},
                   {"target_id", id_or_null(entry.target)}};
  if (!entry.changes.empty()) out["changes"] = std::move(entry.changes);
  if (!entry.options.empty()) out["options"] = std::move(entry.options);
  if (by.reason) out["reason"] = *by.reason;
  guild.audit_log.push_back(out);
  if (guild.audit_log.size() > audit_entries_kept) guild.audit_log.pop_front();
  out["guild_id"] = id_text(guild.guild);
  publish_where(
      state, guild.guild, "GUILD_AUDIT_LOG_ENTRY_CREATE", out, intent::guild_moderation,
      [&](id bot) { return (guild_permissions(state, guild, bot) & permission::view_audit_log) != 0; });
}

}  // namespace guildfleet::sim
