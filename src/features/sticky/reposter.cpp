#include "features/sticky/reposter.hpp"

#include "discord/rest/endpoints.hpp"
#include "features/permission_checks.hpp"
#include "features/sticky/sticky_texts.hpp"
#include "store/error.hpp"

namespace guildfleet::features {
namespace {

using discord::rest_error;

constexpr const char* changed_meanwhile = "its record was changed meanwhile";

repost_result failure(std::string why, bool permanent = false) {
  return {.what = repost_result::kind::failed, .outcome = jobs::job_failed{std::move(why), permanent}};
}

// A deletion that need not be tried again: the message is gone, or not the bot's to delete (another bot of
// the fleet had posted it).
bool is_settled(const base::error& error) {
  for (const rest_error each : {rest_error::unknown_message, rest_error::unknown_channel,
                                rest_error::missing_access, rest_error::missing_permissions,
                                rest_error::forbidden, rest_error::not_found, rest_error::archived_thread}) {
    if (error.code() == each) return true;
  }
  return false;
}

}  // namespace

struct reposter::place {
  discord::guild_id guild;
  discord::channel_id channel;
  std::uint64_t version = 0;  // of the record
  posted_sticky posted;
};

reposter::reposter(const shard_services& services)
    : services_(services), reporter_(services, "sticky", sticky_texts::feature_title) {}

net::task<repost_result> reposter::run(job_call call) {
  try {
    co_return co_await repost(call);
  } catch (const std::exception& thrown) {
    co_return failure(thrown.what());
  }
}

net::task<repost_result> reposter::repost(job_call call) {
  const auto channel = discord::parse_id<discord::channel_id>(call.what.key);
  if (!channel) co_return failure("its key is no channel", true);
  place at{call.what.guild, *channel, 0, {}};
  const auto settings = co_await services_.settings.get(at.guild, "sticky");
  if (!settings) co_return failure(settings.error().message());
  const auto record = co_await services_.records.get(key_of_posted(at.guild, at.channel));
  if (!record) co_return failure(record.error().message());
  if (*record) {
    at.version = (*record)->version;
    at.posted = read_posted((*record)->value);
  }
  auto message = sticky_in(settings->values, at.channel);
  if (call.begun_before && at.posted.tried) message = at.posted.tried;
  if (!message) co_return co_await take_away(call, std::move(at));
  const discord::message_id below{discord::parse_snowflake(call.what.payload).value_or(0)};
  co_return co_await post(call, std::move(at), *std::move(message), below);
}

net::task<repost_result> reposter::post(job_call call, place at, sticky_message message,
                                        discord::message_id below) {
  posted_sticky now{{}, digest_of(message)};
  if (!at.posted.message.empty() && at.posted.message >= below && at.posted.digest == now.digest)
    co_return co_await keep(call, at, at.posted);
  const discord::message_body body = body_of(message);
  const auto obstacle = obstacle_to_send(services_.guilds, at.guild, at.channel, services_.clock.wall_now(),
                                         body.embeds.empty() ? to_send : to_send_embeds);
  if (obstacle && obstacle->what == send_obstacle::kind::missing_permissions) {
    (void)co_await reporter_.report({.guild = at.guild, .channel = at.channel, .missing = obstacle->missing});
    co_return repost_result{.what = repost_result::kind::refused};
  }
  std::vector<discord::message_id> old = at.posted.old;
  if (!at.posted.message.empty()) old.push_back(at.posted.message);
  // An earlier attempt's message is looked for by what it says, as the one before it does too.
  if (call.begun_before) old = co_await delete_all(call, std::move(old));
  now.tried = message;
  auto noted = co_await note_tried(std::move(at), std::move(message));
  if (!noted) co_return failure(noted.error().message());
  at = *std::move(noted);
  const auto posted = co_await call.effects.post({}, at.channel, body);
  if (!posted) {
    const repost_result result = co_await not_posted(at, posted.error());
    if (result.what == repost_result::kind::refused) co_return result;
    co_return failure(posted.error().message());
  }
  now.message = *posted;
  std::erase(old, *posted);
  now.old = co_await delete_all(call, std::move(old));
  const auto saved = co_await write(at, to_record(now));
  if (!saved) co_return failure(saved.error().message());
  if (std::holds_alternative<store::record_conflict>(*saved)) co_return failure(changed_meanwhile);
  if (!now.old.empty()) co_return failure("the message before could not be deleted yet");
  co_return repost_result{repost_result::kind::stands, now.message, now.digest, jobs::job_done{}};
}

// It stands there already; what an earlier attempt left is cleared.
net::task<repost_result> reposter::keep(job_call call, place at, posted_sticky now) {
  if (!now.old.empty()) {
    now.old = co_await delete_all(call, std::move(now.old));
    if (!now.old.empty()) co_return failure("an earlier message could not be deleted yet");
    (void)co_await write(at, to_record(now));
  }
  co_return repost_result{repost_result::kind::stands, now.message, now.digest, jobs::job_done{}};
}

net::task<base::result<reposter::place>> reposter::note_tried(place at, std::optional<sticky_message> what) {
  if (at.posted.tried == what) co_return at;
  at.posted.tried = std::move(what);
  const auto noted = co_await write(at, to_record(at.posted));
  if (!noted) co_return std::unexpected(noted.error());
  const auto* rows = std::get_if<std::vector<store::record>>(&*noted);
  if (rows == nullptr) co_return base::fail(store::store_error::busy, changed_meanwhile);
  at.version = rows->front().version;
  co_return at;
}

net::task<repost_result> reposter::take_away(job_call call, place at) {
  auto noted = co_await note_tried(std::move(at), std::nullopt);
  if (!noted) co_return failure(noted.error().message());
  at = *std::move(noted);
  std::vector<discord::message_id> all = at.posted.old;
  if (!at.posted.message.empty()) all.push_back(at.posted.message);
  const auto left = co_await delete_all(call, std::move(all));
  if (!left.empty()) co_return failure("the message could not be deleted yet");
  if (at.version != 0) {
    const auto gone = co_await write(at, std::nullopt);
    if (!gone) co_return failure(gone.error().message());
  }
  co_return repost_result{.what = repost_result::kind::gone};
}

// The thread is archived until somebody writes there: no matter of the managers'.
net::task<repost_result> reposter::not_posted(place at, base::error why) {
  const bool archived = why.code() == rest_error::archived_thread;
  const bool refused = archived || cause_of(why).has_value();
  if (refused && !archived)
    co_await reporter_.report_error(std::move(why), {.guild = at.guild, .channel = at.channel});
  co_return repost_result{.what = refused ? repost_result::kind::refused : repost_result::kind::failed};
}

net::task<base::result<store::record_outcome>> reposter::write(place at, std::optional<std::string> value) {
  std::vector<store::record_change> changes;
  changes.push_back({.key = key_of_posted(at.guild, at.channel),
                     .expected_version = at.version,
                     .value = std::move(value)});
  co_return co_await services_.records.change(std::move(changes));
}

// Another bot of the fleet may have posted them; then only who manages messages may delete them.
net::task<std::vector<discord::message_id>> reposter::delete_all(job_call call,
                                                                 std::vector<discord::message_id> messages) {
  const auto channel = discord::parse_id<discord::channel_id>(call.what.key).value_or(discord::channel_id{});
  std::vector<discord::message_id> left;
  for (const discord::message_id each : messages) {
    const auto done = co_await call.effects.call(discord::endpoints::delete_message(channel, each));
    if (done) continue;
    if (!is_settled(done.error())) left.push_back(each);
    if (done.error().code() == rest_error::missing_permissions)
      (void)co_await reporter_.report(
          {.guild = call.what.guild,
           .channel = channel,
           .missing = discord::permission_set(discord::permission::manage_messages)});
  }
  co_return left;
}

net::task<> reposter::channel_gone(discord::guild_id guild, discord::channel_id channel) {
  (void)co_await reporter_.report({.guild = guild, .cause = failure_cause::channel_gone, .channel = channel});
  (void)co_await edit_record(services_.records, key_of_posted(guild, channel),
                             [](const std::optional<store::record>& now) {
                               return now ? std::optional(record_edit{}) : std::nullopt;
                             });
}

}  // namespace guildfleet::features
