// The desk's main work: guild after guild goes over from an old shard to a new one.
#include <algorithm>

#include "bot/reshard_desk.hpp"
#include "net/on_reactor.hpp"

namespace guildfleet::bot {
namespace {

constexpr std::chrono::milliseconds write_again_after{500};

net::task<std::vector<discord::guild_id>> guilds_of(std::shared_ptr<shard> member) {
  co_return member->all_guilds();
}

net::task<std::vector<cut_answer>> answers_of(std::shared_ptr<shard> member, std::vector<guild_offer> offers,
                                              bool guess) {
  co_return member->plan_cuts(offers, guess);
}

net::task<bool> applied(std::shared_ptr<shard> member, std::vector<store::guild_cut_row> rows) {
  member->apply_cuts(rows);
  co_return true;
}

net::task<bool> let_go(std::shared_ptr<shard> member, std::vector<discord::guild_id> guilds) {
  co_await member->let_go(std::move(guilds));
  co_return true;
}

}  // namespace

net::task<reshard_desk::guild_list> reshard_desk::guilds_left() {
  std::set<discord::guild_id> all;
  for (const std::uint32_t count : {from_, to_}) {
    for (const auto& member : ports_.members(count)) {
      const guild_list guilds = co_await net::on_reactor(member->executor(), guilds_of(member));
      all.insert(guilds.begin(), guilds.end());
    }
  }
  std::erase_if(all, [this](discord::guild_id guild) { return cut_.contains(guild); });
  co_return guild_list(all.begin(), all.end());
}

// How many guilds are left.
net::task<std::size_t> reshard_desk::take_over(bool guess) {
  const guild_list left = co_await guilds_left();
  schedule_.set_guilds(left, parts_.clock.steady_now());
  std::map<std::uint32_t, guild_list> due;
  for (const discord::guild_id guild : schedule_.begin(parts_.clock.steady_now()))
    due[discord::shard_of(guild, from_).index].push_back(guild);
  const shard_list old = ports_.members(from_);
  for (auto& [index, guilds] : due) {
    const auto from = std::ranges::find(old, index, [](const auto& member) { return member->index(); });
    if (from != old.end() && !stopping_) {
      co_await cut(*from, std::move(guilds), guess);
    } else {
      for (const discord::guild_id guild : guilds) put_off(guild, fleet::cut_delay::young);
    }
  }
  co_return schedule_.left();
}

void reshard_desk::put_off(discord::guild_id guild, fleet::cut_delay why) {
  paused_.erase(guild);
  schedule_.put_off(guild, why, parts_.clock.steady_now());
}

net::task<> reshard_desk::cut(std::shared_ptr<shard> from, guild_list guilds, bool guess) {
  paused_.insert(guilds.begin(), guilds.end());
  const auto offers = co_await net::on_reactor(from->executor(), from->offer_guilds(guilds));
  const std::vector<cut_answer> answers = co_await ask_fresh(offers, guess);
  std::vector<store::guild_cut_write> writes;
  for (const cut_answer& each : answers) {
    if (each.cut) writes.push_back(each.write);
  }
  auto written = writes.empty() ? std::optional(rows_by_guild()) : co_await write_down(std::move(writes));
  if (!written) co_return;  // this node stops, and begins again from what is stored
  guild_list gone;
  guild_list stays;
  std::map<std::uint32_t, std::vector<store::guild_cut_row>> rows;
  for (const discord::guild_id guild : guilds) {
    const auto row = written->find(guild);
    (row == written->end() ? stays : gone).push_back(guild);
    if (row != written->end()) rows[discord::shard_of(guild, to_).index].push_back(row->second);
  }
  cut_.insert(gone.begin(), gone.end());
  if (!gone.empty()) (void)co_await net::on_reactor(from->executor(), let_go(from, gone));
  for (const auto& member : ports_.members(to_)) {
    if (rows.contains(member->index()))
      (void)co_await net::on_reactor(member->executor(), applied(member, rows[member->index()]));
    if (!stays.empty()) post(member, [stays](shard& of) { of.cancel_cuts(stays); });
  }
  if (!stays.empty()) post(from, [stays](shard& of) { of.resume_guilds(stays); });
  for (const discord::guild_id guild : gone) {
    paused_.erase(guild);
    schedule_.went_over(guild);
  }
  if (!gone.empty())
    parts_.log.info("servers went over to the new shards", base::field("guilds", gone.size()),
                    base::field("left", schedule_.left()));
  for (const discord::guild_id guild : stays) {
    const auto answer = std::ranges::find(answers, guild, &cut_answer::guild);
    const bool refused = answer != answers.end() && !answer->cut;
    put_off(guild, refused ? answer->cut.error() : fleet::cut_delay::young);
  }
}

net::task<std::vector<cut_answer>> reshard_desk::ask_fresh(const std::vector<guild_offer>& offers,
                                                           bool guess) {
  std::vector<cut_answer> answers;
  std::map<std::uint32_t, std::vector<guild_offer>> by_shard;
  for (const guild_offer& each : offers) {
    if (each.acted)
      by_shard[discord::shard_of(each.guild, to_).index].push_back(each);
    else
      answers.push_back({.guild = each.guild, .cut = std::unexpected(each.acted.error())});
  }
  for (const auto& member : ports_.members(to_)) {
    const auto found = by_shard.find(member->index());
    if (found == by_shard.end()) continue;
    auto some =
        co_await net::on_reactor(member->executor(), answers_of(member, std::move(found->second), guess));
    std::ranges::move(some, std::back_inserter(answers));
  }
  co_return answers;
}

// The guilds that went over. Without an answer it is not known which did, so it is asked until there is one.
net::task<std::optional<reshard_desk::rows_by_guild>> reshard_desk::write_down(
    std::vector<store::guild_cut_write> writes) {
  while (!stopping_ && !co_await net::is_cancelled()) {
    const auto outcome = co_await parts_.store_thread.run(
        [store = parts_.store, id = id_, writes] { return store->write_cuts(id, writes); });
    auto known =
        outcome
            ? co_await parts_.store_thread.run([store = parts_.store, id = id_] { return store->cuts(id); })
            : base::result<std::vector<store::guild_cut_row>>(std::unexpected(outcome.error()));
    if (known) {
      rows_by_guild rows;
      for (store::guild_cut_row& each : *known) {
        const bool asked = std::ranges::any_of(
            writes, [&](const store::guild_cut_write& write) { return write.cut.guild == each.guild; });
        if (asked) rows.emplace(each.guild, std::move(each));
      }
      co_return rows;
    }
    parts_.log.warn("servers cannot go over to the new shards now; trying again",
                    base::field("reason", known.error().message()));
    (void)co_await net::sleep_until(net::deadline_in(write_again_after));
  }
  co_return std::nullopt;
}

}  // namespace guildfleet::bot
