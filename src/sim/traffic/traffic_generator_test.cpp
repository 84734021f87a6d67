// Generated load: its rate, its repeatability and its texts.
#include "sim/traffic/traffic_generator.hpp"

#include <gtest/gtest.h>

#include "sim/gateway/gateway_test_kit.hpp"
#include "sim/traffic/templates.hpp"

namespace guildfleet::sim {
namespace {

using namespace test_kit;

class generated_traffic : public testing::Test {
 protected:
  void run(traffic_settings settings, std::chrono::milliseconds time) {
    traffic.set(settings);
    for (std::chrono::milliseconds passed(0); passed < time; passed += std::chrono::milliseconds(10)) {
      clock.advance(std::chrono::milliseconds(10));
      traffic.step(clock.steady_now());
    }
  }

  base::manual_clock clock;
  small_world small;
  world owner{clock, {.guilds = 2}};
  gateway_hub hub{clock, small, small, {}, 1};
  traffic_generator traffic{hub, owner};
};

TEST_F(generated_traffic, makes_as_many_events_as_its_rate_says) {
  run({.events_per_second = 250}, std::chrono::seconds(2));
  EXPECT_NEAR(static_cast<double>(traffic.report().at("made").as_uint64()), 500, 1);
}

TEST_F(generated_traffic, does_not_flood_after_a_pause) {
  traffic.set({.events_per_second = 100});
  clock.advance(std::chrono::minutes(5));
  traffic.step(clock.steady_now());
  EXPECT_EQ(traffic.report().at("made"), 10);
}

TEST_F(generated_traffic, is_the_same_for_the_same_seed) {
  run({.events_per_second = 1000, .seed = 7}, std::chrono::seconds(1));
  gateway_hub other_hub(clock, small, small, {}, 1);
  traffic_generator other(other_hub, owner);
  other.set({.events_per_second = 1000, .seed = 7});
  for (int step = 0; step < 100; ++step) {
    clock.advance(std::chrono::milliseconds(10));
    other.step(clock.steady_now());
  }
  EXPECT_EQ(traffic.report().at("by_type"), other.report().at("by_type"));
  EXPECT_EQ(traffic.report().at("by_type").as_object().size(), 4U);
}

TEST_F(generated_traffic, messages_have_the_size_asked_for_and_an_id_of_their_own) {
  base::random_source random(1);
  const std::vector<id> guilds = owner.guilds();
  const auto templates =
      make_templates(owner, guilds, {.message_bytes = 1'200, .messages_only = true}, random);
  ASSERT_EQ(templates.size(), 2U);
  event_body body = templates.front().full;
  body.patched_id = 1'234'567'890'123'456'789;
  std::string text;
  append_dispatch(text, body, 42);
  const json::object message = json::parse(text).as_object();
  EXPECT_EQ(message.at("s"), 42);
  EXPECT_EQ(message.at("d").at("id"), "1234567890123456789");
  EXPECT_NEAR(static_cast<double>(text.size()), 1'250, 60);
  EXPECT_EQ(json::parse(templates.front().blanked->text->data).at("content"), "");
}

}  // namespace
}  // namespace guildfleet::sim
