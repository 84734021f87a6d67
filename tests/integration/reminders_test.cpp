// Many reminders that are due at about the same time, in a process that is killed again and again: every one
// is delivered, and once.
#include <cstdlib>
#include <gtest/gtest.h>
#include <iostream>

#include "integration/feature_scenario.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace guildfleet::integration {
namespace {

// 10,000 in the long form; each in a server of its own.
int reminders_of_test() {
  const char* given = std::getenv("GUILDFLEET_REMINDERS");
  return given == nullptr ? 120 : std::atoi(given);
}

class reminders : public feature_scenario {
 protected:
  reminders() : feature_scenario("bump-reminder", plan()) {
    const json::value all = control("guilds");
    const json::array& guilds = all.is_array() ? all.as_array() : all.at("guilds").as_array();
    for (const json::value& each : guilds) {
      const json::array& rooms = each.at("channels").as_array();
      const auto room =
          std::ranges::find_if(rooms, [](const json::value& one) { return one.at("type") == 0; });
      if (room != rooms.end())
        places_.push_back({text_of(each.as_object(), "id"), text_of(room->as_object(), "id")});
    }
  }

  static discord_plan plan() {
    discord_plan out{
        .guilds = reminders_of_test(), .channels = 2, .bucket_limits = false, .global_limit = false};
    out.recommended_shards = 1 + out.guilds / 1'000;
    out.max_concurrency = out.recommended_shards;
    return out;
  }
  struct place {
    std::string guild;
    std::string channel;
  };

  [[nodiscard]] json::value control(const std::string& path) const {
    return json::parse(support::answer_to({.origin = fmt::format("http://127.0.0.1:{}", discord.port()),
                                           .path = "/_sim/" + path})
                           .body);
  }
  // Every server, as its manager would with /config import.
  void switch_on(std::chrono::seconds wait) const {
    const auto data = open_data();
    const std::string document = fmt::format(R"({{"confirm":false,"enabled":true,"wait":{}}})", wait.count());
    for (const place& each : places_) {
      const std::array change{store::settings_change{
          {{}, discord::guild_id{std::stoull(each.guild)}, "bump-reminder"}, 0, document}};
      ASSERT_TRUE(data->change_settings(change, {}));
    }
  }
  void bump(const place& where) const {
    (void)act(
        "app_message",
        {{"user", "302050872383242240"},
         {"name", "DISBOARD"},
         {"guild", where.guild},
         {"channel", where.channel},
         {"message", json::object{{"content", ""},
                                  {"embeds", json::array{json::object{{"description", "Bump done!"}}}}}}});
  }
  [[nodiscard]] int reminders_in(const place& where) const {
    const json::value all = control("messages?channel=" + where.channel);
    const json::array& messages = all.is_array() ? all.as_array() : all.at("messages").as_array();
    return static_cast<int>(std::ranges::count_if(messages, [](const json::value& each) {
      return text_of(each.as_object(), "content").contains("can be bumped on DISBOARD again");
    }));
  }
  [[nodiscard]] std::size_t delivered() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(places_, [this](const place& each) { return reminders_in(each) > 0; }));
  }

  std::vector<place> places_;
};

TEST_F(reminders, are_delivered_once_each_though_the_process_is_killed_three_times) {
  const std::size_t all = places_.size();
  switch_on(std::chrono::seconds(10 + all / 50));  // until all bumps are posted and noticed
  // The bot has heard of the last one's settings when it notices a bump there.
  ASSERT_TRUE(eventually(120s, [&] {
    bump(places_.back());
    return timers() == 1;
  }));
  const auto begun = std::chrono::steady_clock::now();
  for (const place& each : places_) bump(each);
  const auto took = std::chrono::steady_clock::now() - begun;
  std::cout << all << " reminders due within " << std::chrono::ceil<std::chrono::seconds>(took).count()
            << " s\n";
  EXPECT_LE(took, 60s);
  ASSERT_TRUE(eventually(300s, [&] { return timers() == all; })) << timers();
  for (int kill = 1; kill <= 3; ++kill) {
    const std::size_t some = all * static_cast<std::size_t>(kill) / 5;
    ASSERT_TRUE(eventually(600s, [&] { return delivered() >= some; })) << delivered();
    crash();
  }
  ASSERT_TRUE(eventually(1'200s, [&] { return timers() == 0; })) << timers();
  EXPECT_EQ(delivered(), all);
  for (const place& each : places_) EXPECT_EQ(reminders_in(each), 1) << each.guild;
}

}  // namespace
}  // namespace guildfleet::integration
