#include "bot/guild_departures.hpp"

#include <algorithm>

#include "bot/job_link.hpp"
#include "discord/rest/endpoints.hpp"
#include "net/async_event.hpp"
#include "net/on_reactor.hpp"

namespace guildfleet::bot {
namespace {

constexpr std::uint32_t rows_a_call = 500;
constexpr std::chrono::seconds again_after{10};
constexpr std::chrono::hours bot_is_gone_after{24 * 30};

using rows_gone = base::result<std::uint64_t>;

// Calls until less goes than might have.
template <class Delete>
rows_gone delete_all(Delete some) {
  std::uint64_t all = 0;
  while (true) {
    const rows_gone gone = some();
    if (!gone) return gone;
    all += *gone;
    if (*gone < rows_a_call) return all;
  }
}

// Rows stay, without a document, so that every process hears that they changed.
rows_gone reset_settings(store::data_store& store, const store::environment_name& environment,
                         discord::guild_id guild) {
  const auto rows = store.read_guild_settings(environment, guild);
  if (!rows) return std::unexpected(rows.error());
  std::vector<store::settings_change> resets;
  for (const store::settings_row& row : *rows) {
    if (row.document) resets.push_back({row.key, row.version, std::nullopt});
  }
  if (resets.empty()) return 0U;
  const auto reset = store.change_settings(resets, {"guildfleet", store::change_origin::cli});
  if (!reset) return std::unexpected(reset.error());
  return resets.size();
}

rows_gone delete_of_fleet(store::data_store& store, const store::environment_name& environment,
                          discord::guild_id guild) {
  const rows_gone records =
      delete_all([&] { return store.delete_guild_records(environment, {}, guild, rows_a_call); });
  if (!records) return records;
  const rows_gone settings = reset_settings(store, environment, guild);
  if (!settings) return settings;
  const rows_gone history =
      delete_all([&] { return store.delete_guild_history(environment, guild, rows_a_call); });
  if (!history) return history;
  return *records + *settings + *history;
}

rows_gone delete_guild(store::data_store& store, const store::environment_name& environment,
                       const store::bot_name& bot, discord::guild_id guild) {
  const rows_gone timers =
      delete_all([&] { return store.delete_guild_jobs(environment, bot, guild, rows_a_call); });
  if (!timers) return timers;
  const rows_gone records =
      delete_all([&] { return store.delete_guild_records(environment, bot, guild, rows_a_call); });
  if (!records) return records;
  auto there = store.bots_in_guild(environment, guild, bot_is_gone_after);
  if (!there) return std::unexpected(there.error());
  std::erase(*there, bot);
  if (!there->empty()) return *timers + *records;
  const rows_gone of_fleet = delete_of_fleet(store, environment, guild);
  if (!of_fleet) return of_fleet;
  return *timers + *records + *of_fleet;
}

}  // namespace

store::job_key guild_departures::key_of(discord::guild_id guild) const {
  return {parts_.environment, parts_.bot, stored_job_key(departures_name, fmt::format("{}", guild))};
}

net::task<> guild_departures::begin(discord::guild_id guild) {
  const store::job_plan plan{.key = key_of(guild),
                             .kind = stored_job_kind(departures_name, "delete"),
                             .guild = guild,
                             .due = parts_.clock.wall_now() + parts_.kept_for,
                             .payload = {}};
  do {
    const auto done =
        co_await net::on_reactor(parts_.home, parts_.jobs.schedule(plan, store::schedule_mode::replace));
    if (done) co_return;
    parts_.log.warn("the deletion of a left guild's data is not scheduled yet", base::field("guild", guild),
                    base::field("reason", done.error().message()));
  } while (co_await net::sleep_until(net::deadline_in(again_after)));
}

net::task<> guild_departures::end(discord::guild_id guild) {
  // One that stays finds at its time that the bot is there.
  (void)co_await net::on_reactor(parts_.home, parts_.jobs.cancel(key_of(guild)));
}

net::task<> guild_departures::find(discord::shard_id shard, std::vector<discord::guild_id> now) {
  const auto told = co_await parts_.store_threads.run(
      [store = parts_.store, environment = parts_.environment, bot = parts_.bot, shard] {
        return store->guilds_of_bot(environment, bot, shard);
      });
  if (!told) co_return;  // looked for again when the next session begins
  std::ranges::sort(now);
  for (const discord::guild_id guild : *told) {
    if (std::ranges::binary_search(now, guild)) continue;
    parts_.log.info("bot has left a guild while it was away", base::field("guild", guild));
    co_await begin(guild);
    (void)co_await parts_.store_threads.run([store = parts_.store, environment = parts_.environment,
                                             bot = parts_.bot,
                                             guild] { return store->leave_guild(environment, bot, guild); });
  }
}

net::task<jobs::job_outcome> guild_departures::run(discord::guild_id guild,
                                                   std::shared_ptr<const write_permit> permit) {
  using discord::rest_error;
  const auto answer = co_await parts_.rest.request(discord::endpoints::get_guild(guild), std::move(permit));
  if (answer) co_return jobs::job_done{};
  const std::error_code why = answer.error().code();
  const bool gone = why == rest_error::unknown_guild || why == rest_error::missing_access ||
                    why == rest_error::not_found || why == rest_error::forbidden;
  if (!gone) co_return jobs::job_failed{answer.error().message(), false};
  const auto purged = co_await purge(guild);
  if (!purged) co_return jobs::job_failed{purged.error().message(), false};
  parts_.log.info("what was kept of a guild that the bot has left is deleted", base::field("guild", guild),
                  base::field("rows", *purged));
  co_return jobs::job_done{};
}

net::task<base::result<std::uint64_t>> guild_departures::purge(discord::guild_id guild) {
  co_return co_await parts_.store_threads.run(
      [store = parts_.store, environment = parts_.environment, bot = parts_.bot, guild] {
        return delete_guild(*store, environment, bot, guild);
      });
}

}  // namespace guildfleet::bot
