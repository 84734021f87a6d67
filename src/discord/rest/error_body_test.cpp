#include "discord/rest/error_body.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guildfleet::discord {
namespace {

using testing::HasSubstr;

TEST(error_body, names_every_field_of_the_tree) {
  const error_body body = parse_error_body(
      R"({"code":50035,"message":"Invalid Form Body","errors":{"_errors":[{"code":"A","message":"whole"}],
          "embeds":{"0":{"fields":{"12":{"name":{"_errors":[{"code":"B","message":"long"},{"code":3,"message":"x"}]}}}}}}})");
  EXPECT_TRUE(body.from_discord);
  EXPECT_EQ(body.code, 50035);
  ASSERT_EQ(body.problems.size(), 3U);
  EXPECT_EQ(body.problems[0].path, "");
  EXPECT_EQ(body.problems[1].path, "embeds[0].fields[12].name");
  EXPECT_EQ(body.problems[1].code, "B");
  EXPECT_EQ(body.problems[2].code, "3");
}

TEST(error_body, deep_and_wide_trees_stay_small) {
  std::string wide = R"({"code":1,"message":"m","errors":{)";
  for (int i = 0; i < 100; ++i)
    wide += fmt::format(R"({}"f{}":{{"_errors":[{{"code":"X"}}]}})", i == 0 ? "" : ",", i);
  EXPECT_EQ(parse_error_body(wide + "}}").problems.size(), 16U);
}

struct classify_case {
  const char* name;
  int status;
  const char* body;
  rest_error expected;
};
class classifies : public testing::TestWithParam<classify_case> {};

TEST_P(classifies, status_and_code) {
  EXPECT_EQ(classify(GetParam().status, parse_error_body(GetParam().body)), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    all, classifies,
    testing::Values(
        classify_case{"listed_code", 404, R"({"message":"Unknown Message","code":10008})",
                      rest_error::unknown_message},
        classify_case{"unlisted_code", 400, R"({"message":"x","code":30099})", rest_error::bad_request},
        classify_case{"general_404", 404, R"({"message":"404: Not Found","code":0})", rest_error::not_found},
        classify_case{"token", 401, R"({"message":"401: Unauthorized","code":0})", rest_error::unauthorized},
        classify_case{"html_403", 403, "<html>Cloudflare</html>", rest_error::blocked_by_cloudflare},
        classify_case{"html_429", 429, "<html>", rest_error::blocked_by_cloudflare},
        classify_case{"html_502", 502, "<html>", rest_error::server_failed},
        classify_case{"empty_500", 500, "", rest_error::server_failed},
        classify_case{"redirect", 301, "", rest_error::malformed_response},
        classify_case{"rate", 429, R"({"message":"slow","retry_after":1.0})", rest_error::rate_limited}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(error_of_response, tells_route_status_code_and_fields) {
  const auto error =
      error_of_response(routes::create_message, 403, R"({"message":"Missing Permissions","code":50013})");
  EXPECT_EQ(error.code(), rest_error::missing_permissions);
  EXPECT_THAT(error.message(),
              HasSubstr("POST /channels/{channel}/messages: HTTP 403, code 50013, \"Missing Permissions\""));
  EXPECT_THAT(error.message(), HasSubstr("Give the bot's role the permission"));
}

}  // namespace
}  // namespace guildfleet::discord
