// What the machine, or the container, gives this process.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace guildfleet::base {

struct folder_space {
  std::uint64_t free = 0;  // bytes, for this user
  std::uint64_t total = 0;
  std::uint64_t free_files = 0;  // inodes; both 0 where the file system has no such limit
  std::uint64_t total_files = 0;
  bool writable = true;  // for this user
};
// Of the folder, or the nearest one above it that is there. Error: the system's.
[[nodiscard]] result<folder_space> space_of(const std::filesystem::path& folder);

// Of the file system that holds the file, or would: "ext4", "nfs", "overlay"; "0x..." of one without a known
// name. Error: the system's.
struct file_system {
  std::string name{};
  bool shared = false;  // other machines may write to it, or locks on it are not to be trusted
};
[[nodiscard]] result<file_system> file_system_of(const std::filesystem::path& file);
// By statfs(2)'s magic number.
[[nodiscard]] file_system file_system_by_magic(std::uint64_t magic);

struct open_file_limit {
  std::uint64_t soft = 0;
  std::uint64_t hard = 0;
  std::uint64_t used = 0;  // by this process
};
[[nodiscard]] result<open_file_limit> open_files();

struct memory_limit {
  std::string by{};                 // "cgroup v2", "cgroup v1", "the machine"
  std::uint64_t limit = 0;          // bytes
  std::uint64_t used = 0;           // without what is only cached of files
  std::uint64_t killed_for_it = 0;  // times that a process was killed for want of memory
};
// The tightest of the process' control group and those above it; the machine's memory where none limits it.
// `root`: where the control groups are mounted; `membership`: the text of /proc/self/cgroup. Error: neither
// can be read.
[[nodiscard]] result<memory_limit> memory_of(const std::filesystem::path& root, std::string_view membership,
                                             std::string_view meminfo);
[[nodiscard]] result<memory_limit> memory_of_this_process();

}  // namespace guildfleet::base
