#include "net/http_types.hpp"

#include <gtest/gtest.h>

namespace guildfleet::net {
namespace {

struct url_case {
  std::string text;
  std::string scheme, host;
  std::uint16_t port;
  std::string target, authority;
};

TEST(url, is_taken_apart) {
  const url_case cases[] = {
      {"https://discord.com/api", "https", "discord.com", 443, "/api", "discord.com"},
      {"HTTP://LocalHost:3001", "http", "localhost", 3001, "/", "localhost:3001"},
      {"wss://gateway.discord.gg/?v=10", "wss", "gateway.discord.gg", 443, "/?v=10", "gateway.discord.gg"},
      {"ws://a.b?x=1", "ws", "a.b", 80, "/?x=1", "a.b"},
      {"ws://127.0.0.1:80/a#part", "ws", "127.0.0.1", 80, "/a", "127.0.0.1"},
      {"http://[::1]:8080/x", "http", "::1", 8080, "/x", "[::1]:8080"},
      {"http://[fe80::1]", "http", "fe80::1", 80, "/", "[fe80::1]"},
  };
  for (const url_case& given : cases) {
    const auto parsed = parse_url(given.text);
    ASSERT_TRUE(parsed) << given.text;
    EXPECT_EQ(parsed->scheme, given.scheme) << given.text;
    EXPECT_EQ(parsed->host, given.host) << given.text;
    EXPECT_EQ(parsed->port, given.port) << given.text;
    EXPECT_EQ(parsed->target, given.target) << given.text;
    EXPECT_EQ(parsed->authority(), given.authority) << given.text;
  }
}

TEST(url, refuses_what_it_cannot_use) {
  for (const char* text :
       {"", "discord.com", "ftp://a", "http://", "http:///x", "http://user:pass@host/",
        "http://a:", "http://a:0", "http://a:65536", "http://a:8x", "http://a b/", "http://a/\r\nX: y",
        "http://[::1", "http://[]", "http://[abc]", "http://[::1]8080", "http://%41/"}) {
    EXPECT_FALSE(parse_url(text)) << text;
  }
}

TEST(http_request, query_values_are_decoded) {
  const http_request request{.method = "GET",
                             .target = "/p?a=1&b=x%20y+z&empty=&flag&bad=%zz&%6B=v&a=2",
                             .fields = {},
                             .body = {},
                             .remote_address = {}};
  EXPECT_EQ(request.path(), "/p");
  EXPECT_EQ(request.query_value("a"), "1");
  EXPECT_EQ(request.query_value("b"), "x y z");
  EXPECT_EQ(request.query_value("empty"), "");
  EXPECT_EQ(request.query_value("flag"), "");
  EXPECT_EQ(request.query_value("bad"), "%zz");
  EXPECT_EQ(request.query_value("k"), "v");
  EXPECT_EQ(request.query_value("absent"), std::nullopt);
}

TEST(http_request, percent_encoding_comes_back) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  const http_request request{.method = "GET",
                             .target = "/?v=" + percent_encode(all),
                             .fields = {},
                             .body = {},
                             .remote_address = {}};
  EXPECT_EQ(request.query_value("v"), all);
  EXPECT_EQ(percent_encode("a b/\xC3\xA9~"), "a%20b%2F%C3%A9~");
}

TEST(http_fields, compare_without_case_and_cannot_be_split) {
  http_fields fields;
  fields.add("X-One", "1");
  fields.add("x-one", "2");
  EXPECT_EQ(fields.find("X-ONE"), "1");
  fields.set("X-one", "3\r\nEvil: yes");
  ASSERT_EQ(fields.all().size(), 1U);
  EXPECT_EQ(fields.find("x-One"), "3  Evil: yes");
}

}  // namespace
}  // namespace guildfleet::net
