#include "bot/claim_desk.hpp"

#include <algorithm>

#include "net/cancellation.hpp"

namespace guildfleet::bot {
namespace {

constexpr std::size_t guilds_a_call = 1'000;
constexpr std::chrono::milliseconds patience{2'000};
constexpr std::chrono::milliseconds gathered_for{100};  // guilds come by the hundred

// Differs when the set does, as good as always.
std::uint64_t mark_of(const std::vector<discord::guild_id>& guilds) {
  std::uint64_t mark = guilds.size();
  for (const discord::guild_id guild : guilds) mark += guild.value * 0x9E37'79B9'7F4A'7C15ULL;
  return mark;
}

}  // namespace

claim_desk::claim_desk(net::asio::any_io_executor executor, claim_settings settings,
                       std::vector<std::string> features, claim_parts parts)
    : executor_(std::move(executor)),
      settings_(std::move(settings)),
      features_(std::move(features)),
      parts_(std::move(parts)),
      random_(base::random_source::from_system()),
      book_(settings_.timing, settings_.keep_when_silent),
      failures_(parts_.metrics.counter_of("guildfleet_bot_claim_failures_total",
                                          "Questions for claims of features that the store did not answer",
                                          {{"bot", settings_.bot.value}})),
      held_(
          parts_.metrics.gauge_of("guildfleet_bot_claims",
                                  "Features of guilds that this bot acts for, of those that only one bot may",
                                  {{"bot", settings_.bot.value}})),
      wanted_(executor_),
      alone_(settings_.alone) {}

net::task<> claim_desk::run() {
  // Who is alone, or has nothing to claim, tells only in which guilds it is: for the counts, and for whoever
  // may come, who finds the claims taken and leaves their owner the time to notice.
  std::optional<std::uint64_t> announced;
  while (!co_await net::is_cancelled()) {
    const bool company = may_ask() && (!settings_.alone || parts_.store->has_company());
    const std::uint64_t there = mark_of(parts_.guilds.guild_ids());
    const bool asked = (company || announced != there) && co_await ask_all();
    if (asked) announced = there;
    if (asked || !company) alone_ = !company;
    const auto jitter = random_.between(std::chrono::milliseconds(0), settings_.timing.refresh / 10);
    const net::deadline next = net::deadline_in(settings_.timing.refresh - jitter);
    while (co_await wanted_.wait(next)) {
      if (!co_await net::sleep_until(net::deadline_in(gathered_for))) co_return;
      co_await ask_new();
    }
  }
}

net::task<> claim_desk::ask_new() {
  if (!may_ask()) co_return;
  std::vector<discord::guild_id> all = parts_.guilds.guild_ids();
  std::erase_if(all, [this](discord::guild_id guild) { return !parts_.serves(guild) || book_.knows(guild); });
  (void)co_await ask_of(std::move(all));
}

net::task<bool> claim_desk::ask_all() {
  std::vector<discord::guild_id> all = parts_.guilds.guild_ids();
  std::erase_if(all, [this](discord::guild_id guild) { return !parts_.serves(guild); });
  co_return co_await ask_of(std::move(all));
}

net::task<bool> claim_desk::ask_of(std::vector<discord::guild_id> all) {
  for (std::size_t first = 0; first < all.size(); first += guilds_a_call) {
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), first + guilds_a_call));
    if (!co_await ask({begin, end})) co_return false;
  }
  co_return true;
}

net::task<> claim_desk::bring(discord::guild_id guild) {
  if (!knows(guild)) (void)co_await ask({guild});
}

net::task<bool> claim_desk::ask(std::vector<discord::guild_id> guilds) {
  const base::steady_time asked_at = parts_.clock.steady_now();
  store::claim_request request{
      settings_.environment,      settings_.bot, settings_.priority, guilds, features_,
      settings_.timing.down_limit};
  const auto owners = co_await parts_.store_threads.run(
      [store = parts_.store, request = std::move(request)] { return store->claim_features(request); },
      net::deadline_in(patience));
  if (!owners) {
    note_failure("the store does not tell for which features this bot acts", owners.error());
    co_return false;
  }
  failing_ = false;
  struct bits {
    fleet::feature_bits owned = 0;
    fleet::feature_bits taken = 0;
  };
  std::map<discord::guild_id, bits> found;
  for (const discord::guild_id guild : guilds) found[guild];
  for (const store::feature_claim& each : *owners) {
    if (each.bot != settings_.bot) continue;
    const auto at = std::ranges::find(features_, each.feature) - features_.begin();
    const fleet::feature_bits bit = fleet::feature_bits{1} << static_cast<unsigned>(at);
    found[each.guild].owned |= bit;
    if (each.taken) found[each.guild].taken |= bit;
  }
  std::vector<discord::guild_id> won;
  for (const auto& [guild, of] : found) {
    if (book_.learn(guild, of.owned, of.taken, asked_at) != 0) won.push_back(guild);
  }
  const auto held = static_cast<double>(book_.held());
  held_.add(held - std::exchange(shown_, held));
  if (!won.empty()) co_await adopt(std::move(won));
  parts_.on_answer();
  co_return true;
}

net::task<> claim_desk::adopt(std::vector<discord::guild_id> guilds) {
  const auto adopted = co_await parts_.store_threads.run(
      [store = parts_.store, environment = settings_.environment, bot = settings_.bot,
       guilds = std::move(guilds)] { return store->adopt_jobs(environment, bot, guilds); },
      net::deadline_in(patience));
  if (!adopted) {
    note_failure("timers of features that this bot took over stay with the bot before", adopted.error());
  } else if (*adopted != 0) {
    parts_.on_adopted();
    parts_.log.info("timers taken over with their feature", base::field("timers", *adopted));
  }
}

void claim_desk::note_failure(std::string_view what, const base::error& error) {
  failures_.add();
  if (!std::exchange(failing_, true))
    parts_.log.warn(std::string(what), base::field("reason", error.message()));
}

net::task<> claim_desk::leave(discord::guild_id guild) {
  book_.forget(guild);
  const auto left = co_await parts_.store_threads.run(
      [store = parts_.store, environment = settings_.environment, bot = settings_.bot, guild] {
        return store->leave_guild(environment, bot, guild);
      });
  if (!left) {
    failures_.add();
    parts_.log.warn("that this bot has left a guild is not kept", base::field("guild", guild),
                    base::field("reason", left.error().message()));
  }
}

}  // namespace guildfleet::bot
