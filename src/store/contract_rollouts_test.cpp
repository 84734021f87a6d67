#include <fmt/format.h>

#include "store/contract_fleet_test.hpp"

namespace guildfleet::store {
namespace {

using namespace std::chrono_literals;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const bot_name music{"music"};
const bot_name game{"game"};

rollout_event event_of(std::string text) {
  return {.who = "ann", .kind = "step", .text = std::move(text)};
}

rollout_row started(store& by, const bot_name& bot, const std::string& state = "{}",
                    const std::vector<rollout_event>& events = {}) {
  auto outcome = by.start_rollout(bot, state, events);
  EXPECT_TRUE(outcome && std::holds_alternative<rollout_row>(*outcome));
  return outcome ? std::get<rollout_row>(*outcome) : rollout_row{};
}

std::optional<rollout_row> changed(store& by, const rollout_change& change) {
  auto outcome = by.change_rollout(change);
  EXPECT_TRUE(outcome) << outcome.error().message();
  return outcome ? *outcome : std::nullopt;
}

// A rollout from its start to its end.
rollout_row finished(store& by, const bot_name& bot, std::optional<std::string> settle = std::nullopt) {
  const auto row = started(by, bot);
  const auto end = changed(
      by,
      {.id = row.id, .version = row.version, .state = "{}", .active = false, .settle = std::move(settle)});
  EXPECT_TRUE(end);
  return end.value_or(rollout_row{});
}

std::vector<std::string> texts_of(store& by, std::uint64_t rollout, std::uint32_t limit = 5'000) {
  std::vector<std::string> texts;
  for (const rollout_event& event : by.rollout_events(rollout, limit).value()) texts.push_back(event.text);
  return texts;
}

std::vector<bot_release> attended(store& node, std::vector<served_shards> serves) {
  auto picture = node.attend({.serves = std::move(serves)}, ttl);
  EXPECT_TRUE(picture) << picture.error().message();
  return picture ? picture->releases : std::vector<bot_release>();
}

TEST_P(store_contract, a_rollout_is_started_and_found_by_every_node) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  EXPECT_EQ(b->newest_rollout(music).value(), std::nullopt);
  const auto row = started(*a, music, R"({"to":"0.3.0"})");
  EXPECT_GT(row.id, 0U);
  EXPECT_GT(row.started_ms, 0);
  EXPECT_EQ(row, (rollout_row{.id = row.id,
                              .bot = music,
                              .version = 1,
                              .state = R"({"to":"0.3.0"})",
                              .active = true,
                              .started_ms = row.started_ms,
                              .changed_ms = row.started_ms}));
  EXPECT_EQ(b->newest_rollout(music).value(), row);
  EXPECT_EQ(b->newest_rollout(game).value(), std::nullopt);
}

TEST_P(store_contract, one_rollout_of_a_bot_is_active_at_a_time) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  const auto row = started(*a, music, "{}", {event_of("first")});
  const auto refused = b->start_rollout(music, R"({"other":1})", std::vector{event_of("second")});
  ASSERT_TRUE(refused) << refused.error().message();
  EXPECT_EQ(*refused, start_outcome(already_active{row}));
  EXPECT_THAT(b->rollouts(music, 10).value(), ElementsAre(row)) << "nothing was written";
  EXPECT_THAT(texts_of(*b, row.id), ElementsAre("first"));
  EXPECT_TRUE(started(*b, game).active) << "another bot's";
  ASSERT_TRUE(changed(*a, {.id = row.id, .version = 1, .state = "{}", .active = false}));
  const auto next = started(*b, music);
  EXPECT_GT(next.id, row.id);
  EXPECT_EQ(a->newest_rollout(music).value(), next);
}

TEST_P(store_contract, a_rollout_is_changed_by_who_knows_its_version) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  const auto row = started(*a, music);
  world->advance(5s);
  const auto by_a =
      changed(*a, {.id = row.id, .version = 1, .state = R"({"n":1})", .events = {event_of("a")}});
  ASSERT_TRUE(by_a);
  rollout_row expected = row;
  expected.version = 2;
  expected.state = R"({"n":1})";
  expected.changed_ms = row.started_ms + 5'000;
  EXPECT_EQ(*by_a, expected);
  const rollout_change late{
      .id = row.id, .version = 1, .state = "{}", .active = false, .settle = "0.9", .events = {event_of("b")}};
  EXPECT_EQ(changed(*b, late), std::nullopt);
  EXPECT_EQ(b->newest_rollout(music).value(), expected);
  EXPECT_THAT(texts_of(*b, row.id), ElementsAre("a"));
  EXPECT_EQ(b->settled_release(music).value(), "") << "all or nothing";
  EXPECT_TRUE(changed(*b, {.id = row.id, .version = 2, .state = "{}"}));
  EXPECT_EQ(changed(*b, {.id = row.id + 1, .version = 1, .state = "{}"}), std::nullopt) << "there is none";
}

TEST_P(store_contract, a_rollout_that_has_ended_is_not_begun_again) {
  auto a = world->open(node_a);
  const auto row = finished(*a, music);
  EXPECT_FALSE(row.active);
  EXPECT_EQ(changed(*a, {.id = row.id, .version = 2, .state = "{}", .active = true}), std::nullopt);
  const auto noted =
      changed(*a, {.id = row.id, .version = 2, .state = R"({"undone":true})", .active = false});
  ASSERT_TRUE(noted) << "but what is known of it may change";
  EXPECT_EQ(noted->version, 3U);
}

TEST_P(store_contract, rollouts_and_their_events_are_told_newest_first) {
  auto a = world->open(node_a);
  const auto one = finished(*a, music);
  finished(*a, game);
  const auto two = started(*a, music, "{}", {event_of("1"), event_of("2")});
  EXPECT_THAT(a->rollouts(music, 10).value(), ElementsAre(two, one));
  EXPECT_THAT(a->rollouts(music, 1).value(), ElementsAre(two));
  world->advance(3s);
  ASSERT_TRUE(changed(*a, {.id = two.id, .version = 1, .state = "{}", .events = {event_of("3")}}));
  EXPECT_THAT(texts_of(*a, two.id), ElementsAre("3", "2", "1"));
  EXPECT_THAT(texts_of(*a, two.id, 2), ElementsAre("3", "2"));
  EXPECT_THAT(texts_of(*a, one.id), IsEmpty());
  const auto newest = a->rollout_events(two.id, 1).value().at(0);
  EXPECT_GT(newest.id, 0U);
  EXPECT_EQ(newest.at_ms, two.started_ms + 3'000);
  EXPECT_EQ(newest.who, "ann");
  EXPECT_EQ(newest.kind, "step");
}

TEST_P(store_contract, a_state_has_a_bound) {
  auto a = world->open(node_a);
  const std::string largest(largest_rollout_state, 'x');
  const auto row = started(*a, music, largest);
  EXPECT_EQ(a->newest_rollout(music).value()->state, largest);
  const auto change = a->change_rollout({.id = row.id, .version = 1, .state = largest + "x"});
  ASSERT_FALSE(change);
  EXPECT_EQ(change.error().code(), store_error::too_large);
  const auto start = a->start_rollout(game, largest + "x", {});
  ASSERT_FALSE(start);
  EXPECT_EQ(start.error().code(), store_error::too_large);
  EXPECT_EQ(a->newest_rollout(game).value(), std::nullopt);
}

TEST_P(store_contract, long_events_are_cut_between_characters) {
  auto a = world->open(node_a);
  std::string text(longest_event_text - 1, 'x');
  const rollout_event wordy{
      .who = std::string(300, 'w'), .kind = std::string(300, 'k'), .text = text + "\u00E9"};
  const auto row = started(*a, music, "{}", {wordy});
  const auto kept = a->rollout_events(row.id, 1).value().at(0);
  EXPECT_EQ(kept.text, text);
  EXPECT_EQ(kept.who.size(), longest_name);
  EXPECT_EQ(kept.kind.size(), longest_name);
}

TEST_P(store_contract, the_newest_thousand_events_of_a_rollout_are_kept) {
  auto a = world->open(node_a);
  std::vector<rollout_event> many;
  for (int i = 0; i < 1'001; ++i) many.push_back(event_of(std::to_string(i)));
  const auto row = started(*a, music, "{}", many);
  const auto other = started(*a, game, "{}", {event_of("other")});
  ASSERT_TRUE(changed(*a, {.id = row.id, .version = 1, .state = "{}", .events = {event_of("last")}}));
  const auto texts = texts_of(*a, row.id);
  ASSERT_THAT(texts, SizeIs(1'000));
  EXPECT_EQ(texts.front(), "last");
  EXPECT_EQ(texts.back(), "2");
  EXPECT_THAT(texts_of(*a, other.id), ElementsAre("other"));
}

TEST_P(store_contract, the_newest_hundred_finished_rollouts_of_a_bot_are_kept) {
  auto a = world->open(node_a);
  const auto others = finished(*a, game);
  const auto oldest = started(*a, music, "{}", {event_of("old")});
  ASSERT_TRUE(changed(*a, {.id = oldest.id, .version = 1, .state = "{}", .active = false}));
  const auto second = finished(*a, music);
  for (int i = 0; i < 99; ++i) finished(*a, music);
  const auto active = started(*a, music);
  const auto rows = a->rollouts(music, 500).value();
  ASSERT_THAT(rows, SizeIs(101));
  EXPECT_EQ(rows.front(), active);
  EXPECT_EQ(rows.back(), second);
  EXPECT_THAT(texts_of(*a, oldest.id), IsEmpty());
  EXPECT_EQ(a->newest_rollout(game).value(), others);
}

TEST_P(store_contract, a_change_of_the_number_of_shards_is_kept_however_many_rollouts_follow) {
  auto a = world->open(node_a);
  const std::string state = R"({"kind":"reshard","to":2})";
  const auto change = started(*a, music, state);
  ASSERT_TRUE(changed(*a, {.id = change.id, .version = 1, .state = state, .active = false}));
  for (int i = 0; i < 101; ++i) finished(*a, music);
  started(*a, music);
  const auto rows = a->rollouts(music, operations_kept).value();
  ASSERT_THAT(rows, SizeIs(102));
  EXPECT_EQ(rows.back().id, change.id);
}

TEST_P(store_contract, the_release_a_bot_is_at_is_settled_with_a_rollouts_end) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  EXPECT_EQ(a->settled_release(music).value(), "");
  finished(*a, music, "0.2.0");
  EXPECT_EQ(b->settled_release(music).value(), "0.2.0");
  finished(*a, music);
  EXPECT_EQ(b->settled_release(music).value(), "0.2.0") << "one that failed settles nothing";
  finished(*a, music, "0.3.0");
  EXPECT_EQ(b->settled_release(music).value(), "0.3.0");
  EXPECT_EQ(b->settled_release(game).value(), "");
}

TEST_P(store_contract, attending_shows_the_releases_of_what_is_served) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  EXPECT_THAT(attended(*a, {{music, 2}}), IsEmpty());
  const auto of_music = started(*a, music, R"({"to":"0.3.0"})");
  finished(*b, game, "0.1.0");
  finished(*b, {"zoo"}, "0.2.0");
  const auto of_zoo = started(*b, {"zoo"});
  finished(*b, {"quiet"});
  const bot_release game_now{.bot = game, .settled = "0.1.0"};
  const bot_release music_now{.bot = music, .rollout = of_music};
  const bot_release zoo_now{.bot = {"zoo"}, .settled = "0.2.0", .rollout = of_zoo};
  EXPECT_THAT(attended(*a, {{music, 2}, {music, 4}, {game, 1}}), ElementsAre(game_now, music_now));
  EXPECT_THAT(attended(*a, {{{"quiet"}, 1}, {{"zoo"}, 1}}), ElementsAre(zoo_now));
  EXPECT_THAT(attended(*a, {}), IsEmpty());
  EXPECT_THAT(surveyed(*a).releases, ElementsAre(game_now, music_now, zoo_now));
  ASSERT_TRUE(
      changed(*a, {.id = of_music.id, .version = 1, .state = "{}", .active = false, .settle = "0.3.0"}));
  EXPECT_THAT(attended(*b, {{music, 2}}), ElementsAre(bot_release{.bot = music, .settled = "0.3.0"}));
}

TEST_P(store_contract, what_no_database_can_hold_in_a_rollout_is_replaced) {
  auto a = world->open(node_a);
  const std::string odd("c\0d\xff", 4);
  const std::string kept = "c\uFFFDd\uFFFD";
  const bot_name odd_bot{odd};
  const auto row = started(*a, odd_bot, odd, {{.who = odd, .kind = odd, .text = odd}});
  EXPECT_EQ(row.bot.value, kept);
  EXPECT_EQ(row.state, kept);
  EXPECT_EQ(a->newest_rollout(odd_bot).value(), row);
  EXPECT_EQ(std::get<already_active>(a->start_rollout(odd_bot, "{}", {}).value()).row, row);
  const auto event = a->rollout_events(row.id, 1).value().at(0);
  EXPECT_EQ((std::vector{event.who, event.kind, event.text}), (std::vector{kept, kept, kept}));
  EXPECT_THAT(attended(*a, {{odd_bot, 2}}), ElementsAre(bot_release{.bot = {kept}, .rollout = row}));
  ASSERT_TRUE(changed(*a, {.id = row.id, .version = 1, .state = odd, .active = false, .settle = odd}));
  EXPECT_EQ(a->settled_release(odd_bot).value(), kept);
  ASSERT_TRUE(a->write_sample({.bot = odd_bot, .node = {odd, 1}, .release = odd, .figures = odd}));
  EXPECT_EQ(a->samples(odd_bot, 1s).value().at(0).figures, kept);
  ASSERT_TRUE(a->allow_identifies(odd_bot, odd, odd, 1s));
  EXPECT_EQ(a->identify_permission(odd_bot).value()->reason, kept);
}

TEST_P(store_contract, texts_of_a_rollout_may_have_odd_characters) {
  auto a = world->open(node_a);
  const std::string odd = "o'br\"ien\\\n]\u3042{},NULL;$1?";
  const auto row = started(*a, {odd}, odd, {{.who = odd, .kind = odd, .text = odd}, event_of("")});
  EXPECT_EQ(row.bot.value, odd);
  EXPECT_EQ(row.state, odd);
  EXPECT_THAT(texts_of(*a, row.id), ElementsAre("", odd));
  EXPECT_THAT(attended(*a, {{{odd}, 1}}), ElementsAre(bot_release{.bot = {odd}, .rollout = row}));
}

TEST_P(store_contract, samples_are_read_oldest_first_within_a_window) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  const auto row = started(*a, music);
  release_sample of_a{.bot = music, .node = node_a, .release = "0.2.0", .at_ms = 7, .figures = R"({"n":1})"};
  release_sample of_b{.bot = music, .node = node_b, .release = "0.3.0", .figures = R"({"n":2})"};
  ASSERT_TRUE(a->write_sample(of_a));
  world->advance(10s);
  ASSERT_TRUE(b->write_sample(of_b));
  ASSERT_TRUE(b->write_sample({.bot = game, .node = node_b, .release = "0.3.0", .figures = "{}"}));
  of_a.at_ms = row.started_ms;
  of_b.at_ms = row.started_ms + 10'000;
  EXPECT_THAT(a->samples(music, 10s).value(), ElementsAre(of_a, of_b));
  EXPECT_THAT(a->samples(music, 9'999ms).value(), ElementsAre(of_b));
  world->advance(1ms);
  EXPECT_THAT(a->samples(music, 0s).value(), IsEmpty());
}

TEST_P(store_contract, figures_have_a_bound) {
  auto a = world->open(node_a);
  release_sample sample{.bot = music, .node = node_a, .figures = std::string(largest_sample, 'x')};
  EXPECT_TRUE(a->write_sample(sample));
  sample.figures += 'x';
  const auto refused = a->write_sample(sample);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), store_error::too_large);
  EXPECT_THAT(a->samples(music, 1s).value(), SizeIs(1));
}

TEST_P(store_contract, samples_are_kept_for_an_hour_and_not_for_long_after_it) {
  auto a = world->open(node_a);
  const auto write = [&](const bot_name& bot, std::string release) {
    ASSERT_TRUE(
        a->write_sample({.bot = bot, .node = node_a, .release = std::move(release), .figures = "{}"}));
  };
  const auto kept = [&] {
    std::string releases;
    for (const auto& sample : a->samples(music, 24h).value()) releases += sample.release;
    return releases;
  };
  write(music, "1");
  world->advance(6min);
  write(music, "2");
  world->advance(54min);
  write(music, "3");
  EXPECT_EQ(kept(), "123");
  world->advance(5min + 1ms);
  write(game, "4");
  EXPECT_EQ(kept(), "23") << "another bot's write is as good";
}

TEST_P(store_contract, a_person_allows_identifies_for_a_while) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  EXPECT_EQ(a->identify_permission(music).value(), std::nullopt);
  const auto given = a->allow_identifies(music, "moved to another region", "ann", 10min).value();
  EXPECT_EQ(given.reason, "moved to another region");
  EXPECT_EQ(given.who, "ann");
  EXPECT_EQ(given.until_ms, given.granted_ms + 600'000);
  world->advance(10min - 1ms);
  EXPECT_EQ(b->identify_permission(music).value(), given);
  EXPECT_EQ(b->identify_permission(game).value(), std::nullopt);
  world->advance(1ms);
  EXPECT_EQ(b->identify_permission(music).value(), std::nullopt);
  EXPECT_THAT(b->identify_permissions(music, 10).value(), ElementsAre(given)) << "the reason is kept";
}

TEST_P(store_contract, a_later_permission_takes_the_place_of_an_earlier_one) {
  auto a = world->open(node_a);
  const auto first_one = a->allow_identifies(music, "a", "ann", 2h).value();
  const auto second_one = a->allow_identifies(music, "b", "ben", 10min).value();
  EXPECT_EQ(a->identify_permission(music).value(), second_one);
  const auto taken_back = a->allow_identifies(music, "enough", "ann", 0s).value();
  EXPECT_EQ(a->identify_permission(music).value(), std::nullopt);
  EXPECT_THAT(a->identify_permissions(music, 10).value(), ElementsAre(taken_back, second_one, first_one));
  EXPECT_THAT(a->identify_permissions(music, 1).value(), ElementsAre(taken_back));
}

TEST_P(store_contract, permissions_are_kept_for_ninety_days_after_their_end) {
  auto a = world->open(node_a);
  ASSERT_TRUE(a->allow_identifies(music, "old", "ann", 1h));
  world->advance(90 * 24h + 1h);
  ASSERT_TRUE(a->allow_identifies(music, "new", std::string(300, 'x'), 1h));
  EXPECT_THAT(a->identify_permissions(music, 10).value(), SizeIs(2));
  world->advance(1ms);
  ASSERT_TRUE(a->allow_identifies(music, std::string(3'000, 'x'), "ann", 1h));
  const auto rows = a->identify_permissions(music, 10).value();
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(rows[0].reason.size(), longest_reason);
  EXPECT_EQ(rows[1].who.size(), longest_name);
}

}  // namespace
}  // namespace guildfleet::store
