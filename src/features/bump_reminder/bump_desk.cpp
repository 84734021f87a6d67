#include "features/bump_reminder/bump_desk.hpp"

#include "features/answers.hpp"
#include "features/bump_reminder/bump_reminder_texts.hpp"
#include "features/permission_checks.hpp"
#include "features/permission_names.hpp"
#include "features/replies.hpp"

namespace guildfleet::features {
namespace {

namespace texts = bump_reminder_texts;
namespace json = boost::json;
using discord::option_type;

constexpr auto manager = discord::permission_set(discord::permission::manage_guild);
constexpr auto to_mention = discord::permission_set(discord::permission::mention_everyone);

std::string told(opt_outcome outcome, bool in, language user) {
  switch (outcome) {
    case opt_outcome::done:
      return std::string((in ? texts::opted_in : texts::opted_out).in(user));
    case opt_outcome::already:
      return std::string((in ? texts::was_in : texts::was_out).in(user));
    case opt_outcome::full:
      break;
  }
  return texts::members_full.format(user, fmt::arg("most", most_reminded));
}

std::string place_of(const bump_settings& set, language user) {
  return set.channel.empty() ? std::string(texts::where_bumped.in(user)) : fmt::format("<#{}>", set.channel);
}

}  // namespace

std::vector<discord::command_definition> bump_commands() {
  discord::command_definition command = localized_command(texts::root, texts::root_description);
  command.default_member_permissions = manager;
  auto channel =
      localized_option(option_type::channel, texts::channel_option, texts::channel_description, false);
  channel.channel_types = {discord::channel_type::text, discord::channel_type::announcement};
  command.options = {localized_sub_command(texts::on, texts::on_description,
                                           {localized_option(option_type::role, texts::role_option,
                                                             texts::role_description, false),
                                            std::move(channel)}),
                     localized_sub_command(texts::off, texts::off_description),
                     localized_sub_command(texts::status, texts::status_description)};
  return {std::move(command)};
}

net::task<> bump_desk::on_command(interaction_call call) {
  const std::string& path = call.what->command()->path;
  if (call.what->guild.empty()) {
    co_await say(call, std::string(texts::server_only.in(call.user_language())));
  } else if (path == "bump-reminder on") {
    co_await switch_on(call);
  } else if (path == "bump-reminder off") {
    co_await switch_off(call);
  } else {
    co_await status(call);
  }
}

net::task<> bump_desk::switch_on(interaction_call call) {
  const language user = call.user_language();
  const discord::guild_id guild = call.what->guild;
  const auto role = call.what->command()->id_of("role");
  const auto channel = call.what->command()->id_of("channel");
  if (role == guild.value) {
    co_await say(call, features::told(role_obstacle::everyone_role, {*role}, user));
    co_return;
  }
  if (channel) {
    const auto obstacle = obstacle_to_send(services_.guilds, guild, {*channel}, services_.clock.wall_now());
    if (obstacle) {
      co_await say(call, features::told(*obstacle, {*channel}, user));
      co_return;
    }
  }
  const auto outcome =
      co_await services_.settings.edit(guild, "bump-reminder", author_of(call, store::change_origin::command),
                                       [role, channel](json::object values) -> base::result<json::object> {
                                         values["enabled"] = true;
                                         if (role) values["role"] = fmt::format("{}", *role);
                                         if (channel) values["channel"] = fmt::format("{}", *channel);
                                         return values;
                                       });
  if (!outcome || !std::holds_alternative<settings::changed>(*outcome)) {
    co_await say(call, features::told(outcome, services_.settings.schemas(), texts::schema.feature, user));
    co_return;
  }
  const bump_settings set = bump_settings_in(std::get<settings::changed>(*outcome).now.values);
  const std::string place = place_of(set, user);
  std::string answer = texts::switched_on.format(user, fmt::arg("channel", place));
  const auto held = services_.guilds.base_permissions_of_self(guild);
  if (role && held && !held->has(discord::permission::mention_everyone)) {
    const std::string permissions = names_of(to_mention, user);
    const std::string shown = fmt::format("<@&{}>", *role);
    answer +=
        '\n' + texts::role_silent.format(user, fmt::arg("permissions", permissions), fmt::arg("role", shown));
  }
  co_await say(call, std::move(answer));
}

net::task<> bump_desk::switch_off(interaction_call call) {
  const language user = call.user_language();
  const auto outcome = co_await services_.settings.edit(
      call.what->guild, "bump-reminder", author_of(call, store::change_origin::command),
      [](json::object values) -> base::result<json::object> {
        values["enabled"] = false;
        return values;
      });
  const bool done = outcome && std::holds_alternative<settings::changed>(*outcome);
  std::string answer =
      done ? std::string(texts::switched_off.in(user))
           : features::told(outcome, services_.settings.schemas(), texts::schema.feature, user);
  co_await say(call, std::move(answer));
}

net::task<> bump_desk::status(interaction_call call) {
  const language user = call.user_language();
  const discord::guild_id guild = call.what->guild;
  const auto values = co_await services_.settings.get(guild, "bump-reminder");
  const auto members = co_await services_.records.get(key_of_members(guild));
  if (!values || !members) {
    co_await say(call, std::string(texts::unreadable.in(user)));
    co_return;
  }
  const bump_settings set = bump_settings_in(values->values);
  const std::string channel = place_of(set, user);
  std::string lines((set.enabled ? texts::is_on : texts::is_off).in(user));
  const auto add = [&lines](const std::string& line) { lines += '\n' + line; };
  add(texts::status_channel.format(user, fmt::arg("channel", channel)));
  if (!set.channel.empty()) {
    const auto obstacle = obstacle_to_send(services_.guilds, guild, set.channel, services_.clock.wall_now());
    if (obstacle) add(features::told(*obstacle, set.channel, user));
  }
  if (!set.role.empty()) {
    const std::string role = fmt::format("<@&{}>", set.role);
    add(texts::status_role.format(user, fmt::arg("role", role)));
    const discord::guild_record* const server = services_.guilds.find_guild(guild);
    if (server != nullptr && server->find_role(set.role) == nullptr)
      add(features::told(role_obstacle::unknown_role, set.role, user));
  }
  const std::size_t count = *members ? read_members((*members)->value).size() : 0;
  add(texts::status_members.format(user, fmt::arg("count", count), fmt::arg("most", most_reminded)));
  for (const bump_service each : all_bump_services) {
    if (!set.wants(each)) continue;
    const std::string when = co_await planned(guild, each, user);
    add(texts::status_next.format(user, fmt::arg("service", title_of(each, user)), fmt::arg("when", when)));
  }
  co_await say(call, std::move(lines));
}

net::task<std::string> bump_desk::planned(discord::guild_id guild, bump_service service, language user) {
  const auto record = co_await services_.records.get(key_of_bump(guild, service));
  if (!record) co_return std::string(texts::unreadable.in(user));
  const last_bump last = *record ? read_last_bump((*record)->value) : last_bump{.reminded = true};
  const bool over = last.reminded || last.due + useful_for < services_.clock.wall_now();
  co_return over ? std::string(texts::nothing_planned.in(user)) : shown_time(last.due);
}

net::task<> bump_desk::on_button(interaction_call call, discord::custom_id id) {
  const language user = call.user_language();
  const bool in = id.action == "in";
  const auto outcome = std::make_shared<opt_outcome>(opt_outcome::already);
  const discord::user_id who = call.what->user;
  const auto edited = co_await edit_record(
      services_.records, key_of_members(call.what->guild),
      [outcome, who, in](const std::optional<store::record>& now) -> std::optional<record_edit> {
        auto members = now ? read_members(now->value) : std::vector<discord::user_id>{};
        *outcome = in ? opt_in(members, who) : opt_out(members, who);
        if (*outcome != opt_outcome::done) return std::nullopt;
        if (members.empty()) return record_edit{};
        return record_edit{.value = members_record(members)};
      });
  std::string answer = edited ? told(*outcome, in, user) : std::string(texts::not_saved.in(user));
  co_await say(call, std::move(answer));
}

}  // namespace guildfleet::features
