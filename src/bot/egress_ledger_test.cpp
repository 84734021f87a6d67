#include "bot/egress_ledger.hpp"

#include <csignal>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <numeric>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/scratch_folder.hpp"

namespace guildfleet::bot {
namespace {

using namespace std::chrono_literals;

const std::string music = "00000000000000a1";
const std::string game = "00000000000000b2";

class held_clock final : public base::clock {
 public:
  [[nodiscard]] base::steady_time steady_now() const override { return {}; }
  [[nodiscard]] base::wall_time wall_now() const override { return now; }
  [[nodiscard]] std::chrono::milliseconds since_boot() const override { return {}; }
  base::wall_time now{1'800'000'000s};
};

int sum_of(const discord::address_ledger::use& use) {
  return std::accumulate(use.counts.begin(), use.counts.end(), 0);
}

class egress_ledgers : public testing::Test {
 protected:
  [[nodiscard]] std::shared_ptr<egress_ledger> open() const {
    auto opened = egress_ledger::open(folder(), "host@discord.com", clock);
    EXPECT_TRUE(opened) << opened.error().message();
    return opened.value_or(nullptr);
  }
  [[nodiscard]] std::string folder() const { return (scratch / "ledgers").string(); }
  [[nodiscard]] std::string file() const { return folder() + "/host@discord.com"; }
  static std::map<std::string, int> counts_in(egress_ledger& ledger) {
    std::map<std::string, int> counts;
    for (const auto& use : ledger.read()) counts[use.bot] = sum_of(use);
    return counts;
  }
  using counts = std::map<std::string, int>;

  base::scratch_folder scratch;
  held_clock clock;
};

// Runs in another process and ends it.
template <class Work>
pid_t in_another_process(Work work) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  ::_exit(work() ? 0 : 1);
}

bool succeeded(pid_t child) {
  int status = 0;
  return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST_F(egress_ledgers, remember_over_a_restart) {
  {
    const auto before = open();
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(before->note(music));
  }
  EXPECT_EQ(counts_in(*open()), (counts{{music, 5}}));
}

TEST_F(egress_ledgers, of_two_processes_see_each_other) {
  const auto ours = open();
  EXPECT_TRUE(ours->note(music));
  EXPECT_TRUE(succeeded(in_another_process([&] {
    const auto theirs = egress_ledger::open(folder(), "host@discord.com", clock);
    if (!theirs) return false;
    for (int i = 0; i < 1'000; ++i) {
      if (!(*theirs)->note(game) || !(*theirs)->note(music)) return false;
    }
    return counts_in(**theirs)[music] >= 1'001;
  })));
  EXPECT_EQ(counts_in(*ours), (counts{{music, 1'001}, {game, 1'000}}));
}

TEST_F(egress_ledgers, lose_nothing_when_a_process_is_killed) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  const pid_t child = in_another_process([&] {
    const auto theirs = egress_ledger::open(folder(), "host@discord.com", clock);
    while (theirs && (*theirs)->note(game) && ::write(pipe[1], "x", 1) == 1) {
    }
    return false;
  });
  std::array<char, 3'000> told{};
  std::size_t known = 0;
  while (known < told.size()) {
    const auto got = ::read(pipe[0], told.data(), told.size() - known);
    ASSERT_GT(got, 0);
    known += static_cast<std::size_t>(got);
  }
  ASSERT_EQ(::kill(child, SIGKILL), 0);
  EXPECT_FALSE(succeeded(child));
  ::close(pipe[1]);
  for (ssize_t got = 1; (got = ::read(pipe[0], told.data(), told.size())) > 0;)
    known += static_cast<std::size_t>(got);
  ::close(pipe[0]);
  const int counted = counts_in(*open())[game];
  EXPECT_GE(counted, static_cast<int>(known));
  EXPECT_LE(counted, static_cast<int>(known) + 1) << "the one that was noted and not told";
}

TEST_F(egress_ledgers, tell_the_age_of_counts_and_forget_them_after_ten_minutes) {
  const auto ledger = open();
  EXPECT_TRUE(ledger->enter(music));
  EXPECT_TRUE(ledger->note(music));
  clock.now += 25s;
  EXPECT_TRUE(ledger->note(music));
  const auto uses = ledger->read();
  ASSERT_EQ(uses.size(), 1U);
  EXPECT_EQ(uses[0].counts[0], 1);
  EXPECT_EQ(uses[0].counts[2], 1);
  clock.now += 595s;
  EXPECT_EQ(counts_in(*ledger), (counts{{music, 1}}));
  clock.now += 30s;
  EXPECT_EQ(counts_in(*ledger), (counts{{music, 0}}));
}

TEST_F(egress_ledgers, count_as_bots_of_the_address_those_that_ran_lately) {
  const auto ledger = open();
  EXPECT_TRUE(ledger->enter(music));
  EXPECT_TRUE(succeeded(in_another_process([&] {
    const auto theirs = egress_ledger::open(folder(), "host@discord.com", clock);
    return theirs && (*theirs)->enter(game);
  })));
  EXPECT_EQ(ledger->read().size(), 2U);
  clock.now += 601s;
  EXPECT_EQ(ledger->read().size(), 1U) << "the other process has ended";
}

TEST_F(egress_ledgers, count_as_new_what_a_clock_set_back_left_in_the_future) {
  const auto ledger = open();
  EXPECT_TRUE(ledger->note(music));
  clock.now -= 3'600s;
  EXPECT_TRUE(ledger->enter(music));
  EXPECT_EQ(ledger->read().at(0).counts[0], 1);
}

TEST_F(egress_ledgers, reuse_the_room_of_bots_that_are_long_gone) {
  const auto ledger = open();
  for (int i = 1; i <= 1'024; ++i) ASSERT_TRUE(ledger->note(fmt::format("{:016x}", i)));
  const std::string one_more = fmt::format("{:016x}", 5'000);
  EXPECT_FALSE(ledger->note(one_more));
  clock.now += 3'601s;
  EXPECT_TRUE(ledger->note(one_more));
  EXPECT_EQ(counts_in(*ledger), (counts{{one_more, 1}}));
}

TEST_F(egress_ledgers, that_are_damaged_begin_anew) {
  for (const std::string& damage : {std::string("short"), std::string(64 + 512 * 1'024, 'x')}) {
    (void)open();
    std::ofstream(file(), std::ios::trunc) << damage;
    const auto ledger = open();
    ASSERT_TRUE(ledger);
    EXPECT_TRUE(ledger->note(music));
    EXPECT_EQ(counts_in(*open()), (counts{{music, 1}}));
  }
}

TEST_F(egress_ledgers, are_for_their_user_alone) {
  (void)open();
  struct stat facts{};
  ASSERT_EQ(::stat(folder().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0700U);
  ASSERT_EQ(::stat(file().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0600U);
  ASSERT_EQ(::chmod(folder().c_str(), 0777), 0);
  const auto refused = egress_ledger::open(folder(), "host@discord.com", clock);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message(), testing::HasSubstr("others may write"));
}

TEST_F(egress_ledgers, follow_no_link_that_somebody_laid) {
  (void)open();
  ASSERT_EQ(::unlink(file().c_str()), 0);
  ASSERT_EQ(::symlink("/etc/hostname", file().c_str()), 0);
  EXPECT_FALSE(egress_ledger::open(folder(), "host@discord.com", clock));
}

}  // namespace
}  // namespace guildfleet::bot
