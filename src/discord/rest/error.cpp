#include "discord/rest/error.hpp"

namespace guildfleet::discord {
namespace {

std::string_view own_sentence(rest_error value) {
  switch (value) {
    case rest_error::invalid_request:
      return "the request breaks a limit of Discord's API";
    case rest_error::queue_full:
      return "too many requests of this bot are waiting";
    case rest_error::deadline_passed:
      return "the deadline passed before the request could be sent";
    case rest_error::deadline_too_early:
      return "Discord's rate limit would hold the request beyond its deadline";
    case rest_error::invalid_request_share:
      return "this bot used up its share of invalid requests";
    case rest_error::bot_stopped:
      return "the bot is stopped because Discord refused its token";
    case rest_error::cancelled:
      return "the request was cancelled";
    case rest_error::not_permitted_now:
      return "the node may not act for this bot now";
    case rest_error::connection_failed:
      return "Discord could not be reached";
    case rest_error::blocked_by_cloudflare:
      return "Cloudflare blocked the request before Discord saw it";
    case rest_error::malformed_response:
      return "Discord's answer is not what its API describes";
    default:
      return {};
  }
}

std::string_view status_sentence(rest_error value) {
  switch (value) {
    case rest_error::bad_request:
      return "Discord refused the request as wrong";
    case rest_error::unauthorized:
      return "Discord refused the token";
    case rest_error::forbidden:
      return "Discord does not allow this";
    case rest_error::not_found:
      return "Discord does not know what the request names";
    case rest_error::rate_limited:
      return "Discord's rate limit was hit again and again";
    case rest_error::server_failed:
      return "Discord failed to handle the request";
    default:
      return {};
  }
}

std::string_view unknown_thing_sentence(rest_error value) {
  switch (value) {
    case rest_error::unknown_channel:
      return "the channel does not exist";
    case rest_error::unknown_guild:
      return "the server does not exist or the bot is not in it";
    case rest_error::unknown_invite:
      return "the invite does not exist";
    case rest_error::unknown_member:
      return "the user is not a member of the server";
    case rest_error::unknown_message:
      return "the message does not exist";
    case rest_error::unknown_overwrite:
      return "the channel has no such permission overwrite";
    case rest_error::unknown_role:
      return "the role does not exist";
    case rest_error::unknown_user:
      return "the user does not exist";
    case rest_error::unknown_emoji:
      return "the emoji does not exist";
    case rest_error::unknown_webhook:
      return "the webhook does not exist";
    case rest_error::unknown_ban:
      return "the user is not banned";
    case rest_error::unknown_interaction:
      return "the interaction is older than 3 seconds or does not exist";
    case rest_error::unknown_command:
      return "the command does not exist";
    default:
      return {};
  }
}

std::string_view refusal_sentence(rest_error value) {
  switch (value) {
    case rest_error::maximum_roles:
      return "the server has the largest number of roles";
    case rest_error::maximum_channels:
      return "the server has the largest number of channels";
    case rest_error::maximum_daily_commands:
      return "200 commands were created today";
    case rest_error::target_not_in_voice:
      return "the user is not in a voice channel";
    case rest_error::already_acknowledged:
      return "the interaction was answered already";
    case rest_error::missing_access:
      return "the bot cannot see this channel or server";
    case rest_error::empty_message:
      return "the message is empty";
    case rest_error::cannot_message_user:
      return "the user takes no direct messages from the bot";
    case rest_error::missing_permissions:
      return "the bot lacks a permission, or its highest role is too low";
    case rest_error::invalid_form_body:
      return "Discord found invalid fields";
    case rest_error::message_too_old_for_bulk_delete:
      return "a message is older than two weeks";
    case rest_error::archived_thread:
      return "the thread is archived";
    case rest_error::two_factor_required:
      return "the server demands two-factor authentication of the bot's owner";
    default:
      return {};
  }
}

}  // namespace

std::string_view sentence(rest_error value) {
  for (const auto part : {own_sentence, status_sentence, unknown_thing_sentence, refusal_sentence}) {
    const std::string_view text = part(value);
    if (!text.empty()) return text;
  }
  return "Discord answered with an error";
}

}  // namespace guildfleet::discord
