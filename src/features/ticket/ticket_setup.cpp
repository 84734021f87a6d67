#include "features/ticket/ticket_setup.hpp"

#include <algorithm>

#include "features/answers.hpp"
#include "features/permission_checks.hpp"
#include "features/permission_names.hpp"
#include "features/reasons.hpp"
#include "features/ticket/ticket_texts.hpp"
#include "features/ticket/ticket_views.hpp"

namespace guildfleet::features {
namespace {

namespace json = boost::json;
namespace texts = ticket_texts;

constexpr discord::permission_set to_note = to_send | discord::permission::attach_files;
constexpr auto to_make_channels =
    discord::permission_set(discord::permission::view_channel) | discord::permission::manage_channels;

// The options that were given, as settings.
json::object chosen(const discord::command_data& command) {
  json::object out;
  if (const auto id = command.id_of("category")) out["category"] = fmt::format("{}", *id);
  if (const auto id = command.id_of("log_channel")) out["log_channel"] = fmt::format("{}", *id);
  if (const auto most = command.integer("maximum")) out["maximum"] = *most;
  if (const auto days = command.integer("delete_after_days")) out["delete_after"] = *days * texts::day;
  if (const auto mention = command.boolean("mention_staff")) out["mention_staff"] = *mention;
  return out;
}

}  // namespace

net::task<> ticket_setup::on_command(interaction_call call) {
  const std::string& path = call.what->command()->path;
  if (path == "ticket-setup panel") co_await post_panel(call);
  if (path == "ticket-setup staff") co_await change_staff(call);
  if (path == "ticket-setup options") co_await change_options(call);
}

net::task<> ticket_setup::post_panel(interaction_call call) {
  const language user = call.user_language();
  const discord::command_data& command = *call.what->command();
  const discord::channel_id channel{command.id_of("channel").value_or(call.what->channel.value)};
  const shard_services& services = office_.services();
  auto refusal = refusal_to_post(*call.what, services.guilds, channel, services.clock.wall_now(), user);
  if (refusal) co_return co_await say(call, *std::move(refusal));
  const language in = co_await office_.language_of_posts(call.what->guild);
  const ticket_views::panel_words words{.title = std::string(command.text("title").value_or("")),
                                        .text = std::string(command.text("text").value_or("")),
                                        .button = std::string(command.text("button").value_or(""))};
  const auto posted =
      co_await services.effects.post({call.sequence, 1}, channel, ticket_views::panel(words, in));
  if (!posted) {
    const std::string reason = reason_of(posted.error(), user);
    co_return co_await say(call, texts::panel_not_posted.format(user, fmt::arg("reason", reason)));
  }
  const std::string link =
      fmt::format("https://discord.com/channels/{}/{}/{}", call.what->guild, channel, *posted);
  co_await say(call, texts::panel_posted.format(user, fmt::arg("link", link)));
}

net::task<> ticket_setup::change_staff(interaction_call call) {
  const discord::command_data& command = *call.what->command();
  const std::uint64_t chosen_role = command.id_of("role").value_or(0);
  const std::string role = fmt::format("{}", chosen_role);
  const bool remove = command.boolean("remove").value_or(false);
  if (!remove && chosen_role == call.what->guild.value)  // every ticket would be seen by everybody
    co_return co_await say(call, told(role_obstacle::everyone_role, {chosen_role}, call.user_language()));
  co_await edit(call, [role, remove](json::object values) -> base::result<json::object> {
    json::value& list = values["staff_roles"];
    if (!list.is_array()) list = json::array();
    json::array& all = list.get_array();
    auto* const found = std::ranges::find(all, json::value(role));
    if (remove && found != all.end()) all.erase(found);
    if (!remove && found == all.end()) all.emplace_back(role);
    return values;
  });
}

std::string ticket_setup::obstacle_to(interaction_call call) const {
  const language user = call.user_language();
  const discord::command_data& command = *call.what->command();
  const discord::guild_id guild = call.what->guild;
  const shard_services& services = office_.services();
  const base::wall_time now = services.clock.wall_now();
  if (const auto log = command.id_of("log_channel")) {
    const auto why = obstacle_to_send(services.guilds, guild, {*log}, now, to_note);
    if (why) return told(*why, {*log}, user);
  }
  const discord::channel_id category{command.id_of("category").value_or(0)};
  const auto held = services.guilds.permissions_of_self(guild, category, now);  // none: no category either
  const auto missing = held ? to_make_channels.without(*held) : discord::permission_set();
  if (missing.empty()) return {};
  const std::string channel = fmt::format("<#{}>", category);
  const std::string names = names_of(missing, user);
  return texts::cannot_make.format(user, fmt::arg("channel", channel), fmt::arg("permissions", names));
}

net::task<> ticket_setup::change_options(interaction_call call) {
  json::object wanted = chosen(*call.what->command());
  if (wanted.empty())
    co_return co_await say(call, std::string(texts::nothing_chosen.in(call.user_language())));
  const std::string obstacle = obstacle_to(call);
  if (!obstacle.empty()) co_return co_await say(call, obstacle);
  co_await edit(call, [wanted](json::object values) -> base::result<json::object> {
    for (const auto& [name, value] : wanted) values[name] = value;
    return values;
  });
}

net::task<> ticket_setup::edit(interaction_call call, settings::edit_function apply) {
  settings_port& port = office_.services().settings;
  const auto outcome = co_await port.edit(call.what->guild, std::string(texts::schema.feature),
                                          author_of(call, store::change_origin::command), std::move(apply));
  co_await say(call, told(outcome, port.schemas(), texts::schema.feature, call.user_language()));
}

}  // namespace guildfleet::features
