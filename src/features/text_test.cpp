#include "features/text.hpp"

#include <gtest/gtest.h>

namespace guildfleet::features {
namespace {

constexpr text greeting{"Hello {name}, {count} new.", "{name}さん、新着 {count} 件"};

TEST(text, speaks_the_language_of_the_locale) {
  EXPECT_EQ(language_of("ja"), language::japanese);
  EXPECT_EQ(language_of("en-GB"), language::english);
  EXPECT_EQ(language_of("de"), language::english);
  EXPECT_EQ(language_of(""), language::english);
}

TEST(text, fills_placeholders_by_name_in_either_order) {
  EXPECT_EQ(greeting.format(language::english, fmt::arg("count", 2), fmt::arg("name", "Ada")),
            "Hello Ada, 2 new.");
  EXPECT_EQ(greeting.format(language::japanese, fmt::arg("count", 2), fmt::arg("name", "Ada")),
            "Adaさん、新着 2 件");
}

}  // namespace
}  // namespace guildfleet::features
