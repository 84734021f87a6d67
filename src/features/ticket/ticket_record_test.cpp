#include "features/ticket/ticket_record.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <ranges>

#include "features/ticket/ticket_texts.hpp"
#include "features/ticket/ticket_views.hpp"
#include "settings/document.hpp"

namespace guildfleet::features {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr base::wall_time noon{std::chrono::milliseconds(1'800'000'000'000)};

ticket_record closed_at(base::wall_time when) {
  ticket_record out{.number = 42, .user = {7}, .channel = {8}, .state = ticket_state::closed};
  out.counted_from = when;
  return out;
}

TEST(ticket_record, is_read_as_it_was_stored) {
  ticket_record whole = closed_at(noon);
  whole.subject = "\"help\"\n😀";
  whole.claimed_by = {18'000'000'000'000'000'000U};
  whole.members = {{1}, {2}};
  whole.added_by = {5};
  whole.slot = 3;
  whole.changed_by = {4};
  whole.timer = noon + days(60);
  EXPECT_EQ(read_ticket(stored(whole)), whole);
  pause(whole, noon + hours(1));
  EXPECT_EQ(read_ticket(stored(whole)), whole);
  for (const char* broken : {"", "[]", "{}", R"({"number":"1","user":"2","state":"lost"})"})
    EXPECT_EQ(read_ticket(broken), std::nullopt) << broken;
}

// The defect: a delay of more than 24.8 days (2^31 ms) that fires at once.
TEST(ticket_record, days_until_deletion_may_be_many) {
  for (const int count : {1, 24, 25, 60, 365})
    EXPECT_EQ(deletion_of(closed_at(noon), days(count)), noon + days(count)) << count;
}

TEST(ticket_record, nothing_is_deleted_that_is_open_paused_or_not_to_be) {
  ticket_record open = closed_at(noon);
  open.state = ticket_state::open;
  EXPECT_EQ(deletion_of(open, days(1)), std::nullopt);
  ticket_record paused = closed_at(noon);
  pause(paused, noon);
  EXPECT_EQ(deletion_of(paused, days(1)), std::nullopt);
  EXPECT_EQ(deletion_of(closed_at(noon), days(0)), std::nullopt);
}

TEST(ticket_record, a_pause_does_not_count) {
  ticket_record what = closed_at(noon);
  pause(what, noon + days(10));
  go_on(what, noon + days(100));
  EXPECT_EQ(deletion_of(what, days(60)), noon + days(150));
}

TEST(ticket_record, a_free_slot_is_the_lowest_up_to_the_maximum) {
  const struct {
    std::vector<std::uint64_t> taken;
    std::size_t most;
    std::optional<std::uint64_t> expected;
  } cases[] = {{{}, 1, 1},
               {{1}, 1, std::nullopt},
               {{1}, 2, 2},
               {{2}, 2, 1},
               {{1, 3}, 3, 2},
               {{3}, 1, std::nullopt},
               {{1, 2, 3}, 2, std::nullopt}};
  for (const auto& each : cases) EXPECT_EQ(free_slot(each.taken, each.most), each.expected);
}

TEST(ticket_record, its_channel_is_hidden_from_everybody_else) {
  const std::vector<discord::role_id> staff{{5}, {6}};
  const auto all = overwrites_of(closed_at(noon), {1}, {2}, staff);
  ASSERT_EQ(all.size(), 5U);
  EXPECT_EQ(all[0].id, 1U) << "@everyone";
  EXPECT_TRUE(all[0].deny.has(discord::permission::view_channel));
  for (const auto& each : all | std::views::drop(1))
    EXPECT_TRUE(each.allow.has(discord::permission::view_channel)) << each.id;
  EXPECT_TRUE(overwrite_of_member({7}, false).deny.has(discord::permission::send_messages));
  EXPECT_TRUE(overwrite_of_member({7}, false).allow.has(discord::permission::view_channel));
}

TEST(ticket_record, settings_are_read_with_their_defaults) {
  const auto read = [](const char* text) { return read_ticket_settings(*settings::parse_document(text)); };
  const ticket_settings none = read("{}");
  EXPECT_EQ(none.most, 1U);
  EXPECT_EQ(none.delete_after.count(), 0);
  const ticket_settings all = read(
      R"({"staff_roles":["5"],"category":"6","log_channel":"7","maximum":3,"delete_after":5184000,"mention_staff":true})");
  EXPECT_EQ(all.staff, std::vector<discord::role_id>{{5}});
  EXPECT_EQ(all.category.value, 6U);
  EXPECT_EQ(all.log.value, 7U);
  EXPECT_EQ(all.most, 3U);
  EXPECT_EQ(all.delete_after, days(60));
  EXPECT_TRUE(all.mention_staff);
}

TEST(ticket_views, mention_only_the_staff_and_only_where_that_is_set) {
  ticket_settings set{.staff = {{5}}, .welcome = "Hello {user} @everyone {server}"};
  ticket_record what = closed_at(noon);
  what.subject = "@everyone";
  const auto silent = ticket_views::welcome(what, set, "@here", language::english);
  EXPECT_TRUE(silent.mentions.roles.empty());
  EXPECT_FALSE(silent.mentions.everyone);
  set.mention_staff = true;
  const auto loud = ticket_views::welcome(what, set, "@here", language::english);
  EXPECT_EQ(loud.mentions.roles, std::vector<discord::role_id>{{5}});
  EXPECT_FALSE(loud.mentions.everyone || loud.mentions.all_roles || loud.mentions.all_users);
}

TEST(ticket_views, fit_into_discords_limits_at_their_longest) {
  ticket_settings set{.mention_staff = true, .welcome = std::string(1'000, 'w')};
  for (std::size_t i = 0; i < most_staff_roles; ++i) set.staff.push_back({~0ULL - i});
  ticket_record what = closed_at(noon);
  what.subject = std::string(longest_subject, 's');
  for (const language in : {language::english, language::japanese}) {
    EXPECT_EQ(discord::broken_limit(ticket_views::welcome(what, set, "server", in)), std::nullopt);
    EXPECT_EQ(discord::broken_limit(ticket_views::closed({1}, std::string(500, '*'), noon, in)),
              std::nullopt);
    EXPECT_EQ(discord::broken_limit(ticket_views::panel({std::string(100, 't'), "", ""}, in)), std::nullopt);
    EXPECT_EQ(discord::broken_limit(ticket_views::subject_form(in)), std::nullopt);
    EXPECT_EQ(discord::broken_limit(ticket_views::close_form(in)), std::nullopt);
  }
}

}  // namespace
}  // namespace guildfleet::features
