// Every fault of the gateway, on one bot of a running node: it recovers, loses no event that Discord kept for
// it, and its neighbour notices nothing.
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/fleet_harness.hpp"

namespace guildfleet::integration {
namespace {

using testing::HasSubstr;

enum class outcome { stays, resumes, identifies };

struct fault_case {
  std::string name;
  json::object fault;
  outcome expected;
  std::string bot = "victim";
};

// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest's name
void PrintTo(const fault_case& which, std::ostream* to) {
  *to << which.name;
}

std::string fleet_of(const simulated_discord& discord, const std::vector<std::string>& bots) {
  std::string yaml = fmt::format(
      "port: 0\naddress: 127.0.0.1\nnode: {{ name: node-a }}\ndiscord: {{ api_url: \"{}\" }}\nbots:\n",
      discord.api_url());
  for (const std::string& bot : bots) {
    yaml += fmt::format("  - {{ name: {}, token: \"{}\", features: [ping, probe] }}\n", bot,
                        discord.token_of(bot));
  }
  return yaml;
}

// A shard may identify three times an hour before it is slowed down, so no bot loses more than two sessions.
const std::vector<std::string> all_bots = {"victim", "neighbour", "lost1", "lost2", "lost3"};

// One simulator and one node for all cases: a node must survive all of them, one after the other.
class gateway_faults : public testing::TestWithParam<fault_case> {
 protected:
  static void SetUpTestSuite() {
    folder = std::make_unique<base::scratch_folder>();
    discord =
        std::make_unique<simulated_discord>(discord_plan{.bots = all_bots, .guilds = 2, .heartbeat = 1s});
    std::ofstream(*folder / "fleet.yaml") << fleet_of(*discord, all_bots);
    bots = std::make_unique<node>(*folder, node::variables{});
    ASSERT_TRUE(bots->ready()) << bots->log();
  }
  static void TearDownTestSuite() {
    if (bots) EXPECT_EQ(bots->stop(), 0);
    bots.reset();
    discord.reset();
    folder.reset();
  }

  static std::string session_id_of(const std::string& bot) {
    const auto session = discord->live_session_of(bot);
    return session ? text_of(*session, "session_id") : std::string();
  }
  static bool connected(const std::string& bot) {
    const json::object health = bots->health_of(bot);
    return text_of(health, "status") == "ok" && !session_id_of(bot).empty();
  }
  static bool answers_ping(const std::string& bot) {
    const json::object interaction = discord->use_command(bot, "ping");
    return interaction.contains("answered") && interaction.at("answered").as_bool();
  }
  static bool recovered(const fault_case& which, const std::string& old_session, std::int64_t old_resumes) {
    const auto session = discord->live_session_of(which.bot);
    if (!session || !connected(which.bot)) return false;
    const bool same = text_of(*session, "session_id") == old_session;
    if (which.expected == outcome::identifies) return !same;
    return same && (which.expected == outcome::stays || number_of(*session, "resumes") > old_resumes);
  }

  static double count(const std::string& metric, const std::string& bot, const std::string& kind = "") {
    return bots->metric(fmt::format("guildfleet_gateway_{}_total{{bot=\"{}\"{}}}", metric, bot, kind));
  }

  static inline std::unique_ptr<base::scratch_folder> folder;
  static inline std::unique_ptr<simulated_discord> discord;
  static inline std::unique_ptr<node> bots;
};

TEST_P(gateway_faults, bot_recovers_and_its_neighbour_goes_on) {
  const fault_case& which = GetParam();
  ASSERT_TRUE(eventually(patience, [&] { return connected(which.bot) && connected("neighbour"); }));
  const auto before = discord->live_session_of(which.bot);
  const auto neighbour_before = discord->live_session_of("neighbour");
  ASSERT_TRUE(before && neighbour_before);
  const double bot_read = bots->messages_read(which.bot);
  const double lost = count("sessions_lost", which.bot);
  const double neighbour_read = bots->messages_read("neighbour");

  json::object fault = which.fault;
  fault["bot"] = which.bot;
  discord->fault(std::move(fault));
  const bool keeps_events = which.expected != outcome::identifies;
  if (keeps_events) discord->write_messages(5);  // while the connection is broken
  ASSERT_TRUE(eventually(patience, [&] {
    return recovered(which, text_of(*before, "session_id"), number_of(*before, "resumes"));
  })) << bots->log();
  discord->write_messages(5);

  const int expected = keeps_events ? 10 : 5;
  EXPECT_TRUE(eventually(patience,
                         [&] {
                           return bots->messages_read(which.bot) == bot_read + expected &&
                                  bots->messages_read("neighbour") == neighbour_read + expected;
                         }))
      << which.bot << " " << bots->messages_read(which.bot) - bot_read << ", neighbour "
      << bots->messages_read("neighbour") - neighbour_read;
  EXPECT_EQ(count("sessions_lost", which.bot) - lost, keeps_events ? 0 : 1);
  EXPECT_TRUE(answers_ping(which.bot));
  EXPECT_TRUE(answers_ping("neighbour"));
  const auto neighbour_after = discord->live_session_of("neighbour");
  ASSERT_TRUE(neighbour_after);
  EXPECT_EQ(number_of(*neighbour_after, "resumes"), number_of(*neighbour_before, "resumes"));
  EXPECT_EQ(text_of(*neighbour_after, "session_id"), text_of(*neighbour_before, "session_id"));
  EXPECT_EQ(discord->gateway_count("window_violations"), 0U);
  discord->fault({{"kind", "clear"}});
}

fault_case closing(int code, outcome expected, const std::string& bot = "victim") {
  return {"close_" + std::to_string(code), {{"kind", "close"}, {"code", code}}, expected, bot};
}

INSTANTIATE_TEST_SUITE_P(
    each, gateway_faults,
    testing::Values(
        fault_case{"reconnect", {{"kind", "reconnect"}}, outcome::resumes},
        fault_case{"invalid_session_resumable",
                   {{"kind", "invalid_session"}, {"resumable", true}},
                   outcome::resumes},
        fault_case{"invalid_session_for_good", {{"kind", "invalid_session"}}, outcome::identifies, "lost1"},
        closing(4000, outcome::resumes), closing(4001, outcome::resumes), closing(4002, outcome::resumes),
        closing(4003, outcome::identifies, "lost1"), closing(4007, outcome::identifies, "lost2"),
        closing(4008, outcome::resumes), closing(4009, outcome::identifies, "lost2"),
        closing(1001, outcome::resumes), fault_case{"drop", {{"kind", "drop"}}, outcome::resumes},
        fault_case{"half_open", {{"kind", "half_open"}}, outcome::resumes},
        fault_case{"stopped_acks", {{"kind", "stop_acks"}}, outcome::resumes},
        fault_case{"corrupt_compression", {{"kind", "corrupt_message"}}, outcome::resumes},
        fault_case{"garbage_frame", {{"kind", "garbage_frame"}}, outcome::resumes},
        fault_case{"heartbeat_request", {{"kind", "heartbeat_request"}}, outcome::stays},
        fault_case{"unknown_event", {{"kind", "unknown_event"}}, outcome::stays},
        fault_case{"duplicates", {{"kind", "duplicate"}, {"count", 3}}, outcome::stays},
        fault_case{"unknown_fields", {{"kind", "unknown_fields"}}, outcome::stays},
        fault_case{"lost_session", {{"kind", "expire_sessions"}}, outcome::identifies, "lost3"}),
    [](const testing::TestParamInfo<fault_case>& info) { return info.param.name; });

TEST_F(gateway_faults, answers_op_7_with_resume_within_a_moment) {
  ASSERT_TRUE(eventually(patience, [] { return connected("victim"); }));
  for (int i = 0; i < 5; ++i) {
    const std::int64_t resumes = number_of(discord->live_session_of("victim").value(), "resumes");
    discord->fault({{"kind", "reconnect"}, {"bot", "victim"}});
    ASSERT_TRUE(eventually(patience, [&] {
      const auto session = discord->live_session_of("victim");
      return session && number_of(*session, "resumes") > resumes && connected("victim");
    }));
    const json::object after = discord->live_session_of("victim").value();
    RecordProperty(fmt::format("op_7_to_resume_ms_{}", i),
                   static_cast<int>(number_of(after, "reconnect_to_resume_us") / 1000));
    EXPECT_GT(number_of(after, "reconnect_to_resume_us"), 0);
    EXPECT_LT(number_of(after, "reconnect_to_resume_us"), 1'000'000);
  }
}

TEST_F(gateway_faults, connections_that_only_look_open_are_counted) {
  ASSERT_TRUE(eventually(patience, [] { return connected("victim"); }));
  const auto zombies = [] { return count("dead_connections", "victim", ",kind=\"zombie\""); };
  const double before = zombies();
  discord->fault({{"kind", "stop_acks"}, {"bot", "victim"}});
  EXPECT_TRUE(eventually(patience, [&] { return zombies() == before + 1; }));
  EXPECT_EQ(count("dead_connections", "victim", ",kind=\"silent\""), 0);
  EXPECT_TRUE(eventually(patience, [] { return connected("victim"); }));
  discord->fault({{"kind", "clear"}});
}

TEST_F(gateway_faults, waits_for_a_late_ready_instead_of_identifying_again) {
  ASSERT_TRUE(eventually(patience, [] { return connected("lost3"); }));
  const std::string before = session_id_of("lost3");
  discord->fault({{"kind", "slow_ready"}, {"ms", 4'000}});
  discord->fault({{"kind", "expire_sessions"}, {"bot", "lost3"}});
  ASSERT_TRUE(eventually(patience, [] { return discord->sessions_of("lost3").size() == 1; }));
  const std::uint64_t identifies = discord->gateway_count("identifies");
  ASSERT_TRUE(eventually(patience, [&] { return connected("lost3") && session_id_of("lost3") != before; }));
  EXPECT_LE(discord->gateway_count("identifies"), identifies + 1);
  discord->fault({{"kind", "clear"}});
}

TEST_F(gateway_faults, resumes_although_connections_are_refused_for_a_while) {
  ASSERT_TRUE(eventually(patience, [] { return connected("victim"); }));
  const std::string before = session_id_of("victim");
  const std::int64_t resumes = number_of(discord->live_session_of("victim").value(), "resumes");
  discord->fault({{"kind", "refuse_connections"}, {"count", 2}});
  discord->fault({{"kind", "drop"}, {"bot", "victim"}});
  EXPECT_TRUE(eventually(patience, [&] {
    const auto session = discord->live_session_of("victim");
    return session && text_of(*session, "session_id") == before && number_of(*session, "resumes") > resumes;
  })) << bots->log();
}

TEST_F(gateway_faults, op_7_instead_of_hello_is_no_obstacle) {
  ASSERT_TRUE(eventually(patience, [] { return connected("victim"); }));
  const std::string before = session_id_of("victim");
  discord->fault({{"kind", "reconnect_before_hello"}, {"count", 2}});
  discord->fault({{"kind", "drop"}, {"bot", "victim"}});
  EXPECT_TRUE(eventually(patience, [&] { return connected("victim") && session_id_of("victim") == before; }))
      << bots->log();
}

TEST_F(gateway_faults, an_outage_of_guilds_is_no_removal) {
  ASSERT_TRUE(eventually(patience, [] { return connected("victim"); }));
  const auto shard = [] { return bots->health_of("victim").at("shards").as_array().at(0).as_object(); };
  discord->fault({{"kind", "outage_begin"}});
  EXPECT_TRUE(eventually(patience, [&] { return number_of(shard(), "unavailable_guilds") == 2; }));
  EXPECT_EQ(number_of(shard(), "guilds"), 2);
  discord->fault({{"kind", "outage_end"}});
  EXPECT_TRUE(eventually(patience, [&] { return number_of(shard(), "unavailable_guilds") == 0; }));
  EXPECT_EQ(number_of(shard(), "guilds"), 2);
}

struct fatal_case {
  int code;
  std::string advice;
};

TEST(fatal_closes, stop_their_bot_alone_with_what_to_fix) {
  const std::vector<fatal_case> cases = {{4004, "token"},   {4010, "shard"},  {4011, "shard"},
                                         {4012, "version"}, {4013, "intent"}, {4014, "intent"}};
  discord_plan plan{.bots = {"steady"}, .guilds = 1};
  for (const fatal_case& each : cases) plan.bots.push_back("bot" + std::to_string(each.code));
  const base::scratch_folder folder;
  const simulated_discord discord(plan);
  std::ofstream(folder / "fleet.yaml") << fleet_of(discord, plan.bots);
  node bots(folder, {});
  ASSERT_TRUE(bots.ready());
  for (const fatal_case& each : cases) {
    const std::string bot = "bot" + std::to_string(each.code);
    discord.fault({{"kind", "close"}, {"code", each.code}, {"bot", bot}});
    EXPECT_TRUE(eventually(patience, [&] { return text_of(bots.health_of(bot), "status") == "stopped"; }))
        << each.code;
    EXPECT_THAT(text_of(bots.health_of(bot), "problem"), HasSubstr(each.advice));
    EXPECT_TRUE(discord.use_command("steady", "ping").at("answered").as_bool());
  }
  EXPECT_EQ(discord.gateway_count("identifies"), plan.bots.size());
  EXPECT_EQ(text_of(bots.health(), "status"), "degraded");
  EXPECT_EQ(bots.get("/livez").status, 200);
  EXPECT_EQ(bots.stop(), 0);
}

}  // namespace
}  // namespace guildfleet::integration
