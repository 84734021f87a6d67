// Two bots of a fleet in the same guilds: for what only one of them may do there, one of them does it.
#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/registry.hpp"
#include "integration/hosted_fleet.hpp"

namespace guildfleet::integration {
namespace {

using testing::HasSubstr;

// Answers each message of a member with its own bot's name; "remind" again a while later.
class echo final : public features::feature {
 public:
  explicit echo(const features::shard_services& services)
      : effects_(services.effects), jobs_(services.jobs), clock_(services.clock), bot_(services.bot.bot) {}

  [[nodiscard]] bool wants_messages() const override { return true; }
  std::optional<net::task<>> on_message(const features::message_event& message) override {
    if (message.author_is_bot) return std::nullopt;
    if (message.content == "remind") return remind(message.sequence, message.guild, message.channel);
    return answer(message.sequence, message.channel);
  }

  net::task<jobs::job_outcome> on_job(features::job_call call) override {
    discord::message_body body;
    body.content = "seen by " + bot_ + " in time";
    (void)co_await call.effects.post({0, 1}, {discord::parse_snowflake(call.what.payload).value_or(0)}, body);
    co_return jobs::job_done{};
  }

 private:
  net::task<> remind(std::uint64_t sequence, discord::guild_id guild, discord::channel_id channel) {
    const auto kept = co_await jobs_.schedule(
        {"reminder", "remind", guild, clock_.wall_now() + 3s, fmt::format("{}", channel)});
    EXPECT_TRUE(kept);
    co_await answer(sequence, channel);
  }
  net::task<> answer(std::uint64_t sequence, discord::channel_id channel) {
    discord::message_body body;
    body.content = "seen by " + bot_;
    (void)co_await effects_.post({sequence, 1}, channel, body);
  }

  features::effect_port& effects_;
  features::job_port& jobs_;
  const base::clock& clock_;
  std::string bot_;
};

const features::feature_declaration echoing{
    .name = "echoing",
    .exclusive = true,
    .intents = discord::intent::guilds | discord::intent::guild_messages | discord::intent::message_content,
    .make = [](const features::shard_services& services) -> std::unique_ptr<features::feature> {
      return std::make_unique<echo>(services);
    }};

class claims : public testing::Test {
 protected:
  [[nodiscard]] bot::bot_plan plan(const std::string& name, std::int32_t priority = 0) const {
    bot::bot_plan out = plan_of(name, discord.token_of(name), discord.api_url(), folder.path(),
                                {&echoing, features::find_feature("ping")});
    out.sqlite_path = (folder / "shared.sqlite").string();
    out.settings.priority = priority;
    out.settings.claims = {.refresh = 200ms, .down_limit = 1'500ms, .settle = 300ms};
    return out;
  }
  // Who answered how often.
  [[nodiscard]] std::map<std::string, int> answers() const {
    std::map<std::string, int> out;
    for (const json::value& each : discord.messages_of_first_channel()) {
      const std::string text = text_of(each.as_object(), "content");
      if (text.starts_with("seen by ")) ++out[text.substr(8)];
    }
    return out;
  }
  [[nodiscard]] bool answered(int times, const std::string& by) const {
    return eventually(patience, [&] {
      const auto all = answers();
      const auto found = all.find(by);
      return found != all.end() && found->second >= times;
    });
  }
  // Messages, one after the other, until this bot answers them.
  [[nodiscard]] bool comes_to_answer(const std::string& bot) const {
    const int before = answers()[bot];
    return eventually(patience, [&] {
      discord.write_messages(1);
      return answers()[bot] > before;
    });
  }

  base::scratch_folder folder;
  simulated_discord discord{{.bots = {"bot1", "bot2"}, .bucket_limits = false, .messages_kept = 2'000}};
};

TEST_F(claims, one_of_two_bots_answers_and_it_is_the_one_of_higher_priority) {
  const auto fleet = host("one", {plan("bot1", 1), plan("bot2", 5)});
  ASSERT_TRUE(fleet->ready());
  ASSERT_TRUE(comes_to_answer("bot2"));
  const auto before = answers();
  discord.write_messages(20);
  ASSERT_TRUE(answered(before.at("bot2") + 20, "bot2"));
  auto expected = before;
  expected["bot2"] += 20;
  EXPECT_EQ(answers(), expected);
}

TEST_F(claims, the_other_takes_over_where_the_first_was_removed) {
  const auto fleet = host("one", {plan("bot1", 5), plan("bot2", 1)});
  ASSERT_TRUE(fleet->ready());
  ASSERT_TRUE(comes_to_answer("bot1"));
  const json::object removed = discord.act("remove_bot", {{"guild", discord.first_guild()}, {"bot", "bot1"}});
  EXPECT_TRUE(removed.at("done").as_bool());
  EXPECT_TRUE(comes_to_answer("bot2"));
}

TEST_F(claims, a_timer_goes_to_who_acts_for_its_feature_when_it_is_due) {
  const auto fleet = host("one", {plan("bot1", 5), plan("bot2", 1)});
  ASSERT_TRUE(fleet->ready());
  ASSERT_TRUE(comes_to_answer("bot1"));
  const int before = answers()["bot1"];
  (void)discord.act("message", {{"content", "remind"}, {"guild", discord.first_guild()}});
  ASSERT_TRUE(answered(before + 1, "bot1"));
  (void)discord.act("remove_bot", {{"guild", discord.first_guild()}, {"bot", "bot1"}});
  EXPECT_TRUE(answered(1, "bot2 in time"));
  EXPECT_EQ(answers().count("bot1 in time"), 0U);
}

TEST_F(claims, the_other_takes_over_once_the_first_was_down_for_too_long) {
  {
    const auto both = host("one", {plan("bot1", 5), plan("bot2", 1)});
    ASSERT_TRUE(both->ready());
    ASSERT_TRUE(comes_to_answer("bot1"));
  }
  bot::bot_plan absent = plan("bot1", 5);
  absent.settings.token = base::secret("refused");
  const auto second = host("one", {plan("bot2", 1), std::move(absent)});
  ASSERT_TRUE(eventually(patience, [&] { return second->shard(0).state == bot::shard_state::connected; }));
  EXPECT_TRUE(comes_to_answer("bot2"));
}

TEST_F(claims, are_made_between_two_programs_on_one_file_too) {
  const auto first = host("one", {plan("bot1", 1)});
  ASSERT_TRUE(first->ready());
  ASSERT_TRUE(comes_to_answer("bot1"));
  const auto second = host("two", {plan("bot2", 5)});
  ASSERT_TRUE(second->ready());
  ASSERT_TRUE(comes_to_answer("bot2"));
  const auto before = answers();
  discord.write_messages(20);
  ASSERT_TRUE(answered(before.at("bot2") + 20, "bot2"));
  EXPECT_EQ(answers()["bot1"], before.at("bot1"));
}

TEST_F(claims, a_bot_does_nothing_in_guilds_that_it_is_not_meant_for_and_says_so) {
  bot::bot_plan limited = plan("bot1", 9);
  limited.settings.only_guilds = {discord::guild_id{1}};
  const auto fleet = host("one", {std::move(limited), plan("bot2")});
  ASSERT_TRUE(fleet->ready());
  ASSERT_TRUE(comes_to_answer("bot2"));
  EXPECT_EQ(answers().count("bot1"), 0U);
  const std::string told = json::serialize(discord.use_command("bot1", "ping"));
  EXPECT_THAT(told, HasSubstr("does not serve this server"));
  EXPECT_THAT(json::serialize(discord.use_command("bot2", "ping")), HasSubstr("Pong"));
}

}  // namespace
}  // namespace guildfleet::integration
