// Messages and pins (protocol sheet 3.5).
#include <array>
#include <fmt/format.h>

#include "sim/rest/message_form.hpp"
#include "sim/rest/router.hpp"
#include "sim/world/channels.hpp"

namespace guildfleet::sim {

namespace {

using namespace std::chrono_literals;

constexpr auto nonce_memory = 5min;

bool holds_messages(const channel_record& channel) {
  return channel.type != channel_type::category && channel.type != channel_type::forum;
}

bits send_permission(const channel_record& channel) {
  return channel.thread ? permission::send_messages_in_threads : permission::send_messages;
}

// Who asks for a message later is not told its nonce: who posts it is, and who hears its event.
json::object stored_message_json(call& c, const message_record& message) {
  json::object out = message_json(c.state, message, c.self());
  out.erase("nonce");
  return out;
}

reply list_messages(call& c) {
  const auto channel = channel_for(c, c.param(0));
  if (!channel) return channel.error();
  const auto limit = c.query_limit({1, 100}, 50);
  if (!limit) return limit.error();
  json::array out;
  if (!allowed(c, **channel, permission::read_message_history)) return ok(std::move(out));
  const auto& messages = (*channel)->messages;
  auto newest = messages.end();
  std::size_t left = *limit;
  if (const auto before = c.query_id("before")) newest = messages.lower_bound(*before);
  if (const auto around = c.query_id("around")) {
    newest = messages.upper_bound(*around);
    for (std::size_t i = 0; i < *limit / 2 && newest != messages.end(); ++i) ++newest;
  }
  if (const auto after = c.query_id("after")) {
    newest = messages.upper_bound(*after);
    std::size_t found = 0;
    for (; found < *limit && newest != messages.end(); ++found) ++newest;
    left = found;
  }
  for (auto at = newest; at != messages.begin() && left > 0; --left) {
    --at;
    out.push_back(stored_message_json(c, at->second));
  }
  return ok(std::move(out));
}

reply get_message(call& c) {
  const auto channel = channel_for(c, c.param(0), permission::read_message_history);
  if (!channel) return channel.error();
  const auto message = message_for(c, **channel, c.param(1));
  return message ? ok(stored_message_json(c, **message)) : message.error();
}

// What the fields need beyond sending.
std::optional<reply> check_extras(call& c, const channel_record& channel, const message_draft& draft) {
  const auto& fields = draft.fields;
  if (fields.contains("attachments") && !allowed(c, channel, permission::attach_files)) return refuse(50013);
  if (bool_field(fields, "tts") && !allowed(c, channel, permission::send_tts_messages)) return refuse(50013);
  if (fields.contains("poll") && !allowed(c, channel, permission::send_polls)) return refuse(50013);
  return std::nullopt;
}

// Completes a reply or a forward; refuses what may not be referenced.
std::optional<reply> check_reference(call& c, const channel_record& channel, message_draft& draft) {
  auto* const given = draft.fields.if_contains("message_reference");
  if (given == nullptr || !given->is_object()) return std::nullopt;
  auto& reference = given->get_object();
  const bool forward = int_field(reference, "type") == 1;
  const id source_channel = forward ? id_field(reference, "channel_id") : channel.channel;
  const auto* const source = find_message(c.state, source_channel == 0 ? channel.channel : source_channel,
                                          id_field(reference, "message_id"));
  if (forward) {
    const auto* const from = find_channel(c.state, source_channel);
    if (from == nullptr || !allowed(c, *from, permission::view_channel | permission::read_message_history))
      return refuse(160014);
  } else {
    draft.type = 19;
    if (!allowed(c, channel, permission::read_message_history)) return refuse(160002);
  }
  if (source == nullptr && (forward || bool_field(reference, "fail_if_not_exists", true))) {
    form_errors errors;
    errors.add("message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message");
    return errors.to_reply();
  }
  json::object complete{{"type", forward ? 1 : 0},
                        {"channel_id", id_text(source_channel)},
                        {"message_id", id_text(id_field(reference, "message_id"))}};
  if (channel.guild != 0) complete["guild_id"] = id_text(channel.guild);
  reference = std::move(complete);
  return std::nullopt;
}

std::string nonce_key(const call& c, const json::value& nonce) {
  return fmt::format("{}|{}", c.self(), json::serialize(nonce));
}

// The message that the same bot made with this nonce a moment ago; counts what the report tells.
const message_record* remembered(call& c, const json::object& fields) {
  const auto* const nonce = fields.if_contains("nonce");
  if (nonce == nullptr) return nullptr;
  const auto found = c.memory.nonces.find(nonce_key(c, *nonce));
  if (found == c.memory.nonces.end()) return nullptr;
  const bool fresh = c.state.clock.steady_now() - found->second.when <= nonce_memory;
  auto* const message = find_message(c.state, found->second.channel, found->second.message);
  if (!fresh || message == nullptr || !bool_field(c.object(), "enforce_nonce")) {
    ++c.memory.duplicate_nonces;
    return nullptr;
  }
  ++c.memory.deduplicated_nonces;
  return message;
}

void remember(call& c, const message_record& message) {
  const auto* const nonce = message.fields.if_contains("nonce");
  if (nonce == nullptr) return;
  const auto now = c.state.clock.steady_now();
  if (c.memory.nonces.size() > 100'000) {
    std::erase_if(c.memory.nonces, [&](const auto& entry) { return now - entry.second.when > nonce_memory; });
  }
  c.memory.nonces[nonce_key(c, *nonce)] = {message.channel, message.message, now};
}

reply post_message(call& c) {
  const auto found = channel_for(c, c.param(0));
  if (!found) return found.error();
  auto& channel = **found;
  if (!holds_messages(channel)) return refuse(50008);
  if (!allowed(c, channel, send_permission(channel))) return refuse(50013);
  if (channel.thread && channel.thread->locked && !allowed(c, channel, permission::manage_threads))
    return refuse(160005);
  auto draft = read_message(c, c.object(), message_use::channel);
  if (!draft) return draft.error();
  if (auto refused = check_extras(c, channel, *draft)) return *refused;
  if (auto refused = check_reference(c, channel, *draft)) return *refused;
  if (const auto* const earlier = remembered(c, draft->fields))
    return ok(message_json(c.state, *earlier, c.self()));
  if (channel.thread && channel.thread->archived) {
    channel.thread->archived = false;
    channel.thread->archive_changed = c.state.clock.wall_now();
    channel_changed(c.state, channel, c.by(), 111, {});
  }
  draft->author = c.self();
  const auto& message = create_message(c.state, channel, std::move(*draft));
  remember(c, message);
  return ok(message_json(c.state, message, c.self()));
}

reply patch_message(call& c) {
  const auto channel = channel_for(c, c.param(0));
  if (!channel) return channel.error();
  const auto message = message_for(c, **channel, c.param(1));
  if (!message) return message.error();
  const bool own = (*message)->author == c.self();
  const bool only_flags = c.object().size() == 1 && c.object().contains("flags");
  if (!own && !only_flags) return refuse(50005);
  if (!own && !allowed(c, **channel, permission::manage_messages)) return refuse(50013);
  const auto changes = read_edit(c, c.object(), **message);
  if (!changes) return changes.error();
  update_message(c.state, **message, *changes, own && !only_flags);
  return ok(message_json(c.state, **message, c.self()));
}

reply remove_message(call& c) {
  const auto channel = channel_for(c, c.param(0));
  if (!channel) return channel.error();
  const auto message = message_for(c, **channel, c.param(1));
  if (!message) return message.error();
  const id author = (*message)->author;
  const bool own = author == c.self();
  if (!own && !allowed(c, **channel, permission::manage_messages)) return refuse(50013);
  const auto type = int_field((*message)->fields, "type");
  if ((type >= 1 && type <= 5) || type == 21) return refuse(50021);
  if (c.state.clock.wall_now() - created_at(c.param(1)) > std::chrono::days(14)) {
    const auto state = c.memory.sublimits.take(fmt::format("old-delete|{}|{}", c.self(), c.param(0)), 30,
                                               120s, c.state.clock.steady_now());
    if (!state.allowed) return sublimited(state.reset_after);
  }
  delete_message(c.state, **channel, c.param(1));
  auto* const guild = find_guild(c.state, (*channel)->guild);
  if (!own && guild != nullptr) {
    audit(c.state, *guild, c.by(),
          {.action = 72, .target = author, .options = {{"channel_id", c.params[0]}, {"count", "1"}}});
  }
  return no_content();
}

reply bulk_delete(call& c) {
  const auto channel = channel_for(c, c.param(0), permission::manage_messages);
  if (!channel) return channel.error();
  if ((*channel)->guild == 0) return refuse(50003);
  form_errors errors;
  const form body(c.object(), errors);
  body.require("messages");
  auto ids = body.ids("messages", {0, 1000});
  if (!errors.empty()) return errors.to_reply();
  std::ranges::sort(ids);
  const bool repeated = std::ranges::adjacent_find(ids) != ids.end();
  if (ids.size() < 2 || ids.size() > 100 || repeated) return refuse(50016);
  const auto now = c.state.clock.wall_now();
  for (const id message : ids) {
    if (now - created_at(message) > std::chrono::days(14)) return refuse(50034);
  }
  delete_messages(c.state, **channel, ids);
  audit(c.state, *find_guild(c.state, (*channel)->guild), c.by(),
        {.action = 73, .target = c.param(0), .options = {{"count", id_text(ids.size())}}});
  return no_content();
}

reply crosspost(call& c) {
  const auto channel = channel_for(c, c.param(0), permission::send_messages);
  if (!channel) return channel.error();
  if ((*channel)->type != channel_type::announcement) return refuse(50024);
  const auto message = message_for(c, **channel, c.param(1));
  if (!message) return message.error();
  (*message)->fields["flags"] = int_field((*message)->fields, "flags") | 1;
  publish_message_update(c.state, **message);
  return ok(message_json(c.state, **message, c.self()));
}

std::vector<message_record*> pinned_messages(channel_record& channel) {
  std::vector<message_record*> out;
  for (auto& [_, message] : channel.messages) {
    if (message.pinned_at) out.push_back(&message);
  }
  std::ranges::sort(out, [](const auto* a, const auto* b) { return a->pinned_at > b->pinned_at; });
  return out;
}

reply list_pins(call& c) {
  const auto channel = channel_for(c, c.param(0));
  if (!channel) return channel.error();
  const auto limit = c.query_limit({1, 50}, 50);
  if (!limit) return limit.error();
  const auto before = parse_timestamp(c.request.query_value("before").value_or(""));
  json::array items;
  bool more = false;
  for (const auto* const message : pinned_messages(**channel)) {
    if (before && *message->pinned_at >= *before) continue;
    more = items.size() >= *limit;
    if (more) break;
    items.push_back(json::object{{"pinned_at", timestamp(*message->pinned_at)},
                                 {"message", stored_message_json(c, *message)}});
  }
  return ok(json::object{{"items", std::move(items)}, {"has_more", more}});
}

reply list_pins_plainly(call& c) {
  const auto channel = channel_for(c, c.param(0));
  if (!channel) return channel.error();
  json::array out;
  for (const auto* const message : pinned_messages(**channel))
    out.push_back(stored_message_json(c, *message));
  return ok(std::move(out));
}

reply change_pin(call& c, bool pinned) {
  const auto channel = channel_for(c, c.param(0), permission::pin_messages);
  if (!channel) return channel.error();
  const auto message = message_for(c, **channel, c.param(1));
  if (!message) return message.error();
  if (pinned && pinned_messages(**channel).size() >= 250) return refuse(30003);
  set_pinned(c.state, **channel, **message, pinned, c.by());
  return no_content();
}

reply pin(call& c) {
  return change_pin(c, true);
}
reply unpin(call& c) {
  return change_pin(c, false);
}

reply typing(call& c) {
  const auto channel = channel_for(c, c.param(0));
  if (!channel) return channel.error();
  if (!allowed(c, **channel, send_permission(**channel))) return refuse(50013);
  publish_typing(c.state, **channel, c.self());
  return no_content();
}

reply expire_poll(call& c) {
  const auto channel = channel_for(c, c.param(0));
  if (!channel) return channel.error();
  const auto message = message_for(c, **channel, c.param(1));
  if (!message) return message.error();
  auto* const poll = (*message)->fields.if_contains("poll");
  if ((*message)->author != c.self() || poll == nullptr) return refuse(50005);
  poll->as_object()["results"].as_object()["is_finalized"] = true;
  publish_message_update(c.state, **message);
  return ok(message_json(c.state, **message, c.self()));
}

constexpr std::array table = {
    route{"GET", "/channels/{channel.id}/messages", list_messages},
    route{"GET", "/channels/{channel.id}/messages/{message.id}", get_message},
    route{"POST", "/channels/{channel.id}/messages", post_message},
    route{"PATCH", "/channels/{channel.id}/messages/{message.id}", patch_message},
    route{"DELETE", "/channels/{channel.id}/messages/{message.id}", remove_message},
    route{"POST", "/channels/{channel.id}/messages/bulk-delete", bulk_delete},
    route{"POST", "/channels/{channel.id}/messages/{message.id}/crosspost", crosspost},
    route{"GET", "/channels/{channel.id}/messages/pins", list_pins},
    route{"PUT", "/channels/{channel.id}/messages/pins/{message.id}", pin},
    route{"DELETE", "/channels/{channel.id}/messages/pins/{message.id}", unpin},
    route{"GET", "/channels/{channel.id}/pins", list_pins_plainly},
    route{"PUT", "/channels/{channel.id}/pins/{message.id}", pin},
    route{"DELETE", "/channels/{channel.id}/pins/{message.id}", unpin},
    route{"POST", "/channels/{channel.id}/typing", typing},
    route{"POST", "/channels/{channel.id}/polls/{message.id}/expire", expire_poll},
};

}  // namespace

std::span<const route> message_routes() {
  return table;
}

}  // namespace guildfleet::sim
