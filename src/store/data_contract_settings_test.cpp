#include <array>
#include <atomic>
#include <gmock/gmock.h>
#include <map>
#include <thread>

#include "store/data_contract_test.hpp"

namespace guildfleet::store {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const environment_name production;
const environment_name staging{"test"};
constexpr discord::guild_id guild{0x8000'0000'0000'0001U};
constexpr discord::guild_id other_guild{2};
const settings_key sticky{production, guild, "sticky"};
const settings_key welcome{production, guild, "welcome"};
const change_author ann{"1001", change_origin::command};
const change_author bob{"importer", change_origin::import};

class settings_contract : public data_contract {
 protected:
  std::vector<settings_row> change(const std::vector<settings_change>& changes,
                                   const change_author& author = ann) {
    auto outcome = value_of(store->change_settings(changes, author));
    if (!std::holds_alternative<std::vector<settings_row>>(outcome)) {
      ADD_FAILURE() << "a conflict";
      return {};
    }
    return std::get<std::vector<settings_row>>(std::move(outcome));
  }
  settings_row set(const settings_key& key, std::uint64_t expected, std::optional<std::string> document,
                   const change_author& author = ann) {
    const auto rows = change({{key, expected, std::move(document)}}, author);
    return rows.empty() ? settings_row{} : rows.front();
  }
  settings_row conflict(const std::vector<settings_change>& changes) {
    auto outcome = value_of(store->change_settings(changes, bob));
    if (!std::holds_alternative<settings_conflict>(outcome)) {
      ADD_FAILURE() << "no conflict";
      return {};
    }
    return std::get<settings_conflict>(std::move(outcome)).current;
  }
  std::vector<audit_row> history(const std::string& feature = "") {
    return value_of(store->settings_history(
        {.environment = production, .guild = guild, .feature = feature, .before_id = 0, .limit = 50}));
  }
  change_page changes(std::int64_t cursor, std::uint32_t limit = 1'000) {
    return value_of(store->changes_since(production, cursor, limit));
  }
};

TEST_P(settings_contract, what_was_never_set_has_version_0_and_no_document) {
  const settings_row row = value_of(store->read_settings(sticky));
  EXPECT_EQ(row.key, sticky);
  EXPECT_EQ(row.version, 0U);
  EXPECT_EQ(row.document, std::nullopt);
}

TEST_P(settings_contract, a_change_is_read_back_with_its_author_and_time) {
  const settings_row written = set(sticky, 0, R"({"text":"日本語 \u0000"})");
  const settings_row expected{sticky, 1, R"({"text":"日本語 \u0000"})", ann, world->now()};
  EXPECT_EQ(written, expected);
  EXPECT_EQ(value_of(store->read_settings(sticky)), expected);
  EXPECT_EQ(value_of(world->open()->read_settings(sticky)), expected) << "by another process";
}

TEST_P(settings_contract, versions_grow_by_one_with_each_change) {
  EXPECT_EQ(set(sticky, 0, "{}").version, 1U);
  EXPECT_EQ(set(sticky, 1, "{}").version, 2U);
  EXPECT_EQ(set(sticky, 2, R"({"a":1})").version, 3U);
}

TEST_P(settings_contract, a_change_of_an_older_version_is_refused_and_tells_who_was_faster) {
  set(sticky, 0, R"({"by":"ann"})");
  world->advance(5s);
  const settings_row current{sticky, 1, R"({"by":"ann"})", ann, world->now() - 5s};
  EXPECT_EQ(conflict({{sticky, 0, "{}"}}), current);
  EXPECT_EQ(conflict({{sticky, 2, "{}"}}), current) << "nor is a version that never was";
  EXPECT_EQ(value_of(store->read_settings(sticky)), current);
  EXPECT_THAT(history(), SizeIs(1));
}

TEST_P(settings_contract, a_row_that_is_not_there_conflicts_with_any_version_but_0) {
  EXPECT_EQ(conflict({{sticky, 1, "{}"}}).version, 0U);
  EXPECT_EQ(value_of(store->read_settings(sticky)).version, 0U);
}

TEST_P(settings_contract, several_changes_are_made_all_or_none) {
  set(welcome, 0, "{}");
  const auto cursor = changes(0).cursor;
  EXPECT_EQ(conflict({{sticky, 0, "{}"}, {welcome, 0, "{}"}}).key, welcome);
  EXPECT_EQ(value_of(store->read_settings(sticky)).version, 0U);
  EXPECT_THAT(changes(cursor).changes, IsEmpty());
  EXPECT_THAT(history(), SizeIs(1));
  const auto rows = change({{welcome, 1, "{}"}, {sticky, 0, R"({"a":1})"}});
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(rows[0].key, welcome) << "in the order of the changes";
  EXPECT_EQ(rows[1].key, sticky);
}

TEST_P(settings_contract, no_changes_are_no_conflict) {
  EXPECT_THAT(change({}), IsEmpty());
}

TEST_P(settings_contract, a_reset_row_stays_for_its_version) {
  set(sticky, 0, R"({"a":1})");
  const settings_row reset = set(sticky, 1, std::nullopt, bob);
  EXPECT_EQ(reset, (settings_row{sticky, 2, std::nullopt, bob, world->now()}));
  EXPECT_EQ(value_of(store->read_settings(sticky)), reset);
  EXPECT_EQ(conflict({{sticky, 0, "{}"}}).version, 2U);
  EXPECT_EQ(set(sticky, 2, "{}").version, 3U);
}

TEST_P(settings_contract, environments_and_guilds_do_not_see_each_other) {
  set(sticky, 0, R"({"a":1})");
  const settings_key in_staging{staging, guild, "sticky"};
  const settings_key elsewhere{production, other_guild, "sticky"};
  EXPECT_EQ(set(in_staging, 0, "{}").version, 1U);
  EXPECT_EQ(value_of(store->read_settings(elsewhere)).version, 0U);
  EXPECT_THAT(history(), SizeIs(1));
}

TEST_P(settings_contract, all_rows_of_a_guild_are_read_by_feature_name) {
  const settings_row second = set(welcome, 0, "{}");
  const settings_row first = set(sticky, 0, "{}");
  set({production, other_guild, "sticky"}, 0, "{}");
  set({staging, guild, "sticky"}, 0, "{}");
  EXPECT_THAT(value_of(store->read_guild_settings(production, guild)), ElementsAre(first, second));
}

TEST_P(settings_contract, history_tells_each_change_newest_first) {
  set(sticky, 0, "1");
  world->advance(1s);
  set(sticky, 1, "2", bob);
  set(welcome, 0, "{}");
  set(sticky, 2, std::nullopt);
  const auto rows = history("sticky");
  ASSERT_THAT(rows, SizeIs(3));
  EXPECT_EQ(rows[0], (audit_row{rows[0].id, sticky, 3, "2", std::nullopt, ann, world->now()}));
  EXPECT_EQ(rows[1], (audit_row{rows[1].id, sticky, 2, "1", "2", bob, world->now()}));
  EXPECT_EQ(rows[2], (audit_row{rows[2].id, sticky, 1, std::nullopt, "1", ann, world->now() - 1s}));
  EXPECT_GT(rows[0].id, rows[1].id);
  EXPECT_GT(rows[1].id, rows[2].id);
  EXPECT_THAT(history(), SizeIs(4)) << "without a feature all of the guild";
}

TEST_P(settings_contract, history_is_read_page_by_page) {
  for (std::uint64_t version = 0; version < 5; ++version) set(sticky, version, std::to_string(version));
  audit_filter filter{
      .environment = production, .guild = guild, .feature = "sticky", .before_id = 0, .limit = 2};
  std::vector<std::uint64_t> versions;
  for (int page = 0; page < 3; ++page) {
    for (const audit_row& row : value_of(store->settings_history(filter))) {
      versions.push_back(row.version);
      filter.before_id = row.id;
    }
  }
  EXPECT_THAT(versions, ElementsAre(5, 4, 3, 2, 1));
}

TEST_P(settings_contract, one_change_is_found_by_its_id_for_undo) {
  set(sticky, 0, "1");
  set(sticky, 1, "2");
  const auto rows = history();
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(value_of(store->read_audit(production, rows[1].id)), std::optional(rows[1]));
  EXPECT_EQ(value_of(store->read_audit(staging, rows[1].id)), std::nullopt);
  EXPECT_EQ(value_of(store->read_audit(production, rows[0].id + 1'000)), std::nullopt);
}

TEST_P(settings_contract, history_of_more_than_a_year_goes_in_time) {
  set(sticky, 0, "old");
  world->advance(std::chrono::days(400));
  for (std::uint64_t version = 1; version < 200; ++version) set(sticky, version, "new");
  const auto rows = value_of(store->settings_history(
      {.environment = production, .guild = guild, .feature = "sticky", .before_id = 0, .limit = 1'000}));
  EXPECT_THAT(rows, SizeIs(199));
}

TEST_P(settings_contract, the_first_cursor_tells_nothing) {
  set(sticky, 0, "{}");
  EXPECT_THAT(changes(0).changes, IsEmpty());
  EXPECT_NE(changes(0).cursor, 0);
}

TEST_P(settings_contract, a_cursor_tells_what_changed_since) {
  const auto before = changes(0).cursor;
  set(sticky, 0, "{}");
  set({staging, guild, "sticky"}, 0, "{}");
  set(welcome, 0, std::nullopt);
  const auto page = changes(before);
  EXPECT_THAT(page.changes, ElementsAre(changed_settings{sticky, 1}, changed_settings{welcome, 1}));
  EXPECT_THAT(changes(page.cursor).changes, IsEmpty());
  EXPECT_EQ(changes(page.cursor).cursor, page.cursor);
}

TEST_P(settings_contract, changes_come_in_pages_and_none_is_left_out) {
  auto cursor = changes(0).cursor;
  std::map<std::string, std::uint64_t> expected;
  for (int i = 0; i < 7; ++i) {
    const std::string feature = "feature" + std::to_string(i);
    set({production, guild, feature}, 0, "{}");
    expected[feature] = 1;
  }
  std::map<std::string, std::uint64_t> told;
  for (int pages = 0; pages < 10; ++pages) {
    const auto page = changes(cursor, 3);
    EXPECT_LE(page.changes.size(), 3U);
    for (const auto& each : page.changes) told[each.key.feature] = each.version;
    cursor = page.cursor;
  }
  EXPECT_EQ(told, expected);
}

TEST_P(settings_contract, a_cursor_ahead_of_the_store_tells_everything_again) {
  set(sticky, 0, "{}");
  const auto page = changes(changes(0).cursor + 1'000);
  EXPECT_THAT(page.changes, ElementsAre(changed_settings{sticky, 1}));
  EXPECT_THAT(changes(page.cursor).changes, IsEmpty());
}

// Adds one to a counter in a document, again and again, as long as others are faster. Returns the conflicts.
int count_up(data_store& store, const settings_key& key, int times) {
  int conflicts = 0;
  while (times > 0) {
    const settings_row row = value_of(store.read_settings(key));
    const int next = std::stoi(row.document.value_or("0")) + 1;
    const std::array change{settings_change{key, row.version, std::to_string(next)}};
    const auto outcome = value_of(store.change_settings(change, ann));
    if (std::holds_alternative<settings_conflict>(outcome)) {
      ++conflicts;
      EXPECT_GT(std::get<settings_conflict>(outcome).current.version, row.version);
    } else {
      --times;
    }
  }
  return conflicts;
}

TEST_P(settings_contract, four_writers_lose_no_change) {
  constexpr int writers = 4;
  constexpr int edits = 25;
  std::vector<std::unique_ptr<data_store>> stores;
  for (int i = 0; i < writers; ++i) stores.push_back(world->open());
  {
    std::vector<std::jthread> threads;
    for (auto& each : stores) threads.emplace_back([&each] { count_up(*each, sticky, edits); });
  }
  const settings_row row = value_of(store->read_settings(sticky));
  EXPECT_EQ(row.document, std::to_string(writers * edits));
  EXPECT_EQ(row.version, static_cast<std::uint64_t>(writers * edits));
}

TEST_P(settings_contract, a_reader_is_told_of_every_change_of_four_writers) {
  constexpr int writers = 4;
  constexpr int edits = 25;
  std::vector<std::unique_ptr<data_store>> stores;
  for (int i = 0; i < writers; ++i) stores.push_back(world->open());
  auto cursor = changes(0).cursor;
  std::map<std::string, std::uint64_t> told;
  const auto read_on = [&](std::uint32_t limit) {
    const auto page = changes(cursor, limit);
    for (const auto& each : page.changes) told[each.key.feature] = each.version;
    cursor = page.cursor;
    return page.changes.size();
  };
  std::atomic<int> writing = writers;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < writers; ++i) {
      threads.emplace_back([&, i] {
        count_up(*stores[static_cast<std::size_t>(i)], {production, guild, std::to_string(i)}, edits);
        --writing;
      });
    }
    while (writing.load() > 0) read_on(5);
  }
  while (read_on(5) != 0) {
  }
  std::map<std::string, std::uint64_t> expected;
  for (int i = 0; i < writers; ++i) expected[std::to_string(i)] = edits;
  EXPECT_EQ(told, expected);
}

INSTANTIATE_TEST_SUITE_P(of, settings_contract, testing::ValuesIn(data_worlds()), name_of_world);

}  // namespace
}  // namespace guildfleet::store
