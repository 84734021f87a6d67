#include "base/machine.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <vector>

namespace guildfleet::base {
namespace {

namespace fs = std::filesystem;

struct known_file_system {
  std::uint64_t magic;
  file_system what;
};

// statfs(2) and linux/magic.h. FUSE may be anything, most often a folder of another machine or host.
const std::array known_file_systems = std::to_array<known_file_system>({
    {0xEF53, {"ext4", false}},        {0x58465342, {"xfs", false}},   {0x9123683E, {"btrfs", false}},
    {0x794C7630, {"overlay", false}}, {0x01021994, {"tmpfs", false}}, {0x2FC12FC1, {"zfs", false}},
    {0xF2F52010, {"f2fs", false}},    {0x858458F6, {"ramfs", false}}, {0x6969, {"nfs", true}},
    {0x517B, {"smb", true}},          {0xFF534D42, {"cifs", true}},   {0xFE534D42, {"smb2", true}},
    {0x01021997, {"9p", true}},       {0x65735546, {"fuse", true}},   {0x00C36400, {"ceph", true}},
    {0x5346414F, {"afs", true}},      {0x7461636F, {"ocfs2", true}},  {0x01161970, {"gfs2", true}},
    {0x0BD00BD0, {"lustre", true}},   {0x786F4256, {"vboxsf", true}},
});

std::unexpected<error> system_failure(const fs::path& path) {
  return fail(std::error_code(errno, std::generic_category()), path.string());
}

// The path itself, or the nearest folder above it that is there.
fs::path existing(const fs::path& path) {
  std::error_code ignored;
  fs::path at = fs::absolute(path, ignored);
  while (!fs::exists(at, ignored) && at.has_parent_path() && at != at.parent_path()) at = at.parent_path();
  return at;
}

std::string text_of(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end == text.data()) return std::nullopt;
  return value;
}

// The number behind `key` and blanks at the beginning of a line.
std::optional<std::uint64_t> value_of(std::string_view text, std::string_view key) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (!line.starts_with(key)) continue;
    line.remove_prefix(key.size());
    if (line.empty() || line.front() != ' ') continue;
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    return number_in(line);
  }
  return std::nullopt;
}

struct group_files {
  const char* name;
  const char* limit;
  const char* used;
  const char* cached;  // in memory.stat
  const char* kills;   // file that counts them
};
constexpr group_files version_two{"cgroup v2", "memory.max", "memory.current", "inactive_file",
                                  "memory.events"};
constexpr group_files version_one{"cgroup v1", "memory.limit_in_bytes", "memory.usage_in_bytes",
                                  "total_inactive_file", "memory.oom_control"};

std::optional<memory_limit> limit_of(const fs::path& group, const group_files& files) {
  const auto limit = number_in(text_of(group / files.limit));  // "max": none
  const auto used = number_in(text_of(group / files.used));
  if (!limit || !used) return std::nullopt;
  const std::uint64_t cached = value_of(text_of(group / "memory.stat"), files.cached).value_or(0);
  return memory_limit{files.name, *limit, *used - std::min(*used, cached),
                      value_of(text_of(group / files.kills), "oom_kill").value_or(0)};
}

// From the group up to the root; in a container the group's path may be the host's, and only the root is
// there.
std::optional<memory_limit> tightest(const fs::path& root, std::string_view group, const group_files& files) {
  std::optional<memory_limit> out;
  fs::path at = fs::path(group).relative_path();
  while (true) {
    const auto found = limit_of(root / at, files);
    if (found && (!out || found->limit < out->limit)) out = found;
    if (at.empty()) return out;
    at = at.parent_path();
  }
}

// The process' group: of version 2, or of version 1's memory controller.
std::optional<std::pair<std::string, const group_files*>> group_of(std::string_view membership) {
  std::optional<std::pair<std::string, const group_files*>> out;
  while (!membership.empty()) {
    const std::size_t end = membership.find('\n');
    const std::string_view line = membership.substr(0, end);
    membership.remove_prefix(end == std::string_view::npos ? membership.size() : end + 1);
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) continue;
    const std::string path(line.substr(second + 1));
    const std::string_view controllers = line.substr(first + 1, second - first - 1);
    if (controllers == "memory" || controllers.starts_with("memory,") || controllers.contains(",memory"))
      return std::pair(path, &version_one);
    if (controllers.empty()) out = std::pair(path, &version_two);
  }
  return out;
}

std::uint64_t count_open_files() {
  std::uint64_t count = 0;
  std::error_code ignored;
  for (fs::directory_iterator at("/proc/self/fd", ignored), end; at != end; at.increment(ignored)) ++count;
  return count;
}

}  // namespace

result<folder_space> space_of(const fs::path& folder) {
  const fs::path at = existing(folder);
  struct statvfs found{};
  if (::statvfs(at.c_str(), &found) != 0) return system_failure(at);
  return folder_space{.free = static_cast<std::uint64_t>(found.f_bavail) * found.f_frsize,
                      .total = static_cast<std::uint64_t>(found.f_blocks) * found.f_frsize,
                      .free_files = found.f_favail,
                      .total_files = found.f_files,
                      .writable = ::faccessat(AT_FDCWD, at.c_str(), W_OK | X_OK, AT_EACCESS) == 0};
}

file_system file_system_by_magic(std::uint64_t magic) {
  const auto* const found = std::ranges::find(known_file_systems, magic, &known_file_system::magic);
  if (found != known_file_systems.end()) return found->what;
  return {fmt::format("0x{:X}", magic), false};
}

result<file_system> file_system_of(const fs::path& file) {
  const fs::path at = existing(file);
  struct statfs found{};
  if (::statfs(at.c_str(), &found) != 0) return system_failure(at);
  return file_system_by_magic(static_cast<std::uint32_t>(found.f_type));
}

result<open_file_limit> open_files() {
  rlimit found{};
  if (::getrlimit(RLIMIT_NOFILE, &found) != 0) return system_failure("open files");
  return open_file_limit{found.rlim_cur, found.rlim_max, count_open_files()};
}

result<memory_limit> memory_of(const fs::path& root, std::string_view membership, std::string_view meminfo) {
  constexpr std::uint64_t kib = 1024;
  const auto total = value_of(meminfo, "MemTotal:");
  const auto available = value_of(meminfo, "MemAvailable:");
  std::optional<memory_limit> out;
  if (const auto group = group_of(membership)) {
    const fs::path mounted = group->second == &version_one ? root / "memory" : root;
    out = tightest(mounted, group->first, *group->second);
  }
  if (total && available && (!out || out->limit > *total * kib))
    out = memory_limit{"the machine", *total * kib, (*total - std::min(*total, *available)) * kib, 0};
  if (out) return *out;
  return fail(std::make_error_code(std::errc::no_such_file_or_directory), "/proc/meminfo",
              "Mount /proc, or look at the memory limit yourself.");
}

result<memory_limit> memory_of_this_process() {
  return memory_of("/sys/fs/cgroup", text_of("/proc/self/cgroup"), text_of("/proc/meminfo"));
}

}  // namespace guildfleet::base
