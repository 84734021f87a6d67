#include "features/member_log/burst.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/member_log/batch.hpp"

namespace guildfleet::features::member_logs {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

constexpr base::wall_time now{1'700'000'000s};

// An account of this age.
discord::user_id made(std::chrono::seconds ago) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>((now - ago).time_since_epoch());
  return {static_cast<std::uint64_t>(ms.count() - discord::discord_epoch_ms) << 22U};
}

entry joins(std::string name, std::chrono::seconds account_age = 24h * 1'000) {
  return {.user = made(account_age), .name = std::move(name), .at = now, .members = 51};
}

const log_words english{.server = "Home", .in = language::english};
const log_words japanese{.server = "Home", .in = language::japanese};

std::string text_of(const discord::message_body& message) {
  return to_json(message).value_or("not sendable");
}

TEST(member_log_burst, is_logged_when_it_is_quiet_and_after_ten_seconds_at_the_latest) {
  const base::steady_time first{1'000s};
  EXPECT_EQ(wait_before_log(first, first), 2s);
  EXPECT_EQ(wait_before_log(first + 7s, first), 2s);
  EXPECT_EQ(wait_before_log(first + 9s, first), 1s);
  EXPECT_EQ(wait_before_log(first + 60s, first), 0s);
}

TEST(member_log_burst, one_join_tells_account_age_and_invite) {
  const used_invites invite = attribute({{"abc", {7}, 12, 1}}, 1);
  const std::string shown = text_of(message_of(joins("Mika"), invite, {}, english));
  EXPECT_THAT(shown, HasSubstr("(Mika) joined."));
  EXPECT_THAT(shown, HasSubstr("`abc` by <@7> (12 uses)"));
  EXPECT_THAT(shown, HasSubstr("Account created"));
  EXPECT_THAT(text_of(message_of(joins("Mika"), invite, {}, japanese)), HasSubstr("が参加しました。"));
}

TEST(member_log_burst, young_accounts_are_marked) {
  log_options options;
  options.young_account = 24h * 7;
  EXPECT_THAT(text_of(message_of(joins("a", 24h * 6), {}, options, english)), HasSubstr("Young account"));
  EXPECT_THAT(text_of(message_of(joins("a", 24h * 8), {}, options, english)), Not(HasSubstr("Young")));
  options.young_account = 0s;
  EXPECT_THAT(text_of(message_of(joins("a", 1s), {}, options, english)), Not(HasSubstr("Young")));
}

TEST(member_log_burst, a_leave_tells_how_long_the_stay_was) {
  entry leave = joins("Mika");
  leave.kind = entry_kind::leave;
  EXPECT_THAT(text_of(message_of(leave, {}, {}, english)), HasSubstr("unknown (joined before the log"));
  leave.joined = now - 24h * 3 - 4h - 59s;
  EXPECT_THAT(text_of(message_of(leave, {}, {}, english)), HasSubstr("3 d 4 h (since"));
  EXPECT_THAT(text_of(message_of(leave, {}, {}, japanese)), HasSubstr("3日4時間"));
}

TEST(member_log_burst, own_texts_are_filled_in) {
  log_options options;
  options.join_text = "Hi {name} of {server}, number {count}! {age} {unknown}";
  const auto message = message_of(joins("Mika", 48h), {}, options, english);
  EXPECT_EQ(message.content, "Hi Mika of Home, number 51! 2 d {unknown}");
  EXPECT_EQ(message.mentions.users.size() + message.mentions.roles.size(), 0U);
}

// The defect: a member named "@everyone" or "[free](http://...)", or a text that says so, has an effect.
TEST(member_log_burst, names_and_texts_mention_nobody) {
  log_options options;
  options.join_text = "@everyone {name}";
  const auto message = message_of(joins("<@&5> @here [x](http://y)"), {}, options, english);
  const std::string json = text_of(message);
  EXPECT_THAT(json, HasSubstr(R"("allowed_mentions":{"parse":[])"));
  EXPECT_THAT(message.content, HasSubstr("\\<\\@\\&5\\>"));
  EXPECT_THAT(message.embeds.front().description, HasSubstr("\\[x\\]"));
}

TEST(member_log_burst, many_are_listed_in_few_messages_that_discord_takes) {
  std::vector<entry> all;
  for (int i = 0; i < 500; ++i) all.push_back(joins(fmt::format("****{}{}", std::string(28, '*'), i)));
  const used_invites used = attribute({{"abc", {7}, 480, 480}, {"def", {}, 20, 20}}, 500);
  const auto messages = messages_of(all, used, {}, english);
  EXPECT_LE(messages.size(), 25U);
  std::size_t lines = 0;
  for (const discord::message_body& each : messages) {
    EXPECT_FALSE(broken_limit(each)) << broken_limit(each).value_or("");
    lines += static_cast<std::size_t>(std::ranges::count(each.embeds.front().description, '\n'));
  }
  EXPECT_EQ(lines, 501U) << "the invites, and each member";
  EXPECT_THAT(text_of(messages.front()), HasSubstr("`abc` × 480"));
  EXPECT_THAT(text_of(messages.front()), HasSubstr(R"("title":"500 joined")"));
}

TEST(member_log_burst, the_heading_counts_what_there_is) {
  std::vector<entry> all{joins("a"), joins("b")};
  entry leave = joins("c");
  leave.kind = entry_kind::leave;
  all.push_back(leave);
  EXPECT_EQ(messages_of(all, {}, {}, english).front().embeds.front().title, "2 joined, 1 left");
  EXPECT_EQ(messages_of(all, {}, {}, japanese).front().embeds.front().title, "2人が参加、1人が退出");
  EXPECT_EQ(messages_of(std::vector{leave}, {}, {}, english).front().embeds.front().title, "1 left");
}

TEST(member_log_burst, a_batch_is_kept_and_read_back) {
  const std::string one = to_json(joins("Mika"));
  const std::vector<std::string_view> entries{one, "{}"};
  const batch read = parse_batch(to_json(true, attribute({{"abc", {7}, 1, 1}}, 1), entries));
  EXPECT_TRUE(read.alone);
  EXPECT_TRUE(read.invites.certain);
  ASSERT_EQ(read.entries.size(), 1U);
  EXPECT_EQ(read.entries.front(), joins("Mika"));
  EXPECT_EQ(messages_of(read, {}, english).size(), 1U);
  EXPECT_TRUE(messages_of(parse_batch("broken"), {}, english).empty());
}

}  // namespace
}  // namespace guildfleet::features::member_logs
