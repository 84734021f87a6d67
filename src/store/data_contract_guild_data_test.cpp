#include <array>
#include <gmock/gmock.h>

#include "store/data_contract_test.hpp"

namespace guildfleet::store {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const environment_name production;
constexpr discord::guild_id guild{0x8000'0000'0000'0001U};
constexpr discord::guild_id other_guild{2};

class guild_data_contract : public data_contract {
 protected:
  void be_there(const std::string& bot, std::vector<discord::guild_id> guilds) {
    ASSERT_TRUE(store->claim_features({.environment = production,
                                       .bot = {bot},
                                       .priority = 0,
                                       .guilds = std::move(guilds),
                                       .features = {},
                                       .down_limit = 60s}));
  }
  std::vector<std::string> there() {
    std::vector<std::string> names;
    for (const bot_name& each : value_of(store->bots_in_guild(production, guild, 1h)))
      names.push_back(each.value);
    return names;
  }
  void schedule(const std::string& bot, const std::string& key, discord::guild_id of = guild) {
    ASSERT_TRUE(store->schedule(
        {.key = {production, {bot}, key}, .kind = "a/b", .guild = of, .due = world->now(), .payload = ""},
        schedule_mode::keep));
  }
};

TEST_P(guild_data_contract, tells_which_bots_are_in_a_guild) {
  EXPECT_THAT(there(), IsEmpty());
  be_there("b", {guild});
  be_there("a", {guild, other_guild});
  be_there("c", {other_guild});
  EXPECT_THAT(there(), ElementsAre("a", "b"));
  ASSERT_TRUE(store->leave_guild(production, {"a"}, guild));
  EXPECT_THAT(there(), ElementsAre("b"));
  world->advance(1h);
  EXPECT_THAT(there(), ElementsAre("b"));
  world->advance(1ms);
  EXPECT_THAT(there(), IsEmpty()) << "it was not heard of for too long";
}

TEST_P(guild_data_contract, tells_in_which_guilds_of_a_shard_a_bot_was) {
  std::vector<discord::guild_id> all;
  for (std::uint64_t i = 0; i < 20; ++i) all.push_back({(0xFFFF'FFFF'0000'0000U + (i << 22U)) | i});
  be_there("a", all);
  be_there("b", {other_guild});
  std::vector<discord::guild_id> found;
  for (std::uint32_t index = 0; index < 3; ++index) {
    for (const discord::guild_id each : value_of(store->guilds_of_bot(production, {"a"}, {index, 3}))) {
      EXPECT_EQ(discord::shard_of(each, 3).index, index);
      found.push_back(each);
    }
  }
  EXPECT_THAT(found, testing::UnorderedElementsAreArray(all));
}

TEST_P(guild_data_contract, deletes_a_bots_timers_there_but_those_that_run) {
  schedule("a", "runs");
  const auto claimed = value_of(store->claim_jobs(
      {.environment = production, .bot = {"a"}, .shard_count = 1, .shards = {0}}, "node", 1, 10s));
  ASSERT_THAT(claimed, SizeIs(1));
  for (const char* key : {"1", "2", "3"}) schedule("a", key);
  schedule("a", "elsewhere", other_guild);
  schedule("b", "1");
  EXPECT_EQ(value_of(store->delete_guild_jobs(production, {"a"}, guild, 2)), 2U);
  EXPECT_EQ(value_of(store->delete_guild_jobs(production, {"a"}, guild, 2)), 1U);
  EXPECT_EQ(value_of(store->delete_guild_jobs(production, {"a"}, guild, 2)), 0U);
  std::vector<std::string> left;
  for (const job_row& each :
       value_of(store->list_jobs({.environment = production, .bot = {}, .state = {}, .guild = {}})))
    left.push_back(each.plan.key.bot.value + " " + each.plan.key.key);
  EXPECT_THAT(left, testing::UnorderedElementsAre("a runs", "a elsewhere", "b 1"));
}

TEST_P(guild_data_contract, deletes_the_history_of_settings) {
  for (std::uint64_t version = 0; version < 3; ++version) {
    const std::array both{settings_change{{production, guild, "sticky"}, version, "{}"},
                          settings_change{{production, other_guild, "sticky"}, version, "{}"}};
    ASSERT_TRUE(store->change_settings(both, {"ann", change_origin::cli}));
  }
  const auto history = [&](discord::guild_id of) {
    return value_of(store->settings_history({.environment = production, .guild = of, .feature = {}}));
  };
  EXPECT_EQ(value_of(store->delete_guild_history(production, guild, 2)), 2U);
  EXPECT_EQ(value_of(store->delete_guild_history(production, guild, 2)), 1U);
  EXPECT_THAT(history(guild), IsEmpty());
  EXPECT_THAT(history(other_guild), SizeIs(3));
}

INSTANTIATE_TEST_SUITE_P(of, guild_data_contract, testing::ValuesIn(data_worlds()), name_of_world);

}  // namespace
}  // namespace guildfleet::store
