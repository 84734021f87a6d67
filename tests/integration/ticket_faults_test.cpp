// Tickets whose process dies, whose time comes later, or whose channels and permissions go.
#include "integration/ticket_scenario.hpp"

namespace guildfleet::integration {
namespace {

TEST_F(ticket, is_deleted_by_itself_also_when_the_process_was_dead_by_then) {
  const std::string log = made_channel("log");
  set("ticket", {{"delete_after", 2}, {"log_channel", log}});
  (void)open(panel());
  const std::string where = channel_of(1);
  EXPECT_THAT(in(where, "close").content(), HasSubstr("is closed"));
  crash();
  EXPECT_TRUE(is_gone(1));
  EXPECT_TRUE(says("was deleted.", log));
  EXPECT_EQ(count("was deleted.", log), 1);
  EXPECT_EQ(count("by hand", log), 0);
}

TEST_F(ticket, sixty_days_are_waited_for_paused_and_put_off_by_the_settings) {
  EXPECT_THAT(use("ticket-setup options", {{"delete_after_days", 60}}).content(), HasSubstr("Saved."));
  (void)open(panel());
  const std::string where = channel_of(1);
  EXPECT_THAT(in(where, "close").content(), HasSubstr("is closed"));
  const auto now = base::system_clock().wall_now();
  const auto due = timer_of(1);
  ASSERT_TRUE(due);
  EXPECT_GT(*due - now, std::chrono::days(59));
  EXPECT_LE(*due - now, std::chrono::days(60));
  restart();
  EXPECT_FALSE(channel_named("ticket-0001").empty());
  EXPECT_THAT(in(where, "pause").content(), HasSubstr("stand still"));
  EXPECT_FALSE(timer_of(1));
  EXPECT_THAT(in(where, "resume").content(), HasSubstr("It is deleted <t:"));
  EXPECT_TRUE(timer_of(1));
  EXPECT_THAT(use("ticket-setup options", {{"delete_after_days", 0}}).content(), HasSubstr("Saved."));
  EXPECT_TRUE(eventually(patience, [&] { return !timer_of(1); })) << "disabling leaves no timer";
  EXPECT_THAT(in(where, "pause").content(), HasSubstr("Nothing deletes this ticket"));
  EXPECT_THAT(in(where, "reopen").content(), HasSubstr("open again"));
}

TEST_F(ticket, a_channel_that_was_deleted_by_hand_gives_its_place_back) {
  const std::string log = made_channel("log");
  EXPECT_THAT(use("ticket-setup options", {{"log_channel", log}}).content(), HasSubstr("Saved."));
  const std::string message = panel();
  (void)open(message);
  (void)as_bot("DELETE", "/channels/" + channel_of(1));
  EXPECT_TRUE(says("was deleted by hand", log));
  EXPECT_THAT(open(message).content(), HasSubstr("Your ticket is open"));
  bot->kill();
  (void)as_bot("DELETE", "/channels/" + channel_of(2));
  start();
  EXPECT_TRUE(says("was deleted by hand", log, 2));
  EXPECT_THAT(open(message).content(), HasSubstr("Your ticket is open"));
}

TEST_F(ticket, a_log_channel_that_is_gone_is_reported_once_and_stops_nothing) {
  const std::string errors = made_channel("errors");
  const std::string log = made_channel("log");
  (void)use("config error-channel", {{"channel", errors}});
  (void)use("ticket-setup options", {{"log_channel", log}});
  (void)as_bot("DELETE", "/channels/" + log);
  EXPECT_THAT(open(panel()).content(), HasSubstr("Your ticket is open"));
  EXPECT_THAT(in(channel_of(1), "close").content(), HasSubstr("is closed"));
  EXPECT_THAT(in(channel_of(1), "reopen").content(), HasSubstr("open again"));
  EXPECT_TRUE(says("Tickets", errors));
}

TEST_F(ticket, a_staff_role_and_a_category_that_are_gone_are_reported_once) {
  const std::string errors = made_channel("errors");
  (void)use("config error-channel", {{"channel", errors}});
  const json::value helpers = as_bot("POST", fmt::format("/guilds/{}/roles", guild()), {{"name", "helpers"}});
  const std::string role = text_of(helpers.as_object(), "id");
  const std::string category = made_channel("requests", 4);
  (void)use("ticket-setup staff", {{"role", role}});
  (void)use("ticket-setup options", {{"category", category}, {"maximum", 2}});
  (void)as_bot("DELETE", "/guilds/" + guild() + "/roles/" + role);
  (void)as_bot("DELETE", "/channels/" + category);
  const std::string message = panel();
  EXPECT_THAT(open(message).content(), HasSubstr("Your ticket is open"));
  EXPECT_THAT(open(message).content(), HasSubstr("Your ticket is open"));
  EXPECT_TRUE(shows("A role that it uses was deleted", errors));
  EXPECT_TRUE(shows("A channel or category that it uses was deleted", errors));
  EXPECT_EQ(count("A role that it uses was deleted", errors), 1);
}

TEST_F(ticket, a_kill_between_its_channel_and_its_row_leaves_no_channel_without_a_ticket) {
  const std::string message = panel();
  const shown form = press(message, "ticket:v1:open:");
  discord.fault({{"kind", "latency"},
                 {"delay", 5'000},
                 {"count", 1},
                 {"method", "POST"},
                 {"route", "/guilds/{guild.id}/channels"}});
  (void)act("modal", {{"interaction", form.interaction()},
                      {"fields", json::object{{"subject", "My game is broken"}}},
                      {"wait", 0}});
  const std::string where = channel_of(1);
  bot->kill();
  EXPECT_TRUE(messages(where).empty()) << "killed too late to show anything";
  discord.fault({{"kind", "expire_sessions"}});
  start();
  ASSERT_TRUE(eventually(patience, [&] { return job_of("settle", 1).has_value(); }));
  EXPECT_THAT(open(message).content(), HasSubstr("is being opened still"));
  settle_now(1);
  EXPECT_TRUE(shows("My game is broken", where));
  EXPECT_EQ(count("My game is broken", where), 1);
  EXPECT_TRUE(eventually(patience, [&] { return in(where, "close").content().contains("is closed"); }));
}

TEST_F(ticket, an_opening_whose_answer_was_lost_is_kept_and_settled) {
  const std::string message = panel();
  speak("ja");
  discord.fault({{"kind", "server_error"},
                 {"count", 1'000},
                 {"method", "POST"},
                 {"route", "/guilds/{guild.id}/channels"}});
  const shown form = press(message, "ticket:v1:open:");
  const shown answer(act("modal", {{"interaction", form.interaction()},
                                   {"fields", json::object{{"subject", "My game is broken"}}},
                                   {"wait", 60'000}}));
  EXPECT_THAT(answer.content(), HasSubstr("チケットを開けませんでした: Discord から応答がありません"));
  speak("en-US");
  discord.fault({{"kind", "clear"}});
  EXPECT_THAT(open(message).content(), HasSubstr("is being opened still"));
  settle_now(1);
  EXPECT_TRUE(eventually(patience, [&] { return open(message).content().contains("Your ticket is open"); }));
  EXPECT_NE(channel_of(2), "");
}

constexpr std::uint64_t manage_channels = 1ULL << 4U;
constexpr std::uint64_t manage_roles = 1ULL << 28U;
constexpr std::uint64_t to_talk = 1ULL << 10U | 1ULL << 11U | 1ULL << 14U | 1ULL << 15U | 1ULL << 16U;

// The other one, whose role stands above, takes permissions away.
class ticket_beside_another_bot : public ticket {
 protected:
  ticket_beside_another_bot()
      : ticket({.bots = {"bot1", "bot2"}, .bucket_limits = false, .global_limit = false}) {}

  void hold_only(std::uint64_t permissions) const {
    for (const json::value& each : roles()) {
      if (text_of(each.as_object(), "name") != "bot1") continue;
      const auto done = support::answer_to(
          {.origin = fmt::format("http://127.0.0.1:{}", discord.port()),
           .path = fmt::format("/api/v10/guilds/{}/roles/{}", guild(), text_of(each.as_object(), "id")),
           .method = "PATCH",
           .fields = {{"Authorization", "Bot " + discord.token_of("bot2")},
                      {"Content-Type", "application/json"},
                      {"User-Agent", "DiscordBot (https://example.org, 1)"}},
           .text = fmt::format(R"({{"permissions":"{}"}})", permissions)});
      EXPECT_EQ(done.status, 200) << done.body;
    }
  }
};

TEST_F(ticket_beside_another_bot, a_permission_that_the_bot_lacks_is_told_to_the_member_and_the_managers) {
  const std::string errors = made_channel("errors");
  (void)use("config error-channel", {{"channel", errors}});
  const std::string message = panel();
  hold_only(to_talk | manage_roles);
  as(join("newcomer"));
  ASSERT_TRUE(eventually(patience, [&] { return open(message).content().contains("Manage Channels"); }));
  EXPECT_THAT(open(message).content(), HasSubstr("The bot lacks these permissions in this server"));
  speak("ja");
  EXPECT_THAT(open(message).content(), HasSubstr("権限が不足しています: チャンネルの管理"));
  EXPECT_TRUE(shows("Missing: Manage Channels", errors));
  EXPECT_EQ(count("Missing: Manage Channels", errors), 1);
  EXPECT_TRUE(id_of_channel("ticket-0001").empty());
}

TEST_F(ticket_beside_another_bot, without_manage_roles_nobody_is_let_in_and_that_is_told) {
  const std::string errors = made_channel("errors");
  (void)use("config error-channel", {{"channel", errors}});
  (void)open(panel());
  const std::string where = channel_of(1);
  const std::string friend_of = join("friend");
  hold_only(to_talk | manage_channels);
  EXPECT_THAT(in(where, "add", {{"member", friend_of}}).content(),
              HasSubstr("could not be added: the bot lacks a permission."));
  speak("ja");
  EXPECT_THAT(in(where, "add", {{"member", friend_of}}).content(),
              HasSubstr("追加できませんでした: ボットの権限が不足しています。"));
  EXPECT_TRUE(shows("The bot lacks a permission", errors));
  EXPECT_EQ(count("The bot lacks a permission", errors), 1);
}

}  // namespace
}  // namespace guildfleet::integration
