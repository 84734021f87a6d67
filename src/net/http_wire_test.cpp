#include "net/http_wire.hpp"

#include <gtest/gtest.h>

namespace guildfleet::net {
namespace {

// 0: more is needed; 1: whole; otherwise the status.
int outcome_of(const std::string& bytes, std::size_t chunk) {
  http_request_reader reader(512, 64);
  std::string buffer;
  for (std::size_t at = 0; at < bytes.size(); at += chunk) {
    buffer += bytes.substr(at, chunk);
    const auto whole = reader.consume(buffer);
    if (!whole) return whole.error();
    if (*whole) return 1;
  }
  return 0;
}

struct request_case {
  std::string name;
  std::string bytes;
  int outcome;
};

class http_requests : public testing::TestWithParam<request_case> {};

TEST_P(http_requests, are_judged_the_same_in_any_chunks) {
  const request_case& given = GetParam();
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{5}, given.bytes.size()}) {
    EXPECT_EQ(outcome_of(given.bytes, chunk), given.outcome) << chunk;
  }
}

const std::string host = "Host: a\r\n";

INSTANTIATE_TEST_SUITE_P(
    http_wire, http_requests,
    testing::Values(
        request_case{"get", "GET / HTTP/1.1\r\n" + host + "\r\n", 1},
        request_case{"get_1_0_without_host", "GET / HTTP/1.0\r\n\r\n", 1},
        request_case{"options_star", "OPTIONS * HTTP/1.1\r\n" + host + "\r\n", 1},
        request_case{"post", "POST / HTTP/1.1\r\n" + host + "Content-Length: 3\r\n\r\nabc", 1},
        request_case{"post_cut", "POST / HTTP/1.1\r\n" + host + "Content-Length: 3\r\n\r\nab", 0},
        request_case{"header_cut", "GET / HTTP/1.1\r\nHost: a\r\n", 0},
        request_case{"no_host", "GET / HTTP/1.1\r\n\r\n", 400},
        request_case{"two_hosts", "GET / HTTP/1.1\r\n" + host + host + "\r\n", 400},
        request_case{"chunked", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                     411},
        request_case{"other_encoding", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip\r\n\r\n", 411},
        request_case{"length_then_chunked",
                     "POST / HTTP/1.1\r\n" + host + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
                     400},
        request_case{"chunked_then_length",
                     "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n",
                     400},
        request_case{"two_lengths",
                     "POST / HTTP/1.1\r\n" + host + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400},
        request_case{"negative_length", "POST / HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n", 400},
        request_case{"length_not_a_number", "POST / HTTP/1.1\r\n" + host + "Content-Length: 3x\r\n\r\n", 400},
        request_case{"body_too_large", "POST / HTTP/1.1\r\n" + host + "Content-Length: 65\r\n\r\n", 413},
        request_case{"header_too_large",
                     "GET / HTTP/1.1\r\n" + host + "X: " + std::string(600, 'x') + "\r\n\r\n", 431},
        request_case{"target_too_large", "GET /" + std::string(600, 'x') + " HTTP/1.1\r\n" + host + "\r\n",
                     431},
        request_case{"start_line_and_fields_too_large_together",
                     "GET /" + std::string(300, 'x') + " HTTP/1.1\r\n" + host +
                         "X: " + std::string(300, 'x') + "\r\n\r\n",
                     431},
        request_case{"target_without_slash", "GET a HTTP/1.1\r\n" + host + "\r\n", 400},
        request_case{"space_before_colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400},
        request_case{"not_http", "\x16\x03\x01\x02\r\n\r\n", 400},
        request_case{"http_2", "GET / HTTP/2.0\r\n" + host + "\r\n", 400}),
    [](const auto& given) { return given.param.name; });

TEST(http_wire, a_pipelined_request_stays_in_the_buffer) {
  http_request_reader reader(512, 64);
  std::string buffer = "POST /1 HTTP/1.1\r\n" + host + "Content-Length: 2\r\n\r\nabGET /2 HTTP/1.1\r\n";
  EXPECT_EQ(reader.consume(buffer), true);
  EXPECT_EQ(buffer, "GET /2 HTTP/1.1\r\n");
  const http_request request = reader.take();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/1");
  EXPECT_EQ(request.body, "ab");
  EXPECT_EQ(request.fields.find("host"), "a");
  EXPECT_TRUE(reader.keep_alive());
}

TEST(http_wire, a_request_that_waits_for_continue_says_so_once) {
  http_request_reader reader(512, 64);
  std::string buffer = "POST / HTTP/1.1\r\n" + host + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n";
  EXPECT_EQ(reader.consume(buffer), false);
  EXPECT_TRUE(reader.wants_continue());
  EXPECT_FALSE(reader.wants_continue());
}

using scope = http_response_reader::scope;

TEST(http_wire, responses_of_every_framing_are_read) {
  struct response_case {
    std::string bytes;
    scope what;
    int status;
    std::string body;
  };
  const response_case cases[] = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", scope::whole, 200, "ok"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n1\r\n!\r\n0\r\n\r\n", scope::whole,
       200, "ok!"},
      {"HTTP/1.1 204 No Content\r\n\r\n", scope::whole, 204, ""},
      {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", scope::without_body, 200, ""},
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 1\r\n\r\nx", scope::whole, 201,
       "x"},
      {"HTTP/1.1 503 Busy\r\nContent-Length: 9\r\n\r\n", scope::header_only, 503, ""},
  };
  for (const response_case& given : cases) {
    for (const std::size_t chunk : {std::size_t{1}, given.bytes.size()}) {
      http_response_reader reader(given.what, 100);
      std::string buffer;
      bool whole = false;
      for (std::size_t at = 0; at < given.bytes.size() && !whole; at += chunk) {
        buffer += given.bytes.substr(at, chunk);
        const auto result = reader.consume(buffer);
        ASSERT_TRUE(result) << given.bytes;
        whole = *result;
      }
      ASSERT_TRUE(whole) << given.bytes;
      const http_response response = reader.take();
      EXPECT_EQ(response.status, given.status);
      EXPECT_EQ(response.body, given.body);
    }
  }
}

TEST(http_wire, a_response_without_a_length_ends_with_its_connection) {
  http_response_reader reader(scope::whole, 100);
  std::string buffer = "HTTP/1.1 200 OK\r\n\r\nall of it";
  EXPECT_EQ(reader.consume(buffer), false);
  EXPECT_TRUE(reader.finish_at_end());
  EXPECT_EQ(reader.take().body, "all of it");
}

TEST(http_wire, a_cut_response_does_not_end_with_its_connection) {
  http_response_reader reader(scope::whole, 100);
  std::string buffer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab";
  EXPECT_EQ(reader.consume(buffer), false);
  EXPECT_FALSE(reader.finish_at_end());
}

TEST(http_wire, a_response_over_its_limit_is_refused) {
  http_response_reader reader(scope::whole, 4);
  std::string buffer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n";
  EXPECT_EQ(reader.consume(buffer), std::unexpected(net_error::too_large));
}

TEST(http_wire, our_framing_replaces_the_callers) {
  http_request request{.method = "POST", .target = "/x", .fields = {}, .body = "ab", .remote_address = {}};
  request.fields.add("content-length", "99");
  request.fields.add("Transfer-Encoding", "chunked");
  request.fields.add("Host", "other");
  EXPECT_EQ(serialize_request(request, "a:1", "keep-alive"),
            "POST /x HTTP/1.1\r\nHost: a:1\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nab");
  EXPECT_EQ(serialize_response(http_response{204, {}, {}}, "close", false),
            "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
}

TEST(http_wire, a_request_line_cannot_be_broken) {
  const auto sendable = [](std::string method, std::string target) {
    return can_be_sent({.method = std::move(method),
                        .target = std::move(target),
                        .fields = {},
                        .body = {},
                        .remote_address = {}});
  };
  EXPECT_TRUE(sendable("PATCH", "/a%20b?c=d"));
  EXPECT_FALSE(sendable("GET", "/a b"));
  EXPECT_FALSE(sendable("GET", "/\r\nX: y"));
  EXPECT_FALSE(sendable("GET", "a"));
  EXPECT_FALSE(sendable("G T", "/"));
  EXPECT_FALSE(sendable("", "/"));
}

}  // namespace
}  // namespace guildfleet::net
