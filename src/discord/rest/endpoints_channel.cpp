// Channels, threads and invites.
#include "base/json_text.hpp"
#include "discord/rest/endpoint_parts.hpp"
#include "discord/rest/endpoints.hpp"

namespace guildfleet::discord::endpoints {
namespace {

request overwrite_call(const route& route, channel_id channel, std::uint64_t target, std::string reason) {
  request made = make_request(route, {text_of(channel), std::to_string(target)});
  made.order_key = fmt::format("overwrites/{}/{}", channel, target);
  return with_reason(std::move(made), std::move(reason));
}

}  // namespace

request get_channel(channel_id channel) {
  return make_request(routes::get_channel, {text_of(channel)});
}

base::result<request> edit_channel(channel_id channel, const channel_body& body, std::string reason) {
  request made = with_reason(make_request(routes::edit_channel, {text_of(channel)}), std::move(reason));
  // Two lines: a rename that waits ten minutes must not hold back a lock of the same channel.
  made.order_key = fmt::format("{}/{}", body.renames() ? "channel_name" : "channel", channel);
  if (body.renames()) made.hidden = &channel_name_limit;
  return with_checked_body(std::move(made), to_json(body));
}

request delete_channel(channel_id channel, std::string reason) {
  return with_reason(make_request(routes::delete_channel, {text_of(channel)}), std::move(reason));
}

request put_overwrite(channel_id channel, const overwrite_body& body, std::string reason) {
  return with_body(overwrite_call(routes::put_overwrite, channel, body.id, std::move(reason)), to_json(body));
}

request delete_overwrite(channel_id channel, std::uint64_t target, std::string reason) {
  return overwrite_call(routes::delete_overwrite, channel, target, std::move(reason));
}

request put_voice_status(channel_id channel, std::string_view status, std::string reason) {
  base::json_writer out;
  out.begin_object().key("status").string(status).end_object();
  request made = with_body(make_request(routes::put_voice_status, {text_of(channel)}), out.take());
  made.order_key = fmt::format("voice_status/{}", channel);
  return with_reason(std::move(made), std::move(reason));
}

request get_channel_invites(channel_id channel) {
  return make_request(routes::get_channel_invites, {text_of(channel)});
}

base::result<request> create_invite(channel_id channel, const invite_body& body, std::string reason) {
  return with_checked_body(
      with_reason(make_request(routes::create_invite, {text_of(channel)}), std::move(reason)), to_json(body));
}

request delete_invite(std::string_view code, std::string reason) {
  return with_reason(make_request(routes::delete_invite, {code}), std::move(reason));
}

base::result<request> create_thread(channel_id channel, const thread_body& body, message_id from,
                                    std::string reason) {
  request made = from.empty()
                     ? make_request(routes::create_thread, {text_of(channel)})
                     : make_request(routes::create_thread_from_message, {text_of(channel), text_of(from)});
  return with_checked_body(with_reason(std::move(made), std::move(reason)), to_json(body, !from.empty()));
}

request join_thread(channel_id thread) {
  return make_request(routes::join_thread, {text_of(thread)});
}
request leave_thread(channel_id thread) {
  return make_request(routes::leave_thread, {text_of(thread)});
}

request add_thread_member(channel_id thread, user_id user) {
  return make_request(routes::add_thread_member, {text_of(thread), text_of(user)});
}

request remove_thread_member(channel_id thread, user_id user) {
  return make_request(routes::remove_thread_member, {text_of(thread), text_of(user)});
}

request get_active_threads(guild_id guild) {
  return make_request(routes::get_active_threads, {text_of(guild)});
}

}  // namespace guildfleet::discord::endpoints
