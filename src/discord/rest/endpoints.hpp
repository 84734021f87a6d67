// Every call that the program makes, as functions from typed parameters to a request. Bodies are JSON texts
// made by message_body.hpp, guild_bodies.hpp and interactions/. Which calls keep their order is decided here:
// messages of one channel, overwrites of one channel, one role of one member.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "discord/model/ids.hpp"
#include "discord/rest/guild_bodies.hpp"
#include "discord/rest/message_body.hpp"
#include "discord/rest/request.hpp"

namespace guildfleet::discord::endpoints {

// Application and gateway
[[nodiscard]] request get_gateway_bot();
[[nodiscard]] request get_application();
[[nodiscard]] request get_self();

// Commands; an empty guild means the global ones. `json`: one command, or an array for put_commands.
[[nodiscard]] request get_commands(application_id app, guild_id guild, bool with_localizations);
[[nodiscard]] request put_commands(application_id app, guild_id guild, std::string json);
[[nodiscard]] request create_command(application_id app, guild_id guild, std::string json);
[[nodiscard]] request delete_command(application_id app, guild_id guild, command_id command);

// Interactions
[[nodiscard]] request create_callback(interaction_id id, const base::secret& token, std::string json);
[[nodiscard]] request get_original(application_id app, const base::secret& token);
[[nodiscard]] request edit_original(application_id app, const base::secret& token, std::string json);
[[nodiscard]] request delete_original(application_id app, const base::secret& token);
[[nodiscard]] request create_followup(application_id app, const base::secret& token, std::string json);
[[nodiscard]] request edit_followup(application_id app, const base::secret& token, message_id message,
                                    std::string json);
[[nodiscard]] request delete_followup(application_id app, const base::secret& token, message_id message);

// Messages
struct page {
  int limit = 50;
  std::uint64_t before = 0;  // at most one of the three
  std::uint64_t after = 0;
  std::uint64_t around = 0;
};
// `emoji`: a Unicode emoji or "name:id".
[[nodiscard]] request get_messages(channel_id channel, page page);
[[nodiscard]] request get_message(channel_id channel, message_id message);
[[nodiscard]] base::result<request> create_message(channel_id channel, const message_body& body,
                                                   std::vector<upload> files = {});
[[nodiscard]] base::result<request> edit_message(channel_id channel, message_id message,
                                                 const message_edit& edit, std::vector<upload> files = {});
[[nodiscard]] request delete_message(channel_id channel, message_id message, std::string reason = {});
[[nodiscard]] base::result<request> bulk_delete(channel_id channel, const std::vector<message_id>& messages,
                                                std::string reason = {});
[[nodiscard]] request crosspost(channel_id channel, message_id message);
[[nodiscard]] request add_reaction(channel_id channel, message_id message, std::string_view emoji);
[[nodiscard]] request remove_own_reaction(channel_id channel, message_id message, std::string_view emoji);
[[nodiscard]] request remove_reaction(channel_id channel, message_id message, std::string_view emoji,
                                      user_id user);
[[nodiscard]] request remove_all_reactions(channel_id channel, message_id message);
[[nodiscard]] request get_reactions(channel_id channel, message_id message, std::string_view emoji,
                                    page page);
[[nodiscard]] request get_pins(channel_id channel);
[[nodiscard]] request pin(channel_id channel, message_id message, std::string reason = {});
[[nodiscard]] request unpin(channel_id channel, message_id message, std::string reason = {});
[[nodiscard]] request trigger_typing(channel_id channel);

// Channels, threads, invites
[[nodiscard]] request get_channel(channel_id channel);
[[nodiscard]] base::result<request> edit_channel(channel_id channel, const channel_body& body,
                                                 std::string reason = {});
[[nodiscard]] request delete_channel(channel_id channel, std::string reason = {});
[[nodiscard]] request put_overwrite(channel_id channel, const overwrite_body& body, std::string reason = {});
[[nodiscard]] request delete_overwrite(channel_id channel, std::uint64_t target, std::string reason = {});
[[nodiscard]] request put_voice_status(channel_id channel, std::string_view status, std::string reason = {});
[[nodiscard]] request get_channel_invites(channel_id channel);
[[nodiscard]] base::result<request> create_invite(channel_id channel, const invite_body& body,
                                                  std::string reason = {});
[[nodiscard]] request delete_invite(std::string_view code, std::string reason = {});
[[nodiscard]] base::result<request> create_thread(channel_id channel, const thread_body& body,
                                                  message_id from = {}, std::string reason = {});
[[nodiscard]] request join_thread(channel_id thread);
[[nodiscard]] request leave_thread(channel_id thread);
[[nodiscard]] request add_thread_member(channel_id thread, user_id user);
[[nodiscard]] request remove_thread_member(channel_id thread, user_id user);
[[nodiscard]] request get_active_threads(guild_id guild);

// Guilds
[[nodiscard]] request get_guild(guild_id guild, bool with_counts = false);
[[nodiscard]] request get_guild_channels(guild_id guild);
[[nodiscard]] base::result<request> create_channel(guild_id guild, const channel_body& body,
                                                   std::string reason = {});
[[nodiscard]] base::result<request> move_channels(guild_id guild, const std::vector<channel_move>& moves,
                                                  std::string reason = {});
[[nodiscard]] request get_members(guild_id guild, int limit, user_id after = {});
[[nodiscard]] request get_member(guild_id guild, user_id user);
[[nodiscard]] base::result<request> edit_member(guild_id guild, user_id user, const member_edit& edit,
                                                std::string reason = {});
[[nodiscard]] base::result<request> edit_own_member(guild_id guild, const member_edit& edit,
                                                    std::string reason = {});
[[nodiscard]] request kick(guild_id guild, user_id user, std::string reason = {});
[[nodiscard]] request add_role(guild_id guild, user_id user, role_id role, std::string reason = {});
[[nodiscard]] request remove_role(guild_id guild, user_id user, role_id role, std::string reason = {});
[[nodiscard]] request get_bans(guild_id guild, int limit, user_id after = {});
[[nodiscard]] request get_ban(guild_id guild, user_id user);
[[nodiscard]] base::result<request> ban(guild_id guild, user_id user, std::chrono::seconds delete_messages_of,
                                        std::string reason = {});
[[nodiscard]] request unban(guild_id guild, user_id user, std::string reason = {});
[[nodiscard]] request get_roles(guild_id guild);
[[nodiscard]] base::result<request> create_role(guild_id guild, const role_body& body,
                                                std::string reason = {});
[[nodiscard]] base::result<request> edit_role(guild_id guild, role_id role, const role_body& body,
                                              std::string reason = {});
[[nodiscard]] request delete_role(guild_id guild, role_id role, std::string reason = {});
[[nodiscard]] request move_role(guild_id guild, role_id role, int position, std::string reason = {});
[[nodiscard]] request get_guild_invites(guild_id guild);
// `action` 0: every type; `user` empty: everybody.
[[nodiscard]] request get_audit_log(guild_id guild, int action, user_id user, page page);
[[nodiscard]] request leave_guild(guild_id guild);

// Users, direct messages, webhooks
[[nodiscard]] request get_user(user_id user);
[[nodiscard]] request get_own_guilds(int limit, guild_id after = {});
[[nodiscard]] request open_dm(user_id recipient);
[[nodiscard]] base::result<request> create_webhook(channel_id channel, std::string_view name,
                                                   std::string reason = {});
[[nodiscard]] request get_channel_webhooks(channel_id channel);
[[nodiscard]] request delete_webhook(std::uint64_t webhook, std::string reason = {});
// The answer holds the message.
[[nodiscard]] request execute_webhook(std::uint64_t webhook, const base::secret& token, std::string json);

}  // namespace guildfleet::discord::endpoints
