#include "features/member_log/invites.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guildfleet::features::member_logs {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr base::wall_time now{1'700'000'000s};
constexpr discord::user_id anna{7};

TEST(member_log_invites, are_read_from_discords_list) {
  const auto read = read_invites(
      R"([{"code":"abc","uses":3,"max_uses":10,"inviter":{"id":"7"},"expires_at":"2023-11-14T22:13:20+00:00"},
          {"code":"def","uses":0,"expires_at":null},{"uses":1}])");
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, (invite_counts{{"abc", {3, 10, anna, now}}, {"def", {}}}));
  EXPECT_FALSE(read_invites("{}"));
}

TEST(member_log_invites, are_kept_and_read_back_the_most_used_first_where_there_is_no_room) {
  const invite_counts counts{{"abc", {3, 10, anna, now}}, {"def", {}}, {"top", {900, 0, anna, {}}}};
  EXPECT_EQ(parse_counts(to_text(counts)), counts);
  EXPECT_EQ(parse_counts(to_text(counts, 15)), (invite_counts{{"top", {900, 0, anna, {}}}}));
  EXPECT_THAT(parse_counts("\n\nx"), testing::SizeIs(1));
}

TEST(member_log_invites, of_which_counts_grew_were_used) {
  const invite_counts before{{"a", {.uses = 3}}, {"b", {.uses = 5}}};
  const invite_counts after{{"a", {.uses = 4}}, {"b", {.uses = 5}}, {"new", {.uses = 2}}};
  EXPECT_THAT(used_between(before, after, 3, now),
              ElementsAre(used_invite{"new", {}, 2, 2}, used_invite{"a", {}, 4, 1}));
}

TEST(member_log_invites, that_are_gone_were_used_up_or_expired_or_were_deleted) {
  struct row {
    const char* why;
    invite_count before;
    std::size_t used;
  };
  const row rows[] = {{"its last use", {.uses = 4, .max_uses = 5}, 1},
                      {"more were left than members joined", {.uses = 1, .max_uses = 5}, 0},
                      {"no end", {.uses = 4}, 0},
                      {"expired", {.uses = 4, .max_uses = 5, .expires = now - 1s}, 0},
                      {"not yet", {.uses = 4, .max_uses = 5, .expires = now + 1s}, 1}};
  for (const row& each : rows)
    EXPECT_EQ(used_between({{"a", each.before}}, {}, 1, now).size(), each.used) << each.why;
}

TEST(member_log_invites, are_certain_when_one_was_used_as_often_as_members_joined) {
  const used_invite a{"a", anna, 12, 1};
  const used_invite b{"b", {}, 3, 1};
  EXPECT_EQ(told_of_one(attribute({a}, 1), language::english), "`a` by <@7> (12 uses)");
  EXPECT_EQ(told_of_one(attribute({b}, 1), language::japanese), "`b`(使用 3 回)");
  EXPECT_EQ(told_of_one(attribute({a, b}, 2), language::english), "probably `a` or `b`");
  EXPECT_EQ(told_of_one(attribute({a}, 2), language::english), "probably `a`");
  EXPECT_EQ(told_of_one(attribute({}, 1), language::english), "unknown");
}

TEST(member_log_invites, of_many_are_counted) {
  const used_invites used = attribute({{"a", anna, 480, 480}, {"b", {}, 20, 20}}, 500);
  EXPECT_EQ(told_of_many(used, language::english), "`a` × 480 (<@7>), `b` × 20");
  EXPECT_EQ(told_of_many({}, language::english), "");
}

TEST(member_log_invites, keep_what_a_message_names) {
  const used_invites certain = attribute({{"a", anna, 12, 1}}, 1);
  EXPECT_EQ(told_of_one(parse_used(to_json(certain)), language::english), "`a` by <@7> (12 uses)");
  const used_invites many = attribute(std::vector<used_invite>(9, {"a", anna, 2, 1}), 9);
  EXPECT_EQ(told_of_one(parse_used(to_json(many)), language::english), "probably `a` or `a` or `a` …");
  EXPECT_THAT(parse_used("").used, IsEmpty());
}

}  // namespace
}  // namespace guildfleet::features::member_logs
