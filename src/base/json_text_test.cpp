#include "base/json_text.hpp"

#include <gtest/gtest.h>

namespace guildfleet::base {
namespace {

TEST(json_writer, puts_commas_where_they_belong) {
  json_writer w;
  w.begin_object()
      .key("op")
      .number(2)
      .key("d")
      .begin_array()
      .null()
      .boolean(true)
      .begin_object()
      .end_object();
  w.end_array().key("t").string("x").end_object();
  EXPECT_EQ(w.text(), R"({"op":2,"d":[null,true,{}],"t":"x"})");
}

struct escape_case {
  std::string_view text;
  std::string_view json;
};

class append_json_string_cases : public testing::TestWithParam<escape_case> {};

TEST_P(append_json_string_cases, are_escaped) {
  std::string out;
  append_json_string(out, GetParam().text);
  EXPECT_EQ(out, GetParam().json);
}

INSTANTIATE_TEST_SUITE_P(table, append_json_string_cases,
                         testing::Values(escape_case{"plain", R"("plain")"},
                                         escape_case{"a\"b\\", R"("a\"b\\")"},
                                         escape_case{"\n\t\r", R"("\n\t\r")"},
                                         escape_case{"\x01", R"("\u0001")"}, escape_case{"日本", "\"日本\""},
                                         escape_case{"a\xFFz", "\"a\xEF\xBF\xBDz\""}));

}  // namespace
}  // namespace guildfleet::base
