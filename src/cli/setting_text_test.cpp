#include "cli/setting_text.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include "settings/test_schema.hpp"

namespace guildfleet::cli {
namespace {

TEST(setting_text, a_path_is_a_feature_and_a_field) {
  const auto path = parse_setting_path("guild-config.language");
  ASSERT_TRUE(path);
  EXPECT_EQ(path->feature, "guild-config");
  EXPECT_EQ(path->field, "language");
  for (const char* wrong : {"", "guild-config", ".language", "guild-config."})
    EXPECT_FALSE(parse_setting_path(wrong)) << wrong;
}

TEST(setting_text, a_value_is_read_as_its_field_wants_it) {
  const struct {
    const char* field;
    const char* text;
    const char* json;
  } cases[] = {
      {"enabled", "true", "true"},           {"enabled", "yes", "\"yes\""}, {"limit", "12", "12"},
      {"limit", "12x", "\"12x\""},           {"pause", "90", "90"},         {"welcome_text", "12", "\"12\""},
      {"words", "[\"a\"]", "[\"a\"]"},       {"words", "a", "\"a\""},       {"mood", "calm", "\"calm\""},
      {"channel", "1234567", "\"1234567\""},
  };
  for (const auto& each : cases) {
    const settings::field* field = settings::testing_schema::welcome.find(each.field);
    ASSERT_NE(field, nullptr) << each.field;
    EXPECT_EQ(typed_value(*field, each.text), boost::json::parse(each.json))
        << each.field << " " << each.text;
  }
}

}  // namespace
}  // namespace guildfleet::cli
