#include "ops/render/alert_files.hpp"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>

namespace guildfleet::ops {
namespace {

namespace fs = std::filesystem;

TEST(alert_files, are_those_of_the_documentation) {
  std::vector<std::string> names;
  for (const auto& each : fs::directory_iterator(GUILDFLEET_DOCS_DIR "/alerts")) {
    if (each.path().extension() == ".yml") names.push_back(each.path().stem());
  }
  std::vector<std::string> embedded;
  for (const alert_file& each : alert_rule_files()) {
    embedded.emplace_back(each.name);
    std::ifstream file(fmt::format("{}/alerts/{}.yml", GUILDFLEET_DOCS_DIR, each.name));
    EXPECT_EQ(each.text, std::string(std::istreambuf_iterator<char>(file), {})) << each.name;
  }
  EXPECT_THAT(embedded, testing::UnorderedElementsAreArray(names));
  EXPECT_TRUE(std::ranges::is_sorted(embedded));
}

}  // namespace
}  // namespace guildfleet::ops
