#include "features/ticket/ticket_opening.hpp"

#include <boost/json/parse.hpp>
#include <fmt/ranges.h>

#include "discord/rest/endpoints.hpp"
#include "features/answers.hpp"
#include "features/permission_names.hpp"
#include "features/reasons.hpp"
#include "features/ticket/ticket.hpp"
#include "features/ticket/ticket_texts.hpp"
#include "features/ticket/ticket_views.hpp"
#include "features/ticket/transcript.hpp"
#include "store/error.hpp"

namespace guildfleet::features {
namespace {

namespace json = boost::json;
namespace texts = ticket_texts;
namespace endpoints = discord::endpoints;

constexpr std::chrono::minutes opening_lasts{20};  // longer than the interaction that opens it

std::string settling_key(discord::guild_id guild, std::uint64_t number) {
  return fmt::format("settle.{}.{}", guild, number);
}

// The id of the channel of this name and topic in a list of channels.
base::result<std::optional<std::string>> channel_in(std::string_view list, const std::string& name,
                                                    const std::string& topic) {
  boost::system::error_code failed;
  const json::value parsed = json::parse(list, failed);
  const json::array* all = failed ? nullptr : parsed.if_array();
  if (all == nullptr) return base::fail(discord::rest_error::malformed_response, "channels");
  const auto is = [](const json::object& of, const char* key, const std::string& value) {
    const json::value* at = of.if_contains(key);
    return at != nullptr && at->is_string() && std::string_view(at->get_string()) == value;
  };
  for (const json::value& each : *all) {
    const json::object* one = each.if_object();
    if (one != nullptr && is(*one, "name", name) && is(*one, "topic", topic))
      return std::string(one->at("id").as_string());
  }
  return std::nullopt;
}

net::task<base::result<std::optional<std::string>>> find_channel(effect_port& effects,
                                                                 discord::guild_id guild, std::string name,
                                                                 std::string topic) {
  const auto list = co_await effects.call(endpoints::get_guild_channels(guild));
  if (!list) co_return std::unexpected(list.error());
  co_return channel_in(*list, name, topic);
}

std::string shown_channels(const std::vector<ticket_record>& tickets) {
  std::vector<std::string> out;
  for (const ticket_record& each : tickets) {
    if (!each.channel.empty()) out.push_back(fmt::format("<#{}>", each.channel));
  }
  return fmt::format("{}", fmt::join(out, " "));
}

}  // namespace

net::task<> ticket_opening::ask(interaction_call call) {
  (void)co_await call.answers->show(ticket_views::subject_form(call.user_language()));
}

net::task<bool> ticket_opening::lacks_permissions(interaction_call call) {
  const language user = call.user_language();
  const auto held = office_.services().guilds.base_permissions_of_self(call.what->guild);
  const discord::permission_set missing =
      held ? ticket.permissions.without(*held) : discord::permission_set{};
  if (missing.empty()) co_return false;
  const std::string names = names_of(missing, user);
  co_await say(call, texts::bot_lacks.format(user, fmt::arg("permissions", names)));
  (void)co_await office_.reporter().report(
      {.guild = call.what->guild, .cause = failure_cause::lacks_permission, .missing = missing});
  co_return true;
}

net::task<> ticket_opening::open(interaction_call call) {
  const language user = call.user_language();
  const discord::guild_id guild = call.what->guild;
  const auto settings = co_await office_.settings_of(guild);
  if (!settings) co_return co_await say(call, std::string(texts::unreadable.in(user)));
  if (co_await lacks_permissions(call)) co_return;
  ticket_record draft{.user = call.what->user,
                      .subject = std::string(call.what->modal_answer()->value("subject")),
                      .changed_by = call.what->id};
  draft.counted_from = office_.services().clock.wall_now();
  auto opened = co_await office_.tickets().open(guild, draft, settings->most);
  if (opened && std::holds_alternative<at_maximum>(*opened)) {
    if (co_await drop_vanished(call, std::get<at_maximum>(*opened).tickets))
      opened = co_await office_.tickets().open(guild, draft, settings->most);
  }
  if (!opened) co_return co_await say(call, std::string(texts::unreadable.in(user)));
  if (const auto* full = std::get_if<at_maximum>(&*opened)) {
    const std::string channels = shown_channels(full->tickets);
    if (channels.empty()) co_return co_await say(call, std::string(texts::being_opened.in(user)));
    co_return co_await say(
        call, texts::too_many.format(user, fmt::arg("most", settings->most), fmt::arg("channels", channels)));
  }
  if (std::holds_alternative<opened_before>(*opened))
    co_return co_await say(call, std::string(texts::closed_already.in(user)));
  co_await furnish(call, std::get<ticket_record>(*opened), *settings);
}

// It is open once its channel is welcoming: until then a timer can begin where a dead process ended. The
// timer first: without it nobody would look for a channel whose ticket cannot be changed.
net::task<> ticket_opening::furnish(interaction_call call, ticket_record what, ticket_settings settings) {
  const language user = call.user_language();
  const discord::guild_id guild = call.what->guild;
  effect_port& effects = office_.services().effects;
  if (!co_await settle_left(guild, what))
    co_return co_await give_up(call, std::move(what), base::error(store::store_error::failed, "timer"));
  const auto channel = co_await make_channel(call, what, settings);
  if (!channel) co_return co_await give_up(call, std::move(what), channel.error());
  what.channel = *channel;
  co_await welcome(effects, {call.sequence, 2}, guild, what, settings);
  const auto attached = co_await office_.tickets().attach(guild, what.number, *channel);
  if (!attached) co_return co_await give_up(call, std::move(what), attached.error());
  if (!*attached) {
    (void)co_await effects.call(endpoints::delete_channel(*channel, channel_name_of(what)));
    co_return co_await say(call, std::string(texts::closed_already.in(user)));
  }
  (void)co_await office_.services().jobs.cancel(settling_key(guild, what.number));
  co_await note_opened(effects, {call.sequence, 3}, guild, what);
  const std::string shown = fmt::format("<#{}>", *channel);
  co_await say(call, texts::opened.format(user, fmt::arg("channel", shown)));
  co_await report_what_is_gone(guild, std::move(settings));
}

// A ticket is opened all the same, but perhaps nobody of the staff sees it.
net::task<> ticket_opening::report_what_is_gone(discord::guild_id guild, ticket_settings settings) {
  const auto exists = [this, guild](const auto& holds) {
    const discord::guild_record* const server = office_.services().guilds.find_guild(guild);
    return server == nullptr || holds(*server);
  };
  for (const discord::role_id role : settings.staff) {
    if (exists([role](const discord::guild_record& server) { return server.find_role(role) != nullptr; }))
      continue;
    (void)co_await office_.reporter().report(
        {.guild = guild, .cause = failure_cause::role_gone, .role = role});
  }
  const discord::channel_id category = settings.category;
  if (category.empty() || exists([category](const discord::guild_record& server) {
        return server.find_channel(category) != nullptr;
      }))
    co_return;
  (void)co_await office_.reporter().report(
      {.guild = guild, .cause = failure_cause::channel_gone, .channel = category});
}

net::task<> ticket_opening::give_up(interaction_call call, ticket_record what, base::error why) {
  const discord::guild_id guild = call.what->guild;
  bool gone = false;
  if (was_refused(why)) gone = (co_await office_.tickets().erase(guild, what.number)).has_value();
  if (!gone) {
    const base::wall_time now = office_.services().clock.wall_now();
    (void)co_await settle_at(guild, what, now + request_is_on_its_way, store::schedule_mode::replace);
  }
  co_await office_.reporter().report_error(why, {.guild = guild});
  const language user = call.user_language();
  const std::string reason = reason_of(why, user);
  co_await say(call, texts::not_opened.format(user, fmt::arg("reason", reason)));
}

net::task<bool> ticket_opening::settle_left(discord::guild_id guild, ticket_record what) {
  const base::wall_time now = office_.services().clock.wall_now();
  co_return co_await settle_at(guild, what, std::max(what.counted_from + opening_lasts, now),
                               store::schedule_mode::keep);
}

net::task<bool> ticket_opening::settle_at(discord::guild_id guild, ticket_record what, base::wall_time due,
                                          store::schedule_mode mode) {
  timer wanted{.key = settling_key(guild, what.number),
               .what = "settle",
               .guild = guild,
               .due = due,
               .payload = fmt::format("{}", what.number)};
  co_return (co_await office_.services().jobs.schedule(std::move(wanted), mode)).has_value();
}

net::task<jobs::job_outcome> ticket_opening::settle(job_call call) {
  const discord::guild_id guild = call.what.guild;
  const std::uint64_t number = discord::parse_snowflake(call.what.payload).value_or(0);
  auto found = co_await office_.tickets().get(guild, number);
  if (!found) co_return jobs::job_failed{found.error().message()};
  if (!*found || (*found)->state != ticket_state::opening) co_return jobs::job_done{};
  ticket_record what = std::move(**found);
  const auto channel =
      co_await find_channel(call.effects, guild, channel_name_of(what), channel_topic_of(what));
  if (!channel) co_return jobs::job_failed{channel.error().message()};
  if (*channel) what.channel = {discord::parse_snowflake(**channel).value_or(0)};
  base::result<void> done;
  if (*channel) {
    done = co_await adopt(call.effects, guild, std::move(what));
  } else {
    done = co_await office_.tickets().erase(guild, number);
  }
  if (!done) co_return jobs::job_failed{done.error().message()};
  co_return jobs::job_done{};
}

net::task<base::result<void>> ticket_opening::adopt(effect_port& effects, discord::guild_id guild,
                                                    ticket_record what) {
  const auto settings = co_await office_.settings_of(guild);
  if (!settings) co_return base::fail(store::store_error::failed, "settings");
  const auto first = co_await effects.call(endpoints::get_messages(what.channel, {.limit = 1}));
  if (!first) co_return std::unexpected(first.error());
  const auto page = read_messages(*first);
  if (page && page->entries.empty()) co_await welcome(effects, {0, 1}, guild, what, *settings);
  const auto attached = co_await office_.tickets().attach(guild, what.number, what.channel);
  if (!attached) co_return std::unexpected(attached.error());
  if (*attached) co_await note_opened(effects, {0, 2}, guild, what);
  co_return base::result<void>{};
}

net::task<bool> ticket_opening::drop_vanished(interaction_call call, std::vector<ticket_record> tickets) {
  const discord::guild_id guild = call.what->guild;
  effect_port& effects = office_.services().effects;
  bool dropped = false;
  std::uint32_t number = 10;  // of the effects of this interaction; those below are of the opening itself
  for (const ticket_record& each : tickets) {
    if (each.state == ticket_state::opening) continue;  // its timer settles it
    const auto looked = co_await effects.call(endpoints::get_channel(each.channel));
    if (looked || looked.error().code() != discord::rest_error::unknown_channel) continue;
    dropped =
        (co_await office_.forget(effects, {call.sequence, ++number}, guild, each)).has_value() || dropped;
  }
  co_return dropped;
}

net::task<base::result<discord::channel_id>> ticket_opening::make_channel(interaction_call call,
                                                                          ticket_record of,
                                                                          ticket_settings settings) {
  const shard_services& services = office_.services();
  const discord::guild_id guild = call.what->guild;
  const discord::guild_record* const server = services.guilds.find_guild(guild);
  discord::channel_body body;
  body.name = channel_name_of(of);
  body.topic = channel_topic_of(of);
  body.type = discord::channel_type::text;
  if (server != nullptr) {
    std::erase_if(settings.staff, [&](discord::role_id each) { return server->find_role(each) == nullptr; });
    if (server->find_channel(settings.category) != nullptr) body.parent = settings.category;
  }
  body.overwrites = overwrites_of(of, guild, services.guilds.self(), settings.staff);
  auto request = endpoints::create_channel(guild, body, channel_topic_of(of));
  if (!request) co_return std::unexpected(request.error());
  effect_port& effects = services.effects;
  const auto made =
      co_await effects.make({call.sequence, 1}, std::move(*request),
                            [&effects, guild, name = channel_name_of(of), topic = channel_topic_of(of)] {
                              return find_channel(effects, guild, name, topic);
                            });
  if (!made) co_return std::unexpected(made.error());
  const auto id = discord::parse_id<discord::channel_id>(*made);
  if (!id) co_return base::fail(discord::rest_error::malformed_response, "channel");
  co_return *id;
}

net::task<> ticket_opening::welcome(effect_port& effects, effect_origin origin, discord::guild_id guild,
                                    ticket_record of, ticket_settings settings) {
  const language in = co_await office_.language_of_posts(guild);
  const discord::guild_record* const server = office_.services().guilds.find_guild(guild);
  const std::string name(server == nullptr ? std::string_view() : server->name());
  const auto posted =
      co_await effects.post(origin, of.channel, ticket_views::welcome(of, settings, name, in));
  if (!posted)
    co_await office_.reporter().report_error(posted.error(), {.guild = guild, .channel = of.channel});
}

net::task<> ticket_opening::note_opened(effect_port& effects, effect_origin origin, discord::guild_id guild,
                                        ticket_record of) {
  const language in = co_await office_.language_of_posts(guild);
  const std::string user = fmt::format("<@{}>", of.user);
  const std::string channel = fmt::format("<#{}>", of.channel);
  co_await office_.note(effects, origin, guild,
                        texts::log_opened.format(in, fmt::arg("number", of.number), fmt::arg("user", user),
                                                 fmt::arg("channel", channel)));
}

}  // namespace guildfleet::features
