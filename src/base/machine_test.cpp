#include "base/machine.hpp"

#include <fstream>
#include <gtest/gtest.h>

#include "base/scratch_folder.hpp"

namespace guildfleet::base {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view meminfo =
    "MemTotal:        8000000 kB\nMemFree: 1 kB\nMemAvailable:    2000000 kB\n";

class memory_limits : public testing::Test {
 protected:
  void write(const std::string& file, std::string_view text) const {
    fs::create_directories(fs::path(folder / file).parent_path());
    std::ofstream(folder / file) << text;
  }
  [[nodiscard]] memory_limit seen(std::string_view membership) const {
    return memory_of(folder.path(), membership, meminfo).value();
  }

  scratch_folder folder;
};

TEST_F(memory_limits, version_2_is_read_without_what_is_only_cached) {
  write("a/b/memory.max", "500000000\n");
  write("a/b/memory.current", "300000000\n");
  write("a/b/memory.stat", "anon 1\ninactive_file 100000000\n");
  write("a/b/memory.events", "low 0\noom 3\noom_kill 2\n");
  const memory_limit found = seen("0::/a/b\n");
  EXPECT_EQ(found.by, "cgroup v2");
  EXPECT_EQ(found.limit, 500'000'000U);
  EXPECT_EQ(found.used, 200'000'000U);
  EXPECT_EQ(found.killed_for_it, 2U);
}

TEST_F(memory_limits, the_tightest_of_the_groups_above_counts) {
  write("a/b/memory.max", "max\n");
  write("a/b/memory.current", "10\n");
  write("a/memory.max", "400000000\n");
  write("a/memory.current", "30\n");
  EXPECT_EQ(seen("0::/a/b\n").limit, 400'000'000U);
}

TEST_F(memory_limits, version_1_is_read_where_the_memory_controller_is) {
  write("memory/box/memory.limit_in_bytes", "100000000\n");
  write("memory/box/memory.usage_in_bytes", "90000000\n");
  write("memory/box/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n");
  const memory_limit found = seen("5:cpu,cpuacct:/box\n4:memory:/box\n0::/elsewhere\n");
  EXPECT_EQ(found.by, "cgroup v1");
  EXPECT_EQ(found.limit, 100'000'000U);
  EXPECT_EQ(found.killed_for_it, 1U);
}

TEST_F(memory_limits, without_a_limit_the_machine_is_the_limit) {
  write("memory/memory.limit_in_bytes", "9223372036854771712\n");
  write("memory/memory.usage_in_bytes", "90000000\n");
  for (const std::string_view membership : {"4:memory:/\n", "0::/\n", ""}) {
    const memory_limit found = seen(membership);
    EXPECT_EQ(found.by, "the machine") << membership;
    EXPECT_EQ(found.limit, 8'000'000ULL * 1024);
    EXPECT_EQ(found.used, 6'000'000ULL * 1024);
  }
  EXPECT_FALSE(memory_of(folder.path(), "", "")) << "nothing is known";
}

TEST(machine, file_systems_of_other_machines_are_known_by_their_magic) {
  struct row {
    std::uint64_t magic;
    const char* name;
    bool shared;
  };
  for (const row& each : {row{0xEF53, "ext4", false}, row{0x6969, "nfs", true}, row{0xFF534D42, "cifs", true},
                          row{0x65735546, "fuse", true}, row{0x12345678, "0x12345678", false}}) {
    EXPECT_EQ(file_system_by_magic(each.magic).name, each.name);
    EXPECT_EQ(file_system_by_magic(each.magic).shared, each.shared) << each.name;
  }
}

TEST(machine, a_folder_that_is_not_there_yet_is_measured_where_it_will_be) {
  const scratch_folder folder;
  const auto found = space_of(fs::path(folder / "not/yet/there"));
  ASSERT_TRUE(found) << found.error().message();
  EXPECT_GT(found->total, 0U);
  EXPECT_LE(found->free, found->total);
  EXPECT_TRUE(found->writable);
  EXPECT_TRUE(file_system_of(fs::path(folder / "not/yet/there")));
}

TEST(machine, this_process_has_files_open_within_its_limit) {
  const auto found = open_files();
  ASSERT_TRUE(found);
  EXPECT_GE(found->used, 3U);
  EXPECT_LE(found->used, found->soft);
  EXPECT_TRUE(memory_of_this_process());
}

}  // namespace
}  // namespace guildfleet::base
