// Features whose server goes from one bot of the fleet to another: what stood and what was planned goes on,
// once.
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include "features/registry.hpp"
#include "integration/hosted_fleet.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace guildfleet::integration {
namespace {

class other_bot : public testing::Test {
 protected:
  [[nodiscard]] bot::bot_plan plan(const std::string& name, std::int32_t priority) const {
    bot::bot_plan out = plan_of(name, discord.token_of(name), discord.api_url(), folder.path(),
                                {features::find_feature("sticky"), features::find_feature("bump-reminder")});
    out.sqlite_path = file();
    out.settings.priority = priority;
    out.settings.claims = {.refresh = 200ms, .down_limit = 1'500ms, .settle = 300ms};
    return out;
  }
  [[nodiscard]] std::string file() const { return (folder / "shared.sqlite").string(); }
  [[nodiscard]] std::unique_ptr<store::data_store> open_data() const {
    store::sqlite_settings at;
    at.path = file();
    at.node = {"test", 99};
    return std::move(store::open_sqlite_store(std::move(at), clock).value().data);
  }
  void set(const std::string& feature, const json::object& values) const {
    const std::array change{store::settings_change{
        {{}, {std::stoull(discord.first_guild())}, feature}, 0, json::serialize(values)}};
    ASSERT_TRUE(open_data()->change_settings(change, {"ann", store::change_origin::command}));
  }
  void run_both() {
    fleet = host("one", {plan("bot1", 5), plan("bot2", 1)});
    ASSERT_TRUE(fleet->ready());
  }
  void remove_the_first() const {
    (void)discord.act("remove_bot", {{"guild", discord.first_guild()}, {"bot", "bot1"}});
  }
  [[nodiscard]] std::vector<std::string> seen() const {
    std::vector<std::string> out;
    for (const json::value& each : discord.messages_of_first_channel())
      out.push_back(text_of(each.as_object(), "content"));
    return out;
  }
  [[nodiscard]] std::ptrdiff_t count(const std::string& text) const {
    return std::ranges::count_if(seen(), [&](const std::string& each) { return each.contains(text); });
  }
  base::scratch_folder folder;
  base::system_clock clock;
  simulated_discord discord{{.bots = {"bot1", "bot2"}, .bucket_limits = false}};
  std::unique_ptr<hosted_fleet> fleet;
};

TEST_F(other_bot, goes_on_with_one_sticky_message) {
  set("sticky",
      {{"delay", 1},
       {"longest", 5},
       {"messages", json::array{json::object{{"channel", discord.first_channel()}, {"text", "bottom"}}}}});
  run_both();
  ASSERT_TRUE(eventually(patience, [&] { return count("bottom") == 1; }));
  remove_the_first();
  EXPECT_TRUE(eventually(patience, [&] {
    discord.write_messages(1);
    return eventually(8s, [&] { return seen().back() == "bottom"; });
  }));
  EXPECT_TRUE(eventually(patience, [&] { return count("bottom") == 1; }));
  EXPECT_FALSE(eventually(2s, [&] { return count("bottom") != 1; }));
}

TEST_F(other_bot, sends_the_reminder_that_was_planned_and_no_second_one) {
  set("bump-reminder", {{"enabled", true}, {"wait", 6}, {"confirm", false}});
  run_both();
  const json::array embeds{json::object{{"description", "Bump done! :thumbsup:"}}};
  ASSERT_TRUE(eventually(patience, [&] {
    (void)discord.act("app_message", {{"user", "302050872383242240"},
                                      {"name", "DISBOARD"},
                                      {"guild", discord.first_guild()},
                                      {"channel", discord.first_channel()},
                                      {"message", json::object{{"content", ""}, {"embeds", embeds}}}});
    return eventually(2s, [&] { return !open_data()->list_jobs({}).value().empty(); });
  }));
  remove_the_first();
  EXPECT_TRUE(eventually(patience, [&] { return count("can be bumped on DISBOARD again") == 1; }));
  EXPECT_FALSE(eventually(3s, [&] { return count("can be bumped on DISBOARD again") != 1; }));
}

}  // namespace
}  // namespace guildfleet::integration
