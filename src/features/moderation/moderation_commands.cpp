#include "features/moderation/moderation_commands.hpp"

#include <algorithm>

#include "features/moderation/duration_text.hpp"
#include "features/moderation/moderation_texts.hpp"
#include "features/moderation/purge_filter.hpp"
#include "features/moderation/sanction_checks.hpp"
#include "features/replies.hpp"
#include "features/time_out.hpp"

namespace guildfleet::features {
namespace {

namespace texts = moderation_texts;
using discord::option_definition;
using discord::option_type;
using options = std::vector<option_definition>;

constexpr int longest_duration_text = 40;
constexpr int longest_searched_text = 100;

option_definition user_option(const text& name, const text& description, bool required = true) {
  return localized_option(option_type::user, name, description, required);
}

option_definition text_option(const text& name, const text& description, bool required, int longest) {
  auto out = localized_option(option_type::string, name, description, required);
  out.max_length = longest;
  return out;
}

option_definition reason_option(bool required = false) {
  return text_option(texts::reason, texts::reason_description, required, static_cast<int>(longest_reason));
}

option_definition duration_option(const text& description, bool required) {
  auto out = text_option(texts::duration, description, required, longest_duration_text);
  out.autocomplete = true;
  return out;
}

option_definition whole_option(const text& name, const text& description, bool required, double from,
                               double to) {
  auto out = localized_option(option_type::integer, name, description, required);
  out.min_value = from;
  out.max_value = to;
  return out;
}

discord::command_definition command(const text& name, const text& description,
                                    discord::permission_set for_whom, options of) {
  auto out = localized_command(name, description);
  out.default_member_permissions = for_whom;
  out.options = std::move(of);
  return out;
}

discord::command_definition case_definition() {
  auto number = whole_option(texts::number, texts::number_description, true, 1, 1e9);
  number.autocomplete = true;
  auto reason =
      text_option(texts::reason, texts::new_reason_description, true, static_cast<int>(longest_reason));
  return command(
      texts::cases, texts::cases_description, discord::permission::moderate_members,
      {localized_sub_command(texts::view, texts::view_description, {number}),
       localized_sub_command(texts::list, texts::list_description,
                             {user_option(texts::user, texts::user_description, false)}),
       localized_sub_command(texts::change, texts::change_description, {number, std::move(reason)})});
}

discord::command_definition purge_definition() {
  auto only = localized_option(option_type::string, texts::only, texts::only_description, false);
  for (const settings::choice_name& each : texts::kinds)
    only.choices.push_back(localized_choice(each.title, each.name));
  return command(texts::purge, texts::purge_description, discord::permission::manage_messages,
                 {whole_option(texts::count, texts::count_description, true, 1, most_purged),
                  user_option(texts::user, texts::author_description, false), std::move(only),
                  text_option(texts::contains, texts::contains_description, false, longest_searched_text),
                  reason_option()});
}

discord::command_definition settings_definition() {
  auto channel = localized_option(option_type::channel, texts::channel, texts::channel_description, false);
  channel.channel_types = {discord::channel_type::text, discord::channel_type::announcement};
  return command(texts::root, texts::root_description, discord::permission::manage_guild,
                 {localized_sub_command(texts::log, texts::log_description, {std::move(channel)}),
                  localized_sub_command(texts::notify, texts::notify_description,
                                        {localized_option(option_type::boolean, texts::enabled,
                                                          texts::enabled_description, true)})});
}

}  // namespace

std::vector<discord::command_definition> moderation_commands() {
  const auto member = user_option(texts::member, texts::member_description);
  const auto user = user_option(texts::user, texts::user_description);
  const auto sanctioning = [](mod_action what, const text& name, const text& description, options of) {
    return command(name, description, needed_for(what), std::move(of));
  };
  return {sanctioning(mod_action::warn, texts::warn, texts::warn_description, {member, reason_option(true)}),
          sanctioning(mod_action::time_out, texts::time_out, texts::time_out_description,
                      {member, duration_option(texts::timeout_duration_description, true), reason_option()}),
          sanctioning(mod_action::end_time_out, texts::end_time_out, texts::end_time_out_description,
                      {member, reason_option()}),
          sanctioning(mod_action::kick, texts::kick, texts::kick_description, {member, reason_option()}),
          sanctioning(mod_action::ban, texts::ban, texts::ban_description,
                      {user, duration_option(texts::ban_duration_description, false),
                       whole_option(texts::delete_days, texts::delete_days_description, false, 0, 7),
                       reason_option()}),
          sanctioning(mod_action::unban, texts::unban, texts::unban_description, {user, reason_option()}),
          case_definition(),
          purge_definition(),
          settings_definition()};
}

std::optional<mod_action> action_of(std::string_view path) {
  for (const mod_action each : {mod_action::warn, mod_action::time_out, mod_action::end_time_out,
                                mod_action::kick, mod_action::ban, mod_action::unban}) {
    if (name_of(each) == path) return each;
  }
  return std::nullopt;
}

std::variant<sanction, const text*> sanction_of(mod_action what, const discord::command_data& command) {
  sanction out{.what = what, .reason = std::string(command.text("reason").value_or(""))};
  const auto user = command.id_of("user");
  out.member.value = user ? *user : command.id_of("member").value_or(0);
  out.delete_messages_of =
      std::chrono::days(std::clamp<std::int64_t>(command.integer("delete-days").value_or(0), 0, 7));
  if (const auto duration = command.text("duration")) {
    out.lasts = parse_duration(*duration);
    if (!out.lasts) return &texts::no_duration;
    if (what == mod_action::time_out && *out.lasts > longest_timeout) return &texts::timeout_too_long;
    if (*out.lasts > longest_duration) return &texts::ban_too_long;
  }
  return out;
}

}  // namespace guildfleet::features
