// Threads (protocol sheet 3.6).
#include <array>

#include "sim/rest/message_form.hpp"
#include "sim/rest/router.hpp"
#include "sim/world/channels.hpp"
#include "sim/world/messages.hpp"

namespace guildfleet::sim {

namespace {

or_reply<thread_draft> read_thread(call& c, int default_type) {
  form_errors errors;
  json::object taken;
  const form body(c.object(), errors);
  body.require("name");
  body.take_text("name", {1, 100}, taken);
  body.take_choice("auto_archive_duration", {60, 1440, 4320, 10'080}, taken);
  body.take_int("rate_limit_per_user", {0, 21'600}, taken, true);
  body.take_choice("type", {10, 11, 12}, taken);
  body.take_bool("invitable", taken);
  if (const auto* const tags = body.list("applied_tags", {0, 5})) taken["applied_tags"] = *tags;
  if (!errors.empty()) return std::unexpected(errors.to_reply());
  thread_draft out{.name = text_field(taken, "name"),
                   .type = static_cast<int>(int_field(taken, "type", default_type)),
                   .auto_archive_minutes = static_cast<int>(int_field(taken, "auto_archive_duration", 4320)),
                   .rate_limit_per_user = static_cast<int>(int_field(taken, "rate_limit_per_user")),
                   .invitable = bool_field(taken, "invitable", true)};
  if (const auto* const tags = array_field(taken, "applied_tags")) out.applied_tags = *tags;
  return out;
}

json::object shown_to(const call& c, const channel_record& thread) {
  auto out = channel_json(c.state, thread);
  const auto& members = thread.thread->members;
  if (const auto own = members.find(c.self()); own != members.end()) {
    out["member"] = thread_member_json(thread, c.self(), own->second);
  }
  return out;
}

reply from_message(call& c) {
  const auto channel = channel_for(c, c.param(0), permission::create_public_threads);
  if (!channel) return channel.error();
  if ((*channel)->thread ||
      ((*channel)->type != channel_type::text && (*channel)->type != channel_type::announcement))
    return refuse(50024);
  if (find_message(c.state, c.param(0), c.param(1)) == nullptr) return refuse(10008);
  if (find_channel(c.state, c.param(1)) != nullptr) return refuse(160004);
  auto draft = read_thread(c, channel_type::public_thread);
  if (!draft) return draft.error();
  draft->type = (*channel)->type == channel_type::announcement ? channel_type::announcement_thread
                                                               : channel_type::public_thread;
  draft->from_message = c.param(1);
  return created(shown_to(c, create_thread(c.state, **channel, *draft, c.by())));
}

reply in_forum(call& c, channel_record& forum) {
  if (!allowed(c, forum, permission::send_messages)) return refuse(50013);
  auto draft = read_thread(c, channel_type::public_thread);
  if (!draft) return draft.error();
  draft->type = channel_type::public_thread;
  const auto* const first = object_field(c.object(), "message");
  if (first == nullptr) {
    form_errors errors;
    errors.add("message", "BASE_TYPE_REQUIRED", "This field is required");
    return errors.to_reply();
  }
  auto message = read_message(c, *first, message_use::channel);
  if (!message) return message.error();
  auto& thread = create_thread(c.state, forum, *draft, c.by());
  const id which = thread.channel;
  message->author = c.self();
  const auto& posted = create_message(c.state, thread, std::move(*message));
  auto shown = shown_to(c, *find_channel(c.state, which));
  shown["message"] = message_json(c.state, posted, c.self());
  return created(std::move(shown));
}

reply without_message(call& c) {
  const auto channel = channel_for(c, c.param(0));
  if (!channel) return channel.error();
  if ((*channel)->type == channel_type::forum) return in_forum(c, **channel);
  if ((*channel)->thread ||
      ((*channel)->type != channel_type::text && (*channel)->type != channel_type::announcement))
    return refuse(50024);
  const auto draft = read_thread(c, channel_type::private_thread);
  if (!draft) return draft.error();
  const bool secret = draft->type == channel_type::private_thread;
  if (!allowed(c, **channel, secret ? permission::create_private_threads : permission::create_public_threads))
    return refuse(50013);
  return created(shown_to(c, create_thread(c.state, **channel, *draft, c.by())));
}

or_reply<channel_record*> thread_for(call& c) {
  const auto channel = channel_for(c, c.param(0));
  if (channel && !(*channel)->thread) return std::unexpected(refuse(50024));
  return channel;
}

reply join(call& c) {
  const auto thread = thread_for(c);
  if (!thread) return thread.error();
  if ((*thread)->thread->archived) return refuse(50083);
  add_thread_member(c.state, **thread, c.self());
  return no_content();
}

reply leave(call& c) {
  const auto thread = thread_for(c);
  if (!thread) return thread.error();
  remove_thread_member(c.state, **thread, c.self());
  return no_content();
}

reply add_member(call& c) {
  const auto thread = thread_for(c);
  if (!thread) return thread.error();
  if (find_user(c.state, c.param(1)) == nullptr) return refuse(10013);
  add_thread_member(c.state, **thread, c.param(1));
  return no_content();
}

reply remove_member(call& c) {
  const auto thread = thread_for(c);
  if (!thread) return thread.error();
  if (!allowed(c, **thread, permission::manage_threads) && (*thread)->thread->owner != c.self())
    return refuse(50013);
  remove_thread_member(c.state, **thread, c.param(1));
  return no_content();
}

reply get_member(call& c) {
  const auto thread = thread_for(c);
  if (!thread) return thread.error();
  const auto& members = (*thread)->thread->members;
  const auto found = members.find(c.param(1));
  return found == members.end() ? refuse(10007)
                                : ok(thread_member_json(**thread, found->first, found->second));
}

reply list_members(call& c) {
  const auto thread = thread_for(c);
  if (!thread) return thread.error();
  if ((c.bot->account.application_flags & application_flag::guild_members) == 0) return refuse(50001);
  json::array out;
  for (const auto& [user, joined] : (*thread)->thread->members) {
    auto entry = thread_member_json(**thread, user, joined);
    if (c.query_flag("with_member")) {
      const auto* const member = find_member(c.state.guilds.at((*thread)->guild), user);
      if (member != nullptr) entry["member"] = member_json(c.state, *member);
    }
    out.push_back(std::move(entry));
  }
  return ok(std::move(out));
}

// Threads that `wanted` picks, with the bot's own memberships.
template <class Predicate>
json::object thread_list(call& c, const guild_record& guild, Predicate wanted) {
  json::array threads;
  json::array members;
  for (const id which : guild.channels) {
    const auto& thread = c.state.channels.at(which);
    if (!thread.thread || !wanted(thread) || !allowed(c, thread, permission::view_channel)) continue;
    threads.push_back(shown_to(c, thread));
    const auto own = thread.thread->members.find(c.self());
    if (own != thread.thread->members.end())
      members.push_back(thread_member_json(thread, own->first, own->second));
  }
  return {{"threads", std::move(threads)}, {"members", std::move(members)}};
}

reply active(call& c) {
  const auto guild = guild_for(c, c.param(0));
  if (!guild) return guild.error();
  auto out = thread_list(c, **guild, [](const channel_record& thread) { return !thread.thread->archived; });
  out["has_more"] = false;
  return ok(std::move(out));
}

reply archived(call& c, bool secret, bool joined_only) {
  const auto channel = channel_for(c, c.param(0), permission::read_message_history);
  if (!channel) return channel.error();
  if (secret && !joined_only && !allowed(c, **channel, permission::manage_threads)) return refuse(50013);
  const auto limit = c.query_limit({1, 100}, 50);
  if (!limit) return limit.error();
  const auto text = c.request.query_value("before").value_or("");
  const auto before_time = parse_timestamp(text);
  const auto before_id = joined_only ? parse_id(text) : std::nullopt;
  std::size_t left = *limit;
  bool more = false;
  auto out = thread_list(c, c.state.guilds.at((*channel)->guild), [&](const channel_record& thread) {
    const auto& part = *thread.thread;
    const bool fits = thread.parent == c.param(0) && part.archived &&
                      (thread.type == channel_type::private_thread) == secret &&
                      (!joined_only || part.members.contains(c.self())) &&
                      (!before_id || thread.channel < *before_id) &&
                      (joined_only || !before_time || part.archive_changed < *before_time);
    if (fits && left == 0) more = true;
    if (!fits || left == 0) return false;
    --left;
    return true;
  });
  out["has_more"] = more;
  return ok(std::move(out));
}

reply archived_public(call& c) {
  return archived(c, false, false);
}
reply archived_private(call& c) {
  return archived(c, true, false);
}
reply archived_joined(call& c) {
  return archived(c, true, true);
}

constexpr std::array table = {
    route{"POST", "/channels/{channel.id}/messages/{message.id}/threads", from_message},
    route{"POST", "/channels/{channel.id}/threads", without_message},
    route{"PUT", "/channels/{channel.id}/thread-members/@me", join},
    route{"DELETE", "/channels/{channel.id}/thread-members/@me", leave},
    route{"PUT", "/channels/{channel.id}/thread-members/{user.id}", add_member},
    route{"DELETE", "/channels/{channel.id}/thread-members/{user.id}", remove_member},
    route{"GET", "/channels/{channel.id}/thread-members/{user.id}", get_member},
    route{"GET", "/channels/{channel.id}/thread-members", list_members},
    route{"GET", "/guilds/{guild.id}/threads/active", active},
    route{"GET", "/channels/{channel.id}/threads/archived/public", archived_public},
    route{"GET", "/channels/{channel.id}/threads/archived/private", archived_private},
    route{"GET", "/channels/{channel.id}/users/@me/threads/archived/private", archived_joined},
};

}  // namespace

std::span<const route> thread_routes() {
  return table;
}

}  // namespace guildfleet::sim
