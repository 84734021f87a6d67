// What becomes of a room when others change it at the same time, and when the store or Discord fail.
#include "features/temp_voice/room_desk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "discord/padded_json.hpp"
#include "discord/rest/error.hpp"
#include "features/test_kit/feature_world.hpp"
#include "store/error.hpp"

namespace guildfleet::features::temp_voices {
namespace {

using namespace std::chrono_literals;
using discord::rest_error;
using store::store_error;

constexpr discord::guild_id guild{500};
constexpr discord::channel_id trigger{600};
constexpr discord::channel_id channel{601};
constexpr discord::user_id owner{1};
constexpr const char* guild_json = R"({"id":"500","name":"G","owner_id":"1","unavailable":false,
  "members":[{"user":{"id":"11","bot":true},"roles":["704"]}],
  "channels":[{"id":"600","type":2,"name":"join me","permission_overwrites":[]},
              {"id":"602","type":2,"name":"of somebody","permission_overwrites":
                [{"id":"500","type":0,"allow":"0","deny":"1024"}]}],
  "roles":[{"id":"500","name":"@everyone","permissions":"0","position":0},
           {"id":"704","name":"bot","permissions":"8","position":3}]})";

class timers_in_memory final : public job_port {
 public:
  net::task<base::result<store::schedule_outcome>> schedule(timer what, store::schedule_mode) override {
    if (fails) co_return base::fail(store_error::unreachable);
    keys.push_back(what.key);
    co_return store::schedule_outcome::scheduled;
  }
  net::task<base::result<bool>> cancel(std::string key) override { co_return std::erase(keys, key) > 0; }
  std::vector<std::string> keys;
  bool fails = false;
};

// Discord, as far as a room asks it.
class answering_effects final : public effect_port {
 public:
  net::task<base::result<discord::message_id>> post(effect_origin, discord::channel_id,
                                                    discord::message_body) override {
    co_return discord::message_id{1};
  }
  net::task<base::result<std::string>> make(effect_origin, discord::request, finder) override {
    ++made;
    co_return fmt::format("{}", channel);
  }
  net::task<base::result<std::string>> call(discord::request request) override {
    sent.push_back(std::move(request.json));
    if (auto other = std::exchange(meanwhile, nullptr)) other();
    if (failure) co_return base::fail(*failure);
    co_return "[]";
  }

  int made = 0;
  std::vector<std::string> sent;  // bodies
  std::function<void()> meanwhile;
  std::optional<rest_error> failure;
};

class temp_voice_desk
    : public testing::Test,
      protected test_kit::world_of<answering_effects, test_kit::no_settings, timers_in_memory,
                                   test_kit::kept_records, test_kit::no_moments> {
 protected:
  temp_voice_desk() {
    guilds.know_self({11});
    EXPECT_TRUE(guilds.apply(discord::event_type::guild_create, discord::padded_json(guild_json)));
    clock.advance(1h);
  }

  // One that is there, with its timer.
  void keep(room what) {
    EXPECT_TRUE(*test_kit::run(desk.rows().add(guild, {.number = "1", .what = std::move(what)})));
    jobs.keys.emplace_back("check/500/1");
  }
  [[nodiscard]] std::optional<room> kept() const {
    const auto row = records.find({guild, "room", "1"});
    return row ? parse_room(row->value) : std::nullopt;
  }
  // As another press does.
  void change_now(const std::function<void(room&)>& how) {
    const auto row = records.find({guild, "room", "1"});
    ASSERT_TRUE(row);
    room what = *parse_room(row->value);
    how(what);
    (void)records.put({{.key = row->key, .expected_version = row->version, .value = to_json(what)}});
  }
  job_call due(std::uint32_t attempt = 1) {
    return {{.key = "check/500/1", .what = "check", .guild = guild, .payload = "1"}, attempt, effects};
  }
  opened_room open() {
    return test_kit::run(
        desk.open(guild, {.user = owner, .channel = trigger, .name = "mika"}, {.name = "{name}"}, 7));
  }

  room_desk desk{services_of("temp-voice")};
  const room usual{.owner = owner, .channel = channel, .trigger = trigger};
};

// The defect: the channel was left locked and visible, as the first of two presses had read it.
TEST_F(temp_voice_desk, applies_again_what_was_changed_while_it_applied) {
  keep(usual);
  change_now([](room& what) { what.locked = true; });
  effects.meanwhile = [this] { change_now([](room& what) { what.hidden = true; }); };
  EXPECT_TRUE(test_kit::run(desk.apply(guild, "1")));
  ASSERT_EQ(effects.sent.size(), 2U);
  constexpr const char* both =
      R"("id":"500","type":0,"allow":"0","deny":"1049600")";  // Connect, View Channel
  EXPECT_THAT(effects.sent.front(), testing::Not(testing::HasSubstr(both)));
  EXPECT_THAT(effects.sent.back(), testing::HasSubstr(both));
}

TEST_F(temp_voice_desk, applying_ends_though_others_go_on_changing_and_says_when_there_is_no_room) {
  keep(usual);
  const std::function<void()> always = [this, &always] {
    change_now([](room& what) { what.locked = !what.locked; });
    effects.meanwhile = always;
  };
  effects.meanwhile = always;
  EXPECT_TRUE(test_kit::run(desk.apply(guild, "1")));
  EXPECT_EQ(test_kit::run(desk.apply(guild, "2")).error().code(), rest_error::unknown_channel);
}

// The defect: without the trigger's overwrites a private channel was everybody's after the next press.
TEST_F(temp_voice_desk, stays_as_closed_as_it_is_when_its_trigger_was_deleted) {
  keep({.owner = owner, .channel = {602}, .trigger = {609}, .locked = true});
  EXPECT_FALSE(desk.knows_trigger(guild, *kept()));
  EXPECT_TRUE(test_kit::run(desk.apply(guild, "1")));
  EXPECT_THAT(effects.sent.at(0), testing::HasSubstr(R"("id":"500","type":0,"allow":"0","deny":"1049600")"));
  change_now([](room& what) { what.channel = {610}; });
  EXPECT_EQ(test_kit::run(desk.apply(guild, "1")).error().code(), rest_error::unknown_channel);
}

// The defect: the row stayed and its timer went, so that nothing ever looked at the room again.
TEST_F(temp_voice_desk, is_forgotten_also_when_it_is_changed_at_that_moment) {
  keep(usual);
  records.before_change = [this] { change_now([](room& what) { what.hidden = true; }); };
  EXPECT_TRUE(test_kit::run(desk.forget(guild, "1")));
  EXPECT_TRUE(records.rows.empty());
  EXPECT_TRUE(jobs.keys.empty());
}

TEST_F(temp_voice_desk, keeps_its_timer_where_it_could_not_be_forgotten) {
  keep(usual);
  records.failures = 100;
  EXPECT_FALSE(test_kit::run(desk.forget(guild, "1")));
  EXPECT_FALSE(jobs.keys.empty());
  EXPECT_TRUE(std::holds_alternative<jobs::job_failed>(test_kit::run(desk.on_job(due()))));
}

// The defect: a channel without a timer, which nothing deleted.
TEST_F(temp_voice_desk, makes_no_channel_that_nothing_will_look_at) {
  jobs.fails = true;
  EXPECT_FALSE(open()) << "and is tried again";
  EXPECT_EQ(effects.made, 0);
  EXPECT_TRUE(records.rows.empty());
  jobs.fails = false;
  EXPECT_TRUE(open().value());
  EXPECT_EQ(effects.made, 1);
  EXPECT_EQ(jobs.keys.size(), 1U);
}

TEST_F(temp_voice_desk, deletes_a_channel_that_was_given_up_while_it_was_made) {
  records.before_change = [this] { records.before_change = [this] { records.rows.clear(); }; };
  EXPECT_FALSE(open().value());
  EXPECT_EQ(effects.made, 1);
  EXPECT_EQ(effects.sent.size(), 1U) << "its deletion";
}

// The defect: eight failures, ten minutes of an outage of Discord, and the room stayed for good.
TEST_F(temp_voice_desk, does_not_give_up_to_delete_it) {
  keep(usual);
  effects.failure = rest_error::server_failed;
  const auto failed = test_kit::run(desk.on_job(due(jobs::job_limits{}.max_attempts - 1)));
  ASSERT_TRUE(std::holds_alternative<jobs::job_failed>(failed));
  EXPECT_FALSE(std::get<jobs::job_failed>(failed).permanent) << "as long as an outage lasts";
  effects.failure = rest_error::unknown_channel;
  EXPECT_TRUE(std::holds_alternative<jobs::job_done>(test_kit::run(desk.on_job(due(1)))));
  EXPECT_FALSE(kept());
}

// The defect: rows that could not be read counted as a channel that was never made.
TEST_F(temp_voice_desk, is_not_dropped_because_rows_could_not_be_read) {
  keep({.owner = owner, .trigger = trigger});
  effects.failure = rest_error::server_failed;
  EXPECT_TRUE(std::holds_alternative<jobs::job_failed>(test_kit::run(desk.on_job(due()))));
  EXPECT_TRUE(kept());
  effects.failure.reset();
  EXPECT_TRUE(std::holds_alternative<jobs::job_done>(test_kit::run(desk.on_job(due()))));
  EXPECT_FALSE(kept());
}

TEST_F(temp_voice_desk, is_transferred_also_when_it_is_changed_at_that_moment) {
  keep(usual);
  records.before_change = [this] { change_now([](room& what) { what.locked = true; }); };
  EXPECT_TRUE(*test_kit::run(desk.rows().transfer(guild, "1", {2}, {70})));
  EXPECT_EQ(kept()->owner, discord::user_id{2});
  EXPECT_TRUE(kept()->locked);
  EXPECT_FALSE(*test_kit::run(desk.rows().transfer(guild, "1", {2}, {71}))) << "who has one gets no other";
}

}  // namespace
}  // namespace guildfleet::features::temp_voices
