#include "features/message_template.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/utf8.hpp"

namespace guildfleet::features {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string filled(std::string_view text, std::size_t limit = longest_content) {
  const placeholder values[] = {{.name = "user", .value = "<@42>", .trusted = true},
                                {.name = "user.name", .value = "*Ada* @everyone"},
                                {.name = "server", .value = "{user}"},
                                {.name = "count", .value = "7", .trusted = true}};
  return fill(text, values, limit);
}

TEST(message_template, fills_what_it_knows_and_leaves_the_rest) {
  const struct {
    std::string_view text;
    std::string_view shown;
  } cases[] = {
      {"Welcome {user}, number {count}!", "Welcome <@42>, number 7!"},
      {"{count}{count}", "77"},
      {"{user.name}", R"(\*Ada\* \@everyone)"},
      {"{unknown} {Count} {} { count }", "{unknown} {Count} {} { count }"},
      {"{{count}}", "{7}"},
      {"{count", "{count"},
      {"a } b {count}", "a } b 7"},
      {"{server}", R"(\{user\})"},
      {"", ""},
      {"**bold** of who wrote it", "**bold** of who wrote it"},
      {"\xFF{count}", "\uFFFD7"},
  };
  for (const auto& each : cases) EXPECT_EQ(filled(each.text), each.shown) << each.text;
}

TEST(message_template, a_name_has_no_effect) {
  const struct {
    std::string_view name;
    std::string_view shown;
  } cases[] = {
      {"Ada", "Ada"},
      {"アダ", "アダ"},
      {"<@123>", R"(\<\@123\>)"},
      {"@here", R"(\@here)"},
      {"[x](https://evil.example)", R"(\[x\]\(https\:\/\/evil\.example\))"},
      {"discord.gg/abc", R"(discord\.gg\/abc)"},
      {"||hidden|| `code` ~~x~~ _y_", R"(\|\|hidden\|\| \`code\` \~\~x\~\~ \_y\_)"},
      {"# big\n> quote", R"(\# big \> quote)"},
      {R"(back\slash)", R"(back\\slash)"},
      {"a\u202Eb\u200Bc\uFEFFd\u2066e", "abcde"},
      {"\xFF", "\uFFFD"},
  };
  for (const auto& each : cases) EXPECT_EQ(plain(each.name), each.shown) << each.name;
}

TEST(message_template, is_cut_by_characters) {
  EXPECT_EQ(filled("日本語{count}", 4), "日本語7");
  EXPECT_EQ(filled("日本語{count}", 3), "日本…");
  EXPECT_EQ(base::utf8_length(filled(std::string(3'000, 'x'))), longest_content);
  EXPECT_EQ(filled(std::string(2'000, 'x')), std::string(2'000, 'x'));
}

TEST(message_template, tells_which_placeholders_it_does_not_know) {
  constexpr std::string_view known[] = {"user", "count"};
  EXPECT_THAT(unknown_placeholders("{user} {usr} {count} {usr} {server.name}", known),
              ElementsAre("usr", "server.name"));
  EXPECT_THAT(unknown_placeholders("{user} {} { x } {X} {", known), IsEmpty());
}

}  // namespace
}  // namespace guildfleet::features
