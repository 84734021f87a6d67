// A folder for what need not be kept: of a demo, of a test.
#pragma once

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

namespace guildfleet::base {

// Made in the folder for temporary files, for this user alone; removed with all it holds. Throws
// std::system_error when there can be none.
class scratch_folder final {
 public:
  scratch_folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "guildfleet-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
      throw std::system_error(errno, std::generic_category(), "cannot make the folder " + pattern);
    path_ = pattern;
  }
  ~scratch_folder() {
    std::error_code ignored;  // nothing depends on it any more
    std::filesystem::remove_all(path_, ignored);
  }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace guildfleet::base
