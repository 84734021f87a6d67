#include "ops/check/finding.hpp"

#include <boost/json/parse.hpp>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>

#include "ops/check/file_kind.hpp"
#include "ops/check/rule_test_kit.hpp"
#include "ops/check/sarif.hpp"

namespace guildfleet::ops {
namespace {

finding at(std::string_view id, std::size_t line, std::string detail = "x") {
  return {find_rule(id), "a.yml", {line, 1}, std::move(detail)};
}

// The row of a rule in docs/checks.md: "| `GF202` | error | title | why | fix |".
std::string row_of(const check_rule& rule) {
  return fmt::format("| `{}` | {} | {} | {} | {} |", rule.id, name_of(rule.severity), rule.title, rule.why,
                     rule.fix);
}

TEST(check_rules, are_described_on_their_page_and_no_other) {
  std::ifstream page(GUILDFLEET_DOCS_DIR "/checks.md");
  std::vector<std::string> rows;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("| `GF")) rows.push_back(line);
  }
  std::vector<std::string> rules;
  for (const auto table : rule_tables()) {
    for (const check_rule& each : table) rules.push_back(row_of(each));
  }
  EXPECT_THAT(rows, testing::ElementsAreArray(rules));
}

TEST(check_rules, have_ids_of_their_kind_in_order_and_full_sentences) {
  char kind = '1';
  for (const auto table : rule_tables()) {
    std::string before;
    for (const check_rule& each : table) {
      EXPECT_TRUE(each.id.starts_with(std::string("GF") + kind) && each.id.size() == 5) << each.id;
      EXPECT_LT(before, each.id);
      before = each.id;
      EXPECT_FALSE(each.title.ends_with('.')) << each.id;
      EXPECT_TRUE(each.why.ends_with('.')) << each.id;
      EXPECT_FALSE(each.fix.empty()) << each.id;
      EXPECT_EQ(find_rule(each.id), &each);
    }
    ++kind;
  }
  EXPECT_EQ(find_rule("gf202"), find_rule("GF202"));
  EXPECT_EQ(find_rule("GF999"), nullptr);
}

TEST(findings, are_in_the_order_of_the_file_and_said_once) {
  finding_list all = {at("GF202", 9), at("GF208", 2), at("GF202", 2), at("GF208", 2)};
  sort_findings(all);
  EXPECT_EQ(brief(all), "GF202@2 GF208@2 GF202@9");
}

TEST(findings, are_taken_out_by_comments_on_their_line_or_above) {
  const std::string_view text =
      "a: 1 # guildfleet: ignore GF202 the second one is a spare\n"
      "# guildfleet: ignore gf208, GF209\n"
      "b: 2\n"
      "# guildfleet: ignore because GF202 is wrong\n"
      "c: 3\n";
  finding_list all = {at("GF202", 1), at("GF208", 1), at("GF208", 3),
                      at("GF209", 3), at("GF202", 5), at("GF202", 0)};
  EXPECT_EQ(take_ignored(all, text), 3U);
  EXPECT_EQ(brief(all), "GF208@1 GF202@5 GF202@0");
}

TEST(sarif, names_rule_place_and_a_fingerprint_that_outlives_other_lines) {
  const auto log = [](std::size_t line) {
    finding_list all = {at("GF202", line, "b has the token of a (line 3)"), at("GF504", 0)};
    all[1].source = "sub folder/.env";
    return boost::json::parse(sarif_of(all, "1.2.3")).as_object();
  };
  const auto first = log(7);
  const auto& run = first.at("runs").at(0);
  const auto& result = run.at("results").at(0);
  const auto& place = result.at("locations").at(0).at("physicalLocation");
  EXPECT_EQ(result.at("ruleId"), "GF202");
  const auto& rules = run.at("tool").at("driver").at("rules").as_array();
  EXPECT_EQ(rules.at(static_cast<std::size_t>(result.at("ruleIndex").as_int64())).at("id"), "GF202");
  EXPECT_EQ(place.at("region").at("startLine"), 7);
  EXPECT_EQ(
      run.at("results").at(1).at("locations").at(0).at("physicalLocation").at("artifactLocation").at("uri"),
      "sub%20folder/.env");
  EXPECT_EQ(log(9).at("runs").at(0).at("results").at(0).at("partialFingerprints"),
            result.at("partialFingerprints"));
}

struct kind_case {
  std::string_view name;
  std::string_view text;
  std::string_view kind;
};

TEST(file_kinds, are_told_by_name_and_text) {
  const kind_case kinds[] = {
      {"docker-compose.yml", "services: {}\n", "compose"},
      {"stack.yaml", "# x\nservices:\n  a: {}\n", "compose"},
      {"docker-compose.yml", "a: [\n", "compose"},
      {"x.yaml", "apiVersion: v1\nkind: Service\n", "kubernetes"},
      {"kustomization.yaml", "resources: []\n", "kubernetes"},
      {"fleet.yaml", "bots: []\n", "fleet"},
      {"config/music.yaml", "fleet: x\nbots: []\n", "fleet"},
      {"x.yaml", "a: 1\n", ""},
      {"nginx.conf", "http {\n}\n", "nginx"},
      {"sites/bots.conf", "server\n{\n}\n", "nginx"},
      {"/etc/nginx/sites-enabled/bots", "server {\n}\n", "nginx"},
      {"redis.conf", "port 1\n", ""},
      {".env", "", "env"},
      {"bots/.env.production", "", "env"},
      {"prod.env", "", "env"},
      {"notes.txt", "services:\n", ""},
      {"stack.yaml", "\xEF\xBB\xBFservices: {}\n", "compose"},
      {"compose.json", "{ \"services\": {} }\n", "compose"},
      {"k8s.yaml", "{\"apiVersion\": \"v1\", \"kind\": \"Pod\"}\n", "kubernetes"},
      {"package.json", "{ \"services\": {} }\n", ""},
  };
  for (const kind_case& each : kinds) {
    const auto kind = kind_of_file(each.name, each.text);
    EXPECT_EQ(kind ? name_of(*kind) : "", each.kind) << each.name;
    if (kind) EXPECT_TRUE(may_be_checked(each.name)) << each.name;
  }
  EXPECT_TRUE(is_template("a/.env.example"));
  EXPECT_FALSE(is_template("example/.env"));
  EXPECT_FALSE(may_be_checked("secrets/bot1_token"));
}

TEST(file_kinds, are_told_by_the_text_where_there_is_no_name) {
  const kind_case kinds[] = {
      {"helm", "---\n# Source: x\napiVersion: v1\nkind: Service\n", "kubernetes"},
      {"compose", "services:\n  a: {}\n", "compose"},
      {"JSON", "{\"bots\": []}", "fleet"},
      {"nginx", "events {}\nhttp {\n}\n", "nginx"},
      {"variables", "\n# x\nexport A=1\nB_2='x y'\n", "env"},
      {"passwords", "root:*:19000:0:99999:7:::\nann:$6$x:19000::\n", ""},
      {"nothing", "", ""},
      {"a letter", "Dear Ann, a = b\n", ""},
  };
  for (const kind_case& each : kinds) {
    const auto kind = kind_of_text(each.text);
    EXPECT_EQ(kind ? name_of(*kind) : "", each.kind) << each.name;
  }
}

TEST(file_kinds, know_files_that_hold_one_secret) {
  for (const std::string_view path : {"secrets/music", "a/secrets/music.txt", "music_token", "x/bot.token"})
    EXPECT_TRUE(is_secret_file(path)) << path;
  for (const std::string_view path : {"secrets/.gitkeep", "secrets/README.md", "src/secrets/vault.py",
                                      "token", "secrets/music.example", "secrets/sealed.yaml", "mysecrets/a"})
    EXPECT_FALSE(is_secret_file(path)) << path;
}

}  // namespace
}  // namespace guildfleet::ops
