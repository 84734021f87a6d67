#include "features/moderation/mod_log.hpp"

#include <boost/json/parse.hpp>

#include "discord/rest/endpoints.hpp"
#include "features/guild_preferences.hpp"
#include "features/moderation/case_view.hpp"
#include "features/moderation/moderation_texts.hpp"
#include "features/permission_checks.hpp"
#include "settings/typed_reading.hpp"

namespace guildfleet::features {
namespace {

discord::channel_id id_of_channel(const std::string& json) {
  boost::system::error_code failed;
  const boost::json::value parsed = boost::json::parse(json, failed);
  const boost::json::object* channel = failed ? nullptr : parsed.if_object();
  return channel == nullptr ? discord::channel_id{} : settings::id<discord::channel_id>(*channel, "id");
}

}  // namespace

mod_log::mod_log(const shard_services& services)
    : services_(services), reporter_(services, "moderation", moderation_texts::title) {}

net::task<bool> mod_log::post(effect_port& effects, effect_origin origin, discord::guild_id guild,
                              mod_case one) {
  const auto set = co_await services_.settings.get(guild, "moderation");
  const auto channel =
      set ? settings::id<discord::channel_id>(set->values, "log_channel") : discord::channel_id{};
  if (channel.empty()) co_return set.has_value();
  const language posts = (co_await preferences_of(services_.settings, services_.guilds, guild)).posts;
  const bool may = co_await reporter_.may_post(guild, channel, to_send_embeds);
  if (!may) co_return false;
  discord::message_body body;
  body.embeds.push_back(shown_case(one, posts, false));
  const auto posted = co_await effects.post(origin, channel, std::move(body));
  if (!posted) co_await reporter_.report_error(posted.error(), {.guild = guild, .channel = channel});
  co_return posted.has_value();
}

net::task<bool> mod_log::tell_member(effect_origin origin, discord::guild_id guild, mod_case one) {
  const auto set = co_await services_.settings.get(guild, "moderation");
  if (!set || !settings::flag(set->values, "notify_members")) co_return true;
  const language posts = (co_await preferences_of(services_.settings, services_.guilds, guild)).posts;
  const discord::guild_record* const record = services_.guilds.find_guild(guild);
  discord::message_body body;
  body.content = told_to_member(one, record == nullptr ? std::string_view() : record->name(), posts);
  if (body.content.empty()) co_return true;
  const auto opened = co_await services_.effects.call(discord::endpoints::open_dm(one.member));
  if (!opened) co_return false;
  const auto told = co_await services_.effects.post(origin, id_of_channel(*opened), std::move(body));
  co_return told.has_value();
}

}  // namespace guildfleet::features
