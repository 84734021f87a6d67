// Prometheus and Alertmanager with what is rendered for them, watching nodes of the real program.
#include <boost/json/parse.hpp>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <regex>

#include "integration/fleet_harness.hpp"
#include "rendered/monitoring/watchers.hpp"
#include "support/redis_server.hpp"

namespace guildfleet::rendered {
namespace {

using integration::eventually;
using integration::patience;
using support::free_port;

std::string fleet_of(const integration::simulated_discord& discord) {
  std::string yaml = fmt::format(
      "fleet: watched\nport: 0\naddress: 127.0.0.1\nnode: {{ name: node-a }}\ndiscord: {{ api_url: \"{}\" "
      "}}\nbots:\n",
      discord.api_url());
  for (const char* bot : {"music", "game"})
    yaml += fmt::format("  - {{ name: {}, token: \"{}\", features: [ping, probe] }}\n", bot,
                        discord.token_of(bot));
  return yaml;
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
    text.replace(at, what.size(), with);
  return text;
}

// One fleet and one Prometheus for all tests.
class monitoring : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder = std::make_unique<base::scratch_folder>();
    discord = std::make_unique<integration::simulated_discord>(
        integration::discord_plan{.bots = {"music", "game"}});
    std::ofstream(*folder / "fleet.yaml") << fleet_of(*discord);
    fleet = std::make_unique<integration::node>(*folder, integration::node::variables{});
    ASSERT_TRUE(fleet->ready()) << fleet->log();
    for (const char* target : {"prometheus", "grafana"})
      must_run(*folder, {GUILDFLEET_PROGRAM, "render", target, "-o", folder->path().string()});
    const std::string address = fleet->origin().substr(std::string_view("http://").size());
    adapt_prometheus(*folder / "prometheus/prometheus.yml", {address}, 9);
    const std::uint16_t port = free_port();
    prometheus = std::make_unique<watcher>(
        *folder,
        std::vector<std::string>{"/usr/bin/prometheus", "--config.file=prometheus/prometheus.yml",
                                 "--storage.tsdb.path=data",
                                 fmt::format("--web.listen-address=127.0.0.1:{}", port)},
        port, "/api/v1");
    ASSERT_TRUE(prometheus->starts()) << prometheus->log();
  }
  static void TearDownTestSuite() {
    prometheus.reset();
    fleet.reset();
    discord.reset();
    folder.reset();
  }

  // The series of an answer; nullopt: it is an error.
  static std::optional<json::array> answer_to(const std::string& expression) {
    const json::value answer = prometheus->ask("/query?query=" + url_encoded(expression));
    if (answer.is_null()) return std::nullopt;
    const json::value& result = answer.at("data").at("result");
    return result.is_array() ? std::optional(result.as_array()) : std::nullopt;
  }
  static bool has_data(const std::string& expression) {
    const auto answer = answer_to(expression);
    return answer && !answer->empty();
  }
  // Of all panels: what Grafana would ask with every bot and node chosen.
  static std::vector<std::string> expressions() {
    std::vector<std::string> out;
    for (const auto& file : std::filesystem::directory_iterator(*folder / "grafana/dashboards")) {
      const json::value board = json::parse(support::read_file(file.path()));
      for (const json::value& panel : board.at("panels").as_array()) {
        for (const json::value& target : panel.at("targets").as_array()) {
          std::string text(target.at("expr").as_string());
          for (const auto& [variable, value] :
               {std::pair("$bot", ".*"), {"$node", ".*"}, {"$__rate_interval", "30s"}})
            text = replaced(std::move(text), variable, value);
          out.push_back(std::move(text));
        }
      }
    }
    return out;
  }
  // Every metric in it is counted by this fleet, which has one node, no PostgreSQL, no Redis, no rollout.
  static bool is_of_this_fleet(const std::string& expression, const std::string& exposed) {
    if (expression.contains("ALERTS") || expression.contains("> 0")) return false;
    const std::regex name("guildfleet_[a-z_]+");
    for (std::sregex_iterator each(expression.begin(), expression.end(), name);
         each != std::sregex_iterator(); ++each) {
      if (!exposed.contains("\n" + each->str() + "{") && !exposed.contains("\n" + each->str() + " "))
        return false;
    }
    return true;
  }

  static inline std::unique_ptr<base::scratch_folder> folder;
  static inline std::unique_ptr<integration::simulated_discord> discord;
  static inline std::unique_ptr<integration::node> fleet;
  static inline std::unique_ptr<watcher> prometheus;
};

TEST_F(monitoring, promtool_finds_nothing_wrong_with_the_metrics) {
  std::ofstream(*folder / "metrics.txt") << fleet->get("/metrics").body;
  EXPECT_NO_THROW(must_run(*folder, {"/bin/sh", "-c", "promtool check metrics <metrics.txt"}));
}

TEST_F(monitoring, every_node_is_a_target_that_is_up_and_labelled) {
  ASSERT_TRUE(eventually(patience, [] { return has_data("up{job=\"guildfleet\"} == 1"); }));
  EXPECT_TRUE(has_data("up{job=\"guildfleet\",node=\"127.0.0.1\",fleet=\"watched\",egress=\"host\"}"));
  EXPECT_TRUE(eventually(patience, [] {
    return has_data("guildfleet_gateway_shards{bot=\"music\",state=\"connected\",fleet=\"watched\"} == 1");
  }));
}

TEST_F(monitoring, no_rule_fails_and_none_fires_while_all_is_well) {
  const auto groups = [] {
    const json::value answer = prometheus->ask("/rules");
    return answer.is_null() ? json::array() : answer.at("data").at("groups").as_array();
  };
  const auto all_rules = [&](const auto& holds) {
    const json::array now = groups();
    return !now.empty() && std::ranges::all_of(now, [&](const json::value& group) {
      return std::ranges::all_of(group.at("rules").as_array(), holds);
    });
  };
  ASSERT_TRUE(eventually(patience, [&] {
    return all_rules([](const json::value& rule) { return rule.at("health") != "unknown"; });
  }));
  EXPECT_TRUE(all_rules([](const json::value& rule) {
    EXPECT_EQ(rule.at("health"), "ok") << rule.at("name") << rule.at("lastError");
    EXPECT_NE(rule.at("state"), "firing") << rule.at("name");
    return true;
  }));
}

TEST_F(monitoring, every_expression_of_a_dashboard_is_answered_and_has_data_where_there_is_some) {
  (void)discord->use_command("music", "ping");
  discord->write_messages(3);
  const std::vector<std::string> all = expressions();
  ASSERT_GT(all.size(), 60U);
  // Two scrapes: a rate is made of them.
  ASSERT_TRUE(
      eventually(patience, [] { return has_data("rate(guildfleet_process_uptime_seconds[30s]) > 0"); }));
  const std::string exposed = fleet->get("/metrics").body;
  int with_data = 0;
  for (const std::string& each : all) {
    EXPECT_TRUE(answer_to(each)) << each;
    if (!is_of_this_fleet(each, exposed)) continue;
    ++with_data;
    EXPECT_TRUE(eventually(patience, [&] { return has_data(each); })) << each;
  }
  EXPECT_GT(with_data, 40);
}

TEST_F(monitoring, a_node_that_is_killed_is_about_to_be_an_alert) {
  fleet->kill();
  EXPECT_TRUE(eventually(
      patience, [] { return has_data("ALERTS{alertname=\"GuildfleetNodeDown\",alertstate=\"pending\"}"); }));
}

json::object alert(const std::string& name, const json::object& labels) {
  json::object all = labels;
  all["alertname"] = name;
  return {{"labels", all}};
}

TEST(alertmanager, keeps_back_what_follows_from_an_outage_of_discord) {
  const base::scratch_folder folder;
  std::ofstream(folder / "fleet.yaml") << "bots: [{ name: music, token: \"${A}\" }]\n";
  must_run(folder, {GUILDFLEET_PROGRAM, "render", "prometheus", "-o", folder.path().string()});
  const std::uint16_t port = free_port();
  watcher alertmanager(folder,
                       {"/usr/bin/prometheus-alertmanager", "--config.file=alertmanager/alertmanager.yml",
                        "--storage.path=data",
                        "--cluster.listen-address=", fmt::format("--web.listen-address=127.0.0.1:{}", port)},
                       port, "/api/v2");
  ASSERT_TRUE(alertmanager.starts()) << alertmanager.log();
  const json::object follower = alert("GuildfleetShardDown", {{"bot", "music"}, {"follows", "discord"}});
  const json::object other = alert("GuildfleetNodeDown", {{"instance", "a"}});
  const auto states = [&] {
    std::map<std::string, std::string> out;
    const json::value answer = alertmanager.ask("/alerts");
    if (!answer.is_array()) return out;
    for (const json::value& each : answer.as_array())
      out.emplace(each.at("labels").at("alertname").as_string(), each.at("status").at("state").as_string());
    return out;
  };
  const auto are = [&](const std::map<std::string, std::string>& wanted) {
    return eventually(patience, [&] { return states() == wanted; });
  };
  ASSERT_TRUE(alertmanager.post("/alerts", json::array{follower, other}));
  EXPECT_TRUE(are({{"GuildfleetShardDown", "active"}, {"GuildfleetNodeDown", "active"}}));
  ASSERT_TRUE(
      alertmanager.post("/alerts", json::array{alert("GuildfleetDiscordOutage", {}), follower, other}));
  EXPECT_TRUE(are({{"GuildfleetShardDown", "suppressed"},
                   {"GuildfleetNodeDown", "active"},
                   {"GuildfleetDiscordOutage", "active"}}));
}

}  // namespace
}  // namespace guildfleet::rendered
