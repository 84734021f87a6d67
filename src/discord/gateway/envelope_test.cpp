#include "discord/gateway/envelope.hpp"

#include <gtest/gtest.h>

#include "discord/padded_json.hpp"

namespace guildfleet::discord {
namespace {

struct expected_envelope {
  const char* json;
  int op;
  std::optional<std::uint64_t> s;
  const char* t;
  const char* d;
};

void expect_equal(const envelope& got, const expected_envelope& wanted) {
  EXPECT_EQ(got.op, wanted.op) << wanted.json;
  EXPECT_EQ(got.s, wanted.s) << wanted.json;
  EXPECT_EQ(got.t, wanted.t) << wanted.json;
  EXPECT_EQ(got.d, wanted.d) << wanted.json;
}

TEST(envelope, is_scanned_in_the_layouts_that_discord_uses) {
  const expected_envelope cases[] = {
      {R"({"t":"MESSAGE_CREATE","s":42,"op":0,"d":{"id":"1"}})", 0, 42, "MESSAGE_CREATE", R"({"id":"1"})"},
      {R"({"t":null,"s":null,"op":10,"d":{"heartbeat_interval":1}})",
       10,
       {},
       "",
       R"({"heartbeat_interval":1})"},
      {R"({"op":0,"s":1,"t":"READY","d":[1,2]})", 0, 1, "READY", "[1,2]"},
      {R"({"op":11,"t":null,"s":null,"d":null})", 11, {}, "", "null"},
      {R"({"s":9,"t":"A_1","op":0,"d":"}"})", 0, 9, "A_1", R"("}")"},
  };
  for (const auto& wanted : cases) {
    const padded_json message(wanted.json);
    const auto scanned = scan_envelope(message);
    ASSERT_TRUE(scanned.has_value()) << wanted.json;
    expect_equal(*scanned, wanted);
    const auto parsed = parse_envelope(message);
    ASSERT_TRUE(parsed.has_value()) << wanted.json;
    expect_equal(*parsed, wanted);
  }
}

TEST(envelope, of_another_layout_is_parsed) {
  const expected_envelope cases[] = {
      {R"({"op":0,"d":{"a":{"op":5}},"s":7,"t":"X"})", 0, 7, "X", R"({"a":{"op":5}})"},
      {R"({"op":11})", 11, {}, "", ""},
      {R"({ "t" : "X" , "s" : 1 , "op" : 0 , "d" : { "b" : 2 } })", 0, 1, "X", R"({ "b" : 2 })"},
      {R"({"new":{"op":3},"t":"X","s":1,"op":0,"d":true})", 0, 1, "X", "true"},
      {R"({"\u006fp":7,"d":null})", 7, {}, "", "null"},
      {R"({"t":"lower","s":1,"op":0,"d":{}})", 0, 1, "lower", "{}"},
      {R"({"op":1,"op":2,"d":null})", 1, {}, "", "null"},
  };
  for (const auto& wanted : cases) {
    const padded_json message(wanted.json);
    EXPECT_FALSE(scan_envelope(message).has_value()) << wanted.json;
    const auto read = read_envelope(message);
    ASSERT_TRUE(read.has_value()) << wanted.json;
    expect_equal(*read, wanted);
  }
}

TEST(envelope, that_is_broken_is_an_error) {
  for (const char* bad : {"", "{", "{}", "[]", "null", "7", R"({"op":"0"})", R"({"op":-1})", R"({"op":1.5})",
                          R"({"op":99999})", R"({"t":5,"op":0})", R"({"s":"1","op":0})", R"({"s":-1,"op":0})",
                          R"({"op":0} x)", R"({"op":0}{"op":1})", R"({"op":0,"d":)", R"({"op")", "\"op\""}) {
    const auto read = read_envelope(padded_json(bad));
    ASSERT_FALSE(read.has_value()) << bad;
    EXPECT_EQ(read.error().code(), gateway_error::malformed_message);
  }
}

}  // namespace
}  // namespace guildfleet::discord
