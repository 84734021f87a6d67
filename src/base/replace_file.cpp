#include "base/replace_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace guildfleet::base {
namespace {

namespace fs = std::filesystem;

std::string fix_of(int problem) {
  switch (problem) {
    case ENOSPC:
    case EDQUOT:
      return "Make room on that disk; what was there before is as it was.";
    case EROFS:
      return "Its file system is read only: name a folder that may be written to.";
    case EACCES:
    case EPERM:
      return "Make its folder this user's, or name another one.";
    case ENOENT:
    case ENOTDIR:
      return "Make its folder first, or name another one.";
    case EEXIST:
      return "It is there already: move it away, or name another one.";
    case EISDIR:
      return "A folder has this name; move it away.";
    case ENXIO:
      return "Nobody reads there, or it is a socket: name a file.";
    default:
      return "Look at the folder and its disk.";
  }
}

std::unexpected<error> failed(int problem, const std::string& path) {
  return fail(std::error_code(problem, std::generic_category()), path, fix_of(problem));
}

// 0, or what went wrong.
int write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(file, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return 0;
}

// The file is gone again when that goes wrong. `how`: what else open() is to mind.
int write_whole(const std::string& path, std::string_view text, mode_t mode, int how) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | how, mode);
  if (file < 0) return errno;
  int problem = write_all(file, text);
  if (problem == 0 && ::fchmod(file, mode) != 0) problem = errno;
  if (problem == 0 && ::fsync(file) != 0) problem = errno;
  if (::close(file) != 0 && problem == 0) problem = errno;
  if (problem != 0) (void)::unlink(path.c_str());
  return problem;
}

// Neither mode nor disk: /dev/null belongs to others, and a pipe has no disk.
int write_in_place(const std::string& path, std::string_view text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_TRUNC | O_NOCTTY | O_CLOEXEC);
  if (file < 0) return errno;
  int problem = write_all(file, text);
  if (::close(file) != 0 && problem == 0) problem = errno;
  return problem;
}

// The name behind links, also of a file that is not there yet.
std::string name_behind(const std::string& path) {
  constexpr int most_links = 40;  // as Linux follows
  std::error_code ignored;
  fs::path out = path;
  for (int i = 0; i < most_links && fs::is_symlink(out, ignored); ++i)
    out = out.parent_path() / fs::read_symlink(out, ignored);
  return out.string();
}

// Also where a link of /proc leads to an open file that has no name.
bool stays_in_place(const std::string& path, const std::string& behind) {
  std::error_code problem;
  if (!fs::exists(path, problem)) return false;
  return !fs::is_regular_file(path, problem) || !fs::equivalent(path, behind, problem);
}

// That the new name outlives a power cut, too. Some file systems cannot: then it is not worse than without.
void sync_folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  (void)::fsync(file);
  (void)::close(file);
}

}  // namespace

result<void> replace_file(const std::string& path, std::string_view text, mode_t mode) {
  // Two processes may write at once.
  const std::string next = path + "." + std::to_string(::getpid()) + ".new";
  int problem = write_whole(next, text, mode, O_TRUNC);
  if (problem == 0 && std::rename(next.c_str(), path.c_str()) != 0) problem = errno;
  if (problem != 0) {
    (void)::unlink(next.c_str());
    return failed(problem, path);
  }
  sync_folder_of(path);
  return {};
}

result<void> write_output(const std::string& path, std::string_view text, mode_t mode) {
  const std::string target = name_behind(path);
  if (!stays_in_place(path, target)) return replace_file(target, text, mode);
  const int problem = write_in_place(path, text);
  return problem == 0 ? result<void>() : failed(problem, path);
}

result<void> write_new_file(const std::string& path, std::string_view text, mode_t mode) {
  if (const int problem = write_whole(path, text, mode, O_EXCL); problem != 0) return failed(problem, path);
  sync_folder_of(path);
  return {};
}

std::optional<std::string> first_bytes_in_file(const std::string& path, std::size_t most) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string out;
  std::array<char, std::size_t{1} << 16U> part{};
  while (file && out.size() < most) {
    file.read(part.data(), static_cast<std::streamsize>(std::min(part.size(), most - out.size())));
    out.append(part.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (file.bad()) return std::nullopt;
  return out;
}

std::optional<std::string> text_in_file(const std::string& path) {
  auto out = first_bytes_in_file(path, largest_text_in_file + 1);
  if (out && out->size() > largest_text_in_file) return std::nullopt;
  return out;
}

}  // namespace guildfleet::base
