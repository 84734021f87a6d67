#include "features/temp_voice/room_panel.hpp"

#include <algorithm>
#include <charconv>

#include "discord/rest/endpoints.hpp"
#include "features/answers.hpp"
#include "features/guild_preferences.hpp"
#include "features/message_template.hpp"
#include "features/reasons.hpp"
#include "features/replies.hpp"
#include "features/temp_voice/temp_voice.hpp"
#include "features/temp_voice/temp_voice_texts.hpp"
#include "settings/show.hpp"

namespace guildfleet::features::temp_voices {
namespace {

namespace texts = temp_voice_texts;
namespace endpoints = discord::endpoints;
using discord::rest_error;

constexpr std::string_view own_name = "temp-voice";
constexpr std::chrono::seconds answer_within{8};  // to a rename, which a hidden limit may hold back

std::string mention(discord::user_id user) {
  return fmt::format("<@{}>", user);
}

std::string id_of(std::string_view action, const std::string& number) {
  return discord::encode({std::string(own_name), temp_voice.component_version, std::string(action), number})
      .value_or(std::string());
}

discord::button button_of(std::string_view action, const text& label, const std::string& number,
                          language in) {
  return {.label = std::string(label.in(in)), .custom_id = id_of(action, number)};
}

discord::message_body panel_of(const numbered_room& of, std::chrono::seconds grace, language in) {
  const std::string time = settings::show_duration(grace.count(), in);
  discord::message_body out;
  out.content = texts::panel.format(in, fmt::arg("grace", time));
  const std::string& number = of.number;
  out.rows = {{.items = {button_of("rename", texts::rename_button, number, in),
                         button_of("limit", texts::limit_button, number, in),
                         button_of("lock", texts::lock_button, number, in),
                         button_of("hide", texts::hide_button, number, in)}},
              {.items = {button_of("transfer", texts::transfer_button, number, in),
                         button_of("kick", texts::kick_button, number, in)}}};
  return out;
}

discord::modal form_of(std::string_view action, const std::string& number, const text& title,
                       const text& label, const text& hint, int longest, language in) {
  discord::modal out{.custom_id = id_of(action, number), .title = std::string(title.in(in))};
  out.fields.push_back({.label = std::string(label.in(in)),
                        .description = std::string(hint.in(in)),
                        .input = discord::text_input{.custom_id = "value", .max_length = longest}});
  return out;
}

discord::message_body menu_of(std::string_view action, const std::string& number, const text& question,
                              language in) {
  discord::message_body out = private_message(std::string(question.in(in)));
  discord::select_menu menu{.kind = discord::select_kind::user,
                            .custom_id = id_of(action, number),
                            .placeholder = std::string(texts::choose_member.in(in))};
  out.rows.push_back({.items = {std::move(menu)}});
  return out;
}

std::optional<int> limit_in(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0 || value > highest_limit)
    return std::nullopt;
  return value;
}

// Who looks after the server's voice channels is not at an owner's mercy; administrators have it too.
bool moderates_voice(const discord::interaction& what, discord::user_id user) {
  const auto found = what.resolved.users.find(user);
  return found != what.resolved.users.end() &&
         found->second.permissions.has(discord::permission::move_members);
}

}  // namespace

net::task<> room_panel::post(discord::guild_id guild, numbered_room of, std::chrono::seconds grace,
                             std::uint64_t sequence) {
  const guild_preferences server = co_await preferences_of(services_.settings, services_.guilds, guild);
  const auto posted =
      co_await services_.effects.post({sequence, 2}, of.what.channel, panel_of(of, grace, server.posts));
  if (!posted) co_await rooms_.report(posted.error(), guild, of.what.channel);
}

net::task<> room_panel::on_command(interaction_call call) {
  const language user = call.user_language();
  const discord::guild_id guild = call.what->guild;
  if (guild.empty()) {
    co_await say(call, std::string(texts::server_only.in(user)));
    co_return;
  }
  const auto set = co_await services_.settings.get(guild, std::string(own_name));
  const auto own = co_await rooms_.rows().room_of(guild, call.what->user);
  if (!set || !own) {
    co_await say(call, std::string(texts::unreadable.in(user)));
    co_return;
  }
  const voice_options options = options_of(set->values);
  if (*own && !(*own)->what.channel.empty()) {
    discord::message_body panel = panel_of(**own, options.grace, user);
    panel.flags = discord::message_flags::ephemeral;
    (void)co_await call.answers->reply(std::move(panel));
    co_return;
  }
  std::string channels;
  for (const discord::channel_id each : options.triggers) channels += fmt::format("<#{}> ", each);
  co_await say(call, channels.empty() ? std::string(texts::not_used.in(user))
                                      : texts::no_room.format(user, fmt::arg("channels", channels)));
}

net::task<> room_panel::on_component(interaction_call call, discord::custom_id id) {
  const language user = call.user_language();
  const std::string number = id.payload;
  auto of = co_await take(call, number);
  if (!of) co_return;
  if (id.action == "rename") {
    (void)co_await call.answers->show(form_of("rename-to", number, texts::rename_title, texts::name_label,
                                              texts::rename_hint, static_cast<int>(longest_name), user));
  } else if (id.action == "limit") {
    (void)co_await call.answers->show(
        form_of("limit-to", number, texts::limit_title, texts::limit_label, texts::limit_hint, 2, user));
  } else if (id.action == "transfer") {
    (void)co_await call.answers->reply(menu_of("transfer-to", number, texts::whom_transfer, user));
  } else if (id.action == "kick") {
    (void)co_await call.answers->reply(menu_of("kick-whom", number, texts::whom_kick, user));
  } else if (id.action == "rename-to") {
    co_await rename(call, std::move(*of));
  } else if (id.action == "limit-to") {
    co_await limit(call, std::move(*of));
  } else if (id.action == "lock" || id.action == "hide") {
    co_await close(call, std::move(*of), id.action == "hide");
  } else if (id.action == "transfer-to") {
    co_await transfer(call, std::move(*of));
  } else if (id.action == "kick-whom") {
    co_await kick(call, std::move(*of));
  }
}

net::task<std::optional<numbered_room>> room_panel::take(interaction_call call, std::string number) {
  const language user = call.user_language();
  auto what = co_await rooms_.rows().read(call.what->guild, number);
  if (!what) {
    co_await say(call, std::string(texts::unreadable.in(user)));
    co_return std::nullopt;
  }
  if (!*what || (*what)->channel.empty()) {
    co_await say(call, std::string(texts::gone.in(user)));
    co_return std::nullopt;
  }
  const bool manages = call.what->member_permissions.has(discord::permission::manage_channels);
  const bool comes_again = was_applied(**what, call.what->id);  // who gave it away owns it no more
  if ((*what)->owner != call.what->user && !manages && !comes_again) {
    const std::string owner = mention((*what)->owner);
    co_await say(call, texts::owner_only.format(user, fmt::arg("owner", owner)));
    co_return std::nullopt;
  }
  co_return numbered_room{.number = std::move(number), .what = std::move(**what)};
}

// The rename is counted before it is asked for: what Discord refuses it counts too. One that comes again is
// asked for again, as nobody knows whether it was.
net::task<> room_panel::rename(interaction_call call, numbered_room of) {
  const language user = call.user_language();
  const discord::modal_data* answer = call.what->modal_answer();
  const std::string name = room_name("{name}", answer == nullptr ? "" : answer->value("value"));
  if (name.empty()) {
    co_await say(call, std::string(texts::name_empty.in(user)));
    co_return;
  }
  const base::wall_time now = services_.clock.wall_now();
  std::optional<base::wall_time> possible_at;
  const auto sent = call.what->id;
  const auto kept = co_await rooms_.rows().edit(call.what->guild, of.number, [&, now, sent](room& what) {
    const bool comes_again = was_applied(what, sent);
    possible_at = comes_again ? std::nullopt : rename_possible_at(what, now);
    if (comes_again || possible_at) return false;
    (void)note_applied(what, sent);
    count_rename(what, now);
    return true;
  });
  if (!kept) {
    co_await say(call, std::string(texts::unreadable.in(user)));
    co_return;
  }
  if (!possible_at) {
    auto request = endpoints::edit_channel(of.what.channel, {.name = name}, std::string(own_name));
    if (!request) co_return;
    request->deadline = services_.clock.steady_now() + answer_within;
    const auto done = co_await services_.effects.call(std::move(*request));
    const bool too_early = !done && (done.error().code() == rest_error::deadline_too_early ||
                                     done.error().code() == rest_error::deadline_passed);
    if (!done && !too_early) {
      co_await say_failed(call, done.error(), of.what.channel);
      co_return;
    }
    if (too_early) possible_at = now + rename_window;
  }
  const std::string when =
      possible_at ? shown_time(std::chrono::ceil<std::chrono::seconds>(*possible_at)) : std::string();
  const std::string shown = plain(name);
  co_await say(call, possible_at ? texts::rename_too_often.format(user, fmt::arg("when", when))
                                 : texts::renamed.format(user, fmt::arg("name", shown)));
}

net::task<> room_panel::limit(interaction_call call, numbered_room of) {
  const language user = call.user_language();
  const discord::modal_data* answer = call.what->modal_answer();
  const auto wanted = limit_in(answer == nullptr ? "" : answer->value("value"));
  if (!wanted) {
    co_await say(call, std::string(texts::bad_limit.in(user)));
    co_return;
  }
  auto request = endpoints::edit_channel(of.what.channel, {.user_limit = wanted}, std::string(own_name));
  if (!request) co_return;
  const auto done = co_await services_.effects.call(std::move(*request));
  if (!done) {
    co_await say_failed(call, done.error(), of.what.channel);
    co_return;
  }
  co_await say(call,
               *wanted == 0 ? std::string(texts::unlimited.in(user)) : texts::limited.format(user, *wanted));
}

net::task<> room_panel::close(interaction_call call, numbered_room of, bool hide) {
  const language user = call.user_language();
  const bool opens = hide ? of.what.hidden : of.what.locked;
  if (opens && !rooms_.knows_trigger(call.what->guild, of.what)) {
    co_await say(call, std::string(texts::stays_closed.in(user)));
    co_return;
  }
  const discord::guild_record* record = services_.guilds.find_guild(call.what->guild);
  auto inside = record == nullptr ? std::vector<discord::user_id>() : members_in(*record, of.what.channel);
  inside.resize(std::min(inside.size(), most_named_members));
  const auto pressed = call.what->id;
  const auto kept =
      co_await rooms_.rows().edit(call.what->guild, of.number, [hide, inside, pressed](room& what) {
        if (!note_applied(what, pressed)) return false;
        bool& switched = hide ? what.hidden : what.locked;
        if (!what.locked && !what.hidden) what.guests = inside;
        switched = !switched;
        return true;
      });
  if (!kept || !*kept) {
    co_await say(call, std::string((kept ? texts::gone : texts::unreadable).in(user)));
    co_return;
  }
  const auto done = co_await rooms_.apply(call.what->guild, of.number);
  if (!done) {
    co_await say_failed(call, done.error(), of.what.channel);
    co_return;
  }
  const text& told = hide ? ((*kept)->hidden ? texts::hidden : texts::shown)
                          : ((*kept)->locked ? texts::locked : texts::unlocked);
  co_await say(call, std::string(told.in(user)));
}

net::task<std::optional<discord::user_id>> room_panel::chosen(interaction_call call, numbered_room of) {
  const language user = call.user_language();
  const discord::component_data* menu = call.what->component();
  const auto id = menu == nullptr || menu->values.empty()
                      ? std::nullopt
                      : discord::parse_id<discord::user_id>(menu->values.front());
  if (id && was_applied(of.what, call.what->id)) co_return id;  // it was looked at the first time
  if (!id || *id == of.what.owner || *id == services_.guilds.self()) {
    co_await say(call, std::string(texts::not_oneself.in(user)));
    co_return std::nullopt;
  }
  const discord::guild_record* record = services_.guilds.find_guild(call.what->guild);
  if (record != nullptr && record->voice_channel_of(*id) == of.what.channel) co_return id;
  const std::string who = mention(*id);
  co_await say(call, texts::not_inside.format(user, fmt::arg("user", who)));
  co_return std::nullopt;
}

net::task<> room_panel::transfer(interaction_call call, numbered_room of) {
  const language user = call.user_language();
  const auto to = co_await chosen(call, of);
  if (!to) co_return;
  const auto found = call.what->resolved.users.find(*to);
  if (found != call.what->resolved.users.end() && found->second.bot) {
    co_await say(call, std::string(texts::no_apps.in(user)));
    co_return;
  }
  const auto done = co_await rooms_.rows().transfer(call.what->guild, of.number, *to, call.what->id);
  if (!done) {
    co_await say_failed(call, done.error(), of.what.channel);
    co_return;
  }
  const std::string who = mention(*to);
  if (!*done) {
    co_await say(call, texts::has_one.format(user, fmt::arg("user", who)));
    co_return;
  }
  const auto applied = co_await rooms_.apply(call.what->guild, of.number);
  if (!applied) co_await rooms_.report(applied.error(), call.what->guild, of.what.channel);
  co_await say(call, texts::transferred.format(user, fmt::arg("user", who)));
}

net::task<> room_panel::kick(interaction_call call, numbered_room of) {
  const language user = call.user_language();
  const auto whom = co_await chosen(call, of);
  if (!whom) co_return;
  const std::string who = mention(*whom);
  if (moderates_voice(*call.what, *whom)) {
    co_await say(call, texts::moderator.format(user, fmt::arg("user", who)));
    co_return;
  }
  bool full = false;
  const auto kept = co_await rooms_.rows().edit(call.what->guild, of.number, [&full, whom](room& what) {
    const bool is_new = std::ranges::find(what.kicked, *whom) == what.kicked.end();
    full = is_new && what.kicked.size() >= most_named_members;
    if (full) return false;
    std::erase(what.guests, *whom);
    if (is_new) what.kicked.push_back(*whom);
    return true;
  });
  if (!kept || !*kept || full) {
    const text& why = full ? texts::too_many_kicked : kept ? texts::gone : texts::unreadable;
    co_await say(call, std::string(why.in(user)));
    co_return;
  }
  auto done = co_await rooms_.apply(call.what->guild, of.number);
  if (done) {
    auto request = endpoints::edit_member(call.what->guild, *whom, {.voice_channel = discord::cleared},
                                          std::string(own_name));
    if (!request) co_return;
    const auto moved = co_await services_.effects.call(std::move(*request));
    if (!moved && moved.error().code() != rest_error::target_not_in_voice)
      done = std::unexpected(moved.error());
  }
  if (!done) {
    co_await say_failed(call, done.error(), of.what.channel);
    co_return;
  }
  co_await say(call, texts::kicked.format(user, fmt::arg("user", who)));
}

net::task<> room_panel::say_failed(interaction_call call, base::error why, discord::channel_id about) {
  const language user = call.user_language();
  const auto cause = cause_of(why);
  if (cause == failure_cause::channel_gone) {  // empty or deleted meanwhile, which is nobody's concern
    co_await say(call, std::string(texts::gone.in(user)));
    co_return;
  }
  const std::string reason = reason_of(why, user);
  co_await rooms_.report(std::move(why), call.what->guild, about);
  co_await say(call, cause == failure_cause::lacks_permission
                         ? std::string(texts::no_permission.in(user))
                         : texts::failed.format(user, fmt::arg("reason", reason)));
}

}  // namespace guildfleet::features::temp_voices
