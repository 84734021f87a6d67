#include "features/role_panel/panel_builder.hpp"

#include <algorithm>

#include "discord/rest/endpoints.hpp"
#include "features/answers.hpp"
#include "features/flow_texts.hpp"
#include "features/guild_preferences.hpp"
#include "features/message_template.hpp"
#include "features/permission_checks.hpp"
#include "features/reasons.hpp"
#include "features/replies.hpp"
#include "features/role_panel/panel_suggestions.hpp"
#include "features/role_panel/role_panel_texts.hpp"

namespace guildfleet::features {
namespace {

namespace texts = role_panel_texts;

// What the options of a command say about a panel; what is not said stays.
void apply_options(const discord::command_data& command, panel& to) {
  if (const auto title = command.text("title")) to.title = *title;
  if (const auto body = command.text("text")) to.text = *body;
  if (const auto style = parse_panel_style(command.text("style").value_or(""))) to.style = *style;
  if (const auto mode = parse_panel_mode(command.text("mode").value_or(""))) to.mode = *mode;
}

// Adds, or takes the place of what stands there of the same role. False: the panel is full.
bool put(panel& into, const panel_role& role) {
  const auto found = std::ranges::find(into.roles, role.role, &panel_role::role);
  if (found != into.roles.end()) {
    *found = role;
  } else if (into.roles.size() >= most_panel_roles) {
    return false;
  } else {
    into.roles.push_back(role);
  }
  return true;
}

discord::request deletion_of(discord::channel_id channel, discord::message_id message) {
  return discord::endpoints::delete_message(channel, message, "Role panel");
}

std::string link_to(discord::guild_id guild, const panel& posted) {
  return fmt::format("https://discord.com/channels/{}/{}/{}", guild, posted.channel, posted.message);
}

bool is_gone(const base::error& error) {
  return error.code() == discord::rest_error::unknown_message ||
         error.code() == discord::rest_error::unknown_channel;
}

}  // namespace

panel_builder::panel_builder(const shard_services& services, panel_store& panels)
    : services_(services), panels_(panels) {}

net::task<> panel_builder::on_command(interaction_call call) {
  const std::string& path = call.what->command()->path;
  if (call.what->guild.empty()) {
    co_await say(call, std::string(texts::server_only.in(call.user_language())));
    co_return;
  }
  if (path == "role-panel create") co_return co_await create(call);
  if (path == "role-panel list") co_return co_await list(call);
  auto of = co_await meant(call);
  if (!of) co_return;
  if (path == "role-panel edit") co_await edit(call, std::move(*of));
  if (path == "role-panel add") co_await add(call, std::move(*of));
  if (path == "role-panel remove") co_await remove(call, std::move(*of));
  if (path == "role-panel post") co_await post(call, std::move(*of));
  if (path == "role-panel delete") co_await erase(call, std::move(*of));
}

net::task<> panel_builder::on_autocomplete(interaction_call call) {
  const auto all = co_await panels_.all(call.what->guild);
  if (!all) {
    (void)co_await call.answers->suggest({});
    co_return;
  }
  (void)co_await call.answers->suggest(suggestions_for(
      *call.what->command(), *all, services_.guilds.find_guild(call.what->guild), call.user_language()));
}

net::task<std::optional<panel>> panel_builder::meant(interaction_call call) {
  const auto all = co_await panels_.all(call.what->guild);
  const panel* found = nullptr;
  if (all) found = find_panel(*all, call.what->command()->text("panel").value_or(""));
  if (found != nullptr) co_return *found;
  const text& why = all ? texts::no_such_panel : texts::unreadable;
  co_await say(call, std::string(why.in(call.user_language())));
  co_return std::nullopt;
}

std::optional<std::string> panel_builder::obstacle(const interaction_call& call,
                                                   std::span<const panel_role> roles) const {
  const language user = call.user_language();
  const discord::guild_record* const guild = services_.guilds.find_guild(call.what->guild);
  if (guild == nullptr) return std::string(texts::unreadable.in(user));
  const acting_member builder = acting_member_of(*call.what);
  for (const panel_role& each : roles) {
    auto found = obstacle_for_member(*guild, builder, each.role);
    if (!found) found = obstacle_for_bot(services_.guilds, *guild, each.role);
    if (found) return told(*found, each.role, user);
  }
  return std::nullopt;
}

std::optional<std::string> panel_builder::obstacle(const interaction_call& call,
                                                   discord::channel_id channel) const {
  return refusal_to_post(*call.what, services_.guilds, channel, services_.clock.wall_now(),
                         call.user_language());
}

net::task<> panel_builder::create(interaction_call call) {
  const language user = call.user_language();
  panel draft;
  apply_options(*call.what->command(), draft);
  const auto made = co_await panels_.create(call.what->guild, {std::move(draft)}, call.what->id);
  if (!made) co_return co_await say(call, std::string(texts::unreadable.in(user)));
  if (!*made)
    co_return co_await say(call, texts::too_many_panels.format(user, fmt::arg("most", most_panels)));
  co_await say(call, texts::created.format(user, fmt::arg("number", **made)));
}

net::task<> panel_builder::edit(interaction_call call, panel of) {
  if (auto why = obstacle(call, there_are(call.what->guild, of).roles))
    co_return co_await say(call, std::move(*why));
  const auto what = call.what;
  auto now = co_await panels_.edit(call.what->guild, of.number, call.what->id, [what](panel& there) {
    apply_options(*what->command(), there);
    return true;
  });
  co_await conclude(call, std::move(now), texts::edited);
}

net::task<> panel_builder::add(interaction_call call, panel of) {
  const language user = call.user_language();
  const discord::command_data& command = *call.what->command();
  panel_role role{.role = {command.id_of("role").value_or(0)},
                  .label = std::string(command.text("label").value_or("")),
                  .note = std::string(command.text("note").value_or("")),
                  .emoji = std::string(command.text("emoji").value_or(""))};
  if (!role.emoji.empty() && !parse_emoji(role.emoji)) {
    const std::string shown = plain(role.emoji);
    co_return co_await say(call, texts::not_an_emoji.format(user, fmt::arg("emoji", shown)));
  }
  if (auto why = obstacle(call, {&role, 1})) co_return co_await say(call, std::move(*why));
  role.name = shown_name(role, services_.guilds.find_guild(call.what->guild));
  auto full = std::make_shared<bool>(false);
  auto now = co_await panels_.edit(call.what->guild, of.number, call.what->id, [role, full](panel& there) {
    *full = !put(there, role);
    return !*full;
  });
  if (*full)
    co_return co_await say(call, texts::too_many_roles.format(user, fmt::arg("most", most_panel_roles)));
  co_await conclude(call, std::move(now), texts::added, role.role);
}

net::task<> panel_builder::remove(interaction_call call, panel of) {
  const language user = call.user_language();
  const panel_role* const entry = find_entry(of, call.what->command()->text("role").value_or(""),
                                             services_.guilds.find_guild(call.what->guild));
  if (entry == nullptr) {
    const text& why = of.noted(call.what->id) ? flow_texts::taken : texts::no_such_entry;
    co_return co_await say(call, std::string(why.in(user)));
  }
  const discord::role_id role = entry->role;
  auto now = co_await panels_.edit(call.what->guild, of.number, call.what->id, [role](panel& there) {
    return std::erase_if(there.roles, [role](const panel_role& each) { return each.role == role; }) > 0;
  });
  co_await conclude(call, std::move(now), texts::removed, role);
}

panel panel_builder::there_are(discord::guild_id guild, const panel& of) const {
  return without_deleted_roles(of, services_.guilds.find_guild(guild));
}

std::string panel_builder::deleted_roles_note(discord::guild_id guild, const panel& of, language user) const {
  const panel offered = there_are(guild, of);
  std::string names;
  for (const panel_role& each : of.roles) {
    if (offered.find(each.role) == nullptr) names += (names.empty() ? "" : ", ") + plain(each.name);
  }
  return names.empty() ? names : texts::deleted_roles.format(user, fmt::arg("names", names));
}

net::task<panel_message> panel_builder::rendered(discord::guild_id guild, panel of) {
  const guild_preferences server = co_await preferences_of(services_.settings, services_.guilds, guild);
  co_return render(of, services_.guilds.find_guild(guild), server.posts);
}

// Who posts it lends it the right to give these roles there, as who adds them does.
net::task<> panel_builder::post(interaction_call call, panel of) {
  const language user = call.user_language();
  const discord::channel_id channel{
      call.what->command()->id_of("channel").value_or(call.what->channel.value)};
  const panel offered = there_are(call.what->guild, of);
  if (offered.roles.empty())
    co_return co_await say(call, texts::nothing_offered.format(user, fmt::arg("number", of.number)));
  if (auto why = obstacle(call, offered.roles)) co_return co_await say(call, std::move(*why));
  if (auto why = obstacle(call, channel)) co_return co_await say(call, std::move(*why));
  panel_message shown = co_await rendered(call.what->guild, of);
  discord::message_body body;
  body.embeds.push_back(std::move(shown.page));
  body.rows = std::move(shown.rows);
  const auto message = co_await services_.effects.post({call.sequence, 1}, channel, std::move(body));
  if (!message) {
    const std::string reason = reason_of(message.error(), user);
    co_return co_await say(call, texts::not_posted.format(user, fmt::arg("reason", reason)));
  }
  const discord::message_id id = *message;
  auto now = co_await panels_.edit(call.what->guild, of.number, call.what->id, [channel, id](panel& there) {
    there.former_channel = std::exchange(there.channel, channel);
    there.former_message = std::exchange(there.message, id);
    return true;
  });
  if (now && *now && !(*now)->former_message.empty())
    (void)co_await services_.effects.call(deletion_of((*now)->former_channel, (*now)->former_message));
  co_await conclude(call, std::move(now), texts::posted);
}

net::task<> panel_builder::list(interaction_call call) {
  const language user = call.user_language();
  const auto all = co_await panels_.all(call.what->guild);
  if (!all) co_return co_await say(call, std::string(texts::unreadable.in(user)));
  if (all->empty()) co_return co_await say(call, std::string(texts::no_panels.in(user)));
  discord::message_body message = private_message({});
  discord::embed page;
  page.title = texts::title.in(user);
  for (const panel& each : *all) {
    const bool gone = co_await is_deleted(call.what->guild, each);
    page.description += line_of(each, services_.guilds.find_guild(call.what->guild), gone, user) + "\n";
  }
  page.description = clipped(std::move(page.description), longest_embed_description);
  message.embeds.push_back(std::move(page));
  (void)co_await call.answers->reply(std::move(message));
}

// Asked where the bot may look; elsewhere the message counts as posted. (Its deletion is told by an event to
// those alone who listen to all messages of the server.)
net::task<bool> panel_builder::is_deleted(discord::guild_id guild, panel of) {
  constexpr auto needed =
      discord::permission_set(discord::permission::view_channel) | discord::permission::read_message_history;
  const auto held = services_.guilds.permissions_of_self(guild, of.channel, services_.clock.wall_now());
  if (of.message.empty() || !held || !needed.without(*held).empty()) co_return false;
  const auto found = co_await services_.effects.call(discord::endpoints::get_message(of.channel, of.message));
  co_return !found && is_gone(found.error());
}

net::task<> panel_builder::erase(interaction_call call, panel of) {
  const language user = call.user_language();
  // The message first: one that stays would be nobody's after a crash.
  if (!of.message.empty()) (void)co_await services_.effects.call(deletion_of(of.channel, of.message));
  const auto was = co_await panels_.erase(call.what->guild, of.number);
  if (!was) co_return co_await say(call, std::string(texts::unreadable.in(user)));
  if (*was && (*was)->message != of.message)
    (void)co_await services_.effects.call(deletion_of((*was)->channel, (*was)->message));
  co_await say(call, texts::erased.format(user, fmt::arg("number", of.number)));
}

// Until the message shows the panel as it is: whoever writes last has read last. Who posts the panel again
// meanwhile deletes the message.
net::task<panel_builder::outcome> panel_builder::refresh(interaction_call call, panel of) {
  constexpr int attempts = 8;
  const language user = call.user_language();
  outcome out{.shown = std::move(of)};
  for (int attempt = 0; attempt < attempts && !out.shown.message.empty(); ++attempt) {
    const panel written = out.shown;
    panel_message shown = co_await rendered(call.what->guild, written);
    discord::message_edit edit;
    edit.embeds = std::vector{std::move(shown.page)};
    edit.rows = std::move(shown.rows);
    auto request = discord::endpoints::edit_message(written.channel, written.message, edit);
    const auto done = request ? co_await services_.effects.call(std::move(*request))
                              : base::result<std::string>(std::unexpected(request.error()));
    const auto now = co_await panels_.get(call.what->guild, written.number);
    if (now && *now) out.shown = **now;
    if (out.shown != written) continue;
    if (done) break;
    const std::string reason = reason_of(done.error(), user);
    out.note = is_gone(done.error()) ? std::string(texts::message_gone.in(user))
                                     : texts::message_refused.format(user, fmt::arg("reason", reason));
    break;
  }
  co_return out;
}

net::task<> panel_builder::conclude(interaction_call call, base::result<std::optional<panel>> now, text done,
                                    discord::role_id role) {
  const language user = call.user_language();
  if (!now) co_return co_await say(call, std::string(texts::unreadable.in(user)));
  if (!*now) co_return co_await say(call, std::string(texts::no_such_panel.in(user)));
  const outcome out = co_await refresh(call, std::move(**now));
  const std::string link = link_to(call.what->guild, out.shown);
  const std::string shown = fmt::format("<@&{}>", role);
  std::string answer = done.format(user, fmt::arg("number", out.shown.number), fmt::arg("role", shown),
                                   fmt::arg("link", link));
  for (const std::string& each : {out.note, deleted_roles_note(call.what->guild, out.shown, user)}) {
    if (!each.empty()) answer += "\n" + each;
  }
  co_await say(call, std::move(answer));
}

}  // namespace guildfleet::features
