// What the doctor is told of a real Redis 7.
#include "store/redis/redis_look.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/test_support.hpp"
#include "store/redis/redis_error.hpp"
#include "support/redis_server.hpp"

namespace guildfleet::store {
namespace {

using net::run_to_end;
using net::soon;
using support::redis_server;
using testing::HasSubstr;
using testing::Not;

class redis_health_look : public testing::Test {
 protected:
  using answer = base::result<redis_health>;

  static answer look(const std::string& url) {
    const base::system_clock clock;
    net::asio::io_context context{1};
    std::optional<answer> out;
    run_to_end(context,
               keep(look_at_health_of_redis(parse_redis_url(url).value(), nullptr, soon(), clock), out));
    return std::move(*out);
  }
  static net::task<> keep(net::task<answer> from, std::optional<answer>& into) {
    into.emplace(co_await std::move(from));
  }
};

TEST_F(redis_health_look, tells_version_latency_memory_and_eviction) {
  support::redis_options options;
  options.more = {"--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru"};
  redis_server server(options);
  ASSERT_TRUE(server.start());
  const auto seen = look(server.url());
  ASSERT_TRUE(seen) << seen.error().message();
  EXPECT_GT(seen->latency.count(), 0);
  EXPECT_THAT(seen->version, testing::StartsWith("7."));
  EXPECT_EQ(seen->role, "master");
  EXPECT_FALSE(seen->cluster);
  EXPECT_EQ(seen->max_memory, 64U << 20U);
  EXPECT_GT(seen->used_memory, 0U);
  EXPECT_EQ(seen->eviction, "allkeys-lru");
  EXPECT_GE(seen->clients, 1U);
  EXPECT_GT(seen->max_clients, 0U);
  EXPECT_FALSE(seen->last_save_failed);
}

TEST_F(redis_health_look, says_why_it_was_not_let_in) {
  support::redis_options options;
  options.password = "right";
  redis_server server(options);
  ASSERT_TRUE(server.start());
  const auto refused = look(fmt::format("redis://:canary-c0ffee@127.0.0.1:{}", server.port()));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), make_error_code(redis_error::refused));
  EXPECT_THAT(refused.error().message(), HasSubstr("WRONGPASS"));
  EXPECT_THAT(refused.error().message(), Not(HasSubstr("canary")));
  const auto nameless = look(fmt::format("redis://127.0.0.1:{}", server.port()));
  ASSERT_FALSE(nameless);
  EXPECT_THAT(nameless.error().message(), HasSubstr("NOAUTH"));
}

TEST_F(redis_health_look, of_a_user_without_the_right_to_info_knows_the_latency_alone) {
  support::redis_options options;
  options.more = {"--user", "narrow", "on", ">pass", "~*", "+ping", "+select"};
  redis_server server(options);
  ASSERT_TRUE(server.start());
  const auto seen = look(fmt::format("redis://narrow:pass@127.0.0.1:{}", server.port()));
  ASSERT_TRUE(seen) << seen.error().message();
  EXPECT_EQ(seen->info_refused, "NOPERM");
  EXPECT_GT(seen->latency.count(), 0);
}

TEST_F(redis_health_look, of_nobody_is_an_error) {
  const auto nobody = look(fmt::format("redis://127.0.0.1:{}", support::free_port()));
  ASSERT_FALSE(nobody);
  EXPECT_THAT(nobody.error().message(), HasSubstr("127.0.0.1"));
}

TEST(redis_info, is_read_line_by_line) {
  redis_health out;
  read_redis_info(
      "# Server\r\nredis_version:6.2.1\r\nredis_mode:cluster\r\nrole:slave\r\nnonsense\r\n"
      "rdb_last_bgsave_status:err\r\nevicted_keys:9",
      out);
  EXPECT_EQ(out.version, "6.2.1");
  EXPECT_TRUE(out.cluster);
  EXPECT_EQ(out.role, "slave");
  EXPECT_TRUE(out.last_save_failed);
  EXPECT_EQ(out.evicted_keys, 9U);
}

}  // namespace
}  // namespace guildfleet::store
