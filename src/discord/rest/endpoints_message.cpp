// Messages, reactions and pins.
#include "discord/rest/endpoint_parts.hpp"
#include "discord/rest/endpoints.hpp"

namespace guildfleet::discord::endpoints {
namespace {

void add_page(request& to, const page& page) {
  add_query(to, "limit", std::to_string(page.limit));
  if (page.before != 0) {
    add_query(to, "before", std::to_string(page.before));
  } else if (page.after != 0) {
    add_query(to, "after", std::to_string(page.after));
  } else if (page.around != 0) {
    add_query(to, "around", std::to_string(page.around));
  }
}

base::result<request> with_files(base::result<request> made, std::vector<upload> files) {
  if (made) made->files = std::move(files);
  return made;
}

}  // namespace

request get_messages(channel_id channel, page page) {
  request made = make_request(routes::get_messages, {text_of(channel)});
  add_page(made, page);
  return made;
}

request get_message(channel_id channel, message_id message) {
  return make_request(routes::get_message, {text_of(channel), text_of(message)});
}

base::result<request> create_message(channel_id channel, const message_body& body,
                                     std::vector<upload> files) {
  request made = in_message_order(make_request(routes::create_message, {text_of(channel)}));
  made.has_nonce = !body.nonce.empty();
  return with_files(with_checked_body(std::move(made), to_json(body)), std::move(files));
}

base::result<request> edit_message(channel_id channel, message_id message, const message_edit& edit,
                                   std::vector<upload> files) {
  request made = in_message_order(make_request(routes::edit_message, {text_of(channel), text_of(message)}));
  return with_files(with_checked_body(std::move(made), to_json(edit)), std::move(files));
}

request delete_message(channel_id channel, message_id message, std::string reason) {
  return with_reason(make_request(routes::delete_message, {text_of(channel), text_of(message)}),
                     std::move(reason));
}

base::result<request> bulk_delete(channel_id channel, const std::vector<message_id>& messages,
                                  std::string reason) {
  return with_checked_body(
      with_reason(make_request(routes::bulk_delete_messages, {text_of(channel)}), std::move(reason)),
      bulk_delete_json(messages));
}

request crosspost(channel_id channel, message_id message) {
  return in_message_order(make_request(routes::crosspost_message, {text_of(channel), text_of(message)}));
}

request add_reaction(channel_id channel, message_id message, std::string_view emoji) {
  request made = make_request(routes::add_reaction, {text_of(channel), text_of(message), emoji});
  // Readers see reactions in the order they were added.
  made.order_key = "reactions/" + text_of(message);
  return made;
}

request remove_own_reaction(channel_id channel, message_id message, std::string_view emoji) {
  request made = make_request(routes::remove_own_reaction, {text_of(channel), text_of(message), emoji});
  made.order_key = "reactions/" + text_of(message);
  return made;
}

request remove_reaction(channel_id channel, message_id message, std::string_view emoji, user_id user) {
  return make_request(routes::remove_reaction, {text_of(channel), text_of(message), emoji, text_of(user)});
}

request remove_all_reactions(channel_id channel, message_id message) {
  return make_request(routes::remove_all_reactions, {text_of(channel), text_of(message)});
}

request get_reactions(channel_id channel, message_id message, std::string_view emoji, page page) {
  request made = make_request(routes::get_reactions, {text_of(channel), text_of(message), emoji});
  add_page(made, page);
  return made;
}

request get_pins(channel_id channel) {
  return make_request(routes::get_pins, {text_of(channel)});
}

request pin(channel_id channel, message_id message, std::string reason) {
  return with_reason(make_request(routes::pin_message, {text_of(channel), text_of(message)}),
                     std::move(reason));
}

request unpin(channel_id channel, message_id message, std::string reason) {
  return with_reason(make_request(routes::unpin_message, {text_of(channel), text_of(message)}),
                     std::move(reason));
}

request trigger_typing(channel_id channel) {
  return make_request(routes::trigger_typing, {text_of(channel)});
}

request get_audit_log(guild_id guild, int action, user_id user, page page) {
  request made = make_request(routes::get_audit_log, {text_of(guild)});
  if (action != 0) add_query(made, "action_type", std::to_string(action));
  if (!user.empty()) add_query(made, "user_id", text_of(user));
  add_page(made, page);
  return made;
}

}  // namespace guildfleet::discord::endpoints
