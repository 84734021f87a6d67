// docs/configuration.md and the schema must name the same things.
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <set>

#include "base/yaml_document.hpp"
#include "ops/config_sections.hpp"
#include "ops/environment_config.hpp"

namespace guildfleet::ops {
namespace {

// First cells, between back-quotes, of the table rows below a heading.
std::set<std::string> documented_below(std::string_view heading) {
  std::ifstream page(GUILDFLEET_DOCS_DIR "/configuration.md");
  std::set<std::string> names;
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("## ")) inside = line == heading;
    if (!inside || !line.starts_with("| `")) continue;
    names.insert(line.substr(3, line.find('`', 3) - 3));
  }
  return names;
}

TEST(documentation, names_every_key_of_fleet_yaml_and_no_other) {
  base::problem_list problems;
  config_surroundings around;
  around.variables = [](std::string_view) { return std::nullopt; };
  const auto root = base::parse_yaml("{ bots: [{ name: a }], experiments: [{ name: b }] }", "x",
                                     around.variables, problems);
  ASSERT_TRUE(root);
  std::set<std::string> keys;
  reader_context context{"x", problems, [](const std::string& path) { return path; }, {}, true, &keys};
  (void)read_fleet(*root, around, context);
  EXPECT_EQ(documented_below("## Keys of fleet.yaml"), keys);
}

TEST(documentation, names_every_variable_and_no_other) {
  std::set<std::string> variables;
  for (const auto& each : environment_settings()) variables.emplace(each.variable);
  EXPECT_EQ(documented_below("## Environment alone"), variables);
}

}  // namespace
}  // namespace guildfleet::ops
