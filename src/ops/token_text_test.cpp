#include "ops/token_text.hpp"

#include <gtest/gtest.h>

namespace guildfleet::ops {
namespace {

struct text_case {
  const char* name;
  const char* text;
  const char* shown;
};

class token_text : public testing::TestWithParam<text_case> {};

TEST_P(token_text, shows) {
  EXPECT_EQ(without_tokens(GetParam().text), GetParam().shown);
}

INSTANTIATE_TEST_SUITE_P(
    words, token_text,
    testing::Values(
        text_case{"plain", "the folder storage does not exist", "the folder storage does not exist"},
        text_case{"empty", "", ""},
        text_case{"token", "x Tm9ib2R5U2hvdWxkU2VlVGhpcw.Xy12Zz.qwertyuiopasdfghjklzxcvbnm y", "x <token> y"},
        text_case{"in_a_path", "a/Tm9ib2R5U2hvdWxkU2VlVGhpcw.Xy12Zz.qwertyuiopasdfghjklzxcvbnm/b",
                  "a/<token>/b"},
        text_case{"glued", "a.b.Tm9ib2R5U2hvdWxkU2VlVGhpcw.Xy12Zz.qwertyuiopasdfghjklzxcvbnm.sqlite",
                  "<token>"},
        text_case{"address", "https://very-long-host-name.example.discord-relay.example/api",
                  "https://very-long-host-name.example.discord-relay.example/api"},
        text_case{"file", "storage/a-very-long-file-name-of-a-bot.sqlite",
                  "storage/a-very-long-file-name-of-a-bot.sqlite"}),
    [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace guildfleet::ops
