// What watches a fleet: rules, Prometheus, Grafana. promtool and a real Prometheus judge it in
// tests/rendered/.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <regex>
#include <set>

#include "ops/render/alert_files.hpp"
#include "ops/render/compose_monitoring.hpp"
#include "ops/render/dashboard.hpp"
#include "ops/render/readable_json.hpp"
#include "ops/render/targets.hpp"

namespace guildfleet::ops {
namespace {

namespace json = boost::json;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

fleet_config services_of(const std::string& deploy) {
  config_surroundings around;
  around.variables = [](std::string_view) { return std::nullopt; };
  around.runs_here = false;
  auto outcome = parse_fleet_config(
      "fleet: my_fleet\nstore: { database_url: \"${D}\" }\nredis: { url: \"${R}\" }\ndeploy: " + deploy +
          "\nbots: [{ name: music, token: \"${A}\" }, { name: game, token: \"${B}\" }]",
      "fleet.yaml", around);
  for (const auto& each : outcome.problems) ADD_FAILURE() << base::to_text(each);
  return outcome.config.value_or(fleet_config{});
}

std::string rendered(std::string_view target, std::string_view path, const std::string& deploy = "{}") {
  const auto all = render(target, services_of(deploy));
  const auto found = std::ranges::find(all->files, path, &rendered_file::path);
  EXPECT_NE(found, all->files.end()) << path;
  return found == all->files.end() ? std::string() : found->text;
}

std::string page(const std::string& name) {
  std::ifstream file(GUILDFLEET_DOCS_DIR "/" + name);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::set<std::string> all_matches(const std::string& text, const char* pattern) {
  const std::regex wanted(pattern);
  std::set<std::string> out;
  for (std::sregex_iterator each(text.begin(), text.end(), wanted); each != std::sregex_iterator(); ++each)
    out.insert((*each)[1]);
  return out;
}

TEST(alert_files, lead_to_dashboards_that_exist) {
  std::set<std::string> known;
  for (const dashboard& each : dashboards()) EXPECT_TRUE(known.insert("/d/" + each.uid).second) << each.uid;
  for (const alert_file& each : alert_rule_files()) {
    for (const std::string& path : all_matches(std::string(each.text), "\n +dashboard: (\\S+)"))
      EXPECT_THAT(known, Contains(path)) << each.name;
  }
}

TEST(dashboards, ask_only_for_metrics_that_exist) {
  const std::set<std::string> known = all_matches(page("metrics.md"), "\\| `(guildfleet_[a-z_]+)` \\|");
  for (const dashboard& board : dashboards()) {
    for (const panel& each : board.panels) {
      for (const panel_query& query : each.queries) {
        for (const std::string& name : all_matches(query.expression, "(guildfleet_[a-z_]+)"))
          EXPECT_TRUE(known.contains(std::regex_replace(name, std::regex("_(bucket|count)$"), "")))
              << board.uid << ", " << each.title << ": " << name;
      }
    }
  }
}

TEST(dashboards, explain_each_panel_and_give_its_unit) {
  for (const dashboard& board : dashboards()) {
    for (const panel& each : board.panels) {
      EXPECT_FALSE(each.description.empty()) << board.uid << ", " << each.title;
      EXPECT_FALSE(each.unit.empty()) << board.uid << ", " << each.title;
      EXPECT_FALSE(each.queries.empty()) << board.uid << ", " << each.title;
    }
  }
}

TEST(dashboards, lay_no_panel_over_another) {
  for (const dashboard& board : dashboards()) {
    const json::value read = json::parse(rendered("grafana", "grafana/dashboards/" + board.uid + ".json"));
    std::set<std::pair<std::int64_t, std::int64_t>> taken;
    for (const json::value& each : read.at("panels").as_array()) {
      const json::object& at = each.at("gridPos").as_object();
      const std::int64_t left = at.at("x").as_int64();
      const std::int64_t top = at.at("y").as_int64();
      EXPECT_LE(left + at.at("w").as_int64(), 24);
      for (std::int64_t x = left; x < left + at.at("w").as_int64(); ++x) {
        for (std::int64_t y = top; y < top + at.at("h").as_int64(); ++y)
          EXPECT_TRUE(taken.emplace(x, y).second) << board.uid << " at " << x << ", " << y;
      }
    }
  }
}

TEST(prometheus, has_each_node_as_a_target_and_twins_by_their_names) {
  const std::string text = rendered("prometheus", "prometheus/prometheus.yml", "{ nodes: 3 }");
  EXPECT_THAT(text, AllOf(HasSubstr("music-1:3001"), HasSubstr("music-3:3001"), HasSubstr("game-2:3001"),
                          HasSubstr("music-1-green"), HasSubstr("my_fleet"), HasSubstr("rules/*.yml")));
  EXPECT_THAT(text, Not(HasSubstr("music-4")));
  EXPECT_THAT(text, Not(HasSubstr("music-1-green:3001")));
}

TEST(alertmanager, sends_nowhere_and_says_so_until_it_is_told_where) {
  EXPECT_THAT(rendered("prometheus", "alertmanager/alertmanager.yml"), HasSubstr("receiver: nowhere"));
  EXPECT_THAT(render("prometheus", services_of("{}"))->next, Contains(HasSubstr("alerts go nowhere")));
  const std::string told = rendered("prometheus", "alertmanager/alertmanager.yml", "{ alert_webhook: true }");
  EXPECT_THAT(told, HasSubstr("url_file: /run/secrets/alert_webhook_url"));
  EXPECT_THAT(render("prometheus", services_of("{ alert_webhook: true }"))->next,
              Not(Contains(HasSubstr("alerts go nowhere"))));
}

TEST(alertmanager, keeps_back_what_follows_from_an_outage_of_discord) {
  EXPECT_THAT(rendered("prometheus", "alertmanager/alertmanager.yml"),
              AllOf(HasSubstr("GuildfleetDiscordOutage"), HasSubstr("follows=\"discord\"")));
}

TEST(compose_monitoring, is_reached_on_this_machine_only_and_waits_for_its_profile) {
  yaml_text out;
  out.begin_map();
  write_monitoring(out, services_of("{ alert_webhook: true }"));
  const std::string text = out.end_map().take();
  for (const char* each : {"127.0.0.1:9090:9090", "127.0.0.1:9093:9093", "127.0.0.1:3000:3000",
                           "GF_SECURITY_ADMIN_PASSWORD__FILE: /run/secrets/grafana_password",
                           "secrets: [alert_webhook_url]", "./prometheus:/etc/prometheus:ro"})
    EXPECT_THAT(text, HasSubstr(each));
  const auto times = [&](std::string_view what) {
    int count = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
    return count;
  };
  for (const char* each : {"profiles: [monitoring]", "read_only: true", "cap_drop: [ALL]", "pids_limit: 256",
                           "mem_limit: ", "healthcheck:", "max-size: ", "no-new-privileges:true"})
    EXPECT_EQ(times(each), 3) << each;
}

TEST(compose_monitoring, brings_its_files_volumes_and_secrets) {
  const auto all = render("compose", services_of("{ alert_webhook: true }"));
  ASSERT_TRUE(all);
  std::vector<std::string> paths;
  for (const rendered_file& each : all->files) paths.push_back(each.path);
  EXPECT_THAT(paths, testing::IsSupersetOf({"prometheus/prometheus.yml", "prometheus/rules/shards.yml",
                                            "alertmanager/alertmanager.yml",
                                            "grafana/provisioning/datasources/guildfleet.yml",
                                            "grafana/dashboards/guildfleet-fleet.json"}));
  EXPECT_THAT(rendered("compose", "docker-compose.yml"),
              AllOf(HasSubstr("grafana-data: {}"), HasSubstr("./secrets/grafana_password")));
  // Prometheus' and Alertmanager's images run as nobody, Redis' as 999.
  EXPECT_THAT(rendered("compose", "make-secrets", "{ alert_webhook: true }"),
              AllOf(HasSubstr("made_up grafana_password"), HasSubstr("asked alert_webhook_url"),
                    HasSubstr("chown 65534:65534 secrets/alert_webhook_url"),
                    HasSubstr("chown 999:999 secrets/redis_password")));
}

TEST(readable_json, means_the_same_and_has_a_line_for_each_member) {
  for (const char* text : {"{}", "[]", "null", R"([1, "a\"b", {"c": [true, null, 1.5]}])",
                           R"({"a": {"b": {"c": []}}, "d": [[], {}]})"}) {
    const json::value value = json::parse(text);
    EXPECT_EQ(json::parse(readable_json(value)), value) << text;
  }
  EXPECT_EQ(readable_json(json::parse(R"({"a": 1, "b": {"c": [2]}})")),
            "{\n  \"a\": 1,\n  \"b\": {\n    \"c\": [2]\n  }\n}");
}

}  // namespace
}  // namespace guildfleet::ops
