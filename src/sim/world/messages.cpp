#include "sim/world/messages.hpp"

#include <algorithm>

#include "sim/world/mentions.hpp"
#include "sim/world/normalize.hpp"
#include "sim/world/permissions.hpp"
#include "sim/world/render.hpp"

namespace guildfleet::sim {

namespace {

constexpr std::size_t ephemeral_messages_kept = 10'000;

void set_mentions(const world_state& state, json::object& fields, const mention_set& found,
                  bool may_mention_all) {
  json::array users;
  for (const id user : found.users) {
    if (find_user(state, user) != nullptr) users.push_back(user_json(state, user));
  }
  json::array roles;
  for (const id role : found.roles) roles.emplace_back(id_text(role));
  fields["mentions"] = std::move(users);
  fields["mention_roles"] = std::move(roles);
  fields["mention_everyone"] = found.everyone && may_mention_all;
}

void apply_mentions(const world_state& state, const channel_record& channel, id author, json::object& fields,
                    const std::optional<json::object>& allowed, bool users_only) {
  const bool all = (channel_permissions(state, channel, author) & permission::mention_everyone) != 0;
  set_mentions(state, fields, find_mentions(text_field(fields, "content"), allowed, users_only), all);
}

json::object default_fields(const world_state& state, const channel_record& channel, id message,
                            const message_draft& draft) {
  return {{"id", id_text(message)},
          {"channel_id", id_text(channel.channel)},
          {"type", draft.type},
          {"author", draft.author_override.empty() ? user_json(state, draft.author) : draft.author_override},
          {"content", ""},
          {"timestamp", timestamp(state.clock.wall_now())},
          {"edited_timestamp", nullptr},
          {"tts", false},
          {"mention_everyone", false},
          {"mentions", json::array()},
          {"mention_roles", json::array()},
          {"attachments", json::array()},
          {"embeds", json::array()},
          {"components", json::array()},
          {"pinned", false},
          {"flags", 0}};
}

void add_reference(world_state& state, message_record& message, const message_draft& draft) {
  const auto* const reference = object_field(message.fields, "message_reference");
  if (reference == nullptr) return;
  const id source_channel = id_field(*reference, "channel_id");
  const auto* const source = find_message(state, source_channel, id_field(*reference, "message_id"));
  if (draft.type != 19 && int_field(*reference, "type") != 1) return;
  if (int_field(*reference, "type") == 1) {
    if (source == nullptr) return;
    json::object copy;
    for (const auto* key : {"type", "content", "mentions", "mention_roles", "attachments", "embeds",
                            "timestamp", "edited_timestamp", "flags", "components"}) {
      copy[key] = source->fields.at(key);
    }
    message.fields["message_snapshots"] = json::array{json::object{{"message", std::move(copy)}}};
    return;
  }
  if (source == nullptr) {
    message.fields["referenced_message"] = nullptr;
    return;
  }
  auto shown = message_json(state, *source, 0);
  shown.erase("referenced_message");
  message.fields["referenced_message"] = std::move(shown);
  const bool ping = !draft.allowed_mentions || bool_field(*draft.allowed_mentions, "replied_user", false);
  auto& mentions = message.fields["mentions"].as_array();
  const bool there = std::ranges::any_of(
      mentions, [&](const json::value& user) { return id_field(user.as_object(), "id") == source->author; });
  if (ping && !there && find_user(state, source->author) != nullptr) {
    mentions.push_back(user_json(state, source->author));
  }
}

void count_in_channel(world_state& state, channel_record& channel, const message_record& message) {
  channel.last_message = message.message;
  if (!channel.thread) return;
  auto& thread = *channel.thread;
  ++thread.message_count;
  ++thread.total_message_sent;
  if (find_user(state, message.author) != nullptr) {
    thread.members.try_emplace(message.author, state.clock.wall_now());
  }
}

message_record& keep(world_state& state, channel_record& channel, message_record message) {
  const id which = message.message;
  const bool ephemeral =
      (static_cast<bits>(int_field(message.fields, "flags")) & message_flag::ephemeral) != 0;
  if (ephemeral) {
    auto& hidden = state.ephemeral_messages;
    if (hidden.size() >= ephemeral_messages_kept) hidden.erase(hidden.begin());
    return hidden.insert_or_assign(which, std::move(message)).first->second;
  }
  count_in_channel(state, channel, message);
  if (channel.messages.size() >= state.settings.messages_per_channel && !channel.messages.empty()) {
    channel.messages.erase(channel.messages.begin());
  }
  return channel.messages.insert_or_assign(which, std::move(message)).first->second;
}

void publish_message(world_state& state, const message_record& message, std::string_view type) {
  const auto* const channel = find_channel(state, message.channel);
  if (channel == nullptr) return;
  auto data = message_event_json(state, message);
  if ((static_cast<bits>(int_field(message.fields, "flags")) & message_flag::ephemeral) != 0) {
    publish_bot(state, id_field(message.fields, "application_id"), 0, type, std::move(data),
                intent::direct_messages);
    return;
  }
  publish_channel(state, *channel, type, data, intent::guild_messages, intent::direct_messages, true);
}

// In ids, whose upper bits are milliseconds; what is minted stays unique.
id days_before(int days) {
  return static_cast<id>(std::chrono::milliseconds(std::chrono::days(days)).count()) << 22U;
}

}  // namespace

message_record& create_message(world_state& state, channel_record& channel, message_draft draft) {
  message_record message;
  message.message = state.mint_id() - days_before(draft.days_old);
  message.channel = channel.channel;
  message.guild = channel.guild;
  message.author = draft.author;
  message.fields = default_fields(state, channel, message.message, draft);
  for (const auto& field : draft.fields) message.fields[field.key()] = field.value();
  normalize_message(message.fields);
  if (draft.webhook != 0) message.fields["webhook_id"] = id_text(draft.webhook);
  if (draft.application != 0) message.fields["application_id"] = id_text(draft.application);
  if (!draft.interaction_metadata.empty())
    message.fields["interaction_metadata"] = draft.interaction_metadata;
  apply_mentions(state, channel, draft.author, message.fields, draft.allowed_mentions,
                 draft.users_only_by_default);
  add_reference(state, message, draft);
  if (channel.thread) message.fields["position"] = channel.thread->total_message_sent;
  auto& kept = keep(state, channel, std::move(message));
  publish_message(state, kept, "MESSAGE_CREATE");
  return kept;
}

void publish_message_update(world_state& state, const message_record& message) {
  publish_message(state, message, "MESSAGE_UPDATE");
}

void update_message(world_state& state, message_record& message, const json::object& changes, bool edited) {
  std::optional<json::object> allowed;
  for (const auto& field : changes) {
    if (field.key() == "allowed_mentions") {
      if (const auto* const given = field.value().if_object()) allowed = *given;
      continue;
    }
    const bool list = field.key() == "embeds" || field.key() == "components" || field.key() == "attachments";
    message.fields[field.key()] =
        list && field.value().is_null() ? json::value(json::array()) : field.value();
  }
  if (message.fields["content"].is_null()) message.fields["content"] = "";
  normalize_message(message.fields);
  if (edited) message.fields["edited_timestamp"] = timestamp(state.clock.wall_now());
  if (const auto* const channel = find_channel(state, message.channel)) {
    apply_mentions(state, *channel, message.author, message.fields, allowed,
                   message.fields.contains("webhook_id"));
  }
  publish_message_update(state, message);
}

void delete_message(world_state& state, channel_record& channel, id message) {
  if (channel.messages.erase(message) == 0) return;
  if (channel.thread) --channel.thread->message_count;
  json::object data{{"id", id_text(message)}, {"channel_id", id_text(channel.channel)}};
  if (channel.guild != 0) data["guild_id"] = id_text(channel.guild);
  publish_channel(state, channel, "MESSAGE_DELETE", data, intent::guild_messages, intent::direct_messages);
}

void delete_messages(world_state& state, channel_record& channel, const std::vector<id>& messages) {
  json::array gone;
  for (const id message : messages) {
    if (channel.messages.erase(message) != 0) gone.emplace_back(id_text(message));
  }
  if (gone.empty()) return;
  if (channel.thread) channel.thread->message_count -= static_cast<int>(gone.size());
  const json::object data{{"ids", std::move(gone)},
                          {"channel_id", id_text(channel.channel)},
                          {"guild_id", id_text(channel.guild)}};
  publish_channel(state, channel, "MESSAGE_DELETE_BULK", data, intent::guild_messages,
                  intent::direct_messages);
}

}  // namespace guildfleet::sim
