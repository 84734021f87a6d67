// What becomes of the data of a guild when the bot leaves it, comes back, or is only away.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/registry.hpp"
#include "integration/hosted_fleet.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace guildfleet::integration {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class departures : public testing::Test {
 protected:
  departures() : guild{std::stoull(discord.first_guild())} {}

  [[nodiscard]] bot::bot_plan plan(const std::string& name, std::chrono::milliseconds kept) const {
    bot::bot_plan out = plan_of(name, discord.token_of(name), discord.api_url(), folder.path(),
                                {features::find_feature("guild-config")});
    out.sqlite_path = (folder / "shared.sqlite").string();
    out.settings.claims = {.refresh = 200ms, .down_limit = 1'500ms, .settle = 300ms};
    out.settings.guild_data_kept = kept;
    return out;
  }
  static std::unique_ptr<hosted_fleet> run(std::vector<bot::bot_plan> bots) {
    auto fleet = host("one", std::move(bots));
    EXPECT_TRUE(fleet->ready());
    return fleet;
  }
  void open() {
    base::random_source random = base::random_source::from_system();
    auto opened = store::open_sqlite_store({.path = folder / "shared.sqlite",
                                            .node = store::make_node_identity("hand", random),
                                            .boot_id = "boot"},
                                           clock);
    ASSERT_TRUE(opened) << opened.error().message();
    store = std::move(opened->data);
  }
  // As a feature would leave it.
  void fill() const {
    const std::array set{store::settings_change{{{}, guild, "guild-config"}, 0, R"({"language":"ja"})"}};
    ASSERT_TRUE(store->change_settings(set, {"ann", store::change_origin::command}));
    for (const char* owner : {"", "bot1", "bot2"}) {
      const std::array put{store::record_change{{guild, "case", "1"}, 0, std::string("x")}};
      ASSERT_TRUE(store->change_records({{}, {owner}, "moderation"}, put));
    }
    for (const char* owner : {"bot1", "bot2"}) {
      ASSERT_TRUE(store->schedule({.key = {{}, {owner}, "moderation/1"},
                                   .kind = "moderation/end",
                                   .guild = guild,
                                   .due = clock.wall_now() + 24h,
                                   .payload = {}},
                                  store::schedule_mode::keep));
    }
  }
  // What is there of it.
  [[nodiscard]] std::vector<std::string> left() const {
    std::vector<std::string> out;
    if (store->read_settings({{}, guild, "guild-config"}).value().document) out.emplace_back("settings");
    if (!store->settings_history({.environment = {}, .guild = guild, .feature = {}}).value().empty())
      out.emplace_back("history");
    for (const char* owner : {"", "bot1", "bot2"}) {
      if (store->read_record({{}, {owner}, "moderation"}, {guild, "case", "1"}).value())
        out.push_back(fmt::format("record {}", owner));
    }
    for (const store::job_row& each :
         store->list_jobs({.environment = {}, .bot = {}, .state = {}, .guild = guild}).value()) {
      if (each.plan.kind == "moderation/end") out.push_back("timer " + each.plan.key.bot.value);
    }
    return out;
  }
  // In which guilds it is.
  [[nodiscard]] bool has_told(const std::string& bot) const {
    return eventually(patience, [&] { return store->guilds_of_bot({}, {bot}, {0, 1}).value().size() == 3; });
  }
  [[nodiscard]] bool deletion_is_scheduled() const {
    const auto jobs = store->list_jobs({.environment = {}, .bot = {}, .state = {}, .guild = guild}).value();
    return std::ranges::any_of(jobs, [](const auto& each) { return each.plan.kind == "guild-data/delete"; });
  }
  void bot_leaves(const std::string& bot) const {
    (void)discord.act("remove_bot", {{"guild", discord.first_guild()}, {"bot", bot}});
  }
  [[nodiscard]] bool comes_to_be_left(const std::vector<std::string>& what) const {
    return eventually(patience, [&] { return left() == what; });
  }

  base::scratch_folder folder;
  simulated_discord discord{{.bots = {"bot1", "bot2"}, .bucket_limits = false}};
  base::system_clock clock;
  discord::guild_id guild;
  std::unique_ptr<store::data_store> store;
};

TEST_F(departures, the_data_of_a_guild_goes_when_its_time_is_over) {
  const auto fleet = run({plan("bot1", 1ms)});
  open();
  fill();
  bot_leaves("bot1");
  EXPECT_TRUE(comes_to_be_left({"record bot2", "timer bot2"})) << testing::PrintToString(left());
  EXPECT_TRUE(eventually(patience, [&] { return !deletion_is_scheduled(); }));
}

TEST_F(departures, what_is_the_fleets_stays_while_another_bot_is_there) {
  const auto fleet = run({plan("bot1", 1ms), plan("bot2", 1ms)});
  open();
  fill();
  ASSERT_TRUE(has_told("bot2"));
  bot_leaves("bot1");
  EXPECT_TRUE(comes_to_be_left({"settings", "history", "record ", "record bot2", "timer bot2"}))
      << testing::PrintToString(left());
  bot_leaves("bot2");
  EXPECT_TRUE(comes_to_be_left({})) << testing::PrintToString(left());
}

TEST_F(departures, a_bot_that_comes_back_finds_everything) {
  const auto fleet = run({plan("bot1", 24h)});
  open();
  fill();
  const auto before = left();
  bot_leaves("bot1");
  ASSERT_TRUE(eventually(patience, [&] { return deletion_is_scheduled(); }));
  EXPECT_EQ(left(), before);
  (void)discord.act("add_bot", {{"guild", discord.first_guild()}, {"bot", "bot1"}});
  EXPECT_TRUE(eventually(patience, [&] { return !deletion_is_scheduled(); }));
  EXPECT_EQ(left(), before);
}

TEST_F(departures, a_deletion_that_is_due_looks_whether_the_bot_is_there) {
  const auto fleet = run({plan("bot1", 24h)});
  open();
  fill();
  const auto before = left();
  ASSERT_TRUE(store->schedule({.key = {{}, {"bot1"}, fmt::format("guild-data/{}", guild)},
                               .kind = "guild-data/delete",
                               .guild = guild,
                               .due = clock.wall_now(),
                               .payload = {}},
                              store::schedule_mode::keep));
  EXPECT_TRUE(eventually(patience, [&] { return !deletion_is_scheduled(); }));
  EXPECT_EQ(left(), before);
}

TEST_F(departures, an_outage_is_none) {
  const auto fleet = run({plan("bot1", 1ms)});
  open();
  fill();
  const auto before = left();
  discord.fault({{"kind", "outage_begin"}});
  ASSERT_TRUE(eventually(patience, [&] { return fleet->shard().unavailable_guilds == 3; }));
  EXPECT_FALSE(deletion_is_scheduled());
  discord.fault({{"kind", "outage_end"}});
  ASSERT_TRUE(eventually(patience, [&] { return fleet->shard().unavailable_guilds == 0; }));
  EXPECT_FALSE(deletion_is_scheduled());
  EXPECT_EQ(left(), before);
}

TEST_F(departures, one_that_nobody_saw_is_found_at_the_next_start) {
  {
    const auto fleet = run({plan("bot1", 1ms)});
    open();
    fill();
    ASSERT_TRUE(has_told("bot1"));
  }
  bot_leaves("bot1");
  discord.fault({{"kind", "expire_sessions"}});
  const auto again = run({plan("bot1", 1ms)});
  EXPECT_TRUE(comes_to_be_left({"record bot2", "timer bot2"})) << testing::PrintToString(left());
}

}  // namespace
}  // namespace guildfleet::integration
