// What the operator's log says of what features fail at in servers.
#include "features/guild_reports.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/test_kit/feature_world.hpp"

namespace guildfleet::features {
namespace {

using namespace test_kit;
using discord::rest_error;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class log_of_failures : public testing::Test, protected feature_world {
 protected:
  log_of_failures() {
    base::configure_logging({.node = "node-a", .sink = &keep_line, .sink_context = &lines});
  }
  ~log_of_failures() override { base::configure_logging({}); }

  static void keep_line(base::log_level, std::string_view line, void* context) {
    static_cast<std::vector<std::string>*>(context)->emplace_back(line);
  }
  void fail(rest_error with, std::uint64_t guild = 3) {
    run(reporter.report_error(base::error(with, "POST /webhooks/1/secret-of-an-interaction"),
                              {.guild = {guild}, .channel = {20}}));
  }

  std::vector<std::string> lines;
  guild_reporter reporter{services_of("sticky"), "sticky", text("Sticky messages", "固定メッセージ")};
};

TEST_F(log_of_failures, names_feature_server_and_cause_but_no_request) {
  fail(rest_error::missing_permissions);
  EXPECT_THAT(lines,
              ElementsAre(AllOf(HasSubstr("a feature could not do its work in a server"),
                                HasSubstr("bot=music"), HasSubstr("shard=0/1"), HasSubstr("feature=sticky"),
                                HasSubstr("guild=3"), HasSubstr("cause=lacks-permission"),
                                HasSubstr("count=1"), testing::Not(HasSubstr("secret")))));
}

TEST_F(log_of_failures, is_a_line_an_hour_for_each_cause_however_many_servers_it_concerns) {
  for (std::uint64_t guild = 1; guild <= 1'000; ++guild) fail(rest_error::missing_permissions, guild);
  fail(rest_error::unknown_channel);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_THAT(lines.back(), HasSubstr("cause=channel-gone"));
  clock.advance(std::chrono::hours(1));
  fail(rest_error::forbidden, 77);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_THAT(lines.back(), AllOf(HasSubstr("guild=77"), HasSubstr("count=1000")));
}

TEST_F(log_of_failures, has_outages_but_not_what_was_gone_before_nor_the_nodes_own_end) {
  for (const auto each : {rest_error::unknown_message, rest_error::unknown_member, rest_error::cancelled,
                          rest_error::not_permitted_now, rest_error::bot_stopped})
    fail(each);
  EXPECT_THAT(lines, IsEmpty());
  fail(rest_error::server_failed);
  fail(rest_error::server_failed);
  EXPECT_THAT(lines, ElementsAre(HasSubstr(discord::sentence(rest_error::server_failed))));
}

}  // namespace
}  // namespace guildfleet::features
