#include "cli/experiments_table.hpp"

#include <boost/json/parse.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

namespace guildfleet::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view health = R"({"status":"ok","uptime":7500,"bots":[
  {"name":"music","shards":[],"experiments":[
    {"name":"short-help","feature":"help","variant":"compact","share_per_million":125000,"ends":null,"on":true,
     "groups":[
      {"variant":"compact","servers":20,"events":0,"failures":1,"uses":100,"other_uses":40,"answers":100,"answer_ms":12},
      {"variant":"control","servers":140,"events":0,"failures":0,"uses":700,"other_uses":210,"answers":0,"answer_ms":null}]},
    {"name":"words","feature":"ping","variant":"words","share_per_million":null,"listed":1,
     "ends":"2026-11-27T00:00:00.000Z","on":false,"groups":[
      {"variant":"words","servers":0,"events":0,"failures":0,"uses":3,"other_uses":0,"answers":3,"answer_ms":9},
      {"variant":"control","servers":160,"events":0,"failures":0,"uses":200,"other_uses":0,"answers":200,"answer_ms":9}]}]},
  {"name":"other","shards":[]}]})";

class experiments_table : public testing::Test {
 protected:
  exit_code print(std::string_view body) { return print_experiments(body, {out, err, false}); }

  std::ostringstream out;
  std::ostringstream err;
};

TEST_F(experiments_table, shows_both_groups_side_by_side) {
  EXPECT_EQ(print(health), exit_code::fine);
  EXPECT_EQ(out.str(),
            "short-help: compact of help, music, 12.5 % of servers\n"
            "VARIANT  SERVERS  EVENTS  FAILURES  USES                OTHER USES          ANSWER\n"
            "compact  20       0       1         100 (5.0 a server)  40 (2.0 a server)   12 ms\n"
            "control  140      0       0         700 (5.0 a server)  210 (1.5 a server)  -\n"
            "\n"
            "words: words of ping, music, 1 listed server\n"
            "VARIANT  SERVERS  EVENTS  FAILURES  USES                OTHER USES        ANSWER\n"
            "words    0        0       0         3                   0                 9 ms\n"
            "control  160      0       0         200 (1.2 a server)  0 (0.0 a server)  9 ms\n"
            "over since 2026-11-27T00:00:00.000Z\n"
            "too few for a conclusion: both groups need 20 servers and 100 events or uses\n"
            "the servers were chosen, not drawn: the groups may differ for other reasons\n"
            "\n"
            "counted by this node since it started, 2h 05m ago\n");
}

TEST_F(experiments_table, speaks_json) {
  EXPECT_EQ(print_experiments_json(health, {out, err, false}), exit_code::fine);
  const auto all = boost::json::parse(out.str()).as_array();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].at("bot"), "music");
  EXPECT_EQ(all[0].at("enough"), true);
  EXPECT_EQ(all[0].at("groups").at(1).at("servers"), 140);
  EXPECT_EQ(all[1].at("enough"), false);
}

TEST_F(experiments_table, says_that_there_are_none) {
  EXPECT_EQ(print(R"({"bots":[{"name":"a"}]})"), exit_code::fine);
  EXPECT_THAT(out.str(), HasSubstr("tries nothing out"));
}

TEST_F(experiments_table, survives_any_answer) {
  for (const std::string_view body : {"", "<html>", "[]", "null", "{}"})
    EXPECT_EQ(print(body), exit_code::failed);
  for (const std::string_view body :
       {R"({"bots":1})", R"({"bots":[{"experiments":[1,{},{"groups":[{}]}]}]})",
        R"({"bots":[{"experiments":[{"name":1,"share_per_million":"x","groups":{}}]}]})"}) {
    EXPECT_EQ(print(body), exit_code::fine) << body;
  }
}

}  // namespace
}  // namespace guildfleet::cli
