#include "features/sticky/sticky_commands.hpp"

#include "features/answers.hpp"
#include "features/permission_checks.hpp"
#include "features/permission_names.hpp"
#include "features/replies.hpp"
#include "features/sticky/posted_record.hpp"
#include "features/sticky/sticky_texts.hpp"

namespace guildfleet::features {
namespace {

namespace texts = sticky_texts;
namespace json = boost::json;
using discord::option_type;

constexpr std::size_t shown_of_each = 100;  // characters, in the list
// Of a channel that the bot does not see nobody's permissions are known: they may have hidden it.
constexpr auto hidden_manager = discord::permission_set(discord::permission::manage_guild);

bool manages_hidden(const interaction_call& call) {
  const discord::permission_set held = call.what->member_permissions;
  return held.has(discord::permission::administrator) || hidden_manager.without(held).empty();
}

discord::option_definition short_text(const text& name, const text& description, std::size_t longest) {
  auto option = localized_option(option_type::string, name, description, false);
  option.max_length = static_cast<int>(longest);
  return option;
}

discord::option_definition channel_option() {
  auto option =
      localized_option(option_type::channel, texts::channel_option, texts::channel_description, false);
  option.channel_types = {discord::channel_type::text,           discord::channel_type::announcement,
                          discord::channel_type::voice,          discord::channel_type::public_thread,
                          discord::channel_type::private_thread, discord::channel_type::announcement_thread};
  return option;
}

discord::option_definition gone_option() {
  auto option = localized_option(option_type::string, texts::gone_option, texts::gone_description, false);
  option.autocomplete = true;
  return option;
}

std::string line_of(const sticky_message& message) {
  return clipped(plain(message.title.empty() ? message.text : message.title), shown_of_each);
}

std::vector<discord::option_definition> content_options() {
  return {short_text(texts::text_option, texts::text_description, longest_content),
          short_text(texts::title_option, texts::title_description, longest_sticky_title),
          short_text(texts::color_option, texts::color_description, 7), channel_option()};
}

std::string shown(discord::channel_id channel) {
  return fmt::format("<#{}>", channel);
}

std::string told(sticky_fault what, const sticky_message& message, language user) {
  switch (what) {
    case sticky_fault::empty:
      return std::string(texts::empty.in(user));
    case sticky_fault::no_color: {
      const std::string color = plain(message.color);
      return texts::no_color.format(user, fmt::arg("color", color));
    }
    case sticky_fault::text_too_long:
    case sticky_fault::title_too_long:
      break;
  }
  const bool of_text = what == sticky_fault::text_too_long;
  const std::string_view part = (of_text ? texts::text_part : texts::title_part).in(user);
  return texts::too_long.format(user, fmt::arg("part", part),
                                fmt::arg("most", of_text ? longest_content : longest_sticky_title));
}

sticky_parts parts_of(const discord::command_data& command) {
  const auto part = [&command](const char* name) -> std::optional<std::string> {
    const auto value = command.text(name);
    return value ? std::optional<std::string>(*value) : std::nullopt;
  };
  return {part("text"), part("title"), part("color")};
}

discord::modal form_for(discord::channel_id channel, const sticky_message& now, language user) {
  const auto input = [user](const char* id, const text& label, std::size_t longest,
                            const std::string& value) {
    return discord::modal_field{.label = std::string(label.in(user)),
                                .input = discord::text_input{.custom_id = id,
                                                             .paragraph = longest == longest_content,
                                                             .max_length = static_cast<int>(longest),
                                                             .required = false,
                                                             .value = value}};
  };
  return {.custom_id = discord::encode({"sticky", 1, "form", fmt::format("{}", channel)}).value_or(""),
          .title = std::string(texts::form_title.in(user)),
          .fields = {input("text", texts::form_text, longest_content, now.text),
                     input("title", texts::form_heading, longest_sticky_title, now.title),
                     input("color", texts::form_color, 7, now.color)}};
}

}  // namespace

std::vector<discord::command_definition> sticky_commands() {
  discord::command_definition command = localized_command(texts::root, texts::root_description);
  command.default_member_permissions = sticky_manager;
  command.options = {
      localized_sub_command(texts::set, texts::set_description, content_options()),
      localized_sub_command(texts::update, texts::update_description, content_options()),
      localized_sub_command(texts::remove, texts::remove_description, {channel_option(), gone_option()}),
      localized_sub_command(texts::list, texts::list_description)};
  return {std::move(command)};
}

net::task<> sticky_desk::on_command(interaction_call call) {
  const discord::command_data& command = *call.what->command();
  const discord::channel_id channel{command.id_of("channel").value_or(call.what->channel.value)};
  if (call.what->guild.empty()) {
    co_await say(call, std::string(texts::server_only.in(call.user_language())));
  } else if (command.path == "sticky set") {
    co_await set(call, channel, false);
  } else if (command.path == "sticky update") {
    co_await set(call, channel, true);
  } else if (command.path == "sticky remove") {
    co_await remove(call, channel);
  } else {
    co_await list(call);
  }
}

net::task<> sticky_desk::on_form(interaction_call call, discord::custom_id id) {
  const auto channel = discord::parse_id<discord::channel_id>(id.payload);
  const discord::modal_data* form = call.what->modal_answer();
  if (!channel || form == nullptr) co_return;
  std::string why = refusal(call, *channel);
  if (!why.empty()) {
    co_await say(call, std::move(why));
    co_return;
  }
  co_await save(call, {*channel, std::string(form->value("text")), std::string(form->value("title")),
                       std::string(form->value("color"))});
}

net::task<> sticky_desk::set(interaction_call call, discord::channel_id channel, bool only_parts) {
  std::string why = refusal(call, channel);
  const sticky_parts parts = parts_of(*call.what->command());
  if (!why.empty()) {
    co_await say(call, std::move(why));
  } else if (parts.empty()) {
    co_await show_form(call, channel);
  } else if (only_parts) {
    co_await save_parts(call, channel, parts);
  } else {
    co_await save(call, with_parts({channel}, parts));
  }
}

net::task<> sticky_desk::show_form(interaction_call call, discord::channel_id channel) {
  const auto now = co_await services_.settings.get(call.what->guild, "sticky");
  sticky_message message{channel};
  if (now) message = sticky_in(now->values, channel).value_or(message);
  (void)co_await call.answers->show(form_for(channel, message, call.user_language()));
}

net::task<> sticky_desk::save(interaction_call call, sticky_message message) {
  const language user = call.user_language();
  if (const auto fault = fault_of(message)) {
    co_await say(call, told(*fault, message, user));
    co_return;
  }
  if (!co_await is_newest(call, message.channel)) co_return;
  const auto edit = std::make_shared<sticky_edit>(sticky_edit::done);
  const auto outcome = co_await services_.settings.edit(
      call.what->guild, "sticky", author_of(call, store::change_origin::command),
      [edit, message](json::object values) -> base::result<json::object> {
        *edit = put_sticky(values, message);
        return values;
      });
  co_await tell(call, message.channel, outcome, *edit);
}

net::task<> sticky_desk::save_parts(interaction_call call, discord::channel_id channel, sticky_parts parts) {
  const language user = call.user_language();
  if (!co_await is_newest(call, channel)) co_return;
  const auto edit = std::make_shared<sticky_edit>(sticky_edit::done);
  const auto fault = std::make_shared<std::optional<sticky_fault>>();
  const auto message = std::make_shared<sticky_message>();
  const auto outcome = co_await services_.settings.edit(
      call.what->guild, "sticky", author_of(call, store::change_origin::command),
      [edit, fault, message, channel, parts](json::object values) -> base::result<json::object> {
        const auto before = sticky_in(values, channel);
        *edit = before ? sticky_edit::done : sticky_edit::none_there;
        if (!before) return values;
        *message = with_parts(*before, parts);
        *fault = fault_of(*message);
        if (!*fault) *edit = put_sticky(values, *message);
        return values;
      });
  if (*fault) {
    co_await say(call, told(**fault, *message, user));
    co_return;
  }
  co_await tell(call, channel, outcome, *edit);
}

net::task<> sticky_desk::remove(interaction_call call, discord::channel_id channel) {
  const auto named = call.what->command()->text("gone");
  if (named) channel = discord::parse_id<discord::channel_id>(*named).value_or(discord::channel_id{});
  const language user = call.user_language();
  std::string why;
  if (named && !manages_hidden(call))
    why = texts::gone_for_managers.format(user, fmt::arg("permissions", names_of(hidden_manager, user)));
  else if (named && (channel.empty() || !is_gone(call.what->guild, channel)))
    why = texts::choose_gone.in(user);
  else if (!named)
    why = member_lacks(call, channel);
  if (!why.empty())
    co_await say(call, std::move(why));
  else
    co_await take_out(call, channel);
}

net::task<> sticky_desk::take_out(interaction_call call, discord::channel_id channel) {
  const language user = call.user_language();
  const std::string shown_channel = shown(channel);
  if (!co_await is_newest(call, channel)) co_return;
  const auto edit = std::make_shared<sticky_edit>(sticky_edit::done);
  const auto outcome = co_await services_.settings.edit(
      call.what->guild, "sticky", author_of(call, store::change_origin::command),
      [edit, channel](json::object values) -> base::result<json::object> {
        *edit = remove_sticky(values, channel);
        return values;
      });
  if (outcome && std::holds_alternative<settings::changed>(*outcome) && *edit == sticky_edit::done) {
    co_await say(call, texts::removed.format(user, fmt::arg("channel", shown_channel)));
    co_return;
  }
  co_await tell(call, channel, outcome, *edit);
}

net::task<> sticky_desk::tell(interaction_call call, discord::channel_id channel,
                              base::result<settings::change_result> outcome, sticky_edit edit) {
  const language user = call.user_language();
  const std::string where = shown(channel);
  const auto* done = outcome ? std::get_if<settings::changed>(&*outcome) : nullptr;
  if (done == nullptr) {
    co_await say(call, features::told(outcome, services_.settings.schemas(), texts::schema.feature, user));
  } else if (edit == sticky_edit::none_there) {
    co_await say(call, texts::none_there.format(user, fmt::arg("channel", where)));
  } else if (edit == sticky_edit::full) {
    co_await say(call, texts::full.format(user, fmt::arg("most", most_stickies)));
  } else {
    co_await say(
        call, (done->changes.empty() ? texts::same : texts::saved).format(user, fmt::arg("channel", where)));
  }
}

net::task<bool> sticky_desk::is_newest(interaction_call call, discord::channel_id channel) {
  const auto known = std::make_shared<discord::interaction_id>();
  const auto noted = co_await edit_record(
      services_.records, key_of_change(call.what->guild, channel),
      [known, id = call.what->id](const std::optional<store::record>& now) -> std::optional<record_edit> {
        *known = discord::parse_id<discord::interaction_id>(now ? now->value : "").value_or(id);
        if (now && *known >= id) return std::nullopt;
        return record_edit{.value = fmt::format("{}", id), .keep_for = change_kept_for};
      });
  if (!noted || *known <= call.what->id) co_return true;
  const std::string where = shown(channel);
  co_await say(call, texts::overtaken.format(call.user_language(), fmt::arg("channel", where)));
  co_return false;
}

net::task<> sticky_desk::on_autocomplete(interaction_call call) {
  const auto now = co_await services_.settings.get(call.what->guild, "sticky");
  if (!now) co_return;
  std::vector<discord::choice> choices;
  if (!manages_hidden(call)) {
    (void)co_await call.answers->suggest(std::move(choices));
    co_return;
  }
  for (const sticky_message& each : stickies_in(now->values)) {
    if (is_gone(call.what->guild, each.channel))
      choices.push_back({line_of(each), fmt::format("{}", each.channel)});
  }
  (void)co_await call.answers->suggest(std::move(choices));
}

net::task<> sticky_desk::list(interaction_call call) {
  const language user = call.user_language();
  const auto now = co_await services_.settings.get(call.what->guild, "sticky");
  if (!now) {
    co_await say(call, std::string(texts::settings_unreadable.in(user)));
    co_return;
  }
  const std::vector<sticky_message> all = stickies_in(now->values);
  if (all.empty()) {
    co_await say(call, std::string(texts::nothing_there.in(user)));
    co_return;
  }
  discord::embed page{.title = texts::list_title.format(user, fmt::arg("count", all.size()),
                                                        fmt::arg("most", most_stickies))};
  for (const sticky_message& each : all) {
    page.description += shown(each.channel);
    if (may_read(call, each.channel)) page.description += ' ' + line_of(each);
    if (is_gone(call.what->guild, each.channel))
      page.description += fmt::format(" ({})", texts::unknown_channel.in(user));
    page.description += '\n';
  }
  discord::message_body message = private_message({});
  message.embeds.push_back(std::move(page));
  (void)co_await call.answers->reply(std::move(message));
}

bool sticky_desk::is_gone(discord::guild_id guild, discord::channel_id channel) const {
  const discord::guild_record* record = services_.guilds.find_guild(guild);
  return record != nullptr && record->find_channel(channel) == nullptr;
}

// The list is shown in one channel, and tells of all: what others say is not for who cannot look there.
bool sticky_desk::may_read(const interaction_call& call, discord::channel_id channel) const {
  if (manages_hidden(call)) return true;
  const discord::guild_record* record = services_.guilds.find_guild(call.what->guild);
  if (record == nullptr) return false;
  const auto held = record->permissions_of({call.what->user, call.what->member_roles, {}}, channel,
                                           services_.clock.wall_now());
  return held && held->has(discord::permission::view_channel);
}

std::string sticky_desk::member_lacks(const interaction_call& call, discord::channel_id channel) const {
  constexpr auto needed =
      discord::permission_set(discord::permission::view_channel) | discord::permission::manage_messages;
  const discord::permission_set held = permissions_in(*call.what, channel);
  if (held.has(discord::permission::administrator) || needed.without(held).empty()) return {};
  const language user = call.user_language();
  const std::string where = shown(channel);
  const std::string names = names_of(needed.without(held), user);
  return texts::member_may_not.format(user, fmt::arg("channel", where), fmt::arg("permissions", names));
}

std::string sticky_desk::refusal(const interaction_call& call, discord::channel_id channel) const {
  std::string lacks = member_lacks(call, channel);
  if (!lacks.empty()) return lacks;
  const auto obstacle = obstacle_to_send(services_.guilds, call.what->guild, channel,
                                         services_.clock.wall_now(), to_send_embeds);
  return obstacle ? features::told(*obstacle, channel, call.user_language()) : std::string();
}

}  // namespace guildfleet::features
