#include "base/variables.hpp"

#include <gtest/gtest.h>

namespace guildfleet::base {
namespace {

variable_lookup given(std::map<std::string, std::string> values) {
  return overlay([](std::string_view) { return std::nullopt; }, std::move(values));
}

struct expansion_case {
  std::string_view text;
  std::string_view expected;  // "!" and a piece of the message for an error
};

TEST(variables, expand_as_compose_does) {
  const auto lookup = given({{"SET", "value"}, {"EMPTY", ""}, {"DOLLAR", "$SET ${SET}"}});
  const expansion_case cases[] = {
      {"plain", "plain"},
      {"$SET", "value"},
      {"a${SET}b", "avalueb"},
      {"$SET-x", "value-x"},
      {"${UNSET}", ""},
      {"${SET:-d}", "value"},
      {"${UNSET:-d}", "d"},
      {"${EMPTY:-d}", "d"},
      {"${EMPTY-d}", ""},
      {"${UNSET-d}", "d"},
      {"${UNSET:-${SET}}", "value"},
      {"${UNSET:-a${UNSET:-b}c}", "abc"},
      {"${SET:+x}", "x"},
      {"${EMPTY:+x}", ""},
      {"${EMPTY+x}", "x"},
      {"${SET:?needed}", "value"},
      {"${UNSET:?needed}", "!UNSET is required but not set: needed"},
      {"${EMPTY:?needed}", "!EMPTY is required"},
      {"${EMPTY?needed}", ""},
      {"${UNSET?}", "!UNSET is required but not set"},
      {"$$", "$"},
      {"$$SET", "$SET"},
      {"$${SET}", "${SET}"},
      {"pa$", "!write $$"},
      {"pa$ ss", "!write $$"},
      {"${SET", "!never closed"},
      {"${}", "!name of a variable"},
      {"${1A}", "!name of a variable"},
      {"${SET:x}", "!form that is not known"},
      {"${SET:}", "!form that is not known"},
      {"${SET!x}", "!form that is not known"},
      // A value is never expanded again.
      {"${DOLLAR}", "$SET ${SET}"},
  };
  for (const auto& each : cases) {
    const auto got = expand_variables(each.text, lookup);
    if (each.expected.starts_with('!')) {
      ASSERT_FALSE(got) << each.text;
      EXPECT_NE(got.error().find(each.expected.substr(1)), std::string::npos)
          << each.text << ": " << got.error();
    } else {
      ASSERT_TRUE(got) << each.text << ": " << got.error();
      EXPECT_EQ(got->text, each.expected) << each.text;
    }
  }
}

TEST(variables, tell_which_were_not_set) {
  const auto got = expand_variables("${A}${B:-x}${C}", given({}));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->unset, (std::vector<std::string>{"A", "C"}));
}

TEST(variables, refuse_defaults_nested_without_end) {
  std::string text = "x";
  for (int i = 0; i < 20; ++i) text.insert(0, "${U:-").append("}");
  EXPECT_FALSE(expand_variables(text, given({})));
}

TEST(variables, overlay_never_overrides_the_first) {
  const auto lookup = overlay(given({{"A", "real"}}), {{"A", "file"}, {"B", "file"}});
  EXPECT_EQ(lookup("A"), "real");
  EXPECT_EQ(lookup("B"), "file");
  EXPECT_EQ(lookup("C"), std::nullopt);
}

TEST(env_file, reads_the_usual_forms) {
  problem_list problems;
  const auto got = parse_env_file(
      "# comment\n\nA=1\r\nexport B = two words # comment\nC='lit$eral \\n'\nD=\"a\\\"b\\nc\" # "
      "x\nE=\nF=a#b\nG=last",
      ".env", problems);
  EXPECT_TRUE(problems.empty());
  const std::map<std::string, std::string> expected = {
      {"A", "1"}, {"B", "two words"}, {"C", "lit$eral \\n"}, {"D", "a\"b\nc"},
      {"E", ""},  {"F", "a#b"},       {"G", "last"}};
  EXPECT_EQ(got, expected);
}

TEST(env_file, names_the_line_of_a_mistake_without_showing_it) {
  problem_list problems;
  const auto got =
      parse_env_file("A=1\nhunter2\n1X=hunter2\nY=\"hunter2\nZ='a'hunter2\nB=2", ".env", problems);
  EXPECT_EQ(got.size(), 2U);
  ASSERT_EQ(problems.size(), 4U);
  for (std::size_t i = 0; i < problems.size(); ++i) {
    EXPECT_EQ(problems[i].at.line, i + 2);
    EXPECT_EQ(to_text(problems[i]).find("hunter2"), std::string::npos);
  }
}

}  // namespace
}  // namespace guildfleet::base
