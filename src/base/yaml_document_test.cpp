#include "base/yaml_document.hpp"

#include <gtest/gtest.h>

namespace guildfleet::base {
namespace {

class yaml_document : public testing::Test {
 protected:
  std::optional<yaml_node> parse(std::string_view text, const yaml_limits& limits = {}) {
    const variable_lookup variables = [this](std::string_view name) -> std::optional<std::string> {
      const auto found = environment.find(std::string(name));
      if (found == environment.end()) return std::nullopt;
      return found->second;
    };
    problems.clear();
    return parse_yaml(text, "fleet.yaml", variables, problems, limits);
  }
  std::string all_problems() const {
    std::string text;
    for (const auto& each : problems) text += to_text(each) + "\n";
    return text;
  }
  std::map<std::string, std::string> environment;
  problem_list problems;
};

TEST_F(yaml_document, keeps_values_and_where_they_stand) {
  const auto root =
      parse("port: 3001\nbots:\n  - name: music\n    features: [ping, 'help']\n  - name: game\nempty:\n");
  ASSERT_TRUE(root) << all_problems();
  EXPECT_EQ(root->find("port")->text, "3001");
  const yaml_node& bots = *root->find("bots");
  ASSERT_EQ(bots.items.size(), 2U);
  EXPECT_EQ(bots.items[1].find("name")->at, (text_position{5, 11}));
  EXPECT_EQ(bots.items[0].members[1].key_at, (text_position{4, 5}));
  EXPECT_EQ(bots.items[0].find("features")->items[1].text, "help");
  EXPECT_EQ(root->find("empty")->kind, yaml_node::node_kind::null);
  EXPECT_EQ(root->find("absent"), nullptr);
}

TEST_F(yaml_document, a_variable_cannot_add_structure) {
  environment["EVIL"] = "x\nport: 1\nlist: [a]";
  const auto root = parse("name: ${EVIL}\n");
  ASSERT_TRUE(root);
  EXPECT_EQ(root->members.size(), 1U);
  EXPECT_EQ(root->find("name")->text, environment["EVIL"]);
  EXPECT_EQ(root->find("name")->written, "${EVIL}");
}

TEST_F(yaml_document, remembers_variables_that_are_not_set) {
  const auto root = parse("name: a${NO}b\n");
  ASSERT_TRUE(root);
  EXPECT_EQ(root->find("name")->text, "ab");
  EXPECT_EQ(root->find("name")->unset, std::vector<std::string>{"NO"});
}

TEST_F(yaml_document, an_alias_is_a_copy) {
  const auto root = parse("a: &x [1, 2]\nb: *x\n");
  ASSERT_TRUE(root) << all_problems();
  EXPECT_EQ(root->find("b")->items.size(), 2U);
}

struct bad_case {
  std::string_view text;
  std::string_view problem;
};

TEST_F(yaml_document, each_mistake_is_named_with_its_place) {
  const bad_case cases[] = {
      {"a: 1\nb: 2\na: 3\n",
       "fleet.yaml:3:1: error: the key \"a\" stands twice, first in line 1 (keep one of them)"},
      {"a: [1\n", "not valid YAML"},
      {"a:\n\t- 1\n", "fleet.yaml:2:2: error: not valid YAML"},
      {"node: { name: ${HOST}, b: 1 }\n", "put a value that holds braces in quotes"},
      {"a: ${X\n", "fleet.yaml:1:4: error: a ${ is never closed"},
      {"a: !!binary xyz\n", "tags"},
      {"[a]: 1\n", "a key must be a plain text"},
      {"a: 1\n---\nb: 1\n", "more than one document"},
      {"a: *nobody\n", "not valid YAML"},
      {"a: &x [*x]\n", "fleet.yaml:1:8: error: "},
      {"a: \xff\n", "not UTF-8"},
      {std::string_view("a: \0\n", 5), "not UTF-8"},
  };
  for (const auto& each : cases) {
    (void)parse(each.text);
    EXPECT_NE(all_problems().find(each.problem), std::string::npos)
        << each.text << " gave: " << all_problems();
  }
}

TEST_F(yaml_document, limits_hold) {
  EXPECT_FALSE(parse(std::string(200, '['), {.max_depth = 32}));
  EXPECT_FALSE(parse("a: 12345", {.max_bytes = 5}));
  EXPECT_NE(all_problems().find("larger than 5 bytes"), std::string::npos);
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int k = 0; k < 10; ++k) bomb += (k != 0 ? ", *a" : "*a") + std::to_string(i - 1);
    bomb += "]\n";
  }
  EXPECT_FALSE(parse(bomb));
  EXPECT_NE(all_problems().find("more than 100000 values"), std::string::npos) << all_problems();
}

TEST(foreign_yaml, keeps_variables_passes_tags_over_and_merges) {
  problem_list problems;
  const auto documents = parse_foreign_yaml(
      "x-all: &all\n  image: ${I:?x}\n  user: root\na:\n  user: ann\n  <<: *all\nb: !reset\n  <<: "
      "[*all]\n---\n---\nc: $\n",
      "x", problems);
  ASSERT_TRUE(documents);
  EXPECT_TRUE(problems.empty());
  ASSERT_EQ(documents->size(), 2U);
  const yaml_node& a = *documents->front().find("a");
  EXPECT_EQ(a.find("user")->text, "ann");
  EXPECT_EQ(a.find("image")->text, "${I:?x}");
  EXPECT_EQ(a.find("image")->at.line, 2U);
  EXPECT_EQ(a.find("<<"), nullptr);
  EXPECT_EQ(documents->front().find("b")->find("user")->text, "root");
  EXPECT_EQ(documents->back().find("c")->text, "$");
}

TEST(foreign_yaml, says_what_is_wrong) {
  problem_list problems;
  EXPECT_FALSE(parse_foreign_yaml("a: 1\n---\nb: [\n", "x.yaml", problems));
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_TRUE(to_text(problems[0]).starts_with("x.yaml:4:1: error: not valid YAML")) << to_text(problems[0]);
}

TEST(nearest_name, finds_a_slip_and_nothing_far) {
  const std::vector<std::string_view> keys = {"features", "token", "token_file", "port", "log"};
  EXPECT_EQ(nearest_name("featurs", keys), "features");
  EXPECT_EQ(nearest_name("tokne", keys), "token");
  EXPECT_EQ(nearest_name("token-file", keys), "token_file");
  EXPECT_EQ(nearest_name("prot", keys), "port");
  EXPECT_EQ(nearest_name("colour", keys), "");
  EXPECT_EQ(nearest_name("", keys), "");
}

}  // namespace
}  // namespace guildfleet::base
