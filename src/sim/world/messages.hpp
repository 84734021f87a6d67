// Messages: creation, edits, deletion, reactions, pins. Each publishes its events; permissions are checked by
// callers.
#pragma once

#include "sim/world/publish.hpp"

namespace guildfleet::sim {

struct message_draft {
  id author = 0;
  int type = 0;
  int days_old = 0;  // it was written so long ago
  json::object
      fields{};  // content, embeds, components, attachments, poll, flags, nonce, tts, message_reference
  json::object author_override{};  // of a webhook
  id webhook = 0;
  id application = 0;
  json::object interaction_metadata{};
  // allowed_mentions as sent; absent: everything (or users only, when `users_only_by_default`)
  std::optional<json::object> allowed_mentions{};
  bool users_only_by_default = false;
};

// Publishes MESSAGE_CREATE (for an ephemeral one to its application alone). The reference stays good until
// the channel's messages change.
message_record& create_message(world_state& state, channel_record& channel, message_draft draft);
// Replaces the given fields; `edited` false leaves edited_timestamp alone. Publishes MESSAGE_UPDATE.
void update_message(world_state& state, message_record& message, const json::object& changes,
                    bool edited = true);
void delete_message(world_state& state, channel_record& channel, id message);
// Unknown ids are ignored; MESSAGE_DELETE_BULK has those that existed.
void delete_messages(world_state& state, channel_record& channel, const std::vector<id>& messages);
void publish_message_update(world_state& state, const message_record& message);

// False when there is nothing to do (already so).
bool add_reaction(world_state& state, message_record& message, id user, const json::object& emoji);
bool remove_reaction(world_state& state, message_record& message, id user, std::string_view key);
void remove_all_reactions(world_state& state, message_record& message);
void remove_emoji_reactions(world_state& state, message_record& message, std::string_view key);
// "👍", "name:id" or "id"; nullopt: an id that no guild has.
[[nodiscard]] std::optional<json::object> parse_emoji(const world_state& state, std::string_view text);
[[nodiscard]] std::string emoji_key(const json::object& emoji);

// Publishes CHANNEL_PINS_UPDATE, MESSAGE_UPDATE and, for a new pin, the system message.
void set_pinned(world_state& state, channel_record& channel, message_record& message, bool pinned,
                const actor& by);
void publish_typing(world_state& state, const channel_record& channel, id user);
// The direct-message channel of a bot and a user, made when there is none.
channel_record& open_dm(world_state& state, id bot, id user);

}  // namespace guildfleet::sim
