#include "features/member_log/log_commands.hpp"

#include "discord/interactions/custom_id.hpp"
#include "features/answers.hpp"
#include "features/guild_preferences.hpp"
#include "features/member_log/member_log.hpp"
#include "features/member_log/member_log_texts.hpp"
#include "features/permission_checks.hpp"
#include "features/permission_names.hpp"
#include "features/replies.hpp"
#include "features/setting_notes.hpp"
#include "settings/error.hpp"
#include "settings/show.hpp"

namespace guildfleet::features::member_logs {
namespace {

namespace texts = member_log_texts;
namespace json = boost::json;

constexpr std::string_view own_name = "member-log";
constexpr int longest_text = 1'000;

discord::modal_field input_of(std::string id, const text& label, language in, const std::string& value) {
  discord::text_input input{.custom_id = std::move(id),
                            .paragraph = true,
                            .max_length = longest_text,
                            .required = false,
                            .value = value};
  return {.label = std::string(label.in(in)), .description = texts::form_hint.format(in), .input = input};
}

void put_text(json::object& values, std::string_view key, const std::string& text) {
  if (text.empty()) {
    values.erase(key);
  } else {
    values[key] = text;
  }
}

std::string names_note(const std::string& written, language in) {
  const std::string note = placeholders_note(*texts::schema.find("join_text"), written, in);
  return note.empty() ? note : "\n" + note;
}

}  // namespace

std::vector<discord::command_definition> commands() {
  discord::command_definition root = localized_command(texts::root, texts::root_description);
  root.default_member_permissions = discord::permission::manage_guild;
  auto channel = localized_option(discord::option_type::channel, texts::channel_value,
                                  texts::channel_value_description, true);
  channel.channel_types = {discord::channel_type::text, discord::channel_type::announcement};
  root.options = {
      localized_sub_command(texts::channel_name, texts::channel_description, {std::move(channel)}),
      localized_sub_command(texts::off, texts::off_description),
      localized_sub_command(texts::texts_name, texts::texts_description),
      localized_sub_command(texts::preview, texts::preview_description),
      localized_sub_command(texts::status, texts::status_description)};
  return {std::move(root)};
}

net::task<> log_commands::on_command(interaction_call call) {
  const std::string& path = call.what->command()->path;
  const language user = call.user_language();
  if (call.what->guild.empty()) {
    co_await say(call, std::string(texts::server_only.in(user)));
    co_return;
  }
  if (path == "member-log channel") {
    co_await set_channel(call);
    co_return;
  }
  if (path == "member-log off") {
    co_await switch_off(call);
    co_return;
  }
  auto now = co_await services_.settings.get(call.what->guild, std::string(own_name));
  if (!now) {
    co_await say(call, std::string(texts::settings_unreadable.in(user)));
  } else if (path == "member-log texts") {
    co_await show_form(call, options_of(now->values));
  } else if (path == "member-log preview") {
    co_await preview(call, options_of(now->values));
  } else if (path == "member-log status") {
    co_await status(call, std::move(*now));
  }
}

net::task<> log_commands::set_channel(interaction_call call) {
  const language user = call.user_language();
  const discord::channel_id chosen{call.what->command()->id_of("channel").value_or(0)};
  const auto obstacle = obstacle_to_send(services_.guilds, call.what->guild, chosen,
                                         services_.clock.wall_now(), to_send_embeds);
  if (obstacle) {
    co_await say(call, told(*obstacle, chosen, user));
    co_return;
  }
  const auto outcome = co_await services_.settings.edit(
      call.what->guild, std::string(own_name), author_of(call, store::change_origin::command),
      [chosen](json::object values) -> base::result<json::object> {
        values["channel"] = fmt::format("{}", chosen);
        return values;
      });
  const auto* done = outcome ? std::get_if<settings::changed>(&*outcome) : nullptr;
  if (done == nullptr) {
    co_await say(call, features::told(outcome, services_.settings.schemas(), texts::schema.feature, user));
    co_return;
  }
  const std::string channel = fmt::format("<#{}>", chosen);
  co_await say(call, texts::now_on.format(user, fmt::arg("channel", channel)) +
                         invites_note(call, options_of(done->now.values)));
}

std::string log_commands::invites_note(interaction_call call, const log_options& now) const {
  const discord::permission_set missing = desk_.missing_for_invites(call.what->guild);
  if (!now.invites || missing.empty()) return {};
  const language user = call.user_language();
  const std::string names = names_of(missing, user);
  return "\n" + texts::lacks_invites.format(user, fmt::arg("permission", names));
}

net::task<> log_commands::switch_off(interaction_call call) {
  const auto outcome = co_await services_.settings.edit(
      call.what->guild, std::string(own_name), author_of(call, store::change_origin::command),
      [](json::object values) -> base::result<json::object> {
        values.erase("channel");
        return values;
      });
  const bool done = outcome && std::holds_alternative<settings::changed>(*outcome);
  const language user = call.user_language();
  co_await say(call,
               done ? std::string(texts::now_off.in(user))
                    : features::told(outcome, services_.settings.schemas(), texts::schema.feature, user));
}

net::task<> log_commands::show_form(interaction_call call, log_options now) {
  const language user = call.user_language();
  discord::modal form;
  form.custom_id = discord::encode({std::string(own_name), features::member_log.component_version, "texts",
                                    mark_of(now.join_text, now.leave_text)})
                       .value_or(std::string());
  form.title = texts::form_title.in(user);
  form.fields = {input_of("join", texts::join_label, user, now.join_text),
                 input_of("leave", texts::leave_label, user, now.leave_text)};
  (void)co_await call.answers->show(std::move(form));
}

net::task<> log_commands::on_form(interaction_call call, discord::custom_id id) {
  const language user = call.user_language();
  const discord::modal_data* answer = call.what->modal_answer();
  if (answer == nullptr) co_return;
  const std::string join(answer->value("join"));
  const std::string leave(answer->value("leave"));
  const std::string seen = id.payload;
  const auto outcome = co_await services_.settings.edit(
      call.what->guild, std::string(own_name), author_of(call, store::change_origin::command),
      [join, leave, seen](json::object values) -> base::result<json::object> {
        const log_options now = options_of(values);
        if (mark_of(now.join_text, now.leave_text) != seen)
          return base::fail(settings::settings_error::changed_since, std::string(own_name));
        put_text(values, "join_text", join);
        put_text(values, "leave_text", leave);
        return values;
      });
  if (!outcome && outcome.error().code() == settings::settings_error::changed_since) {
    // Each at its longest fits into a message, both would not.
    co_await say(call, fmt::format("{}\n>>> {}", texts::changed_meanwhile.in(user), join));
    if (!leave.empty()) (void)co_await call.answers->follow_up(private_message(">>> " + leave));
    co_return;
  }
  if (!outcome || !std::holds_alternative<settings::changed>(*outcome)) {
    co_await say(call, features::told(outcome, services_.settings.schemas(), texts::schema.feature, user));
    co_return;
  }
  co_await say(call, std::string(texts::saved.in(user)) + names_note(join + leave, user));
}

net::task<> log_commands::preview(interaction_call call, log_options now) {
  const discord::guild_id guild = call.what->guild;
  const guild_preferences server = co_await preferences_of(services_.settings, services_.guilds, guild);
  const discord::guild_record* record = services_.guilds.find_guild(guild);
  const std::string name(record == nullptr ? std::string_view() : record->name());
  const log_words words{.server = name, .in = server.posts};
  entry event{.user = call.what->user,
              .name = call.what->user_name,
              .at = services_.clock.wall_now(),
              .members = record == nullptr ? 0 : record->member_count};
  const used_invites example{.used = {{"example", call.what->user, 1, 1}}, .certain = true};
  discord::message_body join = message_of(event, example, now, words);
  join.flags = discord::message_flags::ephemeral;
  event.kind = entry_kind::leave;
  event.joined = event.at - std::chrono::days(30);
  discord::message_body leave = message_of(event, {}, now, words);
  leave.flags = discord::message_flags::ephemeral;
  const auto shown = co_await call.answers->reply(std::move(join));
  if (shown) (void)co_await call.answers->follow_up(std::move(leave));
}

net::task<> log_commands::status(interaction_call call, settings::current_settings now) {
  const language user = call.user_language();
  const log_options options = options_of(now.values);
  std::string out = settings::show(texts::schema, now.values, user);
  if (options.channel.empty()) {
    out += fmt::format("\n{}", texts::is_off.in(user));
  } else if (const auto obstacle = obstacle_to_send(services_.guilds, call.what->guild, options.channel,
                                                    services_.clock.wall_now(), to_send_embeds)) {
    out += "\n" + told(*obstacle, options.channel, user);
  }
  out += invites_note(call, options);
  co_await say(call, std::move(out));
}

}  // namespace guildfleet::features::member_logs
