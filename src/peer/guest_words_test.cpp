#include "peer/guest_words.hpp"

#include <gmock/gmock.h>

namespace guildfleet::peer {
namespace {

using namespace std::chrono_literals;

guest_question question() {
  return {.shard = {{"music"}, {3, 16}},
          .guest = {"green-1", 0xffff'ffff'ffff'fff0U},
          .release = "2.1.0",
          .epoch = 4,
          .word = {.received = 9, .finished = 120, .quits = true},
          .wait = 1'000ms};
}

TEST(guest_words, of_a_guest_arrive_as_they_were_said) {
  EXPECT_EQ(parse_guest_question(to_json(question())), question());
}

TEST(guest_words, that_lack_something_are_none) {
  EXPECT_FALSE(parse_guest_question(""));
  EXPECT_FALSE(parse_guest_question("[]"));
  EXPECT_FALSE(parse_guest_question(R"({"shard":{"bot":"music","index":0,"count":1}})"));
  std::string text = to_json(question());
  EXPECT_FALSE(parse_guest_question(text.replace(text.find("\"epoch\":4"), 9, R"("epoch":-4)")));
}

TEST(guest_words, of_the_owner_carry_any_bytes) {
  const std::string state("g1 2 3 \0\n\xff", 10);
  const fleet::guest_entry guild{5, fleet::guest_entry::kind::guild, 0, {77}, state};
  const fleet::guest_entry event{6, fleet::guest_entry::kind::event, 120, {}, R"({"op":0})"};
  const auto answer = parse_guest_answer(to_bytes(4, 4'500ms, "a session", {&guild, &event}));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->epoch, 4U);
  EXPECT_EQ(answer->grant, 4'500ms);
  EXPECT_EQ(answer->session_id, "a session");
  ASSERT_EQ(answer->entries.size(), 2U);
  EXPECT_EQ(answer->entries[0].guild, discord::guild_id{77});
  EXPECT_EQ(answer->entries[0].bytes, state);
  EXPECT_EQ(answer->entries[1].sequence, 120U);
  EXPECT_EQ(answer->entries[1].place, 6U);
  EXPECT_EQ(answer->entries[1].bytes, R"({"op":0})");
}

TEST(guest_words, that_are_cut_off_are_none) {
  const fleet::guest_entry event{6, fleet::guest_entry::kind::event, 120, {}, R"({"op":0})"};
  const std::string whole = to_bytes(4, 4'500ms, "a session", {&event});
  const std::size_t head = to_bytes(4, 4'500ms, "a session", {}).size();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    if (length != head) EXPECT_FALSE(parse_guest_answer(whole.substr(0, length))) << length;
  }
}

TEST(guest_words, grant_no_more_than_a_minute) {
  EXPECT_FALSE(parse_guest_answer("1 60001 0 "));
}

}  // namespace
}  // namespace guildfleet::peer
