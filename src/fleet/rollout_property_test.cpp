#include <gmock/gmock.h>

#include "base/random.hpp"
#include "fleet/guild_share.hpp"
#include "fleet/release_plan.hpp"
#include "fleet/rollout_json.hpp"
#include "fleet/rollout_step.hpp"

namespace guildfleet::fleet {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

// Code that is not optimised is some ten times slower; it proves a part.
#ifdef __OPTIMIZE__
constexpr int steps = 2'000'000;
#else
constexpr int steps = 250'000;
#endif

// A fleet that follows the stored rollout, late and with crashes, and nodes that decide about it from old
// pictures.
class restless_fleet final {
 public:
  explicit restless_fleet(std::uint64_t seed) : random_(seed) { begin(); }

  void begin() {
    rollout_wish wish{.bot = {"b"}, .from = "1", .to = "2"};
    wish.strategy = static_cast<rollout_strategy>(random_.below(3));
    const auto shards = static_cast<std::uint32_t>(1 + random_.below(5));
    if (wish.strategy == rollout_strategy::canary && random_.below(3) == 0) wish.chosen = {{7}};
    if (wish.strategy == rollout_strategy::canary && random_.below(2) == 0) wish.steps = {0.3, 1};
    wish.pause = milliseconds(random_.below(60'000));
    stored_ = plan_rollout(wish, shards, now_).value();
    view_ = {};
    view_.owners.assign(shards, "1");
    view_.strengths = {{"1", {2, 2}}, {"2", {2, 2}}};
    old_view_ = view_;
    old_stored_ = stored_;
    condemned_.clear();
  }

  // One second to twenty of the fleet's life.
  void pass() {
    now_ += milliseconds(1'000 + random_.next() % 20'000);
    if (faults_ && chance(500)) now_ += chance(2) ? 1h : -1h;
    if (faults_ && chance(20)) crash_or_start();
    if (chance(32)) {
      old_view_ = view_;
      old_stored_ = stored_;
    }
    follow();
    judge_it();
  }

  // One of the nodes, some of which have an old picture or an old rollout.
  void decide_once() {
    now_ += milliseconds(random_.next() % 200);
    const std::uint64_t luck = faults_ ? random_.next() % 16 : 2;
    const rollout_view& seen = luck == 0 ? old_view_ : view_;
    // What comes of an old rollout is not written, unless it is still the stored one.
    if (luck == 1 && old_stored_ != stored_) {
      (void)decide(old_stored_, seen, now_);
      return;
    }
    rollout_step step = decide(stored_, seen, now_);
    const rollout before = std::exchange(stored_, std::move(step.next));
    check_decided(before, seen, step.events);
  }

  void command_once() {
    const auto asked = static_cast<rollout_command>(random_.below(7));
    const rollout before = stored_;
    auto step = obey(stored_, asked, "p", now_);
    if (!step) {
      ASSERT_FALSE(step.error().fix().empty());
      return;
    }
    ASSERT_NE(before.state, rollout_state::rolling_back);
    ASSERT_FALSE(step->events.empty());
    condemned_ = has_ended(before.state) || asked == rollout_command::abort ? std::string() : condemned_;
    stored_ = std::move(step->next);
  }

  void check_round_trip() const {
    const auto back = rollout_from_json(to_json(stored_));
    ASSERT_TRUE(back) << back.error().message();
    ASSERT_EQ(*back, stored_) << to_json(stored_);
  }

  // Each shard is wanted by one release, and where both live no node may take shards of both.
  void check_placement() const {
    const std::vector<release_node> nodes{{"1"}, {"2"}};
    const auto count = static_cast<std::uint32_t>(view_.owners.size());
    const auto groups = release_groups(releases_after(stored_), count, nodes);
    std::size_t shards = 0;
    for (const release_group& group : groups) {
      shards += group.shards.size();
      ASSERT_NE(group.eligible[0], group.eligible[1]);
    }
    ASSERT_EQ(shards, count);
    const placement placed = placement_of(stored_);
    const release_places places = places_at(count, stored_.salt, placed.share);
    ASSERT_TRUE(!places.delegating || !places.whole[places.delegating->index]);
  }

  void without_faults() { faults_ = false; }
  void healthy() { healthy_ = true; }
  [[nodiscard]] bool chance(std::uint64_t of) { return random_.next() % of == 0; }
  [[nodiscard]] const rollout& stored() const { return stored_; }

 private:
  void crash_or_start() {
    const auto nodes = static_cast<std::uint32_t>(random_.below(3));
    release_strength& changed = view_.strengths[random_.below(2) == 0 ? "1" : "2"];
    changed = {nodes, nodes};
  }

  [[nodiscard]] bool lives(const std::string& release) const { return view_.strengths.at(release).nodes > 0; }

  void follow() {
    const placement wanted = placement_of(stored_);
    const auto count = static_cast<std::uint32_t>(view_.owners.size());
    const release_places places = places_at(count, stored_.salt, wanted.share);
    const bool old_lives = lives(stored_.from);
    const bool new_lives = lives(stored_.to);
    for (std::uint32_t i = 0; i < count; ++i) {
      if (is_late()) continue;
      const bool by_new = places.whole[i] ? new_lives : !old_lives && new_lives;
      view_.owners[i] = by_new ? stored_.to : old_lives ? stored_.from : std::string();
    }
    if (!is_late()) view_.delegation = {places.delegated_share, wanted.chosen.size()};
  }
  [[nodiscard]] bool is_late() { return chance(healthy_ ? 20 : 4); }

  void judge_it() {
    view_.judged = {stored_.since, {verdict_kind::good, {}}};
    verdict& says = view_.judged.says;
    if (now_ - stored_.since < stored_.limits.pause) says.kind = verdict_kind::inconclusive;
    if (healthy_) return;
    const std::uint64_t luck = random_.next() % 60;
    if (luck < 6) view_.judged.window_from -= 1ms;
    if (luck >= 6 && luck < 12) says.kind = verdict_kind::inconclusive;
    if (luck == 12) says = {verdict_kind::bad, "worse"};
    if (luck == 13) says = {verdict_kind::missing, "worse"};
  }

  void check_decided(const rollout& before, const rollout_view& seen,
                     const std::vector<rollout_event>& events) {
    const rollout& after = stored_;
    const bool same = before.state == after.state && before.step == after.step;
    ASSERT_EQ(same, events.empty()) << to_json(before) << to_json(after);
    if (has_ended(before.state)) ASSERT_EQ(before, after);
    const double share_before = placement_of(before).share;
    const double share_after = placement_of(after).share;
    if (before.state == rollout_state::rolling_back) {
      ASSERT_EQ(share_after, 0);
      ASSERT_TRUE(after.state == rollout_state::rolling_back || has_ended(after.state));
      ASSERT_NE(after.state, rollout_state::done);
    }
    ASSERT_LE(after.step, before.step + 1);
    if (after.step > before.step && after.strategy != rollout_strategy::rolling)
      ASSERT_EQ(seen.judged.says.kind, verdict_kind::good);
    if (share_after < share_before) ASSERT_EQ(after.state, rollout_state::rolling_back);
    check_condemned(before, seen);
    check_patience();
  }

  // What was judged bad moves back at once, and keeps the reason until its end.
  void check_condemned(const rollout& before, const rollout_view& seen) {
    const verdict_kind kind = seen.judged.says.kind;
    const bool bad = kind == verdict_kind::bad || kind == verdict_kind::missing;
    if (bad && !has_ended(before.state) && now_ >= before.since && seen.judged.window_from == before.since &&
        !before.undo && placement_of(before) != placement{}) {
      ASSERT_EQ(stored_.state, rollout_state::rolling_back);
      condemned_ = stored_.reason;
    } else if (before.state != rollout_state::rolling_back && stored_.state == rollout_state::rolling_back) {
      ASSERT_FALSE(stored_.reason.ends_with("worse")) << "by a verdict about another window";
    }
    if (condemned_.empty()) return;
    ASSERT_TRUE(stored_.state == rollout_state::rolling_back || stored_.state == rollout_state::rolled_back ||
                stored_.state == rollout_state::failed)
        << to_json(stored_);
    ASSERT_TRUE(stored_.reason.starts_with(condemned_)) << to_json(stored_);
  }

  // Only a person's pause lasts for ever.
  void check_patience() const {
    const milliseconds lasted = now_ - stored_.since;
    const rollout_limits& limits = stored_.limits;
    if (!has_ended(stored_.state)) ASSERT_GE(lasted, 0ms);
    switch (stored_.state) {
      case rollout_state::starting:
        ASSERT_LT(lasted, limits.start);
        break;
      case rollout_state::moving:
      case rollout_state::promoting:
      case rollout_state::rolling_back:
        ASSERT_LT(lasted, limits.move);
        break;
      case rollout_state::observing:
        ASSERT_TRUE(lasted < limits.observe || lasted == 0ms);
        break;
      default:
        break;
    }
  }

  base::random_source random_;
  base::wall_time now_{1'800'000'000'000ms};
  rollout stored_;
  rollout old_stored_;
  rollout_view view_;
  rollout_view old_view_;
  std::string condemned_;
  bool faults_ = true;
  bool healthy_ = false;
};

TEST(rollout_property, keeps_its_promises_over_all_steps) {
  const std::uint64_t seed = 20261127;
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  restless_fleet fleet(seed);
  std::map<rollout_state, int> ends;
  int step = 0;
  for (; step < steps && !testing::Test::HasFatalFailure(); ++step) {
    if (step % 4 == 0) fleet.pass();
    fleet.decide_once();
    if (fleet.chance(100)) fleet.command_once();
    if (step % 128 == 0) {
      fleet.check_round_trip();
      fleet.check_placement();
    }
    if (has_ended(fleet.stored().state) && fleet.chance(16)) {
      ++ends[fleet.stored().state];
      fleet.begin();
    }
  }
  ASSERT_FALSE(testing::Test::HasFatalFailure()) << "step " << step - 1;
  for (const rollout_state each :
       {rollout_state::done, rollout_state::rolled_back, rollout_state::aborted, rollout_state::failed})
    EXPECT_GT(ends[each], steps / 10'000) << name_of(each);
}

TEST(rollout_property, a_healthy_release_always_gets_there) {
  const std::uint64_t seed = 4'127;
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  for (std::uint64_t round = 0; round < 1'000; ++round) {
    restless_fleet fleet(seed + round);
    fleet.without_faults();
    fleet.healthy();
    for (int step = 0; step < 1'000 && !has_ended(fleet.stored().state); ++step) {
      fleet.pass();
      fleet.decide_once();
    }
    ASSERT_EQ(fleet.stored().state, rollout_state::done)
        << "round " << round << ": " << to_json(fleet.stored());
  }
}

}  // namespace
}  // namespace guildfleet::fleet
