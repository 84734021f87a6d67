// Application, commands, interactions, users and webhooks.
#include "discord/rest/endpoint_parts.hpp"
#include "discord/rest/endpoints.hpp"

namespace guildfleet::discord::endpoints {
namespace {

// Commands of a guild or, without one, the global ones.
request commands_call(application_id app, guild_id guild, const route& global, const route& in_guild,
                      std::string_view command = {}) {
  const std::string owner = text_of(app);
  if (guild.empty()) {
    return command.empty() ? make_request(global, {owner}) : make_request(global, {owner, command});
  }
  const std::string place = text_of(guild);
  return command.empty() ? make_request(in_guild, {owner, place})
                         : make_request(in_guild, {owner, place, command});
}

}  // namespace

request get_gateway_bot() {
  return make_request(routes::get_gateway_bot);
}
request get_application() {
  return make_request(routes::get_application);
}
request get_self() {
  return make_request(routes::get_self);
}

request get_commands(application_id app, guild_id guild, bool with_localizations) {
  request made = commands_call(app, guild, routes::get_global_commands, routes::get_guild_commands);
  if (with_localizations) add_query(made, "with_localizations", "true");
  return made;
}

request put_commands(application_id app, guild_id guild, std::string json) {
  return with_body(commands_call(app, guild, routes::put_global_commands, routes::put_guild_commands),
                   std::move(json));
}

request create_command(application_id app, guild_id guild, std::string json) {
  return with_body(commands_call(app, guild, routes::create_global_command, routes::create_guild_command),
                   std::move(json));
}

request delete_command(application_id app, guild_id guild, command_id command) {
  return commands_call(app, guild, routes::delete_global_command, routes::delete_guild_command,
                       text_of(command));
}

request create_callback(interaction_id id, const base::secret& token, std::string json) {
  return with_body(make_request(routes::create_callback, {text_of(id), token.reveal()}), std::move(json));
}

request get_original(application_id app, const base::secret& token) {
  return make_request(routes::get_original, {text_of(app), token.reveal()});
}

request edit_original(application_id app, const base::secret& token, std::string json) {
  return in_message_order(
      with_body(make_request(routes::edit_original, {text_of(app), token.reveal()}), std::move(json)));
}

request delete_original(application_id app, const base::secret& token) {
  return in_message_order(make_request(routes::delete_original, {text_of(app), token.reveal()}));
}

request create_followup(application_id app, const base::secret& token, std::string json) {
  return in_message_order(
      with_body(make_request(routes::create_followup, {text_of(app), token.reveal()}), std::move(json)));
}

request edit_followup(application_id app, const base::secret& token, message_id message, std::string json) {
  return in_message_order(
      with_body(make_request(routes::edit_followup, {text_of(app), token.reveal(), text_of(message)}),
                std::move(json)));
}

request delete_followup(application_id app, const base::secret& token, message_id message) {
  return in_message_order(
      make_request(routes::delete_followup, {text_of(app), token.reveal(), text_of(message)}));
}

request get_user(user_id user) {
  return make_request(routes::get_user, {text_of(user)});
}

request get_own_guilds(int limit, guild_id after) {
  request made = make_request(routes::get_own_guilds);
  add_query(made, "limit", std::to_string(limit));
  if (!after.empty()) add_query(made, "after", text_of(after));
  return made;
}

request open_dm(user_id recipient) {
  return with_body(make_request(routes::open_dm), fmt::format(R"({{"recipient_id":"{}"}})", recipient));
}

base::result<request> create_webhook(channel_id channel, std::string_view name, std::string reason) {
  return with_checked_body(
      with_reason(make_request(routes::create_webhook, {text_of(channel)}), std::move(reason)),
      webhook_json(name));
}

request get_channel_webhooks(channel_id channel) {
  return make_request(routes::get_channel_webhooks, {text_of(channel)});
}

request delete_webhook(std::uint64_t webhook, std::string reason) {
  return with_reason(make_request(routes::delete_webhook, {std::to_string(webhook)}), std::move(reason));
}

request execute_webhook(std::uint64_t webhook, const base::secret& token, std::string json) {
  request made = with_body(make_request(routes::execute_webhook, {std::to_string(webhook), token.reveal()}),
                           std::move(json));
  // Without it a failed send may still look successful (3.8).
  add_query(made, "wait", "true");
  return in_message_order(std::move(made));
}

}  // namespace guildfleet::discord::endpoints
