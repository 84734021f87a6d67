// Guilds, members, roles and bans.
#include "discord/rest/endpoint_parts.hpp"
#include "discord/rest/endpoints.hpp"

namespace guildfleet::discord::endpoints {
namespace {

// Writes to one thing of a guild (a member, a role) keep their order.
request ordered(request made, std::string_view kind, std::uint64_t id, std::string reason) {
  made.order_key = fmt::format("{}/{}/{}", kind, made.major, id);
  return with_reason(std::move(made), std::move(reason));
}

request role_of_member(const route& route, guild_id guild, user_id user, role_id role, std::string reason) {
  request made = make_request(route, {text_of(guild), text_of(user), text_of(role)});
  made.order_key = fmt::format("member_role/{}/{}/{}", guild, user, role);
  return with_reason(std::move(made), std::move(reason));
}

request listed(const route& route, guild_id guild, int limit, user_id after) {
  request made = make_request(route, {text_of(guild)});
  add_query(made, "limit", std::to_string(limit));
  if (!after.empty()) add_query(made, "after", text_of(after));
  return made;
}

}  // namespace

request get_guild(guild_id guild, bool with_counts) {
  request made = make_request(routes::get_guild, {text_of(guild)});
  if (with_counts) add_query(made, "with_counts", "true");
  return made;
}

request get_guild_channels(guild_id guild) {
  return make_request(routes::get_guild_channels, {text_of(guild)});
}

base::result<request> create_channel(guild_id guild, const channel_body& body, std::string reason) {
  return with_checked_body(
      with_reason(make_request(routes::create_guild_channel, {text_of(guild)}), std::move(reason)),
      to_json(body));
}

base::result<request> move_channels(guild_id guild, const std::vector<channel_move>& moves,
                                    std::string reason) {
  return with_checked_body(ordered(make_request(routes::move_guild_channels, {text_of(guild)}),
                                   "channel_order", 0, std::move(reason)),
                           to_json(moves));
}

request get_members(guild_id guild, int limit, user_id after) {
  return listed(routes::get_members, guild, limit, after);
}

request get_member(guild_id guild, user_id user) {
  return make_request(routes::get_member, {text_of(guild), text_of(user)});
}

base::result<request> edit_member(guild_id guild, user_id user, const member_edit& edit, std::string reason) {
  return with_checked_body(ordered(make_request(routes::edit_member, {text_of(guild), text_of(user)}),
                                   "member", user.value, std::move(reason)),
                           to_json(edit));
}

base::result<request> edit_own_member(guild_id guild, const member_edit& edit, std::string reason) {
  return with_checked_body(
      ordered(make_request(routes::edit_own_member, {text_of(guild)}), "member", 0, std::move(reason)),
      to_json(edit));
}

request kick(guild_id guild, user_id user, std::string reason) {
  return ordered(make_request(routes::kick_member, {text_of(guild), text_of(user)}), "member", user.value,
                 std::move(reason));
}

request add_role(guild_id guild, user_id user, role_id role, std::string reason) {
  return role_of_member(routes::add_member_role, guild, user, role, std::move(reason));
}

request remove_role(guild_id guild, user_id user, role_id role, std::string reason) {
  return role_of_member(routes::remove_member_role, guild, user, role, std::move(reason));
}

request get_bans(guild_id guild, int limit, user_id after) {
  return listed(routes::get_bans, guild, limit, after);
}

request get_ban(guild_id guild, user_id user) {
  return make_request(routes::get_ban, {text_of(guild), text_of(user)});
}

base::result<request> ban(guild_id guild, user_id user, std::chrono::seconds delete_messages_of,
                          std::string reason) {
  return with_checked_body(ordered(make_request(routes::create_ban, {text_of(guild), text_of(user)}), "ban",
                                   user.value, std::move(reason)),
                           ban_json(delete_messages_of));
}

request unban(guild_id guild, user_id user, std::string reason) {
  return ordered(make_request(routes::remove_ban, {text_of(guild), text_of(user)}), "ban", user.value,
                 std::move(reason));
}

request get_roles(guild_id guild) {
  return make_request(routes::get_roles, {text_of(guild)});
}

base::result<request> create_role(guild_id guild, const role_body& body, std::string reason) {
  return with_checked_body(
      with_reason(make_request(routes::create_role, {text_of(guild)}), std::move(reason)), to_json(body));
}

base::result<request> edit_role(guild_id guild, role_id role, const role_body& body, std::string reason) {
  return with_checked_body(ordered(make_request(routes::edit_role, {text_of(guild), text_of(role)}), "role",
                                   role.value, std::move(reason)),
                           to_json(body));
}

request delete_role(guild_id guild, role_id role, std::string reason) {
  return ordered(make_request(routes::delete_role, {text_of(guild), text_of(role)}), "role", role.value,
                 std::move(reason));
}

request move_role(guild_id guild, role_id role, int position, std::string reason) {
  return with_body(
      ordered(make_request(routes::move_roles, {text_of(guild)}), "role_order", 0, std::move(reason)),
      fmt::format(R"([{{"id":"{}","position":{}}}])", role, position));
}

request get_guild_invites(guild_id guild) {
  return make_request(routes::get_guild_invites, {text_of(guild)});
}

request leave_guild(guild_id guild) {
  return make_request(routes::leave_guild, {text_of(guild)});
}

}  // namespace guildfleet::discord::endpoints
