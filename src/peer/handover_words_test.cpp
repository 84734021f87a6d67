#include "peer/handover_words.hpp"

#include <gtest/gtest.h>

namespace guildfleet::peer {
namespace {

using namespace std::chrono_literals;

const store::lease_key shard{{"music"}, {3, 16}};
const discord::known_limits limits{
    .windows = {{"abc", "123", 5, 0, 3'000ms, 5'000ms, 10ms}, {"def", "", 50, 7, 1ms, 1'000ms, 0ms}},
    .routes = {{"create_message", "abc"}},
    .all_blocked_for = 20ms};
const handover_note note{.shard = shard,
                         .tail = {.epoch = 4,
                                  .session_id = "a session",
                                  .highest = 18'446'744'073'709'551'615U,
                                  .open = {11, 14},
                                  .running = {{11, {175'928'847'299'117'063U}}},
                                  .permit = 5s},
                         .limits = limits};
const handover_word word{
    .shard = shard, .tail = {.epoch = 4, .running = {11}, .cut_off = {14}}, .limits = limits};

TEST(handover_words, are_read_back) {
  EXPECT_EQ(parse_handover_note(to_json(note)), note);
  EXPECT_EQ(parse_handover_word(to_json(word)), word);
}

TEST(handover_words, of_a_later_release_are_read_without_what_it_adds) {
  std::string text = to_json(word);
  text.insert(1, R"("later":{"a":[1]},)");
  EXPECT_EQ(parse_handover_word(text), word);
}

TEST(handover_words, are_not_read_where_something_is_missing_or_of_another_kind) {
  const std::string whole = to_json(note);
  for (std::size_t cut = 0; cut < whole.size(); cut += 7)
    EXPECT_FALSE(parse_handover_note(whole.substr(0, cut)));
  EXPECT_FALSE(parse_handover_note(to_json(word)));
  std::string negative = to_json(word);
  negative.replace(negative.find("[11]"), 4, "[-1]");
  EXPECT_FALSE(parse_handover_word(negative));
}

TEST(handover_words, name_no_time_beyond_a_day) {
  handover_note endless = note;
  endless.tail.permit = std::chrono::milliseconds::max();
  EXPECT_EQ(parse_handover_note(to_json(endless)).value().tail.permit, 24h);
}

}  // namespace
}  // namespace guildfleet::peer
