#include "ops/check/nginx_syntax.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

namespace guildfleet::ops {
namespace {

// Directives with their arguments in brackets and their blocks in braces.
std::string shape_of(const nginx_directive& each) {
  std::string out = each.name;
  if (!each.arguments.empty()) out += fmt::format("[{}]", fmt::join(each.arguments, "|"));
  if (!each.is_block) return out;
  out += "{";
  for (const auto& inner : each.block) out += shape_of(inner) + ";";
  return out + "}";
}

struct good_case {
  std::string_view text;
  std::string_view shape;
};

TEST(nginx_syntax, reads_what_nginx_reads) {
  const good_case cases[] = {
      {"", "{}"},
      {"# only a comment", "{}"},
      {"a 1;\nb { c 2 3; }", "{a[1];b{c[2|3];};}"},
      {"a \"x;y\" 'its';", "{a[x;y|its];}"},
      {"a \"say \\\"x\\\"\";", "{a[say \"x\"];}"},
      {"map $a $b { default up; '' ''; }", "{map[$a|$b]{default[up];[];};}"},
      {"a ${x}y#z;", "{a[${x}y#z];}"},
      {"location ~ \\.php$ { }", "{location[~|\\.php$]{};}"},
      {"a b\\;c;", "{a[b\\;c];}"},
      {"x_by_lua_block { if a then b = \"}\" -- }\n end; t = { [[}]] } } d;", "{x_by_lua_block{};d;}"},
  };
  for (const auto& each : cases) {
    const auto root = parse_nginx(each.text);
    EXPECT_EQ(root ? shape_of(*root) : "", each.shape) << each.text;
  }
}

TEST(nginx_syntax, knows_where_things_stand) {
  const auto root = parse_nginx("http {\n  # one\n  server {\n    listen 80;\n  }\n}\n");
  ASSERT_TRUE(root);
  const nginx_directive* server = root->find("http")->find("server");
  EXPECT_EQ(server->at, (base::text_position{3, 3}));
  EXPECT_EQ(server->find("listen")->at, (base::text_position{4, 5}));
  EXPECT_EQ(server->find("listen")->argument(1), "");
  EXPECT_EQ(server->find("root"), nullptr);
}

struct bad_case {
  std::string_view text;
  base::text_position at;
  std::string_view message;
};

TEST(nginx_syntax, says_what_is_wrong_and_where) {
  const bad_case cases[] = {
      {"http {\n  server {\n  }\n", {1, 1}, "the block of the directive http is never closed"},
      {"a;\n}", {2, 1}, "a } closes nothing"},
      {"a;\n;", {2, 1}, "a directive is missing before this"},
      {"server {\n  listen 80\n}", {2, 3}, "the directive listen does not end with ;"},
      {"server {\n  TOKEN=abc\n}", {2, 3}, "the directive does not end with ;"},
      {"a 'b;\n", {1, 3}, "a quote is never closed"},
      {"x_by_lua_block { \n", {1, 16}, "a Lua block is never closed"},
      {std::string_view("a\0;", 3), {}, "the file is not text"},
  };
  for (const auto& each : cases) {
    const auto root = parse_nginx(each.text);
    ASSERT_FALSE(root) << each.text;
    EXPECT_EQ(root.error().message, each.message);
    EXPECT_EQ(root.error().at, each.at) << each.text;
  }
}

TEST(nginx_syntax, limits_hold) {
  const auto message_of = [](std::string_view text, const nginx_limits& limits) {
    const auto root = parse_nginx(text, limits);
    return root ? std::string() : root.error().message;
  };
  EXPECT_EQ(message_of("a { b { c { } } }", {.max_depth = 2}), "nested more than 2 levels deep");
  EXPECT_EQ(message_of("a { b { } }", {.max_depth = 2}), "");
  EXPECT_EQ(message_of("a b c d;", {.max_words = 3}), "more than 3 words");
  EXPECT_EQ(message_of("a b;", {.max_bytes = 3}), "the file is larger than 3 bytes");
}

}  // namespace
}  // namespace guildfleet::ops
