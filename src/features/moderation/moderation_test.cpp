// What moderation's timers do where Discord lets them wait, and where somebody acts meanwhile.
#include "features/moderation/moderation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/flow.hpp"
#include "features/moderation/case_book.hpp"
#include "features/test_kit/feature_world.hpp"

namespace guildfleet::features {
namespace {

using namespace test_kit;
using namespace std::chrono_literals;
using testing::ElementsAre;

class moderation_timers : public testing::Test, protected feature_world {
 protected:
  moderation_timers() : instance(moderation.make(services_of(moderation.name))), book(records, bot.bot) {}

  jobs::job_outcome run_timer(std::string what, std::string payload, bool begun_before = false) {
    return run(
        instance->on_job({{"key", std::move(what), here, {}, std::move(payload)}, 1, effects, begun_before}));
  }
  net::task<> ban(std::uint64_t event, std::optional<base::wall_time> until) {
    const mod_case wanted{
        .action = mod_action::ban, .member = member, .at = clock.wall_now(), .until = until};
    const auto opened = co_await book.open(here, wanted, event);
    EXPECT_TRUE(opened && co_await book.confirm(here, *opened));
  }
  std::vector<mod_action> actions() {
    std::vector<mod_action> out;
    for (const mod_case& each : *run(book.latest(here, member, 10))) out.push_back(each.action);
    return out;
  }

  static constexpr discord::guild_id here{3};
  static constexpr discord::user_id member{8};
  std::unique_ptr<feature> instance;
  case_book book;
};

// The defect: a ban ended an hour late, as the bot that had left could not lift it and had put it off.
TEST_F(moderation_timers, that_another_bot_had_put_off_are_due_at_their_time_once_it_is_gone) {
  const base::wall_time until = clock.wall_now() + 1min;
  run(ban(100, until));
  EXPECT_TRUE(run(instance->on_guilds_gained({here})));
  case_book of_another(records, "another");
  EXPECT_TRUE(run(of_another.take_over_bans({here})));
  jobs.planned.at(0).due += 1h;
  EXPECT_TRUE(run(instance->on_guilds_gained({here})));
  EXPECT_EQ(jobs.planned.at(0).due, until);
}

// The defect: each attempt began with the first message again, and spent what Discord allows on those that
// were gone.
TEST_F(moderation_timers, a_purge_goes_on_with_what_is_left) {
  effects.refusal = discord::rest_error::deadline_too_early;
  effects.spared = 2;
  EXPECT_TRUE(std::holds_alternative<jobs::job_done>(run_timer("purge", "20 31 32 33 34")));
  EXPECT_THAT(effects.called,
              ElementsAre("DELETE /channels/20/messages/31", "DELETE /channels/20/messages/32"));
  ASSERT_EQ(jobs.planned.size(), 1U);
  EXPECT_EQ(jobs.planned.front().payload, "20 33 34");
  EXPECT_GT(jobs.planned.front().due, clock.wall_now());
}

TEST_F(moderation_timers, a_purge_that_deletes_nothing_is_tried_again) {
  effects.refusal = discord::rest_error::deadline_too_early;
  EXPECT_TRUE(std::holds_alternative<jobs::job_failed>(run_timer("purge", "20 31 32")));
  EXPECT_TRUE(jobs.planned.empty());
}

TEST_F(moderation_timers, the_end_of_a_ban_leaves_one_that_was_made_meanwhile) {
  run(ban(100, clock.wall_now() + 1s));
  clock.advance(2s);
  effects.meanwhile = [this] { return ban(101, std::nullopt); };
  EXPECT_TRUE(std::holds_alternative<jobs::job_done>(run_timer("ban", "8 1")));
  EXPECT_THAT(effects.called, ElementsAre("DELETE /guilds/3/bans/8", "PUT /guilds/3/bans/8"));
  EXPECT_THAT(actions(), ElementsAre(mod_action::ban, mod_action::ban)) << "no end is told";
}

TEST_F(moderation_timers, the_end_of_a_ban_that_was_cut_off_leaves_a_newer_one) {
  run(ban(100, clock.wall_now() + 1s));
  run(ban(101, std::nullopt));
  clock.advance(2s);
  EXPECT_TRUE(std::holds_alternative<jobs::job_done>(run_timer("ban", "8 1")));
  EXPECT_THAT(effects.called, ElementsAre()) << "it never began";
  EXPECT_TRUE(std::holds_alternative<jobs::job_done>(run_timer("ban", "8 1", true)));
  EXPECT_THAT(effects.called, ElementsAre("PUT /guilds/3/bans/8"));
}

TEST_F(moderation_timers, the_end_of_a_ban_is_a_case) {
  run(ban(100, clock.wall_now() + 1s));
  clock.advance(2s);
  EXPECT_TRUE(std::holds_alternative<jobs::job_done>(run_timer("ban", "8 1")));
  EXPECT_THAT(effects.called, ElementsAre("DELETE /guilds/3/bans/8"));
  EXPECT_THAT(actions(), ElementsAre(mod_action::ban_ended, mod_action::ban));
}

// A purge of so many messages, newer than two weeks, that is confirmed.
class moderation_purges : public moderation_timers {
 protected:
  std::string purge(std::size_t count) {
    constexpr std::uint64_t newest = 1ULL << 62U;
    std::string ids;
    for (std::size_t i = 0; i < count; ++i) ids += fmt::format("{} ", newest - i);
    auto what = std::make_shared<discord::interaction>();
    what->id = {70};
    what->guild = here;
    what->channel = {20};
    what->user = {6};
    what->member_permissions = discord::all_permissions;
    what->app_permissions = discord::all_permissions;
    what->data = discord::component_data{};
    auto answers = std::make_shared<recorded_answers>();
    const interaction_call call{.what = what, .answers = answers, .sequence = 70};
    flow_desk flows(moderation, records);
    const auto begun =
        run(flows.begin(call, "purge", fmt::format(R"({{"channel":"20","messages":"{}"}})", ids)));
    run(instance->on_component(call, *discord::parse_custom_id(flows.id_of(*begun, "delete"))));
    const std::string* const told = answers->edits.empty() ? nullptr : answers->edits.back().content.value();
    return told == nullptr ? std::string() : *told;
  }
  [[nodiscard]] std::optional<mod_case> only_case() {
    const auto all = *run(book.latest(here, {}, 10));
    EXPECT_LE(all.size(), 1U);
    return all.empty() ? std::nullopt : std::optional(all.front());
  }
};

// The defect: a case told of 300 messages, of which none was deleted.
TEST_F(moderation_purges, one_that_discord_refuses_leaves_no_case) {
  effects.refusal = discord::rest_error::missing_permissions;
  EXPECT_THAT(purge(150), testing::HasSubstr("there is no case"));
  EXPECT_FALSE(only_case());
}

TEST_F(moderation_purges, one_that_is_stopped_tells_how_much_went) {
  effects.refusal = discord::rest_error::missing_permissions;
  effects.spared = 1;
  EXPECT_THAT(purge(150), testing::AllOf(testing::HasSubstr("Not all"), testing::HasSubstr("100 messages")));
  ASSERT_TRUE(only_case());
  EXPECT_EQ(only_case()->purged, 100U);
}

TEST_F(moderation_purges, one_whose_answer_is_lost_may_have_been_done) {
  effects.refusal = discord::rest_error::server_failed;
  EXPECT_THAT(purge(150), testing::HasSubstr("not confirmed"));
  ASSERT_TRUE(only_case());
  EXPECT_FALSE(only_case()->confirmed);
}

}  // namespace
}  // namespace guildfleet::features
