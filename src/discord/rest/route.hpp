// Routes of Discord's REST API as constants: what the limiter, the metrics and error texts need to know of a
// call without its parameters (protocol sheet 2.4, 3).
#pragma once

#include <cstdint>
#include <string_view>

namespace guildfleet::discord {

enum class http_method : std::uint8_t { get, post, put, patch, del };
[[nodiscard]] std::string_view name_of(http_method method);

// Facts about a route that change how it is sent.
struct route_traits {
  // How many of the template's first parameters are the major parameter (0, 1, or 2 for id + token).
  std::uint8_t majors = 0;
  // An interaction's endpoint or a webhook with token: no Authorization header, not in the global limit.
  bool without_bot_token = false;
  // Answers an interaction; a lease or the invalid-request guard never stops it (one answer is accepted
  // anyway).
  bool interaction = false;
  // Sent at once, without a bucket: each id and token is its own (trap 34).
  bool no_bucket = false;
  // Discord takes the first and refuses a second (40060), so a repeat does no harm whatever the method.
  bool taken_once = false;
  // X-Audit-Log-Reason is read.
  bool takes_reason = false;
};

struct route {
  std::string_view name;  // stable: metric label and log field
  http_method method = http_method::get;
  std::string_view path_template;  // "/channels/{channel}/messages/{message}"
  route_traits traits;

  // Repeating it does no second harm: GET, PUT, DELETE, and what is taken once.
  [[nodiscard]] constexpr bool repeatable() const {
    if (traits.taken_once) return true;
    return method != http_method::post && method != http_method::patch;
  }
};

namespace routes {
inline constexpr route_traits plain{};
inline constexpr route_traits major{.majors = 1};
inline constexpr route_traits major_reason{.majors = 1, .takes_reason = true};
inline constexpr route_traits reason_only{.takes_reason = true};
inline constexpr route_traits callback{
    .majors = 2, .without_bot_token = true, .interaction = true, .no_bucket = true, .taken_once = true};
inline constexpr route_traits interaction_webhook{
    .majors = 2, .without_bot_token = true, .interaction = true};
inline constexpr route_traits token_webhook{.majors = 2, .without_bot_token = true};

using enum http_method;

// Application and gateway
inline constexpr route get_gateway_bot{"get_gateway_bot", get, "/gateway/bot", plain};
inline constexpr route get_application{"get_application", get, "/applications/@me", plain};
inline constexpr route get_self{"get_self", get, "/users/@me", plain};

// Commands
inline constexpr route get_global_commands{"get_global_commands", get, "/applications/{application}/commands",
                                           plain};
inline constexpr route put_global_commands{"put_global_commands", put, "/applications/{application}/commands",
                                           plain};
inline constexpr route create_global_command{"create_global_command", post,
                                             "/applications/{application}/commands", plain};
inline constexpr route edit_global_command{"edit_global_command", patch,
                                           "/applications/{application}/commands/{command}", plain};
inline constexpr route delete_global_command{"delete_global_command", del,
                                             "/applications/{application}/commands/{command}", plain};
inline constexpr route get_guild_commands{"get_guild_commands", get,
                                          "/applications/{application}/guilds/{guild}/commands", plain};
inline constexpr route put_guild_commands{"put_guild_commands", put,
                                          "/applications/{application}/guilds/{guild}/commands", plain};
inline constexpr route create_guild_command{"create_guild_command", post,
                                            "/applications/{application}/guilds/{guild}/commands", plain};
inline constexpr route edit_guild_command{
    "edit_guild_command", patch, "/applications/{application}/guilds/{guild}/commands/{command}", plain};
inline constexpr route delete_guild_command{
    "delete_guild_command", del, "/applications/{application}/guilds/{guild}/commands/{command}", plain};

// Interactions
inline constexpr route create_callback{"create_callback", post,
                                       "/interactions/{interaction}/{token}/callback", callback};
inline constexpr route get_original{"get_original", get, "/webhooks/{application}/{token}/messages/@original",
                                    interaction_webhook};
inline constexpr route edit_original{
    "edit_original", patch, "/webhooks/{application}/{token}/messages/@original", interaction_webhook};
inline constexpr route delete_original{
    "delete_original", del, "/webhooks/{application}/{token}/messages/@original", interaction_webhook};
inline constexpr route create_followup{"create_followup", post, "/webhooks/{application}/{token}",
                                       interaction_webhook};
inline constexpr route edit_followup{
    "edit_followup", patch, "/webhooks/{application}/{token}/messages/{message}", interaction_webhook};
inline constexpr route delete_followup{
    "delete_followup", del, "/webhooks/{application}/{token}/messages/{message}", interaction_webhook};

// Messages
inline constexpr route get_messages{"get_messages", get, "/channels/{channel}/messages", major};
inline constexpr route get_message{"get_message", get, "/channels/{channel}/messages/{message}", major};
inline constexpr route create_message{"create_message", post, "/channels/{channel}/messages", major};
inline constexpr route edit_message{"edit_message", patch, "/channels/{channel}/messages/{message}", major};
inline constexpr route delete_message{"delete_message", del, "/channels/{channel}/messages/{message}",
                                      major_reason};
inline constexpr route bulk_delete_messages{"bulk_delete_messages", post,
                                            "/channels/{channel}/messages/bulk-delete", major_reason};
inline constexpr route crosspost_message{"crosspost_message", post,
                                         "/channels/{channel}/messages/{message}/crosspost", major};
inline constexpr route add_reaction{"add_reaction", put,
                                    "/channels/{channel}/messages/{message}/reactions/{emoji}/@me", major};
inline constexpr route remove_own_reaction{
    "remove_own_reaction", del, "/channels/{channel}/messages/{message}/reactions/{emoji}/@me", major};
inline constexpr route remove_reaction{
    "remove_reaction", del, "/channels/{channel}/messages/{message}/reactions/{emoji}/{user}", major};
inline constexpr route remove_all_reactions{"remove_all_reactions", del,
                                            "/channels/{channel}/messages/{message}/reactions", major};
inline constexpr route get_reactions{"get_reactions", get,
                                     "/channels/{channel}/messages/{message}/reactions/{emoji}", major};
inline constexpr route get_pins{"get_pins", get, "/channels/{channel}/messages/pins", major};
inline constexpr route pin_message{"pin_message", put, "/channels/{channel}/messages/pins/{message}",
                                   major_reason};
inline constexpr route unpin_message{"unpin_message", del, "/channels/{channel}/messages/pins/{message}",
                                     major_reason};
inline constexpr route trigger_typing{"trigger_typing", post, "/channels/{channel}/typing", major};

// Channels, threads, invites
inline constexpr route get_channel{"get_channel", get, "/channels/{channel}", major};
inline constexpr route edit_channel{"edit_channel", patch, "/channels/{channel}", major_reason};
inline constexpr route delete_channel{"delete_channel", del, "/channels/{channel}", major_reason};
inline constexpr route put_overwrite{"put_overwrite", put, "/channels/{channel}/permissions/{overwrite}",
                                     major_reason};
inline constexpr route delete_overwrite{"delete_overwrite", del,
                                        "/channels/{channel}/permissions/{overwrite}", major_reason};
inline constexpr route put_voice_status{"put_voice_status", put, "/channels/{channel}/voice-status",
                                        major_reason};
inline constexpr route get_channel_invites{"get_channel_invites", get, "/channels/{channel}/invites", major};
inline constexpr route create_invite{"create_invite", post, "/channels/{channel}/invites", major_reason};
inline constexpr route delete_invite{"delete_invite", del, "/invites/{code}", reason_only};
inline constexpr route create_thread_from_message{
    "create_thread_from_message", post, "/channels/{channel}/messages/{message}/threads", major_reason};
inline constexpr route create_thread{"create_thread", post, "/channels/{channel}/threads", major_reason};
inline constexpr route join_thread{"join_thread", put, "/channels/{channel}/thread-members/@me", major};
inline constexpr route leave_thread{"leave_thread", del, "/channels/{channel}/thread-members/@me", major};
inline constexpr route add_thread_member{"add_thread_member", put,
                                         "/channels/{channel}/thread-members/{user}", major};
inline constexpr route remove_thread_member{"remove_thread_member", del,
                                            "/channels/{channel}/thread-members/{user}", major};
inline constexpr route get_active_threads{"get_active_threads", get, "/guilds/{guild}/threads/active", major};

// Guilds
inline constexpr route get_guild{"get_guild", get, "/guilds/{guild}", major};
inline constexpr route get_guild_channels{"get_guild_channels", get, "/guilds/{guild}/channels", major};
inline constexpr route create_guild_channel{"create_guild_channel", post, "/guilds/{guild}/channels",
                                            major_reason};
inline constexpr route move_guild_channels{"move_guild_channels", patch, "/guilds/{guild}/channels",
                                           major_reason};
inline constexpr route get_members{"get_members", get, "/guilds/{guild}/members", major};
inline constexpr route get_member{"get_member", get, "/guilds/{guild}/members/{user}", major};
inline constexpr route edit_member{"edit_member", patch, "/guilds/{guild}/members/{user}", major_reason};
inline constexpr route edit_own_member{"edit_own_member", patch, "/guilds/{guild}/members/@me", major_reason};
inline constexpr route kick_member{"kick_member", del, "/guilds/{guild}/members/{user}", major_reason};
inline constexpr route add_member_role{"add_member_role", put, "/guilds/{guild}/members/{user}/roles/{role}",
                                       major_reason};
inline constexpr route remove_member_role{"remove_member_role", del,
                                          "/guilds/{guild}/members/{user}/roles/{role}", major_reason};
inline constexpr route get_bans{"get_bans", get, "/guilds/{guild}/bans", major};
inline constexpr route get_ban{"get_ban", get, "/guilds/{guild}/bans/{user}", major};
inline constexpr route create_ban{"create_ban", put, "/guilds/{guild}/bans/{user}", major_reason};
inline constexpr route remove_ban{"remove_ban", del, "/guilds/{guild}/bans/{user}", major_reason};
inline constexpr route get_roles{"get_roles", get, "/guilds/{guild}/roles", major};
inline constexpr route create_role{"create_role", post, "/guilds/{guild}/roles", major_reason};
inline constexpr route edit_role{"edit_role", patch, "/guilds/{guild}/roles/{role}", major_reason};
inline constexpr route delete_role{"delete_role", del, "/guilds/{guild}/roles/{role}", major_reason};
inline constexpr route move_roles{"move_roles", patch, "/guilds/{guild}/roles", major_reason};
inline constexpr route get_guild_invites{"get_guild_invites", get, "/guilds/{guild}/invites", major};
inline constexpr route get_audit_log{"get_audit_log", get, "/guilds/{guild}/audit-logs", major};
inline constexpr route leave_guild{"leave_guild", del, "/users/@me/guilds/{guild}", plain};

// Users, direct messages, webhooks
inline constexpr route get_user{"get_user", get, "/users/{user}", plain};
inline constexpr route get_own_guilds{"get_own_guilds", get, "/users/@me/guilds", plain};
inline constexpr route open_dm{"open_dm", post, "/users/@me/channels", plain};
inline constexpr route create_webhook{"create_webhook", post, "/channels/{channel}/webhooks", major_reason};
inline constexpr route get_channel_webhooks{"get_channel_webhooks", get, "/channels/{channel}/webhooks",
                                            major};
inline constexpr route delete_webhook{"delete_webhook", del, "/webhooks/{webhook}", major_reason};
inline constexpr route execute_webhook{"execute_webhook", post, "/webhooks/{webhook}/{token}", token_webhook};

}  // namespace routes
}  // namespace guildfleet::discord
