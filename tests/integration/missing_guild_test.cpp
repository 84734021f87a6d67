// A guild that the stored state does not have: RESUME does not bring it, REST does.
#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <mutex>

#include "integration/hosted_fleet.hpp"

namespace guildfleet::integration {
namespace {

using testing::HasSubstr;

// What a feature finds of a message's guild.
struct findings {
  std::mutex mutex;
  int messages = 0;
  int with_guild = 0;
  int may_speak = 0;
};
std::atomic<findings*> current_findings{nullptr};

class witness final : public features::feature {
 public:
  explicit witness(const features::shard_services& services)
      : guilds_(services.guilds), clock_(services.clock) {}
  [[nodiscard]] bool wants_messages() const override { return true; }
  std::optional<net::task<>> on_message(const features::message_event& message) override {
    findings& found = *current_findings.load();
    const std::lock_guard lock(found.mutex);
    ++found.messages;
    if (guilds_.find_guild(message.guild) != nullptr) ++found.with_guild;
    const auto permissions = guilds_.permissions_of_self(message.guild, message.channel, clock_.wall_now());
    if (permissions && permissions->has(discord::permission::send_messages)) ++found.may_speak;
    return std::nullopt;
  }

 private:
  const discord::guild_state& guilds_;
  const base::clock& clock_;
};

const features::feature_declaration witness_feature{
    .name = "witness",
    .intents = discord::intent::guilds | discord::intent::guild_messages,
    .make = [](const features::shard_services& services) -> std::unique_ptr<features::feature> {
      return std::make_unique<witness>(services);
    }};

class missing_guild : public testing::Test {
 protected:
  missing_guild() { current_findings = &found; }
  ~missing_guild() override { current_findings = nullptr; }

  [[nodiscard]] std::unique_ptr<hosted_fleet> start() const {
    bot::fleet_settings settings;
    settings.node = "node-a";
    settings.bots.push_back(
        plan_of("bot1", discord.token_of("bot1"), discord.api_url(), folder.path(), {&witness_feature}));
    return std::make_unique<hosted_fleet>(std::move(settings));
  }
  void forget_guilds() const {
    SQLite::Database((folder / "bot1.sqlite").string(), SQLite::OPEN_READWRITE, 5'000)
        .exec("DELETE FROM guild_state");
  }
  [[nodiscard]] bool handled(int messages) {
    return eventually(patience, [&] {
      const std::lock_guard lock(found.mutex);
      return found.messages >= messages;
    });
  }

  base::scratch_folder folder;
  simulated_discord discord;
  findings found;
};

TEST_F(missing_guild, is_fetched_before_its_first_event_is_handled) {
  auto fleet = start();
  ASSERT_TRUE(fleet->ready());
  fleet.reset();
  forget_guilds();
  fleet = start();
  ASSERT_TRUE(fleet->ready());
  EXPECT_EQ(discord.gateway_count("identifies"), 1U) << "it resumes";
  discord.write_messages(3);
  ASSERT_TRUE(handled(3));
  EXPECT_EQ(found.with_guild, 3);
  EXPECT_EQ(found.may_speak, 3);
  EXPECT_EQ(fleet->shard().guilds, 1U);
  EXPECT_THAT(fleet->metrics(),
              HasSubstr("guildfleet_bot_guild_fetches_total{bot=\"bot1\",outcome=\"done\"} 1"));
  fleet.reset();
  fleet = start();
  EXPECT_TRUE(eventually(patience, [&] { return fleet->shard().guilds == 1U; })) << "it is stored now";
}

TEST_F(missing_guild, that_cannot_be_fetched_does_not_keep_its_events_waiting_for_ever) {
  auto fleet = start();
  ASSERT_TRUE(fleet->ready());
  fleet.reset();
  forget_guilds();
  discord.fault({{"kind", "server_error"},
                 {"status", 500},
                 {"duration", 60'000},
                 {"route", "/guilds"},
                 {"method", "GET"}});
  fleet = start();
  ASSERT_TRUE(fleet->ready());
  discord.write_messages(2);
  EXPECT_TRUE(handled(2));
  EXPECT_EQ(found.with_guild, 0);
}

}  // namespace
}  // namespace guildfleet::integration
