#include "features/ticket/ticket_desk.hpp"

#include <algorithm>

#include "discord/rest/endpoints.hpp"
#include "features/answers.hpp"
#include "features/message_template.hpp"
#include "features/reasons.hpp"
#include "features/replies.hpp"
#include "features/ticket/ticket_texts.hpp"
#include "features/ticket/ticket_views.hpp"
#include "features/ticket/transcript.hpp"

namespace guildfleet::features {
namespace {

namespace texts = ticket_texts;
namespace endpoints = discord::endpoints;

std::string shown(discord::user_id user) {
  return fmt::format("<@{}>", user);
}

// What its own user may do, too.
bool is_for_its_user(std::string_view action) {
  return action == "close" || action == "reason" || action == "add" || action == "transcript" ||
         action == "reopen";
}

bool is_in(const ticket_record& what, discord::user_id member) {
  return what.user == member || std::ranges::find(what.members, member) != what.members.end();
}

std::vector<discord::user_id> all_in(const ticket_record& what) {
  std::vector<discord::user_id> out = what.members;
  out.push_back(what.user);
  return out;
}

discord::upload file_of(const ticket_record& of, std::string text) {
  return {.filename = channel_name_of(of) + ".txt", .content_type = "text/plain", .bytes = std::move(text)};
}

}  // namespace

ticket_desk::ticket_desk(ticket_office& office) : office_(office), deletion_(office) {}

net::task<std::optional<ticket_desk::case_file>> ticket_desk::look_up(interaction_call call,
                                                                      bool for_its_user) {
  const language user = call.user_language();
  const discord::guild_id guild = call.what->guild;
  const auto settings = co_await office_.settings_of(guild);
  auto found = co_await office_.tickets().in_channel(guild, call.what->channel);
  const text* refusal = nullptr;
  case_file out;
  if (!settings || !found) {
    refusal = &texts::unreadable;
  } else if (!*found) {
    refusal = &texts::no_ticket;
  } else {
    out = {std::move(**found), *settings, ticket_office::is_staff(*call.what, *settings)};
    const bool its_user = out.of.user == call.what->user;
    if (!out.by_staff && !for_its_user) refusal = &texts::staff_only;
    if (!out.by_staff && for_its_user && !its_user) refusal = &texts::participants_only;
  }
  if (refusal == nullptr) co_return out;
  co_await say(call, std::string(refusal->in(user)));
  co_return std::nullopt;
}

net::task<> ticket_desk::on_flow(interaction_call call, discord::custom_id id) {
  return deletion_.on_flow(std::move(call), std::move(id));
}

net::task<> ticket_desk::act(interaction_call call, std::string action) {
  auto file = co_await look_up(call, is_for_its_user(action));
  if (file) co_await carry_out(std::move(call), std::move(action), std::move(*file));
}

net::task<> ticket_desk::carry_out(interaction_call call, std::string action, case_file file) {
  const bool pressed = call.what->component() != nullptr;
  if (action == "claim")
    co_await claim(call, std::move(file));
  else if (action == "add")
    co_await add(call, std::move(file));
  else if (action == "close" && pressed)
    (void)co_await call.answers->show(ticket_views::close_form(call.user_language()));
  else if (action == "close")
    co_await close(call, std::move(file), std::string(call.what->command()->text("reason").value_or("")));
  else if (action == "reason")
    co_await close(call, std::move(file), std::string(call.what->modal_answer()->value("reason")));
  else if (action == "reopen")
    co_await reopen(call, std::move(file));
  else if (action == "transcript")
    co_await give_transcript(call, std::move(file));
  else if (action == "pause")
    co_await pause_deletion(call, std::move(file));
  else if (action == "resume")
    co_await resume_deletion(call, std::move(file));
  else if (action == "delete")
    co_await deletion_.ask(call, std::move(file.of));
}

net::task<> ticket_desk::post(interaction_call call, std::uint32_t number, ticket_record of,
                              discord::message_body body) {
  const auto posted =
      co_await office_.services().effects.post({call.sequence, number}, of.channel, std::move(body));
  if (posted) co_return;
  co_await office_.reporter().report_error(posted.error(),
                                           {.guild = call.what->guild, .channel = of.channel});
}

net::task<> ticket_desk::claim(interaction_call call, case_file file) {
  const language user = call.user_language();
  const discord::user_id who = call.what->user;
  const auto done =
      co_await office_.tickets().change(call.what->guild, file.of.number, [who](ticket_record& there) {
        if (!there.claimed_by.empty()) return false;
        there.claimed_by = who;
        return true;
      });
  if (!done || !done->now) co_return co_await say(call, std::string(texts::unreadable.in(user)));
  const std::string holder = shown(done->now->claimed_by);
  if (done->now->claimed_by != who)
    co_return co_await say(call, texts::claimed_already.format(user, fmt::arg("user", holder)));
  if (done->done) {
    const language in = co_await office_.language_of_posts(call.what->guild);
    co_await post(call, 1, file.of,
                  ticket_views::plain_message(texts::claimed_by.format(in, fmt::arg("user", holder))));
  }
  co_await say(call, std::string(texts::claimed_now.in(user)));
}

net::task<> ticket_desk::add(interaction_call call, case_file file) {
  const language user = call.user_language();
  const discord::guild_id guild = call.what->guild;
  const discord::interaction_id by = call.what->id;
  const discord::user_id member{call.what->command()->id_of("member").value_or(0)};
  if (member == office_.services().guilds.self())
    co_return co_await say(call, std::string(texts::bot_is_in.in(user)));
  const auto add = [member, by](ticket_record& there) {
    if (is_in(there, member) || there.members.size() >= most_ticket_members) return false;
    there.members.push_back(member);
    there.added_by = by;
    return true;
  };
  const auto done = co_await office_.tickets().change(guild, file.of.number, add);
  if (!done || !done->now) co_return co_await say(call, std::string(texts::unreadable.in(user)));
  if (!is_in(*done->now, member))
    co_return co_await say(call, texts::full.format(user, fmt::arg("most", most_ticket_members)));
  const bool already = !done->done && done->now->added_by != by;
  const std::string name = shown(member);
  const auto set = co_await let_in(guild, *done->now, {member});
  if (!set) {
    const std::string reason = reason_of(set.error(), user);
    co_return co_await say(
        call, texts::not_added.format(user, fmt::arg("member", name), fmt::arg("reason", reason)));
  }
  if (already) co_return co_await say(call, texts::added_already.format(user, fmt::arg("member", name)));
  const language posts = co_await office_.language_of_posts(guild);
  const std::string adder = shown(call.what->user);
  co_await post(call, 1, file.of,
                ticket_views::plain_message(
                    texts::added_by.format(posts, fmt::arg("user", adder), fmt::arg("member", name))));
  co_await say(call, texts::added_now.format(user, fmt::arg("member", name)));
}

// Looks again at the end: a close and an addition may pass each other on the way.
net::task<base::result<void>> ticket_desk::let_in(discord::guild_id guild, ticket_record of,
                                                  std::vector<discord::user_id> who) {
  constexpr int attempts = 4;
  base::result<void> out;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    const bool may_write = of.state == ticket_state::open;
    out = {};
    for (const discord::user_id each : who) {
      const auto set = co_await office_.services().effects.call(
          endpoints::put_overwrite(of.channel, overwrite_of_member(each, may_write)));
      if (set) continue;
      co_await office_.reporter().report_error(set.error(), {.guild = guild, .channel = of.channel});
      out = std::unexpected(set.error());
    }
    auto now = co_await office_.tickets().get(guild, of.number);
    if (!now || !*now || ((*now)->state == ticket_state::open) == may_write) break;
    of = std::move(**now);
  }
  co_return out;
}

net::task<> ticket_desk::close(interaction_call call, case_file file, std::string reason) {
  const language user = call.user_language();
  const discord::guild_id guild = call.what->guild;
  const base::wall_time now = office_.services().clock.wall_now();
  const discord::interaction_id by = call.what->id;
  const auto apply = [now, by](ticket_record& there) {
    if (there.state != ticket_state::open || by <= there.changed_by) return false;
    there.state = ticket_state::closed;
    there.changed_by = by;
    there.counted_from = now;
    there.paused_after.reset();
    return true;
  };
  const auto done = co_await office_.tickets().change(guild, file.of.number, apply, slot_use::release);
  if (!done || !done->now) co_return co_await say(call, std::string(texts::unreadable.in(user)));
  if (done->now->state != ticket_state::closed || done->now->changed_by != by)
    co_return co_await say(call, std::string(texts::closed_already.in(user)));
  file.of = *done->now;
  co_await office_.keep_timer(guild, file.of, file.settings.delete_after);
  (void)co_await let_in(guild, file.of, all_in(file.of));
  const language in = co_await office_.language_of_posts(guild);
  co_await post(
      call, 1, file.of,
      ticket_views::closed(call.what->user, reason, deletion_of(file.of, file.settings.delete_after), in));
  co_await note_closing(call, file, std::move(reason));
  co_await say(call, std::string(texts::closed_now.in(user)));
}

// With the transcript, as the channel may be deleted later.
net::task<> ticket_desk::note_closing(interaction_call call, case_file file, std::string reason) {
  if (file.settings.log.empty()) co_return;
  const discord::guild_id guild = call.what->guild;
  effect_port& effects = office_.services().effects;
  const language in = co_await office_.language_of_posts(guild);
  const std::string user = shown(file.of.user);
  const std::string by = shown(call.what->user);
  std::string content = texts::log_closed.format(in, fmt::arg("number", file.of.number),
                                                 fmt::arg("user", user), fmt::arg("by", by));
  if (!reason.empty()) {
    const std::string why = plain(reason);
    content += "\n" + texts::with_reason.format(in, fmt::arg("reason", why));
  }
  auto text = co_await office_.transcript_of(effects, file.of, in);
  if (!text) {
    const std::string why = reason_of(text.error(), in);
    content += "\n" + texts::no_transcript.format(in, fmt::arg("reason", why));
    co_await office_.reporter().report_error(text.error(), {.guild = guild, .channel = file.of.channel});
  }
  discord::message_body body = ticket_views::plain_message(std::move(content));
  std::vector<discord::upload> files;
  if (text) {
    files.push_back(file_of(file.of, std::move(*text)));
    body.attachments.push_back({.filename = files.front().filename});
  }
  body.nonce = fmt::format("t{}", call.what->id);
  auto request = endpoints::create_message(file.settings.log, body, std::move(files));
  if (!request) co_return;
  const auto find = [this, in = file.settings.log, since = call.what->id, content = body.content] {
    return find_line(in, since, content);
  };
  const auto posted = co_await effects.make({call.sequence, 2}, std::move(*request), find);
  if (!posted)
    co_await office_.reporter().report_error(posted.error(), {.guild = guild, .channel = file.settings.log});
}

net::task<base::result<std::optional<std::string>>> ticket_desk::find_line(discord::channel_id in,
                                                                           discord::interaction_id since,
                                                                           std::string content) {
  constexpr int page_size = 100;
  const auto answer = co_await office_.services().effects.call(
      endpoints::get_messages(in, {.limit = page_size, .after = since.value}));
  if (!answer) co_return std::unexpected(answer.error());
  co_return find_message(*answer, office_.services().guilds.self(), content);
}

net::task<> ticket_desk::reopen(interaction_call call, case_file file) {
  const language user = call.user_language();
  const discord::guild_id guild = call.what->guild;
  const discord::interaction_id by = call.what->id;
  const auto apply = [by](ticket_record& there) {
    if (there.state != ticket_state::closed || by <= there.changed_by) return false;
    there.state = ticket_state::open;
    there.changed_by = by;
    return true;
  };
  const auto done =
      co_await office_.tickets().change(guild, file.of.number, apply, slot_use::take, file.settings.most);
  if (!done || !done->now) co_return co_await say(call, std::string(texts::unreadable.in(user)));
  const std::string owner = shown(file.of.user);
  if (done->no_slot) {
    co_return co_await say(call, texts::owner_has_too_many.format(user, fmt::arg("user", owner),
                                                                  fmt::arg("most", file.settings.most)));
  }
  if (done->now->state != ticket_state::open || done->now->changed_by != by)
    co_return co_await say(call, std::string(texts::open_already.in(user)));
  file.of = *done->now;
  co_await office_.keep_timer(guild, file.of, file.settings.delete_after);
  (void)co_await let_in(guild, file.of, all_in(file.of));
  const language in = co_await office_.language_of_posts(guild);
  co_await post(call, 1, file.of, ticket_views::reopened(call.what->user, in));
  const std::string who = shown(call.what->user);
  co_await office_.note(office_.services().effects, {call.sequence, 2}, guild,
                        texts::log_reopened.format(in, fmt::arg("number", file.of.number),
                                                   fmt::arg("user", owner), fmt::arg("by", who)));
  co_await say(call, std::string(texts::open_now.in(user)));
}

net::task<> ticket_desk::give_transcript(interaction_call call, case_file file) {
  const language user = call.user_language();
  auto text = co_await office_.transcript_of(office_.services().effects, file.of, user);
  if (!text) {
    const std::string reason = reason_of(text.error(), user);
    co_return co_await say(call, texts::no_transcript.format(user, fmt::arg("reason", reason)));
  }
  discord::message_body message =
      private_message(texts::transcript_here.format(user, fmt::arg("number", file.of.number)));
  std::vector<discord::upload> files;
  files.push_back(file_of(file.of, std::move(*text)));
  message.attachments.push_back({.filename = files.front().filename});
  (void)co_await call.answers->reply_with_files(std::move(message), std::move(files));
}

net::task<> ticket_desk::pause_deletion(interaction_call call, case_file file) {
  const language user = call.user_language();
  const base::wall_time now = office_.services().clock.wall_now();
  const discord::interaction_id by = call.what->id;
  const std::chrono::seconds after = file.settings.delete_after;
  const auto done = co_await office_.tickets().change(
      call.what->guild, file.of.number, [now, after, by](ticket_record& there) {
        if (!deletion_of(there, after) || by <= there.changed_by) return false;
        pause(there, now);
        there.changed_by = by;
        return true;
      });
  if (!done || !done->now) co_return co_await say(call, std::string(texts::unreadable.in(user)));
  if (!done->now->paused_after || done->now->state != ticket_state::closed)
    co_return co_await say(call, std::string(texts::not_counting.in(user)));
  co_await office_.keep_timer(call.what->guild, *done->now, after);
  co_await say(call, std::string(texts::paused_now.in(user)));
}

net::task<> ticket_desk::resume_deletion(interaction_call call, case_file file) {
  const language user = call.user_language();
  const base::wall_time now = office_.services().clock.wall_now();
  const discord::interaction_id by = call.what->id;
  const auto done =
      co_await office_.tickets().change(call.what->guild, file.of.number, [now, by](ticket_record& there) {
        if (!there.paused_after || by <= there.changed_by) return false;
        go_on(there, now);
        there.changed_by = by;
        return true;
      });
  if (!done || !done->now) co_return co_await say(call, std::string(texts::unreadable.in(user)));
  if (done->now->changed_by != by) co_return co_await say(call, std::string(texts::not_paused.in(user)));
  co_await office_.keep_timer(call.what->guild, *done->now, file.settings.delete_after);
  const auto due = deletion_of(*done->now, file.settings.delete_after);
  const std::string when = due ? shown_time(*due) : std::string();
  co_await say(call, due ? texts::resumed_now.format(user, fmt::arg("when", when))
                         : std::string(texts::not_counting.in(user)));
}

}  // namespace guildfleet::features
