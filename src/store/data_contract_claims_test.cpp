#include <array>
#include <gmock/gmock.h>

#include "store/data_contract_test.hpp"
#include "store/error.hpp"

namespace guildfleet::store {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

const environment_name production;
const environment_name staging{"test"};
constexpr discord::guild_id one{1};
constexpr discord::guild_id two{2};
constexpr auto down_limit = 60'000ms;

class claims_contract : public data_contract {
 protected:
  std::vector<feature_claim> claim(const std::string& bot, std::int32_t priority,
                                   std::vector<discord::guild_id> guilds = {one},
                                   std::vector<std::string> features = {"sticky"}) {
    return value_of(store->claim_features({.environment = production,
                                           .bot = {bot},
                                           .priority = priority,
                                           .guilds = std::move(guilds),
                                           .features = std::move(features),
                                           .down_limit = down_limit}));
  }
  std::string owner_after(const std::string& bot, std::int32_t priority) {
    const auto claims = claim(bot, priority);
    return claims.size() == 1 ? claims.front().bot.value : "?";
  }
};

TEST_P(claims_contract, a_free_feature_goes_to_who_claims_it) {
  EXPECT_THAT(
      claim("a", 0, {one, two}, {"sticky", "welcome"}),
      UnorderedElementsAre(feature_claim{one, "sticky", {"a"}}, feature_claim{one, "welcome", {"a"}},
                           feature_claim{two, "sticky", {"a"}}, feature_claim{two, "welcome", {"a"}}));
}

TEST_P(claims_contract, between_equal_priorities_the_first_keeps_it) {
  EXPECT_EQ(owner_after("a", 5), "a");
  EXPECT_EQ(owner_after("b", 5), "a");
  EXPECT_EQ(owner_after("a", 5), "a");
}

TEST_P(claims_contract, a_higher_priority_takes_it_and_a_lower_one_does_not) {
  EXPECT_EQ(owner_after("a", 5), "a");
  EXPECT_EQ(owner_after("low", 4), "a");
  EXPECT_EQ(owner_after("high", 6), "high");
  EXPECT_EQ(owner_after("a", 5), "high");
}

TEST_P(claims_contract, a_priority_may_change_at_run_time) {
  EXPECT_EQ(owner_after("a", 5), "a");
  EXPECT_EQ(owner_after("b", -1), "a");
  EXPECT_EQ(owner_after("a", -2), "a");
  EXPECT_EQ(owner_after("b", -1), "b");
}

TEST_P(claims_contract, a_bot_that_is_down_too_long_loses_it) {
  EXPECT_EQ(owner_after("a", 5), "a");
  world->advance(down_limit);
  EXPECT_EQ(owner_after("b", 1), "a");
  world->advance(1ms);
  EXPECT_EQ(owner_after("b", 1), "b");
  EXPECT_EQ(owner_after("a", 5), "a") << "it is back and has the higher priority";
}

TEST_P(claims_contract, a_claim_for_one_guild_shows_life_for_all) {
  claim("a", 5, {one});
  world->advance(down_limit);
  claim("a", 5, {two});
  world->advance(1ms);
  EXPECT_EQ(owner_after("b", 5), "a");
}

TEST_P(claims_contract, a_guild_that_was_left_is_free) {
  claim("a", 5, {one, two});
  claim("b", 1, {one, two});
  ASSERT_TRUE(store->leave_guild(production, {"a"}, one));
  EXPECT_THAT(claim("b", 1, {one, two}),
              UnorderedElementsAre(feature_claim{one, "sticky", {"b"}}, feature_claim{two, "sticky", {"a"}}));
  ASSERT_TRUE(store->leave_guild(production, {"a"}, one)) << "leaving again changes nothing";
  EXPECT_EQ(owner_after("b", 1), "b");
}

TEST_P(claims_contract, what_was_another_bots_until_now_is_told) {
  EXPECT_THAT(claim("a", 5), ElementsAre(feature_claim{one, "sticky", {"a"}, false})) << "it was free";
  EXPECT_THAT(claim("b", 6), ElementsAre(feature_claim{one, "sticky", {"b"}, true}));
  EXPECT_THAT(claim("b", 6), ElementsAre(feature_claim{one, "sticky", {"b"}, false})) << "it is its own now";
  EXPECT_THAT(claim("a", 5), ElementsAre(feature_claim{one, "sticky", {"b"}, false}));
}

TEST_P(claims_contract, only_what_was_asked_for_comes_back) {
  claim("a", 5, {one, two}, {"sticky", "welcome"});
  EXPECT_THAT(claim("b", 1, {two}, {"welcome"}), ElementsAre(feature_claim{two, "welcome", {"a"}}));
  EXPECT_THAT(claim("b", 1, {}, {"welcome"}), IsEmpty());
  EXPECT_THAT(claim("b", 1, {one}, {}), IsEmpty());
}

TEST_P(claims_contract, environments_do_not_see_each_other) {
  claim("a", 5);
  const auto claims = value_of(store->claim_features({.environment = staging,
                                                      .bot = {"b"},
                                                      .priority = 0,
                                                      .guilds = {one},
                                                      .features = {"sticky"},
                                                      .down_limit = down_limit}));
  EXPECT_THAT(claims, ElementsAre(feature_claim{one, "sticky", {"b"}}));
}

class adopted_jobs_contract : public claims_contract {
 protected:
  void schedule(const std::string& bot, const std::string& key, discord::guild_id guild = one) {
    const job_plan plan{.key = {production, {bot}, key},
                        .kind = key.substr(0, key.find('/')) + "/remind",
                        .guild = guild,
                        .due = world->now(),
                        .payload = bot};
    EXPECT_EQ(value_of(store->schedule(plan, schedule_mode::keep)), schedule_outcome::scheduled);
  }
  std::uint64_t adopt(const std::string& bot, std::vector<discord::guild_id> guilds = {one}) {
    return value_of(store->adopt_jobs(production, {bot}, guilds));
  }
  std::vector<std::string> claimable(const std::string& bot) {
    const job_scope scope{.environment = production, .bot = {bot}, .shard_count = 1, .shards = {0}};
    std::vector<std::string> keys;
    for (const auto& job : value_of(store->claim_jobs(scope, "node", 100, 30'000ms)))
      keys.push_back(job.plan.key.key + " of " + job.plan.payload);
    return keys;
  }
};

TEST_P(adopted_jobs_contract, follow_the_claim_of_their_feature_and_guild) {
  claim("a", 5, {one, two}, {"sticky", "welcome"});
  for (const char* key : {"sticky/1", "welcome/1", "other/1"}) schedule("a", key);
  schedule("a", "sticky/2", two);
  claim("b", 6, {one}, {"sticky"});
  EXPECT_EQ(adopt("b", {one, two}), 1U);
  EXPECT_EQ(adopt("b", {one, two}), 0U);
  EXPECT_EQ(adopt("a", {one, two}), 0U);
  EXPECT_THAT(claimable("b"), ElementsAre("sticky/1 of a"));
  EXPECT_THAT(claimable("a"), UnorderedElementsAre("welcome/1 of a", "other/1 of a", "sticky/2 of a"));
}

TEST_P(adopted_jobs_contract, stay_with_who_has_begun_them) {
  claim("a", 5);
  schedule("a", "sticky/begun");
  EXPECT_THAT(claimable("a"), ElementsAre("sticky/begun of a"));
  schedule("a", "sticky/waiting");
  claim("b", 6);
  EXPECT_EQ(adopt("b"), 1U);
  EXPECT_THAT(claimable("b"), ElementsAre("sticky/waiting of a"));
}

TEST_P(adopted_jobs_contract, give_way_to_a_job_of_the_same_key) {
  claim("a", 5);
  schedule("a", "sticky/1");
  schedule("b", "sticky/1");
  claim("b", 6);
  EXPECT_EQ(adopt("b"), 0U);
  EXPECT_THAT(claimable("b"), ElementsAre("sticky/1 of b"));
}

class tokens_contract : public data_contract {
 protected:
  static std::array<std::uint8_t, 32> hash_of(std::uint8_t seed) {
    std::array<std::uint8_t, 32> hash{};
    hash.fill(seed);
    hash[3] = 0;
    return hash;
  }
  [[nodiscard]] token_row token(const std::string& name, std::uint8_t seed) const {
    return {.name = name, .hash = hash_of(seed), .scopes = 7, .created_at = world->now(), .expires_at = {}};
  }
};

TEST_P(tokens_contract, a_token_is_found_by_its_hash) {
  const token_row deploy = token("deploy", 0xf1);
  ASSERT_TRUE(store->add_token(deploy));
  EXPECT_EQ(value_of(store->find_token(hash_of(0xf1))), std::optional(deploy));
  EXPECT_EQ(value_of(store->find_token(hash_of(0xf2))), std::nullopt);
}

TEST_P(tokens_contract, a_name_is_there_once) {
  ASSERT_TRUE(store->add_token(token("deploy", 1)));
  const auto twice = store->add_token(token("deploy", 2));
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().code(), store_error::already_exists);
  EXPECT_EQ(value_of(store->find_token(hash_of(2))), std::nullopt);
}

TEST_P(tokens_contract, an_expired_token_is_listed_and_not_found) {
  token_row short_lived = token("deploy", 1);
  short_lived.expires_at = world->now() + 1h;
  ASSERT_TRUE(store->add_token(short_lived));
  world->advance(1h - 1ms);
  EXPECT_EQ(value_of(store->find_token(hash_of(1))), std::optional(short_lived));
  world->advance(1ms);
  EXPECT_EQ(value_of(store->find_token(hash_of(1))), std::nullopt);
  EXPECT_THAT(value_of(store->list_tokens()), ElementsAre(short_lived));
}

TEST_P(tokens_contract, a_revoked_token_is_gone) {
  ASSERT_TRUE(store->add_token(token("b", 1)));
  ASSERT_TRUE(store->add_token(token("a", 2)));
  EXPECT_THAT(value_of(store->list_tokens()), ElementsAre(token("a", 2), token("b", 1)));
  EXPECT_TRUE(value_of(store->revoke_token("b")));
  EXPECT_FALSE(value_of(store->revoke_token("b")));
  EXPECT_EQ(value_of(store->find_token(hash_of(1))), std::nullopt);
}

class counts_contract : public claims_contract {
 protected:
  void use(const std::vector<feature_use>& uses) { ASSERT_TRUE(store->add_uses(production, uses)); }
  fleet_counts counts() { return value_of(store->read_counts(production)); }
};

TEST_P(counts_contract, a_fresh_store_counts_nothing) {
  const fleet_counts none = counts();
  EXPECT_THAT(none.guilds, IsEmpty());
  EXPECT_THAT(none.overlaps, IsEmpty());
  EXPECT_THAT(none.uses, IsEmpty());
  EXPECT_THAT(none.jobs, IsEmpty());
  EXPECT_THAT(none.changes, IsEmpty());
}

TEST_P(counts_contract, guilds_of_each_bot_and_where_two_of_them_are) {
  claim("a", 0, {one, two});
  claim("b", 0, {two, {3}});
  claim("c", 0, {{4}});
  ASSERT_TRUE(store->leave_guild(production, {"b"}, {3}));
  const fleet_counts found = counts();
  EXPECT_THAT(found.guilds,
              ElementsAre(fleet_counts::bot_guilds{{"a"}, 2}, fleet_counts::bot_guilds{{"b"}, 1},
                          fleet_counts::bot_guilds{{"c"}, 1}));
  EXPECT_THAT(found.overlaps, ElementsAre(fleet_counts::overlap{{"a"}, {"b"}, 1}));
}

TEST_P(counts_contract, uses_are_summed_over_the_last_30_days) {
  use({{{"a"}, "sticky", 100}});
  world->advance(std::chrono::days(20));
  use({{{"a"}, "sticky", 2}, {{"a"}, "welcome", 5}, {{"a"}, "sticky", 1}});
  use({{{"a"}, "sticky", 4}, {{"b"}, "sticky", 1}});
  EXPECT_THAT(counts().uses, ElementsAre(feature_use{{"a"}, "sticky", 107}, feature_use{{"a"}, "welcome", 5},
                                         feature_use{{"b"}, "sticky", 1}));
  world->advance(std::chrono::days(20));
  EXPECT_THAT(counts().uses, ElementsAre(feature_use{{"a"}, "sticky", 7}, feature_use{{"a"}, "welcome", 5},
                                         feature_use{{"b"}, "sticky", 1}));
}

TEST_P(counts_contract, changes_are_counted_by_day) {
  const auto day_of = [](base::wall_time time) { return base::iso8601(time).substr(0, 10); };
  const auto set = [&](std::uint64_t expected) {
    const std::array change{settings_change{{production, one, "sticky"}, expected, "{}"}};
    ASSERT_TRUE(store->change_settings(change, {.who = "ann", .origin = change_origin::cli}));
  };
  const auto first_day = world->now();
  set(0);
  set(1);
  world->advance(std::chrono::days(2));
  set(2);
  EXPECT_THAT(counts().changes, ElementsAre(fleet_counts::day{day_of(first_day), 2},
                                            fleet_counts::day{day_of(first_day + std::chrono::days(2)), 1}));
  world->advance(std::chrono::days(29));
  EXPECT_THAT(counts().changes, ElementsAre(fleet_counts::day{day_of(first_day + std::chrono::days(2)), 1}));
}

TEST_P(counts_contract, jobs_are_counted_by_state) {
  const auto add = [&](const std::string& bot, const std::string& key, std::chrono::milliseconds due_in) {
    ASSERT_TRUE(store->schedule({.key = {production, {bot}, key},
                                 .kind = "a/b",
                                 .guild = {},
                                 .due = world->now() + due_in,
                                 .payload = ""},
                                schedule_mode::keep));
  };
  for (const auto* key : {"1", "2"}) add("a", key, 0ms);
  const auto claimed = value_of(store->claim_jobs(
      {.environment = production, .bot = {"a"}, .shard_count = 1, .shards = {0}}, "node", 2, 10s));
  ASSERT_EQ(claimed.size(), 2U);
  ASSERT_TRUE(store->bury_job(claimed[0].plan.key, claimed[0].fence, "no"));
  add("a", "due", 0ms);
  add("a", "later", 1h);
  add("b", "later", 1h);
  EXPECT_THAT(counts().jobs,
              ElementsAre(job_count{.bot = {"a"}, .waiting = 2, .due = 1, .leased = 1, .dead = 1},
                          job_count{.bot = {"b"}, .waiting = 1, .due = 0, .leased = 0, .dead = 0}));
}

TEST_P(counts_contract, environments_are_counted_apart) {
  claim("a", 0, {one});
  use({{{"a"}, "sticky", 1}});
  const fleet_counts others = value_of(store->read_counts(staging));
  EXPECT_THAT(others.guilds, IsEmpty());
  EXPECT_THAT(others.uses, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(of, claims_contract, testing::ValuesIn(data_worlds()), name_of_world);
INSTANTIATE_TEST_SUITE_P(of, adopted_jobs_contract, testing::ValuesIn(data_worlds()), name_of_world);
INSTANTIATE_TEST_SUITE_P(of, tokens_contract, testing::ValuesIn(data_worlds()), name_of_world);
INSTANTIATE_TEST_SUITE_P(of, counts_contract, testing::ValuesIn(data_worlds()), name_of_world);

}  // namespace
}  // namespace guildfleet::store
