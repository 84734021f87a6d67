#include "features/member_log/entry.hpp"

#include <gtest/gtest.h>

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
entry left(base::wall_time at) {
  return {.kind = entry_kind::leave, .user = {42}, .name = "Mika", .at = at};
}

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
  for (const membership& each : {membership{}, membership{now, false}, membership{now, true}})
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

// As after a crash: the events since the last note come again, in their order.
TEST(member_log_entry, events_that_come_again_are_nothing_new) {
  const auto in = next_step(std::nullopt, joined(now));
  const auto out = next_step(in->now, left(now + 1h));
  EXPECT_FALSE(next_step(in->now, joined(now)));
  EXPECT_FALSE(next_step(out->now, joined(now)));
  EXPECT_FALSE(next_step(out->now, left(now + 2h)));
  const auto again = next_step(out->now, joined(now + 3h));
  ASSERT_TRUE(again) << "who comes back is a new member";
  EXPECT_FALSE(again->now.left);
}

}  // namespace
}  // namespace guildfleet::features::member_logs
