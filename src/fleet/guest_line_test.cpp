#include "fleet/guest_line.hpp"

#include <gmock/gmock.h>

namespace guildfleet::fleet {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

const store::node_identity green{"green", 7};
const store::node_identity other{"other", 8};
constexpr discord::guild_id guild{5};
constexpr boot_time noon{1'000s};
constexpr boot_time lease_end = noon + 12s;

class guest_events : public testing::Test {
 protected:
  std::vector<std::string> sent(std::size_t max_bytes = 1'000) const {
    std::vector<std::string> out;
    for (const guest_entry* each : line.unsent(max_bytes)) out.push_back(each->bytes);
    return out;
  }
  std::vector<std::string> back() {
    std::vector<std::string> out;
    for (returned_event& each : line.take_back()) out.push_back(std::move(each.message));
    return out;
  }

  guest_line line;
};

TEST_F(guest_events, are_sent_again_until_they_are_received) {
  ASSERT_TRUE(line.admit(green));
  EXPECT_TRUE(line.introduce(guild));
  line.add_state(guild, "state");
  ASSERT_TRUE(line.add_event(11, "eleven"));
  EXPECT_FALSE(line.introduce(guild)) << "its state was sent before";
  ASSERT_TRUE(line.add_event(15, "fifteen"));
  EXPECT_THAT(sent(), ElementsAre("state", "eleven", "fifteen"));
  EXPECT_THAT(sent(), ElementsAre("state", "eleven", "fifteen"));
  EXPECT_THAT(line.hear({.received = 2, .finished = 0}), IsEmpty());
  EXPECT_THAT(sent(), ElementsAre("fifteen"));
}

TEST_F(guest_events, end_when_the_guest_says_so) {
  ASSERT_TRUE(line.admit(green));
  for (const std::uint64_t sequence : {11U, 15U, 19U}) ASSERT_TRUE(line.add_event(sequence, "event"));
  EXPECT_THAT(line.hear({.received = 3, .finished = 15}), ElementsAre(11, 15));
  EXPECT_THAT(line.hear({.received = 3, .finished = 15}), IsEmpty());
  EXPECT_EQ(line.events(), 1U);
}

TEST_F(guest_events, that_were_not_received_have_not_ended) {
  ASSERT_TRUE(line.admit(green));
  ASSERT_TRUE(line.add_event(11, "event"));
  EXPECT_THAT(line.hear({.received = 0, .finished = 99}), IsEmpty());
}

TEST_F(guest_events, come_in_batches_of_at_least_one) {
  ASSERT_TRUE(line.admit(green));
  for (const char* text : {"0123456789", "01234", "0"}) ASSERT_TRUE(line.add_event(1, text));
  EXPECT_THAT(sent(4), ElementsAre("0123456789"));
  EXPECT_THAT(sent(15), ElementsAre("0123456789", "01234"));
}

TEST_F(guest_events, beyond_the_limit_are_refused) {
  line = guest_line({.max_events = 2, .max_bytes = 100});
  ASSERT_TRUE(line.admit(green));
  EXPECT_TRUE(line.add_event(1, "a"));
  EXPECT_FALSE(line.add_event(2, std::string(100, 'b')));
  EXPECT_TRUE(line.add_event(3, "c"));
  EXPECT_FALSE(line.add_event(4, "d"));
}

TEST_F(guest_events, come_back_once_the_guest_may_not_act_any_more) {
  ASSERT_TRUE(line.admit(green));
  EXPECT_EQ(line.grant(noon, lease_end), 4'500ms) << "a margin earlier than it is counted here";
  line.add_state(guild, "state");
  ASSERT_TRUE(line.add_event(11, "eleven"));
  ASSERT_TRUE(line.add_event(15, "fifteen"));
  (void)line.hear({.received = 3, .finished = 11});
  EXPECT_FALSE(line.is_over(noon + 4'999ms));
  EXPECT_TRUE(line.is_over(noon + 5s));
  EXPECT_THAT(back(), ElementsAre("fifteen"));
  EXPECT_FALSE(line.guest().has_value());
}

TEST_F(guest_events, come_back_at_once_from_a_guest_that_quits) {
  ASSERT_TRUE(line.admit(green));
  (void)line.grant(noon, lease_end);
  ASSERT_TRUE(line.add_event(11, "eleven"));
  line.dismiss();
  EXPECT_EQ(line.grant(noon + 1s, lease_end), 0ms);
  EXPECT_FALSE(line.is_over(noon + 1s));
  (void)line.hear({.received = 1, .finished = 0, .quits = true});
  EXPECT_TRUE(line.is_over(noon + 1s));
  EXPECT_THAT(back(), ElementsAre("eleven"));
}

TEST_F(guest_events, are_nobodys_beyond_the_owners_lease) {
  ASSERT_TRUE(line.admit(green));
  EXPECT_EQ(line.grant(noon, noon + 2s), 1'500ms);
  EXPECT_EQ(line.grant(noon + 1'800ms, noon + 2s), 0ms);
  EXPECT_TRUE(line.is_over(noon + 2s));
}

TEST_F(guest_events, are_one_guests_only) {
  ASSERT_TRUE(line.admit(green));
  const std::uint64_t first = line.epoch();
  EXPECT_FALSE(line.admit(green)) << "it may have forgotten what it has";
  EXPECT_FALSE(line.admit(other));
  EXPECT_EQ(line.epoch(), first);
  (void)back();
  EXPECT_TRUE(line.admit(other));
  EXPECT_GT(line.epoch(), first);
}

TEST_F(guest_events, of_a_new_guest_begin_after_those_of_the_old_one) {
  ASSERT_TRUE(line.admit(green));
  ASSERT_TRUE(line.add_event(11, "eleven"));
  (void)back();
  ASSERT_TRUE(line.admit(other));
  EXPECT_THAT(sent(), IsEmpty());
  EXPECT_TRUE(line.introduce(guild)) << "it knows no guild yet";
  ASSERT_TRUE(line.add_event(15, "fifteen"));
  EXPECT_THAT(sent(), ElementsAre("fifteen"));
}

TEST_F(guest_events, have_a_place_that_an_earlier_guests_word_does_not_reach) {
  ASSERT_TRUE(line.admit(green));
  ASSERT_TRUE(line.add_event(11, "eleven"));
  (void)line.hear({.received = 400, .finished = 0});
  ASSERT_TRUE(line.add_event(15, "fifteen"));
  EXPECT_THAT(sent(), ElementsAre("fifteen")) << "it cannot have what was not there";
}

}  // namespace
}  // namespace guildfleet::fleet
