#include "fleet/cut_window.hpp"

#include <algorithm>
#include <map>

namespace guildfleet::fleet {
namespace {

using base::steady_time;

// Events of one identity, each in the order of time.
struct one_kind {
  std::vector<steady_time> old_set;
  std::vector<const fresh_arrival*> fresh;
};

using all_kinds = std::map<event_identity, one_kind>;

all_kinds sorted_out(const acted_events& old_set, std::span<const fresh_arrival> fresh) {
  all_kinds kinds;
  for (const feed_arrival& each : old_set.arrivals) kinds[each.what].old_set.push_back(each.at);
  for (const fresh_arrival& each : fresh) kinds[each.arrival.what].fresh.push_back(&each);
  for (auto& [what, kind] : kinds) std::ranges::sort(kind.old_set);
  return kinds;
}

// Moments after which both sets show the same events of this kind, the first and the last: nothing came for
// longer than `delay` after them.
struct ground {
  steady_time first{};
  steady_time last{};
};

// nullopt: there was none.
std::optional<ground> common_ground(const one_kind& kind, steady_time since, steady_time stopped_at,
                                    std::chrono::milliseconds delay) {
  std::vector<steady_time> times{since};
  for (const steady_time at : kind.old_set) times.push_back(at);
  for (const fresh_arrival* each : kind.fresh) times.push_back(each->arrival.at);
  std::erase_if(times, [&](steady_time at) { return at < since; });
  std::ranges::sort(times);
  std::optional<ground> found;
  for (std::size_t i = 0; i < times.size(); ++i) {
    const steady_time end = times[i] + delay;
    if (end > stopped_at || (i + 1 < times.size() && times[i + 1] <= end)) continue;
    if (!found) found = ground{.first = times[i]};
    found->last = times[i];
  }
  return found;
}

// A connection that is silently dead shows nothing: then the new set was shown more.
bool is_behind(const one_kind& kind, const ground& on) {
  const auto between = [&](steady_time at) { return at > on.first && at <= on.last; };
  const auto fresh_between = [&](const fresh_arrival* each) { return between(each->arrival.at); };
  return std::ranges::count_if(kind.fresh, fresh_between) > std::ranges::count_if(kind.old_set, between);
}

class matching final {
 public:
  matching(const acted_events& old_set, const cut_limits& limits, bool guess)
      : old_set_(old_set), limits_(limits), guess_(guess) {}

  // False: obstacle() says why.
  bool add(const event_identity& what, const one_kind& kind, steady_time since) {
    if (what.unique) return add_unique(what, kind);
    const auto on = common_ground(kind, since, old_set_.stopped_at, limits_.delay);
    if (!on && !guess_) return fail(cut_obstacle::restless);
    if (on && !guess_ && is_behind(kind, *on)) return fail(cut_obstacle::behind);
    // Without common ground all that came since both are whole is compared.
    const steady_time after = on ? on->last : since;
    auto acted = std::ranges::count_if(kind.old_set, [&](steady_time at) { return at > after; });
    for (const fresh_arrival* each : kind.fresh) {
      if (each->arrival.at <= after) continue;
      if (acted > 0)
        --acted;
      else if (!add_open(*each))
        return false;
    }
    if (acted > 0) cut_.owed.push_back({what, static_cast<std::uint32_t>(acted)});
    return true;
  }

  [[nodiscard]] cut_obstacle obstacle() const { return obstacle_; }
  [[nodiscard]] guild_cut result() && {
    std::ranges::sort(cut_.open);
    return std::move(cut_);
  }

 private:
  bool add_unique(const event_identity& what, const one_kind& kind) {
    if (kind.fresh.empty()) {
      // Later the new set is not shown it any more: its session began after it.
      if (kind.old_set.back() + limits_.delay >= old_set_.stopped_at) cut_.owed.push_back({what, 1});
      return true;
    }
    if (!kind.old_set.empty()) return true;
    return add_open(*kind.fresh.front());
  }

  bool add_open(const fresh_arrival& event) {
    const bool late = event.arrival.at + limits_.delay <= old_set_.stopped_at;
    // The account of the old set may begin after it acted on this one.
    if (late && event.arrival.at < old_set_.whole_since + limits_.delay) return true;
    if ((late || !event.kept) && !guess_) return fail(cut_obstacle::behind);
    if (event.kept) cut_.open.push_back(event.sequence);
    return true;
  }

  bool fail(cut_obstacle why) {
    obstacle_ = why;
    return false;
  }

  const acted_events& old_set_;
  const cut_limits& limits_;
  bool guess_;
  guild_cut cut_;
  cut_obstacle obstacle_{};
};

}  // namespace

std::string_view name_of(cut_obstacle value) {
  switch (value) {
    case cut_obstacle::too_young:
      return "too_young";
    case cut_obstacle::behind:
      return "behind";
    case cut_obstacle::restless:
      break;
  }
  return "restless";
}

std::expected<guild_cut, cut_obstacle> match_feeds(const acted_events& old_set,
                                                   std::span<const fresh_arrival> fresh,
                                                   steady_time fresh_whole_since, const cut_limits& limits,
                                                   bool guess) {
  const steady_time since = std::max(old_set.whole_since, fresh_whole_since);
  if (since + 2 * limits.delay > old_set.stopped_at && !guess)
    return std::unexpected(cut_obstacle::too_young);
  matching all(old_set, limits, guess);
  for (const auto& [what, kind] : sorted_out(old_set, fresh)) {
    if (!all.add(what, kind, since)) return std::unexpected(all.obstacle());
  }
  return std::move(all).result();
}

bool owed_events::take(const event_identity& what) {
  const auto found = std::ranges::lower_bound(left_, what, {}, &counted_event::what);
  if (found == left_.end() || found->what != what) return false;
  if (--found->count == 0) left_.erase(found);
  return true;
}

}  // namespace guildfleet::fleet
