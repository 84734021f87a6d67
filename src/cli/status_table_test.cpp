#include "cli/status_table.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

namespace guildfleet::cli {
namespace {

constexpr std::string_view one_stopped =
    R"({"status":"ok","ready":true,"bot":"f","uptime":7500,"memory":12300000,
  "guilds":123,"fleet":"my-fleet","node":"n1","release":"1.0","bots":[
  {"name":"music","status":"ok","problem":"","guilds":120,"shards":[
    {"id":0,"count":2,"state":"connected","held":true,"latency_ms":40,"guilds":60},
    {"id":1,"count":2,"state":"connected","held":true,"latency_ms":50,"guilds":60}]},
  {"name":"a-long-name","status":"stopped","problem":"the token was refused","guilds":3,"shards":[
    {"id":0,"count":1,"state":"stopped","held":false,"latency_ms":null,"guilds":3}]}]})";

TEST(status_table, is_aligned_and_plain_without_a_terminal) {
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_EQ(print_status(one_stopped, {out, err, false}), exit_code::failed);
  EXPECT_EQ(out.str(),
            "my-fleet on n1, release 1.0: ok, up 2h 05m, 12.3 MB, 123 guilds\n"
            "BOT          STATUS   GUILDS  SHARDS  LATENCY  PROBLEM\n"
            "music        ok       120     2/2     45 ms\n"
            "a-long-name  stopped  3       0/0     -        the token was refused\n");
}

TEST(status_table, shows_a_new_set_of_shards_beside_the_one_that_acts) {
  constexpr std::string_view both = R"({"ready":true,"bots":[{"name":"music","status":"ok","shards":[
    {"id":0,"count":1,"state":"connected","held":true,"muted":false},
    {"id":0,"count":2,"state":"connected","held":true,"muted":true},
    {"id":1,"count":2,"state":"queued","held":true,"muted":true}]}]})";
  std::ostringstream out;
  std::ostringstream err;
  (void)print_status(both, {out, err, false});
  EXPECT_THAT(out.str(), testing::HasSubstr("1/1 +1/2"));
}

TEST(status_table, has_colours_on_a_terminal) {
  std::ostringstream out;
  std::ostringstream err;
  (void)print_status(one_stopped, {out, err, true});
  EXPECT_THAT(out.str(), testing::HasSubstr("\x1b[32mok\x1b[0m"));
  EXPECT_THAT(out.str(), testing::HasSubstr("\x1b[31mstopped\x1b[0m"));
}

TEST(status_table, a_node_that_is_not_ready_fails) {
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_EQ(print_status(R"({"status":"starting","ready":false,"bots":[]})", {out, err, false}),
            exit_code::failed);
  EXPECT_THAT(out.str(), testing::HasSubstr("starting"));
}

TEST(status_table, every_bot_must_serve) {
  for (const auto& [status, code] :
       {std::pair("ok", exit_code::fine), std::pair("degraded", exit_code::fine),
        std::pair("stopped", exit_code::failed), std::pair("starting", exit_code::failed)}) {
    std::ostringstream out;
    std::ostringstream err;
    const std::string body = fmt::format(
        R"({{"ready":true,"bots":[{{"name":"a","status":"ok"}},{{"name":"b","status":"{}"}}]}})", status);
    EXPECT_EQ(print_status(body, {out, err, false}), code) << status;
  }
}

TEST(status_table, survives_any_answer) {
  for (const std::string_view body :
       {"", "<html>", "[]", "null", "{}", R"({"bots":[1,{"shards":[2]}],"uptime":"x"})"}) {
    std::ostringstream out;
    std::ostringstream err;
    EXPECT_EQ(print_status(body, {out, err, false}), exit_code::failed) << body;
  }
}

TEST(duration_text, has_two_units) {
  EXPECT_EQ(duration_text(0), "0s");
  EXPECT_EQ(duration_text(61), "1m 01s");
  EXPECT_EQ(duration_text(7500), "2h 05m");
  EXPECT_EQ(duration_text(273'600), "3d 04h");
}

}  // namespace
}  // namespace guildfleet::cli
