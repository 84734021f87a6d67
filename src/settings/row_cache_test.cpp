#include "settings/row_cache.hpp"

#include <gtest/gtest.h>

namespace guildfleet::settings {
namespace {

store::settings_key key_of(std::uint64_t guild) {
  return {{}, {guild}, "welcome"};
}
store::settings_row row_of(std::uint64_t guild, std::uint64_t version, std::string document = "{}") {
  store::settings_row row;
  row.key = key_of(guild);
  row.version = version;
  row.document = std::move(document);
  return row;
}

TEST(row_cache, gives_what_it_was_given) {
  row_cache cache;
  EXPECT_EQ(cache.fresh(key_of(1)), nullptr);
  cache.put(row_of(1, 3), cache.now());
  ASSERT_NE(cache.fresh(key_of(1)), nullptr);
  EXPECT_EQ(cache.fresh(key_of(1))->version, 3U);
}

TEST(row_cache, never_replaces_a_newer_version) {
  row_cache cache;
  cache.put_written(row_of(1, 5));
  cache.put(row_of(1, 4), cache.now());
  EXPECT_EQ(cache.fresh(key_of(1))->version, 5U);
}

TEST(row_cache, a_row_older_than_a_note_is_stale_until_the_newer_one_comes) {
  row_cache cache;
  cache.put(row_of(1, 3), cache.now());
  cache.note(key_of(1), 4);
  EXPECT_EQ(cache.fresh(key_of(1)), nullptr);
  ASSERT_NE(cache.any(key_of(1)), nullptr);
  EXPECT_EQ(cache.any(key_of(1))->version, 3U);
  cache.put(row_of(1, 4), cache.now());
  EXPECT_NE(cache.fresh(key_of(1)), nullptr);
}

TEST(row_cache, a_note_that_comes_while_a_row_is_read_makes_the_row_stale) {
  row_cache cache;
  const auto began = cache.now();
  cache.note(key_of(1), 4);
  cache.put(row_of(1, 3), began);
  EXPECT_EQ(cache.fresh(key_of(1)), nullptr);
  cache.put(row_of(1, 4), cache.now());
  EXPECT_NE(cache.fresh(key_of(1)), nullptr);
}

TEST(row_cache, after_a_gap_everything_is_read_again) {
  row_cache cache;
  cache.put(row_of(1, 3), cache.now());
  const auto began = cache.now();
  cache.note_gap();
  EXPECT_EQ(cache.fresh(key_of(1)), nullptr);
  cache.put(row_of(1, 3), began);
  EXPECT_EQ(cache.fresh(key_of(1)), nullptr) << "read before the gap";
  cache.put(row_of(1, 3), cache.now());
  EXPECT_NE(cache.fresh(key_of(1)), nullptr);
}

TEST(row_cache, stays_within_its_bytes_and_forgets_what_was_used_longest_ago) {
  row_cache cache(4'000);
  for (std::uint64_t guild = 1; guild <= 20; ++guild) {
    cache.put(row_of(guild, 1, std::string(600, ' ')), cache.now());
    if (guild > 1) (void)cache.fresh(key_of(1));
    EXPECT_LE(cache.bytes(), 4'000U);
  }
  EXPECT_NE(cache.fresh(key_of(1)), nullptr) << "used all the time";
  EXPECT_EQ(cache.fresh(key_of(2)), nullptr);
  EXPECT_NE(cache.fresh(key_of(20)), nullptr);
}

}  // namespace
}  // namespace guildfleet::settings
