#include "ops/check/fleet.hpp"

#include <map>

#include "ops/check/rule_test_kit.hpp"

namespace guildfleet::ops {
namespace {

config_outcome read(std::string_view text) {
  config_surroundings around;
  around.variables = [](std::string_view name) -> std::optional<std::string> {
    static const std::map<std::string, std::string, std::less<>> variables = {
        {"T", "MTIzNDU2Nzg5MDEyMzQ1Njc4.AAAAAA.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
        {"FAR", "postgresql://ann:k9f8s7@db.example.org/x"},
        {"WEAK", "postgresql://ann:changeme@db/x"}};
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
  around.known_features = {"ping"};
  around.default_features = {"ping"};
  around.runs_here = false;
  return parse_fleet_config(text, "fleet.yaml", around);
}

finding_list check(std::string_view text) {
  const std::string whole = text.contains("bots:")
                                ? std::string(text)
                                : std::string(text) + "bots: [{ name: a, token: \"${T}\" }]\n";
  const auto outcome = read(whole);
  finding_list found = findings_of(outcome.problems);
  if (outcome.config)
    std::ranges::move(check_fleet(*outcome.config, {"fleet.yaml", whole}), std::back_inserter(found));
  sort_findings(found);
  return found;
}

const rule_case cases[] = {
    {"GF101", "port: x\n", 1, "port: 3001\n"},
    {"GF102", "deploy: { image: guildfleet }\n", 1, "deploy: { image: \"guildfleet:1\" }\n"},
    {"GF103", "store: { sqlite: \"/mnt/nfs/{bot}.sqlite\" }\n", 1,
     "store: { sqlite: \"/srv/{bot}.sqlite\" }\n"},
    {"GF104", "deploy: { pattern: services, nodes: 3 }\n", 1,
     "store: { database_url: \"${U}\" }\ndeploy: { pattern: services, nodes: 3 }\n"},
    {"GF105", "bots:\n  - name: a\n    token: ${T}\n    shards: 4\n", 4,
     "bots:\n  - name: a\n    token: ${T}\n    shards: auto\n"},
    {"GF106",
     "bots:\n  - { name: a, token: MTIzNDU2Nzg5MDEyMzQ1Njc4.AAAAAA.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa }\n", 2,
     "bots:\n  - { name: a, token_file: secrets/a }\n"},
    {"GF106",
     "bots:\n  - name: a\n    token: ${M:-MTIzNDU2Nzg5MDEyMzQ1Njc4.AAAAAA.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}\n",
     3, "bots:\n  - name: a\n    token: ${T:-}\n"},
    {"GF106", "store: { database_url: \"${M:-postgresql://ann:k9f8s7@db/x}\" }\n", 1,
     "store: { database_url: \"${M:-postgresql://ann@db/x}\" }\n"},
    {"GF106", "store: { database_url: \"postgresql://ann:k9f8s7@db/x\" }\n", 1,
     "store: { database_url: \"postgresql://ann@db/x\" }\n"},
    {"GF106", "store: { database_url: \"postgresql://ann:k9f$$8s7@db/x\" }\n", 1,
     "store: { database_url: \"postgresql://ann:${U:-}@db/x\" }\n"},
    {"GF107", "store: { database_url: \"${FAR}\" }\n", 1,
     "store: { database_url: \"${FAR}?sslmode=require\" }\n"},
    {"GF108", "store: { database_url: \"${WEAK}\" }\n", 1, "store: { database_url: \"${U}\" }\n"},
    {"GF109",
     "store: { database_url: \"${U}\", connections: 40 }\nredis: { url: \"${R}\" }\ndeploy: { nodes: 3 }\n",
     1, "store: { database_url: \"${U}\", connections: 40 }\n"},
    {"GF110", "store: { sqlite: \"/tmp/{bot}.sqlite\" }\n", 1, "store: { sqlite: \"tmp/{bot}.sqlite\" }\n"},
    {"GF110", "store: { sqlite: \"/run/{bot}.sqlite\" }\n", 1,
     "store: { sqlite: \"/var/tmp/{bot}.sqlite\" }\n"},
    {"GF111", "store: { database_url: \"postgresql://ann@pgbouncer:6432/x\" }\n", 1,
     "store: { database_url: \"postgresql://ann@pgbouncer:6432/x\", listen_url: off }\n"},
};

TEST(fleet_rules, hold_by_example) {
  expect_by_example(fleet_rules(), cases, check);
}

TEST(fleet_rules, never_show_a_secret) {
  for (const finding& each :
       check("store: { database_url: \"postgresql://ann:hidden@db.example.org:6432/x\" }\n"))
    EXPECT_FALSE(each.detail.contains("hidden")) << each.rule->id;
}

}  // namespace
}  // namespace guildfleet::ops
