#include "store/redis/redis_reply.hpp"

#include <gtest/gtest.h>

#include "store/redis/redis_error.hpp"
#include "store/redis/request_share.hpp"

namespace guildfleet::store {
namespace {

constexpr std::string_view stream =
    "+OK\r\n:42\r\n$5\r\nhello\r\n$-1\r\n*2\r\n$1\r\na\r\n:7\r\n-NOAUTH who are you\r\n";

std::vector<redis_reply> read_in_pieces_of(std::size_t size) {
  redis_reply_reader reader;
  std::vector<redis_reply> out;
  for (std::size_t at = 0; at < stream.size(); at += size) {
    EXPECT_TRUE(reader.feed(stream.substr(at, size)));
    while (true) {
      auto next = reader.next();
      EXPECT_TRUE(next);
      if (!*next) break;
      out.push_back(std::move(**next));
    }
  }
  return out;
}

TEST(redis_reply, is_the_same_however_the_bytes_arrive) {
  for (std::size_t size = 1; size <= stream.size(); ++size) {
    const auto replies = read_in_pieces_of(size);
    ASSERT_EQ(replies.size(), 6U) << size;
    EXPECT_EQ(replies[0].text, "OK");
    EXPECT_EQ(replies[1].number, 42);
    EXPECT_EQ(replies[2].text, "hello");
    EXPECT_EQ(replies[3].is, redis_reply::kind::nothing);
    ASSERT_EQ(replies[4].items.size(), 2U);
    EXPECT_EQ(replies[4].items[1].number, 7);
    EXPECT_EQ(replies[5].is, redis_reply::kind::error);
    EXPECT_EQ(replies[5].error_code(), "NOAUTH");
  }
}

TEST(redis_reply, refuses_what_is_not_redis) {
  redis_reply_reader reader;
  ASSERT_TRUE(reader.feed("HTTP/1.1 400 Bad Request\r\n\r\n"));
  const auto next = reader.next();
  ASSERT_FALSE(next);
  EXPECT_EQ(next.error().code(), redis_error::bad_answer);
}

TEST(redis_reply, refuses_a_reply_without_an_end) {
  redis_reply_reader reader;
  const std::string much(600'000, 'x');
  ASSERT_TRUE(reader.feed("$2000000\r\n" + much));
  EXPECT_FALSE(reader.feed(much));
}

TEST(redis_command, says_the_length_of_each_word) {
  const std::vector<std::string> words{"SET", "k\r\n", ""};
  EXPECT_EQ(encode_redis_command(words), "*3\r\n$3\r\nSET\r\n$3\r\nk\r\n\r\n$0\r\n\r\n");
}

TEST(request_share, without_redis_follows_the_leases) {
  EXPECT_EQ(share_without_redis(50, 1, 1), 50U);
  EXPECT_EQ(share_without_redis(50, 3, 4), 37U);
  EXPECT_EQ(share_without_redis(50, 1, 1'000), 1U);
  EXPECT_EQ(share_without_redis(50, 0, 10), 1U);
  EXPECT_EQ(share_without_redis(50, 0, 0), 50U);
}

}  // namespace
}  // namespace guildfleet::store
