#include "discord/rest/limit_signal.hpp"

#include <gtest/gtest.h>
#include <map>

namespace guildfleet::discord {
namespace {

using namespace std::chrono_literals;
using headers = std::map<std::string, std::string, std::less<>>;

limit_signal read(int status, const headers& fields, std::string_view body = {}) {
  return read_limit_signal(
      status,
      [&](std::string_view name) {
        const auto found = fields.find(name);
        return found == fields.end() ? std::string_view() : std::string_view(found->second);
      },
      body);
}

TEST(limit_signal, reads_a_buckets_headers) {
  const auto signal = read(200, {{"X-RateLimit-Bucket", "abc"},
                                 {"X-RateLimit-Limit", "5"},
                                 {"X-RateLimit-Remaining", "4"},
                                 {"X-RateLimit-Reset-After", "1.2341"}});
  EXPECT_EQ(signal.bucket_hash, "abc");
  EXPECT_EQ(signal.limit, 5);
  EXPECT_EQ(signal.remaining, 4);
  EXPECT_EQ(signal.reset_after, 1235ms);
  EXPECT_EQ(signal.scope, std::nullopt);
}

struct scope_case {
  const char* name;
  headers fields;
  const char* body;
  limit_scope scope;
  std::optional<std::chrono::milliseconds> wait;
};
class limit_scopes : public testing::TestWithParam<scope_case> {};

TEST_P(limit_scopes, are_told_apart) {
  const auto signal = read(429, GetParam().fields, GetParam().body);
  EXPECT_EQ(signal.scope, GetParam().scope);
  EXPECT_EQ(signal.retry_after, GetParam().wait);
  EXPECT_EQ(signal.counts_as_invalid(), GetParam().scope != limit_scope::shared);
}

INSTANTIATE_TEST_SUITE_P(
    all, limit_scopes,
    testing::Values(
        scope_case{"user_takes_the_longer_wait",
                   {{"X-RateLimit-Scope", "user"}, {"Retry-After", "2"}},
                   R"({"retry_after":1.5,"global":false})",
                   limit_scope::user,
                   2000ms},
        scope_case{"body_wins_when_longer",
                   {{"X-RateLimit-Scope", "user"}, {"Retry-After", "1"}},
                   R"({"retry_after":1.5})",
                   limit_scope::user,
                   1500ms},
        scope_case{"global_by_body",
                   {{"Retry-After", "3"}},
                   R"({"retry_after":3,"global":true})",
                   limit_scope::global,
                   3000ms},
        scope_case{"global_by_header",
                   {{"X-RateLimit-Global", "true"}},
                   R"({"retry_after":0.1})",
                   limit_scope::global,
                   100ms},
        scope_case{
            "shared", {{"X-RateLimit-Scope", "shared"}}, R"({"retry_after":7})", limit_scope::shared, 7000ms},
        scope_case{"html", {}, "<html>blocked</html>", limit_scope::cloudflare, std::nullopt},
        scope_case{"html_with_time", {{"Retry-After", "60"}}, "<html>", limit_scope::cloudflare, 60000ms},
        scope_case{"negative_and_foreign_numbers",
                   {{"X-RateLimit-Scope", "user"}, {"Retry-After", "-1"}},
                   R"({"retry_after":"soon"})",
                   limit_scope::user,
                   std::nullopt}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace guildfleet::discord
