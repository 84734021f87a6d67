#include "features/member_log/entry.hpp"

#include <gtest/gtest.h>
#include <span>

namespace guildfleet::features::member_logs {
namespace {

using namespace std::chrono_literals;

constexpr base::wall_time now{1'700'000'000'000ms};
constexpr std::string_view join_event =
    R"({"guild_id":"1","joined_at":"2023-11-14T22:13:19.500000+00:00","roles":[],
        "user":{"id":"42","username":"mika","global_name":"Mika","bot":false}})";

entry joined(base::wall_time at) {
  return {.kind = entry_kind::join, .user = {42}, .name = "Mika", .at = at};
}
entry left(base::wall_time at, std::uint64_t sequence = 0) {
  return {.kind = entry_kind::leave, .user = {42}, .name = "Mika", .at = at, .sequence = sequence};
}

// What is kept once all of them were noted, and what of them was logged.
struct noted {
  std::optional<membership> kept{};
  std::vector<entry> logged{};
  void note(std::span<const entry> events) {
    for (const entry& each : events) {
      const auto next = next_step(kept, each);
      if (!next) continue;
      kept = next->now;
      logged.push_back(next->logged);
    }
  }
};

TEST(member_log_entry, reads_a_join_with_its_own_time) {
  const auto read = read_entry(entry_kind::join, join_event, now);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, joined(now - 500ms));
}

TEST(member_log_entry, reads_a_leave_as_of_now) {
  const auto read =
      read_entry(entry_kind::leave, R"({"guild_id":"1","user":{"id":"42","username":"Mika"}})", now);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, left(now));
}

TEST(member_log_entry, is_nothing_without_a_user) {
  for (const char* broken : {"", "[]", "{}", R"({"user":null})", R"({"user":{"id":"x"}})"})
    EXPECT_FALSE(read_entry(entry_kind::join, broken, now)) << broken;
}

TEST(member_log_entry, is_kept_and_read_back) {
  for (entry each : {joined(now), left(now)}) {
    each.bot = true;
    each.members = 51;
    each.joined = now - 24h;
    each.name = "a \"quoted\" 名前";
    EXPECT_EQ(parse_entry(to_json(each)), each);
  }
  EXPECT_FALSE(parse_entry("{"));
  for (const membership& each :
       {membership{}, membership{now, false, {}}, membership{now, true, {{~0ULL, now}, {3, now + 1h}}}})
    EXPECT_EQ(parse_membership(to_json(each)), each);
}

TEST(member_log_entry, a_leave_knows_since_when_there_was_a_membership) {
  const auto in = next_step(std::nullopt, joined(now));
  ASSERT_TRUE(in);
  const auto out = next_step(in->now, left(now + 24h));
  ASSERT_TRUE(out);
  EXPECT_EQ(out->logged.joined, now);
  EXPECT_TRUE(out->now.left);
  const auto stranger = next_step(std::nullopt, left(now));
  ASSERT_TRUE(stranger);
  EXPECT_EQ(stranger->logged.joined, std::nullopt);
}

// As after a crash: the events since the last note come again, in their order, the leaves at another time.
TEST(member_log_entry, events_that_come_again_from_any_of_them_on_are_nothing_new) {
  const std::vector<entry> events{joined(now),         left(now + 1min, 7), joined(now + 2min),
                                  left(now + 3min, 9), joined(now + 4min),  left(now + 5min, 12),
                                  joined(now + 6min)};
  for (std::size_t handled = 0; handled <= events.size(); ++handled) {
    for (std::size_t from = 0; from < handled; ++from) {
      noted all;
      all.note(std::span(events).first(handled));
      const auto kept = all.kept;
      std::vector<entry> again(events.begin() + static_cast<std::ptrdiff_t>(from),
                               events.begin() + static_cast<std::ptrdiff_t>(handled));
      for (entry& each : again) {
        if (each.kind == entry_kind::leave) each.at += 2min;
      }
      all.note(again);
      EXPECT_EQ(all.logged.size(), handled) << handled << " from " << from;
      EXPECT_EQ(all.kept, kept) << handled << " from " << from;
      all.note(std::span(events).subspan(handled));
      EXPECT_EQ(all.logged.size(), events.size());
    }
  }
}

TEST(member_log_entry, a_leave_whose_join_was_missed_is_a_new_one) {
  noted all;
  all.note(std::vector{joined(now), left(now + 1h, 7), left(now + 3h, 9)});
  ASSERT_EQ(all.logged.size(), 3U);
  EXPECT_EQ(all.logged[1].joined, now);
  EXPECT_EQ(all.logged[2].joined, std::nullopt);
}

// Another session counts from the beginning.
TEST(member_log_entry, a_sequence_means_something_else_after_a_while) {
  noted all;
  all.note(std::vector{joined(now), left(now + 1h, 7), joined(now + 2h), left(now + 3h, 7)});
  EXPECT_EQ(all.logged.size(), 4U);
}

}  // namespace
}  // namespace guildfleet::features::member_logs
