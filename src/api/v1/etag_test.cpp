#include "api/v1/etag.hpp"

#include <array>
#include <gtest/gtest.h>

namespace guildfleet::api::v1 {
namespace {

TEST(etag, is_the_version_in_quotes) {
  EXPECT_EQ(etag_of(0), "\"0\"");
  EXPECT_EQ(etag_of(41), "\"41\"");
  EXPECT_EQ(etag_of(std::array<std::pair<std::string_view, std::uint64_t>, 2>{{{"a", 1}, {"b", 2}}}),
            "\"a.1,b.2\"");
}

TEST(etag, if_match_takes_one_version_or_any) {
  const struct {
    std::string_view text;
    std::optional<wanted_version> wanted;
  } cases[] = {
      {"\"5\"", 5U},
      {"  \"0\" ", 0U},
      {"*", any_version{}},
      {"5", std::nullopt},
      {"W/\"5\"", std::nullopt},
      {"\"5\", \"6\"", std::nullopt},
      {"\"\"", std::nullopt},
      {"\"", std::nullopt},
      {"", std::nullopt},
      {"\"-1\"", std::nullopt},
      {"\"99999999999999999999\"", std::nullopt},
  };
  for (const auto& each : cases) EXPECT_EQ(parse_if_match(each.text), each.wanted) << each.text;
}

TEST(etag, if_none_match_is_a_list) {
  const struct {
    std::string_view list;
    bool named;
  } cases[] = {
      {"\"a.1,b.2\"", true}, {"\"x\", W/\"a.1,b.2\"", true}, {"*", true}, {"\"a.1\"", false}, {"", false},
      {"\"", false},
  };
  for (const auto& each : cases)
    EXPECT_EQ(none_match_names(each.list, "\"a.1,b.2\""), each.named) << each.list;
}

}  // namespace
}  // namespace guildfleet::api::v1
