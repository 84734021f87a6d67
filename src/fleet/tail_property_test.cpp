// A shard that is given away at random moments, with words that are late or lost, and old nodes that die or
// freeze: every event is acted on once, in its guild's order, and nobody acts beside anybody.
#include <cstdlib>
#include <gtest/gtest.h>
#include <map>
#include <random>
#include <set>

#include "fleet/tail.hpp"

namespace guildfleet::fleet {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds tick{50};

class schedule final {
 public:
  explicit schedule(std::uint64_t seed) : random_(seed) {}

  void run() {
    give_away();
    for (milliseconds at{0}; at < milliseconds(9'000); at += tick) {
      now_ = boot_time(at);
      old_node();
      network();
      successor();
    }
    judge();
  }

 private:
  std::uint64_t draw(std::uint64_t below) { return random_() % below; }
  [[nodiscard]] static discord::guild_id guild_of(std::uint64_t sequence) { return {1 + sequence % 3}; }

  // What has happened on the old node by then: of each guild some events were handled, perhaps one runs, and
  // the others wait behind it.
  void give_away() {
    std::map<discord::guild_id, std::uint64_t> first_open;
    for (std::uint64_t guild = 1; guild <= 3; ++guild) first_open[{guild}] = draw(14);
    std::set<discord::guild_id> begun;
    for (std::uint64_t sequence = 1; sequence <= highest; ++sequence) {
      const discord::guild_id guild = guild_of(sequence);
      if (sequence <= first_open[guild]) {
        act(sequence);
        continue;
      }
      note_.open.push_back(sequence);
      if (begun.insert(guild).second && draw(3) != 0) {
        note_.running.push_back({sequence, guild});
        ends_[sequence] = boot_time(milliseconds(draw(8'000)));
      }
    }
    note_.epoch = 1;
    note_.session_id = "s";
    note_.highest = highest;
    note_.permit = milliseconds(5'000);
    tail_.emplace(1, note_.running, boot_time(note_.permit));
    inherited_.emplace(note_, boot_time(milliseconds(draw(300))));
    inherited_->enter_session("s");
    if (draw(3) == 0) dies_at_ = boot_time(milliseconds(draw(6'000)));
    loss_ = draw(4) * 25;
    replayed_ = note_.open.empty() ? highest : note_.open.front() - 1;
  }

  void old_node() {
    if (now_ >= dies_at_) return;
    for (const auto& [sequence, at] : ends_) {
      if (at > now_ || over_.contains(sequence)) continue;
      over_.insert(sequence);
      if (now_ < tail_->until()) act(sequence);
      tail_->ended(sequence, now_);
    }
    if (now_ >= tail_->until()) tail_->cut_off();
    // The word is asked for again until it was heard; an answer may be lost as well.
    if (tail_->has_news() && !under_way_) {
      under_way_.emplace(now_ + milliseconds(draw(6)) * 50, tail_->word());
      changes_ = tail_->changes();
    }
  }

  void network() {
    if (!under_way_ || now_ < under_way_->first) return;
    if (draw(100) >= loss_) {
      (void)inherited_->hear(under_way_->second);
      if (draw(100) >= loss_) tail_->told(changes_);
    }
    under_way_.reset();
  }

  void successor() {
    (void)inherited_->lapse(now_);
    for (std::uint64_t more = draw(4); more > 0 && replayed_ < last; --more) {
      const std::uint64_t sequence = ++replayed_;
      if (!inherited_->was_done(sequence)) waiting_[guild_of(sequence)].push_back(sequence);
    }
    for (auto& [guild, events] : waiting_) {
      if (inherited_->holds(guild)) continue;
      for (const std::uint64_t sequence : events) {
        if (inherited_->was_done(sequence)) continue;
        for (const tail_event& each : note_.running) {
          if (each.guild == guild && dies_at_ > now_ && now_ < tail_->until())
            EXPECT_TRUE(over_.contains(each.sequence)) << "both act in one guild";
        }
        act(sequence);
      }
      events.clear();
    }
  }

  void act(std::uint64_t sequence) {
    ++acted_[sequence];
    std::uint64_t& newest = newest_[guild_of(sequence)];
    if (dies_at_ == never) EXPECT_GE(sequence, newest) << "out of order";
    newest = std::max(newest, sequence);
  }

  void judge() {
    for (std::uint64_t sequence = 1; sequence <= last; ++sequence) {
      EXPECT_GE(acted_[sequence], 1) << "lost: " << sequence;
      // A node that died, or whose words did not arrive, may have done what it could not say.
      const bool may_repeat = ends_.contains(sequence) && (dies_at_ != never || loss_ > 0);
      if (!may_repeat) EXPECT_LE(acted_[sequence], 1) << "twice: " << sequence;
    }
  }

  static constexpr std::uint64_t highest = 14;
  static constexpr std::uint64_t last = 20;
  static constexpr boot_time never = boot_time::max();

  std::mt19937_64 random_;
  boot_time now_{};
  tail_note note_;
  std::map<std::uint64_t, boot_time> ends_;  // of the handlers that run
  std::set<std::uint64_t> over_;             // those that ended
  std::optional<tail_permit> tail_;
  std::optional<inherited_tail> inherited_;
  boot_time dies_at_ = never;
  std::uint64_t loss_ = 0;  // of 100 words
  std::optional<std::pair<boot_time, tail_word>> under_way_;
  std::uint64_t changes_ = 0;
  std::uint64_t replayed_ = 0;
  std::map<discord::guild_id, std::vector<std::uint64_t>> waiting_;
  std::map<std::uint64_t, int> acted_;
  std::map<discord::guild_id, std::uint64_t> newest_;
};

std::uint64_t schedules() {
  const char* asked = std::getenv("GUILDFLEET_TAIL_SCHEDULES");
  return asked == nullptr ? 10'000 : std::strtoull(asked, nullptr, 10);
}

TEST(a_tail, acts_on_every_event_once_and_in_order) {
  for (std::uint64_t seed = 1; seed <= schedules(); ++seed) {
    schedule(seed).run();
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace guildfleet::fleet
