#include "store/redis/redis_url.hpp"

#include <gtest/gtest.h>

#include "store/redis/redis_error.hpp"

namespace guildfleet::store {
namespace {

TEST(redis_url, holds_every_part) {
  const auto url = parse_redis_url("rediss://bots:p%40ss%2Fword@cache.example:6380/3");
  ASSERT_TRUE(url);
  EXPECT_TRUE(url->tls);
  EXPECT_EQ(url->host, "cache.example");
  EXPECT_EQ(url->port, 6380);
  EXPECT_EQ(url->user, "bots");
  EXPECT_EQ(url->password.reveal(), "p@ss/word");
  EXPECT_EQ(url->database, 3U);
  EXPECT_EQ(url->place(), "cache.example:6380/3");
}

TEST(redis_url, has_redis_own_defaults) {
  const auto url = parse_redis_url("redis://localhost");
  ASSERT_TRUE(url);
  EXPECT_FALSE(url->tls);
  EXPECT_EQ(url->port, 6379);
  EXPECT_EQ(url->database, 0U);
  EXPECT_TRUE(url->user.empty());
  EXPECT_TRUE(url->password.empty());
}

TEST(redis_url, takes_a_password_without_a_user) {
  const auto url = parse_redis_url("redis://:secret@[::1]:7000/");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "::1");
  EXPECT_EQ(url->password.reveal(), "secret");
  EXPECT_EQ(url->place(), "[::1]:7000/0");
}

class bad_redis_url : public testing::TestWithParam<const char*> {};

TEST_P(bad_redis_url, is_refused_without_repeating_it) {
  const auto url = parse_redis_url(GetParam());
  ASSERT_FALSE(url);
  EXPECT_EQ(url.error().code(), redis_error::bad_url);
  EXPECT_EQ(url.error().message().find("canary"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(urls, bad_redis_url,
                         testing::Values("", "canary", "redis://", "http://:canary@host/",
                                         "redis://:canary@host:0/", "redis://:canary@host:70000/",
                                         "redis://:canary@host/x", "redis://:canary@host/99999",
                                         "redis://canary@host/", "redis:///1", "redis://:canary@host/0?x=1",
                                         "redis://:can ary@host/0"));

}  // namespace
}  // namespace guildfleet::store
