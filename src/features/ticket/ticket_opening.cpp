#include "features/ticket/ticket_opening.hpp"

#include <boost/json/parse.hpp>
#include <fmt/ranges.h>

#include "discord/rest/endpoints.hpp"
#include "features/guild_config/answers.hpp"
#include "features/permission_names.hpp"
#include "features/ticket/ticket.hpp"
#include "features/ticket/ticket_texts.hpp"
#include "features/ticket/ticket_views.hpp"

namespace guildfleet::features {
namespace {

namespace json = boost::json;
namespace texts = ticket_texts;
namespace endpoints = discord::endpoints;

constexpr std::chrono::minutes opening_lasts{20};  // longer than the interaction that opens it

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
  call.answers->prefer_private();
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
    co_return co_await say(
        call, texts::too_many.format(user, fmt::arg("most", settings->most), fmt::arg("channels", channels)));
  }
  if (std::holds_alternative<opened_before>(*opened))
    co_return co_await say(call, std::string(texts::closed_already.in(user)));
  ticket_record what = std::get<ticket_record>(*opened);
  const auto channel = co_await make_channel(call, what, *settings);
  if (!channel) {
    (void)co_await office_.tickets().erase(guild, what.number);
    co_await office_.reporter().report_error(channel.error(),
                                             {.guild = guild, .channel = settings->category});
    const std::string reason = channel.error().message();
    co_return co_await say(call, texts::not_opened.format(user, fmt::arg("reason", reason)));
  }
  what.channel = *channel;
  (void)co_await office_.tickets().attach(guild, what, *channel);
  co_await greet(call, what, *settings);
  const std::string shown = fmt::format("<#{}>", *channel);
  co_await say(call, texts::opened.format(user, fmt::arg("channel", shown)));
}

net::task<bool> ticket_opening::drop_vanished(interaction_call call, std::vector<ticket_record> tickets) {
  const discord::guild_id guild = call.what->guild;
  effect_port& effects = office_.services().effects;
  const base::wall_time now = office_.services().clock.wall_now();
  bool dropped = false;
  std::uint32_t number = 10;  // of the effects of this interaction; those below are of the opening itself
  for (const ticket_record& each : tickets) {
    if (each.state == ticket_state::opening) {
      if (now - each.counted_from < opening_lasts) continue;
      dropped = (co_await office_.tickets().erase(guild, each.number)).has_value() || dropped;
      continue;
    }
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

net::task<> ticket_opening::greet(interaction_call call, ticket_record of, ticket_settings settings) {
  const shard_services& services = office_.services();
  const discord::guild_id guild = call.what->guild;
  const language in = co_await office_.language_of_posts(guild);
  const discord::guild_record* const server = services.guilds.find_guild(guild);
  const std::string name(server == nullptr ? std::string_view() : server->name());
  const auto posted = co_await services.effects.post({call.sequence, 2}, of.channel,
                                                     ticket_views::welcome(of, settings, name, in));
  if (!posted)
    co_await office_.reporter().report_error(posted.error(), {.guild = guild, .channel = of.channel});
  const std::string user = fmt::format("<@{}>", of.user);
  const std::string channel = fmt::format("<#{}>", of.channel);
  co_await office_.note(services.effects, {call.sequence, 3}, guild,
                        texts::log_opened.format(in, fmt::arg("number", of.number), fmt::arg("user", user),
                                                 fmt::arg("channel", channel)));
}

}  // namespace guildfleet::features
