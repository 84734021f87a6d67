#include "base/replace_file.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace guildfleet::base {
namespace {

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
  const std::string next = path + ".new";
  int problem = write_whole(next, text, mode, O_TRUNC);
  if (problem == 0 && std::rename(next.c_str(), path.c_str()) != 0) problem = errno;
  if (problem != 0) {
    (void)::unlink(next.c_str());
    return failed(problem, path);
  }
  sync_folder_of(path);
  return {};
}

result<void> write_new_file(const std::string& path, std::string_view text, mode_t mode) {
  if (const int problem = write_whole(path, text, mode, O_EXCL); problem != 0) return failed(problem, path);
  sync_folder_of(path);
  return {};
}

std::optional<std::string> text_in_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string out;
  std::array<char, 65'536> part{};
  while (file.read(part.data(), part.size()), file.gcount() > 0) {
    out.append(part.data(), static_cast<std::size_t>(file.gcount()));
    if (out.size() > largest_text_in_file) return std::nullopt;
  }
  if (file.bad()) return std::nullopt;
  return out;
}

}  // namespace guildfleet::base
