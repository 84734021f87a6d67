#include "base/replace_file.hpp"

#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/scratch_folder.hpp"

namespace guildfleet::base {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class replaced_file : public testing::Test {
 protected:
  [[nodiscard]] std::ptrdiff_t files() const {
    return std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator());
  }
  scratch_folder folder;
  std::string path = folder / "a.conf";
};

TEST_F(replaced_file, has_the_new_text_and_the_mode_that_is_asked_for) {
  const mode_t before = ::umask(0077);
  EXPECT_TRUE(replace_file(path, "one", 0644));
  EXPECT_TRUE(replace_file(path, "two", 0644));
  ::umask(before);
  EXPECT_EQ(text_in_file(path), "two");
  EXPECT_EQ(fs::status(path).permissions(), fs::perms{0644});
  EXPECT_EQ(files(), 1) << "nothing is left beside it";
}

TEST_F(replaced_file, tells_what_is_wrong_and_what_to_do) {
  const auto missing = replace_file(folder / "nowhere/a.conf", "one", 0644);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code(), std::errc::no_such_file_or_directory);
  EXPECT_THAT(missing.error().message(), HasSubstr("Make its folder first"));
  fs::create_directory(path);
  EXPECT_FALSE(replace_file(path, "one", 0644));
  EXPECT_EQ(files(), 1);
}

TEST_F(replaced_file, is_as_it_was_when_the_disk_is_full) {
  ASSERT_TRUE(replace_file(path, "one", 0644));
  fs::create_symlink("/dev/full", path + "." + std::to_string(::getpid()) + ".new");
  const auto full = replace_file(path, "two", 0644);
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code(), std::errc::no_space_on_device);
  EXPECT_THAT(full.error().message(), HasSubstr("Make room on that disk"));
  EXPECT_EQ(text_in_file(path), "one");
  EXPECT_EQ(files(), 1);
}

TEST_F(replaced_file, that_is_not_there_has_no_text) {
  EXPECT_EQ(text_in_file(path), std::nullopt);
}

}  // namespace
}  // namespace guildfleet::base
