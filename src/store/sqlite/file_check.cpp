#include "store/sqlite/file_check.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

#include "store/error.hpp"
#include "store/sqlite/sqlite_error.hpp"

namespace guildfleet::store {
namespace {

constexpr std::string_view magic{"SQLite format 3\0", 16};  // sqlite.org/fileformat.html, section 1.3

std::string system_text(int number) {
  return std::generic_category().message(number);
}

base::error explain_errno(const std::string& path, int number) {
  switch (number) {
    case ENOSPC:
    case EDQUOT:
      return explain_disk_full(path);
    case EROFS:
    case EACCES:
    case EPERM:
      return explain_read_only(path, system_text(number));
    default:
      return base::error(store_error::cannot_open, fmt::format("{}: {}", path, system_text(number)),
                         "Check that the path is a file, and the rights of its directory.");
  }
}

base::result<void> prepare_directory(const std::string& path) {
  std::string directory = std::filesystem::path(path).parent_path().string();
  if (directory.empty()) directory = ".";
  std::error_code ignored;
  if (!std::filesystem::is_directory(directory, ignored) && mkdir(directory.c_str(), 0750) != 0 &&
      errno != EEXIST) {
    return base::fail(store_error::no_directory, fmt::format("{}: {}", directory, system_text(errno)),
                      fmt::format("Create it: mkdir -p '{}'.", directory));
  }
  if (faccessat(AT_FDCWD, directory.c_str(), W_OK | X_OK, AT_EACCESS) != 0) {
    return std::unexpected(
        explain_read_only(path, fmt::format("directory {}: {}", directory, system_text(errno))));
  }
  return {};
}

class descriptor final {
 public:
  explicit descriptor(int value) : value_(value) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (value_ >= 0) close(value_);
  }
  [[nodiscard]] int get() const { return value_; }

 private:
  int value_;
};

}  // namespace

base::result<void> prepare_database_file(const std::string& path) {
  if (auto directory = prepare_directory(path); !directory) return directory;
  const descriptor file(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (file.get() < 0) return std::unexpected(explain_errno(path, errno));
  std::array<char, magic.size()> head{};
  const ssize_t got = pread(file.get(), head.data(), head.size(), 0);
  if (got < 0) return std::unexpected(explain_errno(path, errno));
  if (got == 0) return {};
  if (std::string_view(head.data(), static_cast<std::size_t>(got)) != magic) {
    return std::unexpected(explain_corrupt(path, "it does not begin like a SQLite database"));
  }
  return {};
}

base::result<void> make_empty_file(const std::string& path) {
  const descriptor file(open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (file.get() < 0) return std::unexpected(explain_errno(path, errno));
  return {};
}

}  // namespace guildfleet::store
