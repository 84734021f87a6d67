// What becomes of a ticket when two do something with it at once: the second comes in at the worst moment.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

#include "features/test_kit/feature_world.hpp"
#include "features/ticket/ticket.hpp"
#include "features/ticket/ticket_desk.hpp"
#include "features/ticket/ticket_opening.hpp"

namespace guildfleet::features {
namespace {

using namespace test_kit;
using std::chrono::hours;
using testing::HasSubstr;
using interruption = std::function<net::task<>()>;

class kept_timers final : public job_port {
 public:
  net::task<base::result<store::schedule_outcome>> schedule(timer what, store::schedule_mode) override {
    if (fail) co_return base::fail(store::store_error::unreachable, "memory");
    keys.insert(what.key);
    if (meanwhile) co_await std::exchange(meanwhile, nullptr)();
    co_return store::schedule_outcome::scheduled;
  }
  net::task<base::result<bool>> cancel(std::string key) override { co_return keys.erase(key) == 1; }

  std::set<std::string> keys;
  bool fail = false;
  interruption meanwhile;
};

class kept_calls final : public effect_port {
 public:
  net::task<base::result<discord::message_id>> post(effect_origin origin, discord::channel_id,
                                                    discord::message_body body) override {
    posted[{origin.sequence, origin.number}] = body.content;
    co_return discord::message_id{1};
  }
  net::task<base::result<std::string>> make(effect_origin, discord::request what, finder) override {
    ++made;
    last_made = what.json;
    co_return "1";
  }
  net::task<base::result<std::string>> call(discord::request what) override {
    bodies.push_back(what.json);
    if (meanwhile) co_await std::exchange(meanwhile, nullptr)();
    if (failure) co_return base::fail(*failure, "channel");
    co_return "{}";
  }

  std::map<std::pair<std::uint64_t, std::uint32_t>, std::string> posted;  // by origin, which posts once
  int made = 0;
  std::string last_made;
  std::optional<discord::rest_error> failure;
  std::vector<std::string> bodies;
  interruption meanwhile;
};

class ticket_races
    : public testing::Test,
      protected world_of<kept_calls, edited_settings, kept_timers, kept_records, waiting_moments> {
 protected:
  ticket_races() {
    settings.of = "ticket";
    run([](ticket_races& self) -> net::task<> {
      const auto opened =
          co_await self.office.tickets().open(self.here, {.user = {7}, .changed_by = {100}}, 1);
      EXPECT_TRUE(opened && std::holds_alternative<ticket_record>(*opened));
      const auto attached = co_await self.office.tickets().attach(self.here, 1, {8});
      EXPECT_TRUE(attached && *attached);
    }(*this));
  }

  net::task<> become(std::function<void(ticket_record&)> apply) {
    (void)co_await office.tickets().change(here, 1, [apply](ticket_record& there) {
      apply(there);
      return true;
    });
  }
  void close() {
    run(become([](ticket_record& there) { there.state = ticket_state::closed; }));
  }
  void set_timer() {
    run([](ticket_races& self, ticket_record of) -> net::task<> {
      EXPECT_TRUE(co_await self.office.set_timer(self.here, std::move(of), hours(24)));
    }(*this, now()));
  }
  ticket_record now() {
    std::optional<ticket_record> out;
    run([](ticket_races& self, std::optional<ticket_record>& to) -> net::task<> {
      auto found = co_await self.office.tickets().get(self.here, 1);
      if (found) to = std::move(*found);
    }(*this, out));
    return out.value_or(ticket_record{});
  }
  [[nodiscard]] std::shared_ptr<discord::interaction> used(const std::string& action, discord::user_id member,
                                                           discord::interaction_id id) const {
    auto what = std::make_shared<discord::interaction>();
    what->id = id;
    what->guild = here;
    what->channel = {8};
    what->user = {7};
    what->member_permissions = discord::permission_set(discord::permission::manage_channels);  // of the staff
    discord::command_data command;
    command.path = "ticket " + action;
    command.options.push_back({.name = "member", .type = discord::option_type::user, .value = member.value});
    what->data = std::move(command);
    return what;
  }
  std::string told(const std::string& action, discord::user_id member, discord::interaction_id id) {
    auto answers = std::make_shared<recorded_answers>();
    run(desk.act({.what = used(action, member, id), .answers = answers, .sequence = id.value}, action));
    return answers->replies.empty() ? std::string() : answers->replies.back().content;
  }

  // The custom id of "Delete" in the answer to /ticket delete.
  std::string question(discord::interaction_id id) {
    auto answers = std::make_shared<recorded_answers>();
    run(desk.act({.what = used("delete", {}, id), .answers = answers, .sequence = id.value}, "delete"));
    const auto& row = answers->replies.at(0).rows.at(0);
    return std::get<discord::button>(row.items.at(0)).custom_id;
  }
  net::task<> answer_yes(discord::interaction_id id, std::string custom_id, std::string& told) {
    auto answers = std::make_shared<recorded_answers>();
    co_await desk.on_flow({.what = used("delete", {}, id), .answers = answers, .sequence = id.value},
                          discord::parse_custom_id(custom_id).value());
    if (!answers->edits.empty()) told = *answers->edits.back().content.value();
  }

  const discord::guild_id here{223'456'789'012'345'678U};
  ticket_office office{services_of("ticket")};
  ticket_desk desk{office};
  ticket_opening opening{office};

  bool remove() {
    bool out = false;
    run([](ticket_races& self, bool& to) -> net::task<> {
      to = (co_await self.office.remove(self.effects, {300, 1}, self.here, 1)).has_value();
    }(*this, out));
    return out;
  }
  bool forget() {
    bool out = false;
    run([](ticket_races& self, bool& to) -> net::task<> {
      auto gone = co_await self.office.tickets().get(self.here, 1);
      EXPECT_TRUE(gone && *gone);
      if (gone && *gone)
        to = (co_await self.office.forget(self.effects, {301, 1}, self.here, **gone)).has_value();
    }(*this, out));
    return out;
  }
};

TEST_F(ticket_races, a_pause_that_passes_the_setting_of_the_timer_leaves_none) {
  close();
  jobs.meanwhile = [this]() -> net::task<> {
    co_await become([this](ticket_record& there) { pause(there, clock.wall_now()); });
  };
  set_timer();
  EXPECT_TRUE(jobs.keys.empty());
  EXPECT_EQ(now().timer, base::wall_time{});
}

TEST_F(ticket_races, a_later_count_that_passes_the_setting_of_the_timer_wins) {
  close();
  jobs.meanwhile = [this]() -> net::task<> {
    co_await become([](ticket_record& there) { there.counted_from += hours(5); });
  };
  set_timer();
  EXPECT_EQ(jobs.keys.size(), 1U);
  EXPECT_EQ(now().timer, *deletion_of(now(), hours(24)));
}

TEST_F(ticket_races, who_is_added_while_it_is_closed_may_only_read) {
  effects.meanwhile = [this]() -> net::task<> {
    co_await become([](ticket_record& there) { there.state = ticket_state::closed; });
  };
  EXPECT_THAT(told("add", {9}, {200}), HasSubstr("can see this ticket now"));
  ASSERT_EQ(effects.bodies.size(), 2U);
  EXPECT_EQ(effects.bodies.back(), to_json(overwrite_of_member({9}, false)));
}

// The same interaction comes again after a crash: it goes on. Another one is told.
TEST_F(ticket_races, an_addition_that_comes_again_is_no_second_one) {
  EXPECT_THAT(told("add", {9}, {200}), HasSubstr("can see this ticket now"));
  EXPECT_THAT(told("add", {9}, {200}), HasSubstr("can see this ticket now"));
  EXPECT_THAT(told("add", {9}, {201}), HasSubstr("is in this ticket already"));
  EXPECT_EQ(effects.posted.size(), 1U);
}

TEST_F(ticket_races, a_refused_deletion_leaves_the_ticket_closed) {
  close();
  effects.failure = discord::rest_error::missing_permissions;
  EXPECT_FALSE(remove());
  EXPECT_EQ(now().state, ticket_state::closed);
}

TEST_F(ticket_races, a_deletion_whose_answer_was_lost_goes_on) {
  close();
  effects.failure = discord::rest_error::server_failed;
  EXPECT_FALSE(remove());
  EXPECT_EQ(now().state, ticket_state::deleting) << "the channel may be gone";
  effects.failure = discord::rest_error::unknown_channel;
  EXPECT_TRUE(remove());
  EXPECT_TRUE(records.rows.empty() || now().number == 0);
}

TEST_F(ticket_races, a_ticket_that_could_not_be_forgotten_is_forgotten_the_next_time) {
  run(become([](ticket_record& there) { there.state = ticket_state::deleting; }));
  EXPECT_TRUE(forget());
  EXPECT_EQ(now().number, 0U);
}

TEST_F(ticket_races, of_two_who_delete_it_at_once_one_does) {
  close();
  const std::string one = question({200});
  const std::string other = question({201});
  std::string told_other;
  effects.meanwhile = [&]() -> net::task<> { co_await answer_yes({203}, other, told_other); };
  std::string told_one;
  run(answer_yes({202}, one, told_one));
  EXPECT_EQ(told_one, "The ticket is being deleted.");
  EXPECT_EQ(told_other, "The ticket is being deleted already.");
  EXPECT_EQ(effects.bodies.size(), 1U) << "one of them asks Discord";
  EXPECT_EQ(now().number, 0U);
}

TEST_F(ticket_races, a_deletion_that_comes_again_after_a_crash_goes_on) {
  close();
  const std::string yes = question({200});
  effects.failure = discord::rest_error::connection_failed;
  std::string told_first;
  run(answer_yes({202}, yes, told_first));
  EXPECT_EQ(now().state, ticket_state::deleting);
  EXPECT_TRUE(jobs.keys.contains(deletion_key(here, 1))) << "it goes on by itself";
  EXPECT_THAT(told("delete", {}, {203}), HasSubstr("is being deleted already"));
}

TEST_F(ticket_races, a_ticket_that_was_opened_again_is_not_deleted) {
  close();
  const std::string yes = question({200});
  run(become([](ticket_record& there) { there.state = ticket_state::open; }));
  std::string answer;
  run(answer_yes({202}, yes, answer));
  EXPECT_EQ(answer, "Close the ticket first.");
  EXPECT_EQ(now().state, ticket_state::open);
}

TEST_F(ticket_races, no_channel_is_asked_for_while_the_timer_cannot_be_kept) {
  const auto open = [this](discord::interaction_id id) {
    auto what = std::make_shared<discord::interaction>();
    what->id = id;
    what->guild = here;
    what->user = {70};
    what->data = discord::modal_data{};
    run(opening.open({.what = what, .answers = std::make_shared<recorded_answers>(), .sequence = id.value}));
  };
  jobs.fail = true;
  open({400});
  EXPECT_EQ(effects.made, 0);
  jobs.fail = false;
  open({400});
  EXPECT_EQ(effects.made, 1);
  EXPECT_TRUE(jobs.keys.empty()) << "it is open: nothing is left to settle";
}

class ticket_feature : public testing::Test, protected feature_world {};

TEST_F(ticket_feature, a_channel_deleted_by_hand_is_noticed_though_the_store_fails_for_a_moment) {
  const discord::guild_id here{3};
  ticket_store tickets(records);
  run([](ticket_store& all, discord::guild_id guild) -> net::task<> {
    (void)co_await all.open(guild, {.user = {7}, .changed_by = {100}}, 1);
    (void)co_await all.attach(guild, 1, {8});
  }(tickets, here));
  const auto instance = ticket.make(services_of("ticket"));
  EXPECT_TRUE(run(instance->on_guilds_gained({here})));
  records.failures = 1;
  auto noticed = instance->on_event({.type = discord::event_type::channel_delete,
                                     .sequence = 5,
                                     .guild = here,
                                     .data = R"({"id":"8","guild_id":"3"})"});
  ASSERT_TRUE(noticed);
  run(*std::move(noticed));
  EXPECT_FALSE(run(tickets.get(here, 1)).value());
}

// The defect: it was never deleted, or only after the next restart.
TEST_F(ticket_races, a_timer_that_cannot_be_kept_is_tried_again) {
  settings.values = {{"delete_after", 86'400}};
  jobs.fail = true;
  EXPECT_THAT(told("close", {}, {500}), HasSubstr("closed"));
  ASSERT_EQ(moments.waiting.size(), 1U);
  const auto let_it_pass = [this] { run(std::exchange(moments.waiting, {}).begin()->second()); };
  let_it_pass();
  ASSERT_EQ(moments.waiting.size(), 1U) << "it fails still";
  jobs.fail = false;
  let_it_pass();
  EXPECT_EQ(jobs.keys, std::set{deletion_key(here, 1)});
  EXPECT_TRUE(moments.waiting.empty());
}

TEST_F(ticket_races, a_resumption_that_comes_again_is_no_second_one) {
  settings.values = {{"delete_after", 86'400}};
  close();
  run(become([this](ticket_record& there) { pause(there, clock.wall_now()); }));
  EXPECT_THAT(told("resume", {}, {600}), HasSubstr("It is deleted"));
  EXPECT_THAT(told("resume", {}, {600}), HasSubstr("It is deleted"));
  EXPECT_THAT(told("resume", {}, {601}), HasSubstr("not paused"));
}

// The defect: the file was missing, nobody knew why, and the channel was deleted later.
TEST_F(ticket_races, a_transcript_that_cannot_be_read_is_missed_in_the_log) {
  settings.values = {{"log_channel", "20"}};
  effects.failure = discord::rest_error::server_failed;
  EXPECT_THAT(told("close", {}, {700}), HasSubstr("closed"));
  EXPECT_THAT(effects.last_made, HasSubstr("could not be read"));
}

}  // namespace
}  // namespace guildfleet::features
