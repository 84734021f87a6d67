#include <SQLiteCpp/Database.h>
#include <array>
#include <csignal>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/scratch_folder.hpp"
#include "store/error.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace guildfleet::store {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const lease_key key{{"music"}, {0, 1}};

class sqlite_faults : public testing::Test {
 protected:
  [[nodiscard]] sqlite_settings settings(std::uint64_t incarnation = 100) const {
    return {.path = file, .node = {"alpha", incarnation}, .busy_timeout = 0ms, .boot_id = "boot"};
  }
  [[nodiscard]] base::result<opened_store> open(std::uint64_t incarnation = 100) const {
    return open_sqlite_store(settings(incarnation), clock);
  }
  void run_sql(const std::string& sql) const {
    SQLite::Database(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(sql);
  }
  void expect_refused(store_error code, const std::string& part) const {
    const auto refused = open();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), code) << refused.error().message();
    EXPECT_THAT(refused.error().message(), HasSubstr(file));
    EXPECT_THAT(refused.error().message(), HasSubstr(part));
  }

  [[nodiscard]] bool refuses_as_read_only(std::string_view part) const {
    const auto refused = open();
    return !refused && refused.error().code() == store_error::read_only &&
           refused.error().message().find(part) != std::string::npos;
  }

  base::scratch_folder directory;
  std::string file = directory / "store.sqlite";
  base::manual_clock clock;
};

session_row row_of(const std::string& session, std::uint64_t sequence) {
  session_row row;
  row.session_id = session;
  row.sequence = sequence;
  row.epoch = 1;
  return row;
}

std::string content_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Runs `body` in a child without root's rights; true when it returned true.
template <class F>
bool as_ordinary_user(F body) {
  const pid_t child = fork();
  if (child == 0) {
    const bool dropped = geteuid() != 0 || (setgid(65534) == 0 && setuid(65534) == 0);
    _exit(dropped && body() ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST_F(sqlite_faults, creates_the_file_for_its_owner_only_and_the_last_directory) {
  file = directory / "storage/store.sqlite";
  ASSERT_TRUE(open());
  struct stat info{};
  ASSERT_EQ(stat(file.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
}

TEST_F(sqlite_faults, names_the_missing_directory_and_the_command_that_makes_it) {
  file = directory / "a/b/store.sqlite";
  const auto refused = open();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), store_error::no_directory);
  EXPECT_THAT(refused.error().fix(), HasSubstr("mkdir -p '" + (directory / "a/b").string() + "'"));
}

TEST_F(sqlite_faults, refuses_a_directory_as_file) {
  std::filesystem::create_directory(file);
  expect_refused(store_error::cannot_open, "directory");
}

TEST_F(sqlite_faults, leaves_a_file_alone_that_is_no_database) {
  std::ofstream(file) << "precious notes";
  expect_refused(store_error::corrupt, "mv '");
  EXPECT_EQ(content_of(file), "precious notes");
}

TEST_F(sqlite_faults, finds_damage_inside_the_file) {
  {
    auto store = open();
    ASSERT_TRUE(store);
    ASSERT_TRUE(store->sessions->acquire(key, 15s));
  }
  std::fstream damaged(file, std::ios::in | std::ios::out | std::ios::binary);
  damaged.seekp(4096);
  damaged << std::string(8192, '\x5a');
  damaged.close();
  const std::string before = content_of(file);
  expect_refused(store_error::corrupt, ".recover");
  EXPECT_EQ(content_of(file), before);
}

TEST_F(sqlite_faults, refuses_the_database_of_another_program) {
  run_sql("CREATE TABLE invoices(id INTEGER)");
  expect_refused(store_error::not_a_store, "another path");
}

TEST_F(sqlite_faults, refuses_a_newer_schema) {
  ASSERT_TRUE(open());
  run_sql(
      "INSERT INTO schema_migration(component, version, readable_from, applied_ms) VALUES ('store', 99, 99, "
      "0)");
  expect_refused(store_error::newer_schema,
                 "schema version 99, readable from version 99 on; this release knows ");
}

TEST_F(sqlite_faults, says_that_a_file_is_read_only) {
  ASSERT_TRUE(open());
  ASSERT_EQ(chmod(file.c_str(), 0444), 0);
  ASSERT_EQ(chmod(directory.path().c_str(), 0777), 0);
  EXPECT_TRUE(as_ordinary_user([&] { return refuses_as_read_only("chown"); }));
}

TEST_F(sqlite_faults, says_that_a_directory_is_read_only) {
  ASSERT_EQ(chmod(directory.path().c_str(), 0555), 0);
  EXPECT_TRUE(as_ordinary_user([&] { return refuses_as_read_only("directory"); }));
}

TEST_F(sqlite_faults, a_full_disk_refuses_the_change_and_keeps_what_was_there) {
  auto limited = settings();
  limited.max_pages = 60;
  auto opened = open_sqlite_store(limited, clock);
  ASSERT_TRUE(opened);
  store& store = *opened->sessions;
  const session_row before = row_of("before", 5);
  ASSERT_EQ(store.save(key, before, {}), write_outcome::written);
  const session_row after = row_of("after", 6);
  const std::array large{guild_change{{1U << 22U}, std::string(1U << 20U, 'x')}};
  const auto refused = store.save(key, after, large);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), store_error::disk_full) << refused.error().message();
  EXPECT_THAT(refused.error().message(), HasSubstr("df -h '" + file + "'"));
  EXPECT_EQ(*store.load(key), std::optional(before));
  EXPECT_EQ(store.save(key, after, {}), write_outcome::written) << "small changes still fit";
}

TEST_F(sqlite_faults, a_full_disk_at_creation_is_said) {
  auto limited = settings();
  limited.max_pages = 2;
  const auto refused = open_sqlite_store(limited, clock);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), store_error::disk_full) << refused.error().message();
  EXPECT_TRUE(open()) << "with room it starts from the same file";
}

TEST_F(sqlite_faults, a_lock_of_another_process_is_said) {
  auto store = open();
  ASSERT_TRUE(store);
  SQLite::Database other(file, SQLite::OPEN_READWRITE);
  other.exec("BEGIN IMMEDIATE");
  const auto refused = store->sessions->acquire(key, 15s);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), store_error::busy);
  other.exec("ROLLBACK");
  EXPECT_TRUE(store->sessions->acquire(key, 15s));
}

TEST_F(sqlite_faults, leases_of_an_earlier_boot_are_void) {
  auto before = open(100);
  ASSERT_TRUE(before->sessions->acquire(key, 15s));
  auto rebooted = settings(200);
  rebooted.node.name = "beta";
  rebooted.boot_id = "next boot";
  auto after = open_sqlite_store(rebooted, clock);
  const auto outcome = after->sessions->acquire(key, 15s);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(*outcome, acquire_outcome(lease{key, 2}));
}

TEST_F(sqlite_faults, nodes_of_an_earlier_boot_are_void) {
  auto before = open(100);
  ASSERT_TRUE(before->sessions->attend({}, 15s));
  auto rebooted = settings(200);
  rebooted.boot_id = "next boot";
  auto after = open_sqlite_store(rebooted, clock);
  EXPECT_TRUE(after->sessions->survey()->nodes.empty());
  EXPECT_TRUE(after->sessions->attend({}, 15s)) << "though it has our name";
}

TEST_F(sqlite_faults, nodes_gone_for_a_day_leave_no_row) {
  auto gone = open(100);
  ASSERT_TRUE(gone->sessions->attend({}, 15s));
  auto other = settings(200);
  other.node.name = "beta";
  auto stays = open_sqlite_store(other, clock);
  const auto rows_after = [&](std::chrono::milliseconds wait) {
    clock.advance(wait);
    EXPECT_TRUE(stays->sessions->attend({}, 15s));
    return SQLite::Database(file, SQLite::OPEN_READONLY).execAndGet("SELECT count(*) FROM node").getInt();
  };
  EXPECT_EQ(rows_after(15s + std::chrono::hours(24) - 1ms), 2);
  EXPECT_EQ(rows_after(1ms), 1);
}

TEST_F(sqlite_faults, a_killed_process_is_proven_dead) {
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  if (child == 0) {
    auto store = open(100);
    const bool granted = store && store->sessions->acquire(key, 15s);
    [[maybe_unused]] const auto told = write(ready[1], granted ? "y" : "n", 1);
    pause();
    _exit(0);
  }
  char granted = 'n';
  ASSERT_EQ(read(ready[0], &granted, 1), 1);
  ASSERT_EQ(granted, 'y');
  auto successor = open(200);
  const auto while_alive = successor->sessions->acquire(key, 15s);
  ASSERT_FALSE(while_alive);
  EXPECT_EQ(while_alive.error().code(), store_error::bot_runs_twice);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  const auto after_death = successor->sessions->acquire(key, 15s);
  ASSERT_TRUE(after_death);
  EXPECT_EQ(*after_death, acquire_outcome(lease{key, 2}));
  close(ready[0]);
  close(ready[1]);
}

// An open file proves that its node lives.
TEST_F(sqlite_faults, jobs_of_a_node_that_died_are_free_when_nobody_else_has_the_file_open) {
  const job_scope scope{{}, {"music"}, 1, {0}};
  const auto claim = [&scope](const base::result<opened_store>& in) {
    const auto claimed = in->data->claim_jobs(scope, "alpha", 10, 60s);
    EXPECT_TRUE(claimed) << claimed.error().message();
    return claimed ? claimed->size() : 0;
  };
  auto first = open(100);
  ASSERT_TRUE(first->data->schedule({{{}, {"music"}, "a"}, "x/y", {}, {}, {}}, schedule_mode::keep));
  ASSERT_EQ(claim(first), 1U);
  auto second = open(200);
  ASSERT_TRUE(second) << second.error().message();
  EXPECT_EQ(claim(second), 0U) << "the first one lives";
  auto linked = settings(400);
  linked.path = directory / "link.sqlite";
  ASSERT_EQ(symlink(file.c_str(), linked.path.c_str()), 0);
  {
    const auto by_link = open_sqlite_store(linked, clock);
    ASSERT_TRUE(by_link) << by_link.error().message();
    EXPECT_EQ(claim(by_link), 0U) << "also by another name of the file";
  }
  first = base::fail(store_error::busy, "closed");
  EXPECT_EQ(claim(second), 0U) << "it opened the file while the first one lived";
  second = base::fail(store_error::busy, "closed");
  const auto third = open(300);
  ASSERT_TRUE(third) << third.error().message();
  const auto claimed = third->data->claim_jobs(scope, "alpha", 10, 60s);
  ASSERT_EQ(claimed->size(), 1U);
  EXPECT_TRUE(claimed->front().begun_before);
}

}  // namespace
}  // namespace guildfleet::store
