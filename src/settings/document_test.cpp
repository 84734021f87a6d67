#include "settings/document.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace guildfleet::settings {
namespace {

TEST(document, refuses_what_is_not_one_bounded_object_of_unique_keys) {
  struct row {
    std::string text;
    settings_error error;
  };
  const row rows[] = {
      {"", settings_error::malformed},
      {"{", settings_error::malformed},
      {"{} x", settings_error::malformed},
      {"{}{}", settings_error::malformed},
      {"{\"a\":1,}", settings_error::malformed},
      {"{\"a\":NaN}", settings_error::malformed},
      {"{\"a\":\"\xff\"}", settings_error::malformed},
      {"/**/{}", settings_error::malformed},
      {"[]", settings_error::not_an_object},
      {"null", settings_error::not_an_object},
      {R"({"a":1,"a":1})", settings_error::duplicate_key},
      {R"({"a":{"b":1,"\u0062":2}})", settings_error::duplicate_key},
      {R"({"a":[[[[[[[[1]]]]]]]]})", settings_error::too_deep},
      {"{\"a\":[1,2,3,4,5,6,7,8,9,10]}", settings_error::too_many_values},
      {std::string(101, ' '), settings_error::too_large},
  };
  for (const row& each : rows) {
    const auto outcome = parse_document(each.text, {.bytes = 100, .depth = 8, .values = 10});
    ASSERT_FALSE(outcome) << each.text;
    EXPECT_EQ(outcome.error().code(), make_error_code(each.error)) << each.text << outcome.error().message();
  }
}

TEST(document, names_the_key_that_stands_twice) {
  EXPECT_EQ(parse_document(R"({"limit":1,"limit":2})").error().context(), "\"limit\"");
}

TEST(document, reads_the_same_key_in_different_objects_and_spaces_around) {
  const auto outcome = parse_document(" {\"a\":{\"b\":1},\"b\":[{\"b\":2},{\"b\":3}]}\n ");
  ASSERT_TRUE(outcome) << outcome.error().message();
  EXPECT_EQ(canonical(*outcome), R"({"a":{"b":1},"b":[{"b":2},{"b":3}]})");
}

TEST(document, equal_settings_are_equal_bytes) {
  const auto one = parse_document(R"({"b":[1,{"y":"\u3042","x":null}],"a":true})");
  const auto two = parse_document("{ \"a\" : true, \"b\" : [1, {\"x\":null, \"y\":\"あ\"}] }");
  EXPECT_EQ(canonical(*one), canonical(*two));
  EXPECT_EQ(canonical(*one), R"({"a":true,"b":[1,{"x":null,"y":"あ"}]})");
}

// The table of RFC 7396, appendix A.
TEST(document, merges_as_the_rfc_shows) {
  const char* const rows[][3] = {
      {R"({"a":"b"})", R"({"a":"c"})", R"({"a":"c"})"},
      {R"({"a":"b"})", R"({"b":"c"})", R"({"a":"b","b":"c"})"},
      {R"({"a":"b"})", R"({"a":null})", R"({})"},
      {R"({"a":"b","b":"c"})", R"({"a":null})", R"({"b":"c"})"},
      {R"({"a":["b"]})", R"({"a":"c"})", R"({"a":"c"})"},
      {R"({"a":"c"})", R"({"a":["b"]})", R"({"a":["b"]})"},
      {R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})", R"({"a":{"b":"d"}})"},
      {R"({"a":[{"b":"c"}]})", R"({"a":[1]})", R"({"a":[1]})"},
      {R"(["a","b"])", R"(["c","d"])", R"(["c","d"])"},
      {R"({"a":"b"})", R"(["c"])", R"(["c"])"},
      {R"({"a":"foo"})", R"(null)", R"(null)"},
      {R"({"a":"foo"})", R"("bar")", R"("bar")"},
      {R"({"e":null})", R"({"a":1})", R"({"e":null,"a":1})"},
      {R"([1,2])", R"({"a":"b","c":null})", R"({"a":"b"})"},
      {R"({})", R"({"a":{"bb":{"ccc":null}}})", R"({"a":{"bb":{}}})"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(merge_patch(json::parse(row[0]), json::parse(row[1])), json::parse(row[2]))
        << row[0] << " + " << row[1];
  }
}

}  // namespace
}  // namespace guildfleet::settings
