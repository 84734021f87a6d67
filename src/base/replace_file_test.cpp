#include "base/replace_file.hpp"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
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

TEST_F(replaced_file, is_the_link_itself_where_a_program_named_it) {
  fs::create_symlink("elsewhere.conf", path);
  EXPECT_TRUE(replace_file(path, "one", 0644));
  EXPECT_FALSE(fs::is_symlink(path));
  EXPECT_FALSE(fs::exists(folder / "elsewhere.conf"));
}

TEST_F(replaced_file, is_the_one_that_a_link_leads_to_where_a_user_named_it) {
  fs::create_directory(folder / "far");
  fs::create_symlink("far/b.conf", path);
  fs::create_symlink("a.conf", folder / "c.conf");
  for (const std::string_view text : {"one", "two"}) {
    EXPECT_TRUE(write_output(folder / "c.conf", text, 0644));
    EXPECT_EQ(text_in_file(folder / "far/b.conf"), text);
    EXPECT_TRUE(fs::is_symlink(path));
    EXPECT_EQ(files(), 3);
  }
}

TEST_F(replaced_file, stays_where_it_is_a_pipe_or_a_device) {
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  // Open for both, so that nobody waits for the other end.
  const int pipe = ::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  ASSERT_GE(pipe, 0);
  fs::create_symlink(fmt::format("/proc/self/fd/{}", pipe), folder / "out");
  for (const fs::path& name : {fs::path(path), folder / "out"}) {
    EXPECT_TRUE(write_output(name, "one", 0644));
    std::array<char, 8> seen{};
    EXPECT_EQ(::read(pipe, seen.data(), seen.size()), 3);
    EXPECT_STREQ(seen.data(), "one");
  }
  EXPECT_TRUE(fs::is_fifo(path));
  EXPECT_EQ(fs::status(path).permissions(), fs::perms{0600});
  EXPECT_EQ(files(), 2);
  ::close(pipe);
  const auto full = write_output("/dev/full", "one", 0644);
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code(), std::errc::no_space_on_device);
}

TEST_F(replaced_file, may_be_open_without_a_name) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  ASSERT_GE(file, 0);
  fs::remove(path);
  const std::string name = fmt::format("/proc/self/fd/{}", file);
  EXPECT_TRUE(write_output(name, "one", 0644));
  EXPECT_EQ(text_in_file(name), "one");
  EXPECT_EQ(files(), 0);
  ::close(file);
}

TEST_F(replaced_file, is_never_a_new_one_over_what_is_there) {
  EXPECT_TRUE(write_new_file(path, "one", 0600));
  EXPECT_EQ(fs::status(path).permissions(), fs::perms{0600});
  const auto again = write_new_file(path, "two", 0600);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code(), std::errc::file_exists);
  EXPECT_THAT(again.error().message(), HasSubstr("name another one"));
  EXPECT_EQ(text_in_file(path), "one");
  fs::create_symlink(folder / "elsewhere", folder / "link");
  EXPECT_FALSE(write_new_file(folder / "link", "two", 0600));
  EXPECT_FALSE(fs::exists(folder / "elsewhere"));
}

// A file that may have so many bytes stands for a disk that is full.
TEST_F(replaced_file, leaves_no_half_of_a_new_one) {
  const auto before_signal = std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit small = before;
  small.rlim_cur = 4'096;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto half = write_new_file(path, std::string(10'000, 'x'), 0600);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, before_signal);
  ASSERT_FALSE(half);
  EXPECT_EQ(half.error().code(), std::errc::file_too_large);
  EXPECT_EQ(files(), 0);
  EXPECT_TRUE(write_new_file(path, "one", 0600)) << "the next try is not in its way";
}

TEST_F(replaced_file, that_is_too_large_is_not_read) {
  ASSERT_TRUE(write_new_file(path, "one", 0600));
  fs::resize_file(path, largest_text_in_file);
  EXPECT_TRUE(text_in_file(path));
  fs::resize_file(path, largest_text_in_file + 1);
  EXPECT_EQ(text_in_file(path), std::nullopt);
}

TEST_F(replaced_file, that_is_not_there_has_no_text) {
  EXPECT_EQ(text_in_file(path), std::nullopt);
  EXPECT_EQ(text_in_file(folder.path().string()), std::nullopt) << "nor has a folder";
}

TEST_F(replaced_file, is_read_as_far_as_one_likes) {
  ASSERT_TRUE(replace_file(path, "one two", 0644));
  EXPECT_EQ(first_bytes_in_file(path, 3), "one");
  EXPECT_EQ(first_bytes_in_file(path, 8), "one two");
  EXPECT_EQ(first_bytes_in_file("/dev/zero", 20'000), std::string(20'000, '\0'));
}

}  // namespace
}  // namespace guildfleet::base
