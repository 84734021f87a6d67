#include "store/data_contract_test.hpp"

#include <gmock/gmock.h>
#include <set>
#include <thread>

#include "store/error.hpp"

namespace guildfleet::store {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

const change_author ann{"ann", change_origin::command};
const change_author ben{"ben", change_origin::api};
const environment_name production{"production"};

settings_row put(data_store& store, const settings_key& key, std::uint64_t version,
                 std::optional<std::string> document, const change_author& author = ann) {
  const std::array change{settings_change{key, version, std::move(document)}};
  auto done = store.change_settings(change, author);
  if (!done) throw std::runtime_error(done.error().message());
  return std::get<std::vector<settings_row>>(*done).front();
}

TEST_P(data_contract, settings_that_were_never_set_have_version_zero) {
  const auto row = store->read_settings(key_of(1)).value();
  EXPECT_EQ(row.version, 0U);
  EXPECT_EQ(row.document, std::nullopt);
  EXPECT_EQ(row.key, key_of(1));
  EXPECT_THAT(store->read_guild_settings(production, {1}).value(), IsEmpty());
}

TEST_P(data_contract, a_change_is_read_back_with_its_author_and_time) {
  const auto written = put(*store, key_of(1), 0, R"({"text":"こんにちは"})", ben);
  EXPECT_EQ(written.version, 1U);
  EXPECT_EQ(written.author, ben);
  EXPECT_LT(std::chrono::abs(written.changed_at - world->now()), 5s);
  EXPECT_EQ(store->read_settings(key_of(1)).value(), written);
  EXPECT_EQ(world->open("node-b")->read_settings(key_of(1)).value(), written);
}

TEST_P(data_contract, guilds_features_and_environments_do_not_mix) {
  put(*store, key_of(1), 0, "{}");
  put(*store, key_of(1, "sticky"), 0, "{}");
  put(*store, key_of(2), 0, "{}");
  settings_key test = key_of(1);
  test.environment.value = "test";
  EXPECT_EQ(store->read_settings(test).value().version, 0U);
  put(*store, test, 0, R"({"a":1})");
  const auto rows = store->read_guild_settings(production, {1}).value();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].key.feature, "sticky");
  EXPECT_EQ(rows[1].key.feature, "welcome");
  EXPECT_EQ(rows[1].document, "{}");
}

TEST_P(data_contract, a_change_to_an_old_version_writes_nothing_and_tells_who_was_faster) {
  put(*store, key_of(1), 0, R"({"a":1})");
  const auto newest = put(*store, key_of(1), 1, R"({"a":2})", ben);
  for (const std::uint64_t expected : {0U, 1U, 3U}) {
    const std::array change{settings_change{key_of(1), expected, R"({"a":3})"}};
    const auto outcome = store->change_settings(change, ann).value();
    ASSERT_TRUE(std::holds_alternative<settings_conflict>(outcome)) << expected;
    EXPECT_EQ(std::get<settings_conflict>(outcome).current, newest);
  }
  EXPECT_EQ(store->read_settings(key_of(1)).value(), newest);
  EXPECT_EQ(store->settings_history({.environment = production, .guild = {1}, .feature = ""}).value().size(),
            2U);
}

TEST_P(data_contract, many_changes_are_made_together_or_not_at_all) {
  put(*store, key_of(1, "b"), 0, "{}");
  const std::array stale{settings_change{key_of(1, "a"), 0, "{}"}, settings_change{key_of(1, "b"), 0, "{}"}};
  const auto refused = store->change_settings(stale, ann).value();
  ASSERT_TRUE(std::holds_alternative<settings_conflict>(refused));
  EXPECT_EQ(std::get<settings_conflict>(refused).current.key.feature, "b");
  EXPECT_EQ(store->read_settings(key_of(1, "a")).value().version, 0U);
  const std::array fresh{settings_change{key_of(1, "b"), 1, R"({"x":1})"},
                         settings_change{key_of(1, "a"), 0, "{}"}};
  const auto rows = std::get<std::vector<settings_row>>(store->change_settings(fresh, ann).value());
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].key.feature, "b");
  EXPECT_EQ(rows[0].version, 2U);
  EXPECT_EQ(rows[1].version, 1U);
}

TEST_P(data_contract, a_reset_row_keeps_its_version) {
  put(*store, key_of(1), 0, "{}");
  const auto reset = put(*store, key_of(1), 1, std::nullopt);
  EXPECT_EQ(reset.version, 2U);
  EXPECT_EQ(store->read_settings(key_of(1)).value().document, std::nullopt);
  EXPECT_EQ(put(*store, key_of(1), 2, "{}").version, 3U);
}

TEST_P(data_contract, history_tells_before_and_after_newest_first) {
  put(*store, key_of(1), 0, R"({"a":1})");
  put(*store, key_of(1), 1, R"({"a":2})", ben);
  put(*store, key_of(1, "sticky"), 0, "{}");
  put(*store, key_of(2), 0, "{}");
  const auto all = store->settings_history({.environment = production, .guild = {1}, .feature = ""}).value();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].key.feature, "sticky");
  EXPECT_EQ(all[1].before, R"({"a":1})");
  EXPECT_EQ(all[1].after, R"({"a":2})");
  EXPECT_EQ(all[1].author, ben);
  EXPECT_EQ(all[1].version, 2U);
  EXPECT_EQ(all[2].before, std::nullopt);
  const auto older = store
                         ->settings_history({.environment = production,
                                             .guild = {1},
                                             .feature = "welcome",
                                             .before_id = all[1].id,
                                             .limit = 10})
                         .value();
  ASSERT_EQ(older.size(), 1U);
  EXPECT_EQ(older[0], all[2]);
  EXPECT_EQ(store->settings_history({.environment = production, .guild = {1}, .feature = "", .limit = 1})
                .value()
                .size(),
            1U);
  EXPECT_EQ(store->read_audit(production, all[1].id).value(), all[1]);
  EXPECT_EQ(store->read_audit({"test"}, all[1].id).value(), std::nullopt);
}

TEST_P(data_contract, changes_are_told_from_the_cursor_on) {
  put(*store, key_of(1), 0, "{}");
  const auto start = store->changes_since(production, 0, 10).value();
  EXPECT_THAT(start.changes, IsEmpty());
  EXPECT_THAT(store->changes_since(production, start.cursor, 10).value().changes, IsEmpty());
  put(*store, key_of(2), 0, "{}");
  put(*store, key_of(1), 1, "{}");
  const auto page = store->changes_since(production, start.cursor, 10).value();
  EXPECT_THAT(page.changes, ElementsAre(changed_settings{key_of(2), 1}, changed_settings{key_of(1), 2}));
  EXPECT_THAT(store->changes_since(production, page.cursor, 10).value().changes, IsEmpty());
}

TEST_P(data_contract, the_first_change_ever_is_told_to_who_asked_before_it) {
  const auto start = store->changes_since(production, 0, 10).value();
  put(*store, key_of(1), 0, "{}");
  EXPECT_EQ(store->changes_since(production, start.cursor, 10).value().changes.size(), 1U);
}

TEST_P(data_contract, no_change_is_left_out_while_many_write) {
  constexpr int writers = 4;
  constexpr std::uint64_t changes = 40;
  const auto start = store->changes_since(production, 0, 10).value();
  std::vector<std::thread> threads;
  for (int writer = 0; writer < writers; ++writer) {
    threads.emplace_back([&, writer, mine = world->open("writer-" + std::to_string(writer))] {
      for (std::uint64_t i = 0; i < changes; ++i)
        put(*mine, key_of(static_cast<std::uint64_t>(writer) + 1), i, "{}");
    });
  }
  std::map<std::uint64_t, std::uint64_t> newest;
  std::int64_t cursor = start.cursor;
  const auto read = [&] {
    const auto page = store->changes_since(production, cursor, 7).value();
    cursor = page.cursor;
    for (const auto& change : page.changes) newest[change.key.guild.value] = change.version;
    return page.changes.size();
  };
  for (int i = 0; i < 200; ++i) read();
  for (auto& thread : threads) thread.join();
  while (read() > 0) continue;
  for (int writer = 1; writer <= writers; ++writer)
    EXPECT_EQ(newest[static_cast<std::uint64_t>(writer)], changes);
}

// Each writer counts up in one document; a lost update would miss from the sum.
TEST_P(data_contract, compare_and_set_loses_no_update) {
  constexpr int writers = 4;
  constexpr int additions = 25;
  std::vector<std::thread> threads;
  for (int writer = 0; writer < writers; ++writer) {
    threads.emplace_back([&, mine = world->open("writer-" + std::to_string(writer))] {
      for (int done = 0; done < additions;) {
        const auto row = mine->read_settings(key_of(9)).value();
        const std::uint64_t count = row.document ? std::stoull(*row.document) : 0;
        const std::array change{settings_change{key_of(9), row.version, std::to_string(count + 1)}};
        const auto outcome = mine->change_settings(change, ann).value();
        done += std::holds_alternative<std::vector<settings_row>>(outcome) ? 1 : 0;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  const auto row = store->read_settings(key_of(9)).value();
  EXPECT_EQ(row.document, std::to_string(writers * additions));
  EXPECT_EQ(row.version, static_cast<std::uint64_t>(writers * additions));
}

claim_request claim_of(const std::string& bot, std::int32_t priority,
                       std::vector<discord::guild_id> guilds = {{1}}) {
  claim_request out;
  out.environment = production;
  out.bot = {bot};
  out.priority = priority;
  out.guilds = std::move(guilds);
  out.features = {"sticky", "ticket"};
  out.down_limit = 60s;
  return out;
}

std::string owner_of(const std::vector<feature_claim>& claims, std::uint64_t guild) {
  std::set<std::string> owners;
  for (const auto& each : claims) {
    if (each.guild.value == guild) owners.insert(each.bot.value);
  }
  return owners.size() == 1 ? *owners.begin() : "several";
}

TEST_P(data_contract, the_first_bot_of_a_priority_keeps_its_claim) {
  EXPECT_EQ(owner_of(store->claim_features(claim_of("one", 0)).value(), 1), "one");
  EXPECT_EQ(owner_of(store->claim_features(claim_of("two", 0, {{1}, {2}})).value(), 1), "one");
  EXPECT_EQ(owner_of(store->claim_features(claim_of("two", 0, {{1}, {2}})).value(), 2), "two");
}

TEST_P(data_contract, a_higher_priority_takes_over) {
  (void)store->claim_features(claim_of("one", 0)).value();
  EXPECT_EQ(owner_of(store->claim_features(claim_of("two", 5)).value(), 1), "two");
  EXPECT_EQ(owner_of(store->claim_features(claim_of("one", 0)).value(), 1), "two");
}

TEST_P(data_contract, a_bot_that_is_down_too_long_loses_its_claims) {
  (void)store->claim_features(claim_of("one", 5)).value();
  world->advance(30s);
  EXPECT_EQ(owner_of(store->claim_features(claim_of("two", 0)).value(), 1), "one");
  world->advance(31s);
  EXPECT_EQ(owner_of(store->claim_features(claim_of("two", 0)).value(), 1), "two");
  EXPECT_EQ(owner_of(store->claim_features(claim_of("one", 5)).value(), 1), "one");
}

TEST_P(data_contract, leaving_a_guild_frees_its_claims_there) {
  (void)store->claim_features(claim_of("one", 5, {{1}, {2}})).value();
  ASSERT_TRUE(store->leave_guild(production, {"one"}, {1}));
  const auto claims = store->claim_features(claim_of("two", 0, {{1}, {2}})).value();
  EXPECT_EQ(owner_of(claims, 1), "two");
  EXPECT_EQ(owner_of(claims, 2), "one");
}

TEST_P(data_contract, tokens_are_found_by_their_hash_until_they_expire_or_are_revoked) {
  token_row token;
  token.name = "dashboard";
  token.hash.fill(7);
  token.scopes =
      static_cast<std::uint8_t>(token_scope::read) | static_cast<std::uint8_t>(token_scope::config);
  token.created_at = world->now();
  token.expires_at = world->now() + 1h;
  ASSERT_TRUE(store->add_token(token));
  const auto twice = store->add_token(token);
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().code(), store_error::already_exists);
  EXPECT_EQ(store->find_token(token.hash).value(), token);
  EXPECT_EQ(store->find_token({}).value(), std::nullopt);
  EXPECT_THAT(store->list_tokens().value(), ElementsAre(token));
  world->advance(2h);
  EXPECT_EQ(store->find_token(token.hash).value(), std::nullopt);
  EXPECT_TRUE(store->revoke_token("dashboard").value());
  EXPECT_FALSE(store->revoke_token("dashboard").value());
  EXPECT_THAT(store->list_tokens().value(), IsEmpty());
}

TEST_P(data_contract, counts_guilds_overlap_uses_and_changes) {
  (void)store->claim_features(claim_of("one", 0, {{1}, {2}, {3}})).value();
  (void)store->claim_features(claim_of("two", 0, {{2}, {3}, {4}})).value();
  const std::array uses{feature_use{{"one"}, "sticky", 3}, feature_use{{"two"}, "ticket", 1}};
  ASSERT_TRUE(store->add_uses(production, uses));
  ASSERT_TRUE(store->add_uses(production, std::span(uses).first(1)));
  put(*store, key_of(1), 0, "{}");
  put(*store, key_of(1), 1, "{}");
  const auto counts = store->read_counts(production).value();
  EXPECT_THAT(counts.guilds,
              ElementsAre(fleet_counts::bot_guilds{{"one"}, 3}, fleet_counts::bot_guilds{{"two"}, 3}));
  EXPECT_THAT(counts.overlaps, ElementsAre(fleet_counts::overlap{{"one"}, {"two"}, 2}));
  EXPECT_THAT(counts.uses, ElementsAre(feature_use{{"one"}, "sticky", 6}, feature_use{{"two"}, "ticket", 1}));
  ASSERT_EQ(counts.changes.size(), 1U);
  EXPECT_EQ(counts.changes[0].changes, 2U);
  EXPECT_EQ(counts.changes[0].date, base::iso8601(world->now()).substr(0, 10));
  EXPECT_THAT(store->read_counts({"test"}).value().guilds, IsEmpty());
}

}  // namespace
}  // namespace guildfleet::store
