// Features as members of a guild use them: the real program in front of the simulator, in short steps.
//
//   class sticky : public feature_scenario {
//    protected:
//     sticky() : feature_scenario("sticky") {}
//   };
//   TEST_F(sticky, stays_at_the_bottom) {
//     EXPECT_THAT(use("sticky set", {{"text", "Rules"}}).text(), HasSubstr("Saved"));
//     say("hello");
//     EXPECT_TRUE(shows("Rules"));
//     crash();                                            // kill -9, and a new process
//     speak("ja");
//     EXPECT_THAT(use("sticky list").text(), HasSubstr("一覧"));
//   }
#pragma once

#include <gtest/gtest.h>
#include <memory>
#include <string>

#include "integration/guild_members.hpp"
#include "store/data_store.hpp"

namespace guildfleet::integration {

class feature_scenario : public testing::Test, protected guild_members {
 protected:
  // Starts bot1 with these features (comma list; guild-config is always among them) on a SQLite file.
  explicit feature_scenario(const std::string& features, const discord_plan& plan = {});

  // The process, while the simulated Discord goes on.
  void stop();
  void start();
  void restart();  // gracefully
  void crash();    // kill -9

  // The bot's own file, beside the running process.
  [[nodiscard]] std::unique_ptr<store::data_store> open_data() const;
  // How many of its timers wait or run.
  [[nodiscard]] std::size_t timers() const;

  base::scratch_folder folder;
  node::variables environment;
  std::unique_ptr<node> bot;
};

}  // namespace guildfleet::integration
