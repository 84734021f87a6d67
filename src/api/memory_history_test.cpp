#include "api/memory_history.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace guildfleet::api {
namespace {

namespace json = boost::json;

TEST(memory_history, tells_its_samples_column_by_column) {
  memory_history history;
  history.add({base::wall_time(std::chrono::milliseconds(1'000)), 5, {1, 2, 3, 4, 5, 6, 7}});
  const json::object told = json::parse(history.json("one", std::chrono::seconds(90))).as_object();
  EXPECT_EQ(told.at("node"), "one");
  EXPECT_EQ(told.at("uptime"), 90);
  EXPECT_EQ(told.at("interval_s"), 60);
  EXPECT_EQ(told.at("parts").as_array().size(), 7U);
  EXPECT_EQ(told.at("parts").at(3), "guild_state");
  EXPECT_EQ(told.at("rows").at(0), json::array({1'000, 5, 1, 2, 3, 4, 5, 6, 7}));
}

TEST(memory_history, keeps_a_day_and_no_more) {
  memory_history history;
  for (std::size_t i = 0; i < memory_history::most_samples + 10; ++i)
    history.add({base::wall_time(std::chrono::minutes(i)), i, {}});
  EXPECT_EQ(history.size(), memory_history::most_samples);
  const json::value told = json::parse(history.json("one", {}));
  EXPECT_EQ(told.at("rows").at(0).at(1), 10) << "the oldest have gone";
}

TEST(memory_history, samples_this_process) {
  const auto now = sample_memory({.guilds = 3, .guild_state = 44}, {});
  EXPECT_EQ(now.guilds, 3U);
  EXPECT_GT(now.bytes[0], 0U);
  EXPECT_GT(now.bytes[1], 0U);
  EXPECT_EQ(now.bytes[3], 44U);
}

}  // namespace
}  // namespace guildfleet::api
