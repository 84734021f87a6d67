// The way from an event to a batch, when the store fails in between.
#include "features/member_log/member_log.hpp"

#include <gtest/gtest.h>
#include <stdexcept>

#include "features/test_kit/feature_world.hpp"

namespace guildfleet::features {
namespace {

using namespace test_kit;

class log_settings final : public no_settings {
 public:
  net::task<base::result<settings::current_settings>> get(discord::guild_id, std::string) override {
    settings::current_settings out;
    out.values = {{"channel", "9"}, {"joins", true}, {"leaves", true}, {"invites", invites}};
    co_return out;
  }

  bool invites = false;
};

class no_invites final : public no_effects {
 public:
  net::task<base::result<std::string>> call(discord::request) override { co_return "[]"; }
};

class kept_moments final : public moment_port {
 public:
  bool after(std::chrono::milliseconds wait, discord::guild_id, std::string name,
             std::function<net::task<>()> work) override {
    waits[name] = wait;
    works[name] = std::move(work);
    return true;
  }
  [[nodiscard]] std::optional<std::chrono::milliseconds> due_in(discord::guild_id,
                                                                const std::string&) const override {
    return std::nullopt;
  }
  void cancel(discord::guild_id, const std::string& name) override { works.erase(name); }

  std::map<std::string, std::chrono::milliseconds> waits;
  std::map<std::string, std::function<net::task<>()>> works;
};

// Fails, or throws, as often as it is told to.
class failing_timers final : public job_port {
 public:
  net::task<base::result<store::schedule_outcome>> schedule(timer what, store::schedule_mode) override {
    if (throws > 0 && throws-- > 0) throw std::runtime_error("broken");
    if (fails > 0 && fails-- > 0) co_return base::fail(std::make_error_code(std::errc::io_error));
    kinds.push_back(what.what);
    co_return store::schedule_outcome::scheduled;
  }
  net::task<base::result<bool>> cancel(std::string) override { co_return false; }

  int throws = 0;
  int fails = 0;
  std::vector<std::string> kinds;
};

class member_log_burst_end
    : public testing::Test,
      protected world_of<no_invites, log_settings, failing_timers, kept_records, kept_moments> {
 protected:
  member_log_burst_end() {
    EXPECT_TRUE(run(log->on_guilds_gained({here})));
    join(42);
  }

  void join(std::uint64_t user) {
    const std::string data =
        fmt::format(R"({{"joined_at":"2023-11-14T22:13:19.500000+00:00","user":{{"id":"{}"}}}})", user);
    auto handling = log->on_event(
        {.type = discord::event_type::guild_member_add, .sequence = user, .guild = here, .data = data});
    if (handling) run(std::move(*handling));
  }

  // The moment has come.
  void come(const std::string& name) {
    const auto work = moments.works.extract(name);
    ASSERT_FALSE(work.empty()) << name;
    run(work.mapped()());
  }

  const discord::guild_id here{223'456'789'012'345'678U};
  std::unique_ptr<feature> log = member_log.make(services_of(member_log.name));
};

TEST_F(member_log_burst_end, makes_a_batch_and_its_timer) {
  come("burst");
  EXPECT_EQ(jobs.kinds, std::vector<std::string>{"batch"});
  EXPECT_TRUE(moments.works.empty());
}

TEST_F(member_log_burst_end, comes_again_later_each_time_while_the_timer_cannot_be_kept) {
  jobs.fails = 3;
  come("burst");
  const auto first = moments.waits.at("again");
  come("again");
  come("again");
  EXPECT_GT(moments.waits.at("again"), first);
  EXPECT_TRUE(jobs.kinds.empty());
  come("again");
  EXPECT_EQ(jobs.kinds, std::vector<std::string>{"batch"}) << "of the batch that an earlier attempt made";
  EXPECT_TRUE(moments.works.empty());
}

TEST_F(member_log_burst_end, comes_again_after_an_exception) {
  jobs.throws = 1;
  EXPECT_THROW(come("burst"), std::runtime_error);
  come("again");
  EXPECT_EQ(jobs.kinds, std::vector<std::string>{"batch"});
  EXPECT_TRUE(moments.works.empty());
}

// The defect: it was missing from the log, and from how long the member stayed.
TEST_F(member_log_burst_end, a_join_is_noted_though_the_store_fails_for_a_moment) {
  records.failures = 1;
  join(43);
  EXPECT_TRUE(records.find({here, "member", "43"}));
}

// By the mark the counts are found when the log is switched off.
TEST_F(member_log_burst_end, marks_the_counts_that_it_makes) {
  settings.invites = true;
  come("burst");
  EXPECT_TRUE(records.rows.contains({here, "invites", "now"}));
  EXPECT_TRUE(records.rows.contains({here, "counted", "now"}));
}

TEST_F(member_log_burst_end, counts_where_a_mark_was_left) {
  settings.invites = true;
  records.rows[{here, "counted", "now"}] = {
      .key = {here, "counted", "now"}, .value = {}, .version = 1, .sort = {}, .expires_at = {}};
  come("burst");
  EXPECT_TRUE(records.rows.contains({here, "invites", "now"}));
  EXPECT_EQ(jobs.kinds, std::vector<std::string>{"batch"});
}

// The defect: one message held both, which cut the end of the second, and the form was gone.
TEST(member_log_form, gives_back_all_that_was_written_when_somebody_else_was_faster) {
  feature_world world;
  const auto log = member_log.make(world.services_of("member-log"));
  const std::string join(1'000, 'j');
  const std::string leave(1'000, 'l');
  auto what = std::make_shared<discord::interaction>();
  what->guild = {3};
  what->data = discord::modal_data{.custom_id = "", .fields = {{"join", {join}}, {"leave", {leave}}}};
  auto answers = std::make_shared<recorded_answers>();
  run(log->on_component({.what = what, .answers = answers, .sequence = 1},
                        {.feature = "member-log", .action = "texts", .payload = "of other texts"}));
  ASSERT_EQ(answers->replies.size(), 2U);
  EXPECT_TRUE(answers->replies[0].content.ends_with(join));
  EXPECT_TRUE(answers->replies[1].content.ends_with(leave));
}

}  // namespace
}  // namespace guildfleet::features
