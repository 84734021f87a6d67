#include <array>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <map>
#include <thread>

#include "store/error.hpp"
#include "support/postgres_by_hand.hpp"

namespace guildfleet::store {
namespace {

const environment_name production;
const change_author ann{.who = "ann", .origin = change_origin::api};

settings_key key_of(std::uint64_t guild) {
  return {.environment = production, .guild = {guild}, .feature = "welcome"};
}

class postgres_settings_rows : public support::postgres_by_hand {
 protected:
  std::unique_ptr<data_store> open(std::size_t connections = 2) {
    auto opened = open_postgres_store({.url = base::secret(database.url()),
                                       .node = {"alpha", 1},
                                       .application_name = "settings",
                                       .connections = connections},
                                      clock, base::random_source(1));
    if (!opened) throw std::runtime_error(opened.error().message());
    return std::move(opened->data);
  }
  static bool set(data_store& store, std::uint64_t guild, std::uint64_t version) {
    const std::array change{settings_change{key_of(guild), version, "{}"}};
    const auto done = store.change_settings(change, ann);
    if (!done) throw std::runtime_error(done.error().message());
    return std::holds_alternative<std::vector<settings_row>>(*done);
  }
};

// A transaction that began first and commits last must not be passed over by a reader in between.
TEST_F(postgres_settings_rows, a_cursor_passes_over_no_overlapping_transaction) {
  auto store = open();
  ASSERT_TRUE(set(*store, 1, 0));
  const std::int64_t start = store->changes_since(production, 0, 100)->cursor;
  auto slow = session();
  slow->script(
      "BEGIN; UPDATE guildfleet.change_counter SET value = value + 1 WHERE environment = 'production'; "
      "INSERT INTO guildfleet.settings SELECT environment, 2, feature, 1, '{}', who, origin, changed_ms, "
      "change + 1 FROM guildfleet.settings WHERE guild_id = 1");
  std::thread fast([&] { EXPECT_TRUE(set(*store, 3, 0)); });
  // It waits in the server until the slow one is done.
  auto watcher = session();
  while (watcher
             ->exec("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND "
                    "application_name = 'settings'")
             .empty()) {
  }
  const auto early = store->changes_since(production, start, 100);
  ASSERT_TRUE(early);
  EXPECT_TRUE(early->changes.empty());
  slow->script("COMMIT");
  fast.join();
  const auto later = store->changes_since(production, early->cursor, 100);
  ASSERT_TRUE(later);
  EXPECT_THAT(later->changes,
              testing::ElementsAre(changed_settings{key_of(2), 1}, changed_settings{key_of(3), 1}));
}

TEST_F(postgres_settings_rows, a_cursor_of_a_database_that_was_restored_tells_everything_again) {
  auto store = open();
  ASSERT_TRUE(set(*store, 1, 0));
  const auto page = store->changes_since(production, 1'000, 100);
  ASSERT_TRUE(page);
  EXPECT_THAT(page->changes, testing::SizeIs(1));
  EXPECT_LT(page->cursor, 1'000);
}

TEST_F(postgres_settings_rows, a_cursor_taken_before_the_first_change_misses_none) {
  auto store = open();
  const auto start = store->changes_since(production, 0, 100);
  ASSERT_TRUE(start);
  ASSERT_TRUE(set(*store, 1, 0));
  EXPECT_THAT(store->changes_since(production, start->cursor, 100)->changes, testing::SizeIs(1));
}

TEST_F(postgres_settings_rows, many_writers_of_one_row_lose_no_edit) {
  auto store = open(4);
  constexpr int writers = 4;
  constexpr std::uint64_t edits = 50;
  std::array<std::uint64_t, writers> conflicts{};
  std::vector<std::thread> threads;
  for (int writer = 0; writer < writers; ++writer) {
    threads.emplace_back([&, writer] {
      for (std::uint64_t done = 0; done < edits;) {
        const auto row = store->read_settings(key_of(1));
        ASSERT_TRUE(row) << row.error().message();
        set(*store, 1, row->version) ? ++done : ++conflicts.at(static_cast<std::size_t>(writer));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(store->read_settings(key_of(1))->version, writers * edits);
  EXPECT_THAT(
      *store->settings_history({.environment = production, .guild = {1}, .feature = {}, .limit = 1'000}),
      testing::SizeIs(writers * edits));
}

TEST_F(postgres_settings_rows, texts_that_the_server_would_refuse_are_kept_readable) {
  auto store = open();
  const std::array change{settings_change{key_of(1), 0, "{}"}};
  const change_author odd{.who = std::string("a\0b\xff", 4), .origin = change_origin::cli};
  ASSERT_TRUE(store->change_settings(change, odd));
  EXPECT_EQ(store->read_settings(key_of(1))->author.who,
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD");
}

TEST_F(postgres_settings_rows, the_connections_are_known_by_name) {
  auto store = open();
  ASSERT_TRUE(store->read_settings(key_of(1)));
  EXPECT_FALSE(session()->exec("SELECT 1 FROM pg_stat_activity WHERE application_name = 'settings'").empty());
}

}  // namespace
}  // namespace guildfleet::store
