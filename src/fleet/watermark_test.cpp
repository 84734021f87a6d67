#include "fleet/watermark.hpp"

#include <cstdlib>
#include <gtest/gtest.h>
#include <new>
#include <random>
#include <set>

namespace {
// Counts what this binary allocates; see allocates_nothing_for_unwanted_events.
std::size_t allocations = 0;
}  // namespace

#if __has_feature(thread_sanitizer)  // brings its own, which cannot be replaced
#define SKIP_WITHOUT_ALLOCATION_COUNT GTEST_SKIP() << "allocations cannot be counted under ThreadSanitizer"
#else
#define SKIP_WITHOUT_ALLOCATION_COUNT
void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
// AddressSanitizer's own would not meet our delete.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size == 0 ? 1 : size);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
#endif

namespace guildfleet::fleet {
namespace {

TEST(watermark, follows_unwanted_events) {
  watermark mark;
  mark.restart(10);
  EXPECT_EQ(mark.low(), 10U);
  EXPECT_TRUE(mark.pass(11));
  EXPECT_TRUE(mark.pass(12));
  EXPECT_EQ(mark.low(), 12U);
}

TEST(watermark, stays_before_the_oldest_unfinished_event) {
  watermark mark;
  EXPECT_TRUE(mark.pass(1));
  EXPECT_TRUE(mark.begin(2));
  EXPECT_TRUE(mark.begin(3));
  EXPECT_TRUE(mark.pass(4));
  EXPECT_EQ(mark.low(), 1U);
  mark.finish(3);
  EXPECT_EQ(mark.low(), 1U);
  mark.finish(2);
  EXPECT_EQ(mark.low(), 4U);
  EXPECT_EQ(mark.in_flight(), 0U);
}

TEST(watermark, names_a_sequence_that_was_received_when_numbers_are_skipped) {
  watermark mark;
  EXPECT_TRUE(mark.pass(5));
  EXPECT_TRUE(mark.begin(9));
  EXPECT_EQ(mark.low(), 5U);
}

TEST(watermark, waits_for_every_part) {
  watermark mark;
  EXPECT_TRUE(mark.begin(1, 2));
  mark.finish(1);
  EXPECT_EQ(mark.low(), 0U);
  mark.finish(1);
  EXPECT_EQ(mark.low(), 1U);
}

TEST(watermark, an_event_without_parts_is_passed) {
  watermark mark;
  EXPECT_TRUE(mark.begin(1, 0));
  EXPECT_EQ(mark.low(), 1U);
}

TEST(watermark, knows_what_it_has_seen) {
  watermark mark;
  EXPECT_TRUE(mark.begin(7));
  EXPECT_FALSE(mark.begin(7));
  EXPECT_FALSE(mark.pass(6));
  mark.finish(7);
  EXPECT_FALSE(mark.begin(7));
  EXPECT_EQ(mark.low(), 7U);
}

TEST(watermark, ignores_a_finish_from_before_a_restart) {
  watermark mark;
  EXPECT_TRUE(mark.begin(3));
  mark.restart(0);
  mark.finish(3);
  EXPECT_EQ(mark.low(), 0U);
  EXPECT_TRUE(mark.begin(3));
  EXPECT_EQ(mark.low(), 0U);
}

TEST(watermark, allocates_nothing_for_unwanted_events) {
  SKIP_WITHOUT_ALLOCATION_COUNT;
  watermark mark;
  const std::size_t before = allocations;
  for (std::uint64_t sequence = 1; sequence <= 100'000; ++sequence) mark.pass(sequence);
  EXPECT_EQ(allocations, before);
  EXPECT_EQ(mark.low(), 100'000U);
}

TEST(watermark, allocates_nothing_more_once_it_has_grown) {
  SKIP_WITHOUT_ALLOCATION_COUNT;
  watermark mark;
  EXPECT_TRUE(mark.begin(1));
  mark.finish(1);
  const std::size_t before = allocations;
  for (std::uint64_t sequence = 2; sequence <= 10'000; ++sequence) {
    EXPECT_TRUE(mark.begin(sequence));
    mark.finish(sequence);
  }
  EXPECT_EQ(allocations, before);
}

// Against the definition, with random orders of finishing.
TEST(watermark, agrees_with_its_definition) {
  std::mt19937_64 random(20261123);
  watermark mark;
  std::set<std::uint64_t> open;
  std::uint64_t sequence = 0;
  for (int step = 0; step < 20'000; ++step) {
    const auto choice = random() % 4;
    if (choice == 0) {
      EXPECT_TRUE(mark.pass(++sequence));
    } else if (choice == 1 || open.empty()) {
      EXPECT_TRUE(mark.begin(++sequence));
      open.insert(sequence);
    } else {
      const auto chosen = std::next(open.begin(), static_cast<std::ptrdiff_t>(random() % open.size()));
      mark.finish(*chosen);
      open.erase(chosen);
    }
    ASSERT_EQ(mark.low(), open.empty() ? sequence : *open.begin() - 1) << "step " << step;
  }
}

TEST(watermark, frozen_counts_nothing_as_finished_until_it_restarts) {
  watermark mark;
  mark.restart(4);
  ASSERT_TRUE(mark.begin(5));
  mark.freeze();
  mark.finish(5);
  EXPECT_EQ(mark.low(), 4U);
  mark.restart(4);
  ASSERT_TRUE(mark.begin(5));
  mark.finish(5);
  EXPECT_EQ(mark.low(), 5U);
}

TEST(watermark, tells_what_has_not_finished) {
  watermark mark;
  mark.restart(4);
  for (const std::uint64_t sequence : {5U, 7U, 8U}) ASSERT_TRUE(mark.begin(sequence));
  EXPECT_TRUE(mark.pass(9));
  mark.finish(7);
  EXPECT_EQ(mark.unfinished(), (std::vector<std::uint64_t>{5, 8}));
  mark.finish(5);
  mark.finish(8);
  EXPECT_TRUE(mark.unfinished().empty());
}

TEST(watermark, tells_what_is_open) {
  watermark progress;
  ASSERT_TRUE(progress.begin(3));
  ASSERT_TRUE(progress.begin(5));
  EXPECT_TRUE(progress.is_open(3));
  EXPECT_TRUE(progress.is_open(5));
  EXPECT_FALSE(progress.is_open(4));
  progress.finish(5);
  EXPECT_FALSE(progress.is_open(5));
  EXPECT_TRUE(progress.is_open(3));
  progress.finish(3);
  EXPECT_FALSE(progress.is_open(3));
}

}  // namespace
}  // namespace guildfleet::fleet
