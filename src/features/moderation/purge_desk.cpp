#include "features/moderation/purge_desk.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>

#include "base/json_text.hpp"
#include "discord/rest/endpoints.hpp"
#include "features/answers.hpp"
#include "features/automod/text_folding.hpp"
#include "features/bulk_deletion.hpp"
#include "features/message_template.hpp"
#include "features/moderation/case_view.hpp"
#include "features/moderation/moderation_texts.hpp"
#include "features/moderation/sanction_checks.hpp"
#include "features/reasons.hpp"
#include "features/replies.hpp"
#include "settings/typed_reading.hpp"

namespace guildfleet::features {
namespace {

namespace texts = moderation_texts;
namespace json = boost::json;
using discord::permission;

constexpr std::chrono::minutes old_ones_go_on_after{1};
constexpr std::size_t page_size = 100;
constexpr std::size_t shown_lines = 5;
constexpr std::size_t longest_sample = 80;
constexpr auto needed = discord::permission_set(permission::view_channel) | permission::manage_messages |
                        permission::read_message_history;

purge_filter filter_of(const discord::command_data& command) {
  purge_filter out;
  out.count = std::min(
      static_cast<std::size_t>(std::max<std::int64_t>(command.integer("count").value_or(1), 1)), most_purged);
  out.author.value = command.id_of("user").value_or(0);
  out.contains = automod_rules::folded(command.text("contains").value_or(""));
  const std::string_view only = command.text("only").value_or("");
  for (std::size_t i = 0; i < std::size(texts::kinds); ++i) {
    if (texts::kinds[i].name == only) out.kind = static_cast<purge_kind>(i + 1);
  }
  return out;
}

std::string state_of(discord::channel_id channel, const std::vector<discord::message_id>& messages,
                     std::string_view reason) {
  base::json_writer out;
  out.begin_object().key("channel").string(std::to_string(channel.value));
  out.key("messages").string(to_text(messages)).key("reason").string(reason);
  return out.end_object().take();
}

struct purge_state {
  discord::channel_id channel;
  std::vector<discord::message_id> messages;
  std::string reason;
};
purge_state parse_state(std::string_view text) {
  boost::system::error_code failed;
  const json::value parsed = json::parse({text.data(), text.size()}, failed);
  const json::object* all = failed ? nullptr : parsed.if_object();
  if (all == nullptr) return {};
  return {settings::id<discord::channel_id>(*all, "channel"), messages_in(settings::words(*all, "messages")),
          std::string(settings::words(*all, "reason"))};
}

std::vector<discord::message_id> ids_of(const std::vector<stored_message>& messages) {
  std::vector<discord::message_id> out;
  for (const stored_message& each : messages) out.push_back(each.id);
  return out;
}

std::string shown_count(std::size_t messages, language in) {
  return texts::messages.format(in, static_cast<std::int64_t>(messages));
}

// Keyed by the first of them, so that what is left of a purge has a timer of its own.
timer deletion_timer(discord::guild_id guild, discord::channel_id channel,
                     const std::vector<discord::message_id>& messages, base::wall_time due) {
  return {.key = fmt::format("purge/{}/{}", guild, messages.front()),
          .what = "purge",
          .guild = guild,
          .due = due,
          .payload = fmt::format("{} {}", channel, to_text(messages))};
}

std::string preview_of(const std::vector<stored_message>& found, const purge_plan& plan, language in) {
  std::string sample;
  for (std::size_t i = 0; i < std::min(found.size(), shown_lines); ++i)
    sample += fmt::format("<@{}>: {}\n", found[i].author, clipped(plain(found[i].content), longest_sample));
  if (found.size() > shown_lines) sample += "…\n";
  const std::string oldest = shown_time(found.back().id.created_at(), 'f');
  const std::string newest = shown_time(found.front().id.created_at(), 'f');
  const std::string messages = shown_count(plan.size(), in);
  const std::string old = shown_count(plan.old.size(), in);
  const std::string left_out = shown_count(plan.left_out, in);
  std::string out = texts::would_delete.format(in, fmt::arg("messages", messages), fmt::arg("oldest", oldest),
                                               fmt::arg("newest", newest), fmt::arg("sample", sample));
  if (!plan.old.empty()) out += texts::old_ones.format(in, fmt::arg("messages", old)) + "\n";
  if (plan.left_out > 0) out += texts::left_out.format(in, fmt::arg("messages", left_out));
  return clipped(std::move(out), longest_content);
}

}  // namespace

purge_desk::purge_desk(const feature_declaration& of, const shard_services& services, case_book& book,
                       mod_log& log)
    : services_(services), flows_(of, services.records), book_(book), log_(log) {}

net::task<bool> purge_desk::is_hindered(interaction_call call) {
  const language user = call.user_language();
  const auto lacks = needed_for(mod_action::purge).without(call.what->member_permissions);
  const auto missing = needed.without(call.what->app_permissions);
  if (lacks.empty() && missing.empty()) co_return false;
  using kind = sanction_obstacle::kind;
  const sanction_obstacle obstacle{lacks.empty() ? kind::bot_may_not : kind::member_may_not,
                                   lacks.empty() ? missing : lacks};
  co_await answer(call, told(obstacle, call.what->user, user));
  if (lacks.empty())
    (void)co_await log_.reporter().report(
        {.guild = call.what->guild, .channel = call.what->channel, .missing = missing});
  co_return true;
}

net::task<base::result<purge_desk::messages>> purge_desk::search(discord::channel_id channel,
                                                                 purge_filter filter) {
  messages found;
  std::uint64_t before = 0;
  for (std::size_t seen = 0; seen < most_searched && found.size() < filter.count; seen += page_size) {
    const auto text = co_await services_.effects.call(
        discord::endpoints::get_messages(channel, {.limit = static_cast<int>(page_size), .before = before}));
    if (!text) co_return std::unexpected(text.error());
    const auto page = parse_messages(*text);
    if (!page) co_return std::unexpected(page.error());
    for (const stored_message& each : *page) {
      if (found.size() < filter.count && takes(filter, each)) found.push_back(each);
    }
    if (page->size() < page_size) break;
    before = page->back().id.value;
  }
  co_return found;
}

net::task<> purge_desk::preview(interaction_call call) {
  const language user = call.user_language();
  const bool hindered = co_await is_hindered(call);
  if (hindered) co_return;
  const auto found = co_await search(call.what->channel, filter_of(*call.what->command()));
  if (!found) {
    const std::string reason = reason_of(found.error(), user);
    co_await say(call, texts::cannot_read.format(user, fmt::arg("reason", reason)));
    co_return;
  }
  if (found->empty()) {
    co_await say(call, std::string(texts::finds_nothing.in(user)));
    co_return;
  }
  const std::string reason(call.what->command()->text("reason").value_or(""));
  const auto begun =
      co_await flows_.begin(call, "purge", state_of(call.what->channel, ids_of(*found), reason));
  if (!begun) {
    co_await say(call, std::string(texts::unreadable.in(user)));
    co_return;
  }
  discord::message_body message =
      private_message(preview_of(*found, plan_of(ids_of(*found), services_.clock.wall_now()), user));
  message.rows.push_back(flows_.choice_of(*begun, {texts::delete_button.in(user), "delete"},
                                          {texts::cancel_button.in(user), "cancel"}));
  (void)co_await call.answers->reply(std::move(message));
}

net::task<> purge_desk::answer(interaction_call call, std::string content) {
  if (call.what->component() == nullptr) {
    co_await say(call, std::move(content));
    co_return;
  }
  discord::message_edit edit;
  edit.content = clipped(std::move(content), longest_content);
  edit.rows = std::vector<discord::action_row>{};
  (void)co_await call.answers->update(std::move(edit));
}

net::task<> purge_desk::on_component(interaction_call call, discord::custom_id id) {
  call.answers->prefer_update();
  auto taken = co_await flows_.take(call, id);
  if (!taken) co_return;
  if (id.action == "cancel") {
    co_await answer(call, std::string(texts::cancelled.in(call.user_language())));
  } else {
    const bool hindered = co_await is_hindered(call);
    if (!hindered) co_await carry_out(call, *taken);
  }
  co_await flows_.end(*taken);
}

net::task<> purge_desk::carry_out(interaction_call call, flow confirmed) {
  const language user = call.user_language();
  const discord::guild_id guild = call.what->guild;
  const purge_state state = parse_state(confirmed.state);
  const purge_plan plan = plan_of(state.messages, services_.clock.wall_now());
  mod_case one{.action = mod_action::purge,
               .moderator = call.what->user,
               .channel = state.channel,
               .at = services_.clock.wall_now(),
               .reason = state.reason,
               .purged = plan.size()};
  const auto before = co_await book_.opened_by(guild, call.what->id.value);
  const auto opened = co_await book_.open(guild, std::move(one), call.what->id.value);
  if (!opened) {
    co_await answer(call, std::string(texts::unreadable.in(user)));
    co_return;
  }
  if (!plan.old.empty()) {
    const auto kept = co_await services_.jobs.schedule(
        deletion_timer(guild, state.channel, plan.old, services_.clock.wall_now()));
    if (!kept) {
      co_await book_.withdraw(guild, *opened, call.what->id.value);
      co_await answer(call, std::string(texts::unreadable.in(user)));
      co_return;
    }
  }
  deletion done = co_await delete_young(state.channel, plan.young,
                                        fmt::format("#{} {}", opened->number, call.what->user_name));
  if (done.stopped)
    co_await log_.reporter().report_error(*done.stopped, {.guild = guild, .channel = state.channel});
  done.is_first = before && !*before;
  co_await tell(call, *opened, std::move(done), plan.old.size());
}

net::task<> purge_desk::tell(interaction_call call, mod_case opened, deletion done, std::size_t old) {
  const language user = call.user_language();
  const discord::guild_id guild = call.what->guild;
  const std::string reason = done.stopped ? reason_of(*done.stopped, user) : std::string();
  const bool nothing_is_known_to_go = done.stopped && done.deleted + old == 0;
  if (nothing_is_known_to_go && done.is_first && cause_of(*done.stopped)) {
    co_await book_.withdraw(guild, opened, call.what->id.value);
    co_await answer(call, texts::refused.format(user, fmt::arg("reason", reason)));
    co_return;
  }
  const auto sentence = [&](const text& what, std::size_t count) {
    const std::string messages = shown_count(count, user);
    return what.format(user, fmt::arg("number", opened.number), fmt::arg("messages", messages)) + "\n";
  };
  std::string told;
  if (nothing_is_known_to_go) {
    told = texts::unsure.format(user, fmt::arg("number", opened.number), fmt::arg("reason", reason)) + "\n";
  } else {
    opened.purged = done.deleted + old;
    (void)co_await book_.confirm(guild, opened);
    if (done.stopped) told = texts::stopped.format(user, fmt::arg("reason", reason)) + "\n";
    if (done.deleted > 0) told += sentence(texts::deleted, done.deleted);
    if (old > 0) told += sentence(texts::deleting, old);
  }
  const bool is_logged = co_await log_.post(services_.effects, {call.sequence, 1}, guild, std::move(opened));
  if (!is_logged) told += texts::not_logged.in(user);
  co_await answer(call, std::move(told));
}

net::task<purge_desk::deletion> purge_desk::delete_young(discord::channel_id channel,
                                                         std::vector<discord::message_id> young,
                                                         std::string reason) {
  deletion out;
  const auto batches = deletion_batches(young, services_.clock.wall_now());
  for (const auto& batch : batches) {
    auto request = deletion_of(channel, batch, reason);
    if (!request) co_return deletion{out.deleted, request.error()};
    const auto done = co_await services_.effects.call(std::move(*request));
    if (!done && done.error().code() != discord::rest_error::unknown_message)
      co_return deletion{out.deleted, done.error()};
    out.deleted += batch.size();
  }
  co_return out;
}

net::task<jobs::job_outcome> purge_desk::delete_old(job_call call) {
  const std::size_t space = call.what.payload.find(' ');
  const auto channel =
      discord::parse_id<discord::channel_id>(std::string_view(call.what.payload).substr(0, space));
  if (!channel || space == std::string::npos)
    co_return jobs::job_failed{"its payload names no channel", true};
  const auto messages = messages_in(std::string_view(call.what.payload).substr(space));
  for (std::size_t at = 0; at < messages.size(); ++at) {
    const auto done =
        co_await call.effects.call(discord::endpoints::delete_message(*channel, messages[at], "purge"));
    if (done || done.error().code() == discord::rest_error::unknown_message) continue;
    if (!cause_of(done.error())) {
      if (at == 0) co_return jobs::job_failed{done.error().message()};
      co_return co_await go_on_later(call.what.guild, *channel,
                                     {messages.begin() + std::ptrdiff_t(at), messages.end()});
    }
    co_await log_.reporter().report_error(done.error(), {.guild = call.what.guild, .channel = *channel});
    co_return jobs::job_done{};
  }
  co_return jobs::job_done{};
}

// Not with the same list: what is deleted already would use up the requests that Discord allows for old ones.
net::task<jobs::job_outcome> purge_desk::go_on_later(discord::guild_id guild, discord::channel_id channel,
                                                     std::vector<discord::message_id> left) {
  const auto kept = co_await services_.jobs.schedule(
      deletion_timer(guild, channel, left, services_.clock.wall_now() + old_ones_go_on_after));
  if (!kept) co_return jobs::job_failed{kept.error().message()};
  co_return jobs::job_done{};
}

}  // namespace guildfleet::features
