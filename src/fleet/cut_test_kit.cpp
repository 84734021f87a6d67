#include "fleet/cut_test_kit.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace guildfleet::fleet {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds tick{5};
constexpr milliseconds longest_handler{30};
constexpr milliseconds longest_write{30};

}  // namespace

cut_simulation::cut_simulation(const cut_plan& plan, std::uint64_t seed) : plan_(plan), random_(seed) {
  limits_.delay = plan.delay + plan.skew;
  skew_ = draw_ms(2 * plan.skew) - plan.skew;
  limits_.keep = 6 * limits_.delay + milliseconds(200);
  limits_.history = 3 * limits_.keep;
  traffic_ends_ = now_ + plan.traffic;
  for (std::uint32_t i = 0; i < plan.old_count + plan.new_count; ++i) {
    const bool is_old = i < plan.old_count;
    sessions_.push_back({.begins = is_old ? now_ : now_ + draw_ms(milliseconds(300))});
    sessions_.back().back_at = sessions_.back().begins;
    if (is_old)
      old_.push_back({.session = i, .feed = retiring_feed(limits_), .progress = {}});
    else
      new_.push_back({.session = i, .feed = muted_feed(limits_), .progress = {}});
  }
  guilds_.resize(plan.guilds);
}

std::string cut_simulation::run() {
  const base::steady_time give_up = traffic_ends_ + milliseconds(10'000);
  const auto over = [&] {
    return now_ > traffic_ends_ + 4 * limits_.delay + longest_handler + longest_write &&
           std::ranges::all_of(guilds_, [](const auto& each) { return each.phase == cut_phase::done; }) &&
           std::ranges::all_of(sessions_, &made_up_session::connected);
  };
  while (!over() && now_ < give_up) {
    now_ += tick;
    ++steps_;
    if (now_ < traffic_ends_) happen();
    for (made_up_session& each : sessions_) show_due(each);
    if (now_ < down_until_) continue;
    for (old_shard& each : old_) tell(each);
    for (new_shard& each : new_) tell(each);
    for (std::uint64_t guild = 0; guild < plan_.guilds; ++guild) go_on_with(guild);
    if (now_ < traffic_ends_) break_something();
  }
  return account();
}

void cut_simulation::happen() {
  for (int i = 0; i < plan_.events_per_tick; ++i) {
    const std::uint64_t guild = static_cast<std::uint64_t>(draw(static_cast<int>(plan_.guilds)));
    const bool unique = draw(2) == 0;
    const auto kind = static_cast<std::uint64_t>(draw(24));
    events_.push_back({guild, {unique ? 1'000 + events_.size() : kind, unique}});
    for (const std::size_t session : {guild % plan_.old_count, plan_.old_count + guild % plan_.new_count}) {
      made_up_session& to = sessions_[session];
      if (to.begins > now_) continue;
      base::steady_time at = now_ + draw_ms(plan_.delay);
      if (plan_.keeps_order) at = to.last_of_guild[guild] = std::max(at, to.last_of_guild[guild]);
      to.under_way.emplace(at, events_.size() - 1);
    }
  }
}

void cut_simulation::show_due(made_up_session& session) {
  while (!session.under_way.empty() && session.under_way.begin()->first <= now_) {
    session.log.push_back(session.under_way.begin()->second);
    session.under_way.erase(session.under_way.begin());
  }
}

template <class Feed>
void cut_simulation::tell(shard<Feed>& to) {
  made_up_session& session = sessions_[to.session];
  finish_handlers(to);
  const bool comes_back = !session.connected && session.back_at <= now_;
  session.connected |= comes_back;
  if (!session.connected) return;
  while (session.told < session.log.size()) {
    const std::uint64_t sequence = ++session.told;
    if (sequence > to.progress.highest()) take(to, sequence, session.log[sequence - 1]);
  }
  if (comes_back) to.feed.whole(now_);
  if (draw(8) == 0) save(to);
}

template <class Feed>
void cut_simulation::finish_handlers(shard<Feed>& of) {
  for (const running& each : of.handlers) {
    if (each.until <= now_) of.progress.finish(each.sequence);
  }
  std::erase_if(of.handlers, [&](const running& each) { return each.until <= now_; });
}

void cut_simulation::take(old_shard& to, std::uint64_t sequence, std::uint64_t number) {
  const event& what = events_[number];
  const std::string text = std::to_string(number);
  switch (to.feed.take({{what.guild}, sequence, what.what, text}, now_)) {
    case retiring_verdict::act:
      return act(to, sequence, number);
    case retiring_verdict::hold:
      return static_cast<void>(to.progress.begin(sequence));
    case retiring_verdict::drop:
      return static_cast<void>(to.progress.pass(sequence));
  }
}

void cut_simulation::take(new_shard& to, std::uint64_t sequence, std::uint64_t number) {
  const event& what = events_[number];
  const std::string text = std::to_string(number);
  switch (to.feed.take({{what.guild}, sequence, what.what, text}, now_)) {
    case muted_verdict::act:
      return act(to, sequence, number);
    case muted_verdict::keep:
      return static_cast<void>(to.progress.begin(sequence));
    case muted_verdict::drop:
      return static_cast<void>(to.progress.pass(sequence));
  }
}

template <class Feed>
void cut_simulation::act(shard<Feed>& by, std::uint64_t sequence, std::uint64_t number) {
  (void)by.progress.begin(sequence);
  by.handlers.push_back({events_[number].guild, sequence, now_ + draw_ms(longest_handler)});
  auto& acts = acted_[number];
  if (acts.empty()) first_acts_[events_[number].guild].push_back(number);
  acts.emplace(by.session, sequence);
}

void cut_simulation::save(new_shard& of) {
  of.feed.settle(now_, of.progress.low());
  for (const std::uint64_t sequence : of.feed.take_passed()) of.progress.finish(sequence);
  const std::uint64_t low = of.progress.low();
  of.saved = std::max(of.saved, std::min(low, of.feed.floor().value_or(low)));
}

void cut_simulation::go_on_with(std::uint64_t guild) {
  guild_state& state = guilds_[guild];
  old_shard& from = old_of(guild);
  switch (state.phase) {
    case cut_phase::none:
      if (now_ < state.due || draw(10) != 0 || !from.feed.pause({guild}, now_)) return;
      state.phase = cut_phase::pausing;
      return;
    case cut_phase::pausing:
      if (std::ranges::find(from.handlers, guild, &running::guild) == from.handlers.end())
        try_plan(guild, state);
      return;
    case cut_phase::writing:
      if (state.due <= now_) write_cut(guild, state);
      return;
    case cut_phase::written:
      if (state.due <= now_) hear_written(guild, state);
      return;
    case cut_phase::done:
      return;
  }
}

// As the node of the new set reads its times.
std::optional<acted_events> cut_simulation::offer_of(std::uint64_t guild) {
  auto acted = old_of(guild).feed.acted({guild});
  if (!acted) return acted;
  acted->whole_since += skew_;
  acted->stopped_at += skew_;
  for (feed_arrival& each : acted->arrivals) each.at += skew_;
  return acted;
}

void cut_simulation::try_plan(std::uint64_t guild, guild_state& state) {
  old_shard& from = old_of(guild);
  const auto acted = offer_of(guild);
  auto cut = acted ? new_of(guild).feed.plan({guild}, *acted)
                   : std::expected<guild_cut, cut_obstacle>(std::unexpected(cut_obstacle::too_young));
  if (cut) {
    state = {cut_phase::writing, now_ + draw_ms(longest_write), std::move(*cut)};
    return;
  }
  state = {cut_phase::none, now_ + draw_ms(milliseconds(100)), {}};
  for (const held_event& each : from.feed.resume({guild})) act(from, each.sequence, std::stoull(each.text));
}

void cut_simulation::write_cut(std::uint64_t guild, guild_state& state) {
  if (draw(8) == 0) {  // it could not be written
    new_of(guild).feed.cancel({guild});
    for (const held_event& each : old_of(guild).feed.resume({guild}))
      act(old_of(guild), each.sequence, std::stoull(each.text));
    state = {};
    return;
  }
  durable_[guild] = state.cut;
  state.phase = cut_phase::written;
  state.due = now_ + draw_ms(longest_write);
}

void cut_simulation::hear_written(std::uint64_t guild, guild_state& state) {
  if (plan_.crashes && draw(3) == 0) return crash();
  for (const std::uint64_t sequence : old_of(guild).feed.cut({guild}))
    old_of(guild).progress.finish(sequence);
  taken_over what = new_of(guild).feed.apply(state.cut);
  for (const std::uint64_t sequence : what.passed) new_of(guild).progress.finish(sequence);
  for (const held_event& each : what.act) act(new_of(guild), each.sequence, std::stoull(each.text));
  state.phase = cut_phase::done;
}

void cut_simulation::break_something() {
  if (plan_.crashes && draw(150) == 0) return crash();
  if (plan_.begins_anew && draw(100) == 0) {
    if (draw(2) == 0)
      begin_anew(old_[static_cast<std::size_t>(draw(static_cast<int>(plan_.old_count)))]);
    else
      begin_anew(new_[static_cast<std::size_t>(draw(static_cast<int>(plan_.new_count)))]);
  }
  if (!plan_.breaks || draw(60) != 0) return;
  const auto which = static_cast<std::size_t>(draw(static_cast<int>(sessions_.size())));
  made_up_session& session = sessions_[which];
  if (!session.connected) return;
  session.connected = false;
  session.back_at = now_ + draw_ms(milliseconds(150));
  if (which < plan_.old_count)
    old_[which].feed.broken();
  else
    new_[which - plan_.old_count].feed.broken();
}

// Handlers end first, as they do in a shard.
template <class Feed>
void cut_simulation::begin_anew(shard<Feed>& of) {
  made_up_session& session = sessions_[of.session];
  if (session.begins > now_) return;
  for (const running& each : of.handlers) of.progress.finish(each.sequence);
  of.handlers.clear();
  if (draw(2) == 0) save(of);
  session.connected = false;
  session.back_at = now_ + draw_ms(milliseconds(150));
  session.told = of.saved;
  of.progress.restart(of.saved);
  of.feed.begin_anew();
  if constexpr (std::is_same_v<Feed, muted_feed>) restore(of);
}

void cut_simulation::restore(new_shard& to) {
  for (const auto& [guild, cut] : durable_) {
    if (&new_of(guild) == &to) to.feed.restore(cut, to.saved);
  }
}

void cut_simulation::crash() {
  down_until_ = now_ + draw_ms(milliseconds(150));
  for (made_up_session& each : sessions_) {
    each.connected = false;
    each.back_at = std::max(down_until_, each.begins);
  }
  for (old_shard& each : old_) {
    each = {.session = each.session, .feed = retiring_feed(limits_), .progress = {}, .saved = each.saved};
    each.progress.restart(each.saved);
    sessions_[each.session].told = each.saved;
  }
  for (new_shard& each : new_) {
    each = {.session = each.session, .feed = muted_feed(limits_), .progress = {}, .saved = each.saved};
    each.progress.restart(each.saved);
    sessions_[each.session].told = each.saved;
    restore(each);
  }
  for (std::uint64_t guild = 0; guild < plan_.guilds; ++guild) {
    guilds_[guild] = {};
    const auto cut = durable_.find(guild);
    if (cut == durable_.end()) continue;
    guilds_[guild].phase = cut_phase::done;
    (void)old_of(guild).feed.cut({guild});
  }
}

std::string cut_simulation::account() const {
  if (durable_.size() != plan_.guilds)
    return fmt::format("{} of {} guilds went over", durable_.size(), plan_.guilds);
  std::map<std::pair<std::uint64_t, event_identity>, std::pair<std::size_t, std::size_t>> kinds;
  for (std::uint64_t number = 0; number < events_.size(); ++number) {
    const auto found = acted_.find(number);
    const std::size_t acts = found == acted_.end() ? 0 : found->second.size();
    const event& what = events_[number];
    auto& [happened, acted] = kinds[{what.guild, what.what}];
    ++happened;
    acted += acts;
    // Which of several of a kind it was shows only where sessions keep the order.
    if ((what.what.unique || plan_.keeps_order) && acts != 1)
      return fmt::format("event {} of guild {} ({}) was acted on {} times", number, what.guild,
                         what.what.unique ? "unique" : "counted", acts);
  }
  for (const auto& [kind, counts] : kinds) {
    if (counts.first != counts.second)
      return fmt::format("of {} events of kind {} in guild {} {} were acted on", counts.first,
                         kind.second.value, kind.first, counts.second);
  }
  if (!plan_.keeps_order || plan_.crashes || plan_.begins_anew) return {};
  for (const auto& [guild, order] : first_acts_) {
    if (!std::ranges::is_sorted(order)) return fmt::format("the order of guild {} was not kept", guild);
  }
  return {};
}

}  // namespace guildfleet::fleet
