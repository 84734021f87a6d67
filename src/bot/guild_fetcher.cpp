#include "bot/guild_fetcher.hpp"

#include <boost/json/parse.hpp>

#include "bot/own_message.hpp"
#include "discord/gateway/envelope.hpp"
#include "discord/rest/endpoints.hpp"
#include "net/cancellation.hpp"

namespace guildfleet::bot {
namespace {

constexpr std::chrono::seconds events_wait{5};
constexpr std::chrono::seconds answer_within{30};
constexpr std::chrono::minutes again_after{1};
constexpr std::size_t at_once = 4;
constexpr std::size_t kept_events_of_a_guild = 200;
constexpr std::size_t remembered_failures = 1'000;

}  // namespace

fetch_metrics make_fetch_metrics(base::metrics& metrics, const std::string& bot) {
  const auto counter = [&](const char* outcome) {
    return metrics.counter_of("guildfleet_bot_guild_fetches_total",
                              "Guilds fetched by REST because the stored state did not have them",
                              {{"bot", bot}, {"outcome", outcome}});
  };
  return {counter("done"), counter("failed"),
          metrics.counter_of(
              "guildfleet_bot_guild_fetch_events_dropped_total",
              "Events of a guild that came while it was fetched and did not fit or could not be read",
              {{"bot", bot}})};
}

bool guild_fetcher::misses(discord::guild_id guild) const {
  if (guild.empty() || guilds_.find_guild(guild) != nullptr) return false;
  const auto failed = not_before_.find(guild);
  return failed == not_before_.end() || failed->second <= with_.clock.steady_now();
}

void guild_fetcher::begin(discord::guild_id guild) {
  if (!misses(guild) || under_way_.contains(guild) || under_way_.size() >= at_once) return;
  auto started = std::make_shared<fetch>(executor_);
  under_way_.emplace(guild, started);
  tasks_.spawn("guild fetch", run(guild, std::move(started)));
}

net::task<> guild_fetcher::bring(discord::guild_id guild) {
  const net::deadline until = net::deadline_in(events_wait);
  while (misses(guild)) {
    begin(guild);
    // Others are being fetched: one of them ends first.
    const auto found = under_way_.find(guild);
    const auto waited_for = found == under_way_.end() ? under_way_.begin()->second : found->second;
    if (!waited_for->done && !co_await waited_for->ended.wait(until)) co_return;
  }
}

void guild_fetcher::keep_event(discord::guild_id guild, discord::event_type type, std::string_view data) {
  const auto found = under_way_.find(guild);
  if (found == under_way_.end()) return;
  if (found->second->events.size() >= kept_events_of_a_guild) {
    metrics_.dropped.add();
    if (!std::exchange(found->second->overflowed, true))
      with_.log.warn("a guild changes faster than it is fetched; its state may lag",
                     base::field("guild", guild));
    return;
  }
  found->second->events.push_back({type, std::string(data)});
}

net::task<> guild_fetcher::run(discord::guild_id guild, std::shared_ptr<fetch> under_way) {
  const auto loaded = co_await load(guild);
  const bool cancelled = co_await net::is_cancelled();
  if (loaded) {
    metrics_.fetched.add();
    not_before_.erase(guild);
    with_.log.info("guild fetched: the stored state did not have it", base::field("guild", guild));
    for (kept_event& event : under_way->events) {
      if (!apply(event.type, std::move(event.data))) metrics_.dropped.add();
    }
    on_fetched_();
  } else if (!cancelled) {
    metrics_.failed.add();
    if (not_before_.size() >= remembered_failures) not_before_.clear();
    not_before_[guild] = with_.clock.steady_now() + again_after;
    with_.log.warn("guild could not be fetched; its events are handled without its state",
                   base::field("guild", guild), base::field("reason", loaded.error().message()));
  }
  under_way_.erase(guild);
  under_way->done = true;
  under_way->ended.notify();
}

net::task<base::result<void>> guild_fetcher::load(discord::guild_id guild) {
  if (guilds_.self().empty()) {
    if (auto known = co_await learn_self(); !known) co_return known;
  }
  namespace endpoints = discord::endpoints;
  guild_answers answers;
  for (auto& [request, into] : std::initializer_list<std::pair<discord::request, std::string*>>{
           {endpoints::get_guild(guild, true), &answers.guild},
           {endpoints::get_guild_channels(guild), &answers.channels},
           {endpoints::get_active_threads(guild), &answers.threads},
           {endpoints::get_member(guild, guilds_.self()), &answers.member}}) {
    auto body = co_await get(request);
    if (!body) co_return std::unexpected(std::move(body).error());
    *into = std::move(*body);
  }
  auto composed = compose_guild_create(answers);
  if (!composed) co_return std::unexpected(std::move(composed).error());
  // A GUILD_CREATE may have come meanwhile, which is newer.
  if (guilds_.find_guild(guild) != nullptr) co_return base::result<void>{};
  co_return apply(discord::event_type::guild_create, std::move(*composed));
}

net::task<base::result<std::string>> guild_fetcher::get(discord::request request) {
  request.deadline = with_.clock.steady_now() + answer_within;
  auto answer = co_await with_.rest.request(std::move(request), with_.permit);
  if (!answer) co_return std::unexpected(std::move(answer).error());
  co_return std::move(answer->body);
}

net::task<base::result<void>> guild_fetcher::learn_self() {
  auto body = co_await get(discord::endpoints::get_self());
  if (!body) co_return std::unexpected(std::move(body).error());
  const auto id = id_of_answer(*body);
  if (!id) co_return std::unexpected(id.error());
  guilds_.know_self({*discord::parse_snowflake(*id)});
  co_return base::result<void>{};
}

base::result<void> guild_fetcher::apply(discord::event_type type, std::string data) {
  const std::size_t size = data.size();
  data.append(discord::message_padding, '\0');
  const auto effect = guilds_.apply(type, std::string_view(data).substr(0, size));
  if (!effect) return std::unexpected(effect.error());
  return {};
}

}  // namespace guildfleet::bot
