#include "base/allocator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <vector>

namespace guildfleet::base {
namespace {

using testing::HasSubstr;

TEST(allocator, counts_what_is_taken_and_given_back) {
  const std::uint64_t before = allocator_use_now().live;
  {
    const std::vector<char> taken(8U << 20U, 'x');
    EXPECT_GE(allocator_use_now().live, before + taken.size());
  }
  EXPECT_LT(allocator_use_now().live, before + (4U << 20U));
}

TEST(allocator, of_glibc_tells_its_arenas_and_how_to_get_a_profile) {
  if (runs_on_jemalloc()) GTEST_SKIP() << "these tests run on jemalloc";
  const auto report = report_heap();
  ASSERT_TRUE(report) << report.error().message();
  EXPECT_EQ(report->kind, heap_report_kind::arenas);
  EXPECT_THAT(report->text, HasSubstr("<malloc version"));
  EXPECT_THAT(report->hint, HasSubstr("guildfleet run --heap-profile"));
  EXPECT_FALSE(heap_is_profiled());
}

TEST(allocator, a_profile_names_no_file_but_what_is_executed) {
  const std::string head =
      "heap_v2/524288\n  t*: 1: 5 [0: 0]\n@ 0x7f1\n  t*: 1: 5 [0: 0]\n\nMAPPED_LIBRARIES:\n";
  const std::string program = "55f0-55f1 r-xp 00001000 fe:00 11 /usr/bin/guildfleet\n";
  EXPECT_EQ(without_data_files(head + "55e0-55f0 r--p 00000000 fe:00 11 /usr/bin/guildfleet\n" + program +
                               "7f00-7f01 rw-s 00000000 fe:00 12 /srv/secret-name.sqlite-shm\n"),
            head + program);
  EXPECT_EQ(without_data_files("no map"), "no map");
}

}  // namespace
}  // namespace guildfleet::base
