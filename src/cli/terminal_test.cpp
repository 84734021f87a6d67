#include "cli/terminal.hpp"

#include <gtest/gtest.h>

namespace guildfleet::cli {
namespace {

struct text_case {
  std::string_view text;
  std::string_view shown;
};

TEST(terminal, obeys_no_text_that_is_shown) {
  const text_case cases[] = {{"a.yml", "a.yml"},
                             {"a\x1b[31mb", "a?[31mb"},
                             {"one\ntwo\ttabs\x7f", "one?two?tabs?"},
                             {"\xc2\x9b"
                              "31m",
                              "?31m"},
                             {"\xc2\xa7 \xe3\x83\x9c\xc3\xa9", "\xc2\xa7 \xe3\x83\x9c\xc3\xa9"},
                             {"\xc2", "\xc2"}};
  for (const text_case& each : cases) EXPECT_EQ(shown(each.text), each.shown);
}

}  // namespace
}  // namespace guildfleet::cli
