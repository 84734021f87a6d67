#include "store/postgres/connection_target.hpp"

#include <gmock/gmock.h>

#include "store/error.hpp"

namespace guildfleet::store {
namespace {

using testing::HasSubstr;
using testing::Not;

connection_target target_of(const char* url) {
  auto parsed = connection_target::parse(base::secret(url), "music");
  if (!parsed) throw std::runtime_error(parsed.error().message());
  return *std::move(parsed);
}

TEST(connection_target, shows_where_without_the_password) {
  EXPECT_EQ(target_of("postgresql://ann:s3cr3t@db.example:6432/bots?sslmode=require").shown(),
            "ann@db.example:6432/bots");
}

TEST(connection_target, keeps_what_the_url_says_and_fills_in_the_rest) {
  const auto target =
      target_of("postgresql://ann@a.example,b.example/bots?sslmode=verify-full&connect_timeout=9");
  const std::string parameters(target.parameters().reveal());
  EXPECT_THAT(parameters, HasSubstr("connect_timeout='9'"));
  EXPECT_THAT(parameters, HasSubstr("sslmode='verify-full'"));
  EXPECT_THAT(parameters, HasSubstr("host='a.example,b.example'"));
  EXPECT_THAT(parameters, HasSubstr("tcp_user_timeout='10000'"));
  EXPECT_THAT(parameters, HasSubstr("application_name='music'"));
}

TEST(connection_target, quotes_what_needs_it) {
  EXPECT_THAT(std::string(target_of("postgresql://ann:it%27s%5Cme@db/bots").parameters().reveal()),
              HasSubstr(R"(password='it\'s\\me')"));
}

TEST(connection_target, refuses_what_is_no_url_without_repeating_it) {
  for (const char* url : {"postgresql://ann:s3cr3t%@db/bots", "mysql://ann:s3cr3t@db/bots", "s3cr3t",
                          "postgresql://ann:x@db/bots?s3cr3t=1"}) {
    const auto refused = connection_target::parse(base::secret(url), "music");
    ASSERT_FALSE(refused) << url;
    EXPECT_EQ(refused.error().code(), store_error::cannot_open);
    EXPECT_THAT(refused.error().message(), Not(HasSubstr("s3cr3t")));
  }
}

TEST(connection_target, scrubs_the_password_and_keeps_the_first_line) {
  EXPECT_EQ(
      target_of("postgresql://ann:s3cr3t@db/bots").scrub("login with s3cr3t (s3cr3t) failed\nDETAIL: s3cr3t"),
      "login with *** (***) failed");
}

}  // namespace
}  // namespace guildfleet::store
