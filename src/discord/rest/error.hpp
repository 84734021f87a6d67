// What can go wrong between a REST call and its answer.
#pragma once

#include <string_view>
#include <system_error>

#include "base/error_enum.hpp"

namespace guildfleet::discord {

// Values below 1000 are ours. Values from 10000 are Discord's own JSON error codes (protocol sheet 2.6); only
// those that callers act on are listed, others arrive as the value of their HTTP status class.
enum class rest_error {
  // before anything was sent
  invalid_request = 1,    // a limit of the protocol is broken; the context names the field
  queue_full,             // the bounded queue of this bot is full
  deadline_passed,        // the deadline passed while the request waited
  deadline_too_early,     // the rate limit's wait would end after the deadline
  invalid_request_share,  // this bot's share of invalid requests is used up
  bot_stopped,            // the token was refused earlier
  cancelled,              // our own side stopped
  not_permitted_now,      // the gate before the write refused (no lease)
  // on the wire
  connection_failed,
  blocked_by_cloudflare,  // an HTML or foreign answer with 403 or 429
  malformed_response,
  // by status, when the JSON code is not listed below
  bad_request = 400,
  unauthorized = 401,
  forbidden = 403,
  not_found = 404,
  rate_limited = 429,
  server_failed = 500,
  // Discord's codes
  unknown_channel = 10003,
  unknown_guild = 10004,
  unknown_invite = 10006,
  unknown_member = 10007,
  unknown_message = 10008,
  unknown_overwrite = 10009,
  unknown_role = 10011,
  unknown_user = 10013,
  unknown_emoji = 10014,
  unknown_webhook = 10015,
  unknown_ban = 10026,
  unknown_interaction = 10062,
  unknown_command = 10063,
  maximum_roles = 30005,
  maximum_channels = 30013,
  maximum_daily_commands = 30034,
  target_not_in_voice = 40032,
  already_acknowledged = 40060,
  missing_access = 50001,
  empty_message = 50006,
  cannot_message_user = 50007,
  missing_permissions = 50013,
  invalid_form_body = 50035,
  message_too_old_for_bulk_delete = 50034,
  archived_thread = 50083,
  two_factor_required = 60003,
};

[[nodiscard]] std::string_view sentence(rest_error value);
[[nodiscard]] inline std::error_code make_error_code(rest_error value) {
  return base::enum_error_code(value, "rest");
}

}  // namespace guildfleet::discord

template <>
struct std::is_error_code_enum<guildfleet::discord::rest_error> : std::true_type {};
