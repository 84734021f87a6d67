#include "discord/gateway/close_code.hpp"

#include <fmt/format.h>
#include <string>

namespace guildfleet::discord {
namespace {

// "Server Members Intent (GUILD_MEMBERS), Message Content Intent (MESSAGE_CONTENT)"
std::string privileged_names(intent_set asked) {
  std::string text;
  for (const intent one : {intent::guild_members, intent::guild_presences, intent::message_content}) {
    if (!asked.has(one)) continue;
    if (!text.empty()) text += ", ";
    text += fmt::format("{} ({})", portal_switch_of(one), name_of(one));
  }
  return text.empty() ? "the privileged intents" : text;
}

}  // namespace

close_reaction react_to_close(std::uint16_t code) {
  using enum next_step;
  switch (code) {
    case 0:
      return {.step = resume, .name = "connection lost"};
    case 1000:
      return {.step = resume, .name = "normal closure"};
    case 1001:
      return {.step = resume, .name = "going away"};
    case 4000:
      return {.step = resume, .name = "unknown error"};
    case 4001:
      return {.step = resume, .back_off = true, .client_error = true, .name = "unknown opcode"};
    case 4002:
      return {.step = resume, .back_off = true, .client_error = true, .name = "decode error"};
    case 4003:
      return {.step = identify, .back_off = true, .client_error = true, .name = "not authenticated"};
    case 4004:
      return {.step = fatal, .name = "authentication failed"};
    case 4005:
      return {.step = identify, .back_off = true, .client_error = true, .name = "already authenticated"};
    case 4007:
      return {.step = identify, .name = "invalid sequence"};
    case 4008:
      return {.step = resume, .back_off = true, .name = "rate limited"};
    case 4009:
      return {.step = identify, .name = "session timed out"};
    case 4010:
      return {.step = fatal, .name = "invalid shard"};
    case 4011:
      return {.step = fatal, .name = "sharding required"};
    case 4012:
      return {.step = fatal, .name = "invalid API version"};
    case 4013:
      return {.step = fatal, .name = "invalid intents"};
    case 4014:
      return {.step = fatal, .name = "disallowed intents"};
    default:
      return {.step = resume, .back_off = true, .name = "unexpected close code"};
  }
}

base::error fatal_close_error(std::uint16_t code, intent_set asked, shard_id shard) {
  const std::string where = fmt::format("shard {}", shard);
  switch (code) {
    case 4004:
      return base::error(gateway_error::authentication_failed, where,
                         "Check the bot's token, where its configuration takes it from. If it was reset, "
                         "copy the new one from "
                         "https://discord.com/developers/applications, page Bot");
    case 4010:
      return base::error(
          gateway_error::invalid_shard, where,
          fmt::format("Shard {} of {} is not possible for this bot. Set shards to auto, or to a "
                      "multiple of the number that Discord recommends",
                      shard.index, shard.count));
    case 4011:
      return base::error(
          gateway_error::sharding_required, where,
          fmt::format("With {} shards one shard would have more than 2500 guilds. Raise the shard "
                      "count, or set shards to auto",
                      shard.count));
    case 4012:
      return base::error(gateway_error::invalid_api_version, where,
                         "Discord no longer accepts gateway version 10: update guildfleet");
    case 4013:
      return base::error(
          gateway_error::invalid_intents, where,
          fmt::format("The intents {} hold a bit that Discord does not know: update guildfleet, or take "
                      "the extra intents out of the configuration",
                      asked.bits()));
    default:
      return base::error(
          gateway_error::disallowed_intents, where,
          fmt::format("Switch on {} at https://discord.com/developers/applications, page Bot, section "
                      "Privileged Gateway Intents; or leave out the features that need it",
                      privileged_names(asked)));
  }
}

}  // namespace guildfleet::discord
