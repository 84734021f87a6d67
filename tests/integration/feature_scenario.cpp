#include "integration/feature_scenario.hpp"

#include "store/sqlite/sqlite_store.hpp"

namespace guildfleet::integration {

feature_scenario::feature_scenario(const std::string& features, const discord_plan& plan)
    : guild_members(plan), environment(node::environment_of(discord)) {
  environment["FEATURES"] = features.contains("guild-config") ? features : features + ",guild-config";
  environment["SQLITE_PATH"] = (folder / "bot.sqlite").string();
  start();
}

void feature_scenario::start() {
  bot = std::make_unique<node>(folder, environment);
  ASSERT_TRUE(bot->ready()) << bot->log();
}

void feature_scenario::stop() {
  EXPECT_EQ(bot->stop(), 0) << bot->log();
  bot.reset();
}

void feature_scenario::restart() {
  stop();
  start();
}

void feature_scenario::crash() {
  bot->kill();
  start();
}

std::unique_ptr<store::data_store> feature_scenario::open_data() const {
  static const base::system_clock clock;
  store::sqlite_settings at;
  at.path = (folder / "bot.sqlite").string();
  at.node = {"test", 99};
  return std::move(store::open_sqlite_store(std::move(at), clock).value().data);
}

std::size_t feature_scenario::timers() const {
  store::job_filter all;
  all.limit = 100'000;
  return open_data()->list_jobs(all).value().size();
}

}  // namespace guildfleet::integration
