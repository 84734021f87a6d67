#include "ops/check/secret_words.hpp"

#include <gtest/gtest.h>

namespace guildfleet::ops {
namespace {

TEST(secret_words, tell_a_bots_token_from_other_secrets) {
  for (const std::string_view each :
       {"TOKEN", "DISCORD_TOKEN", "BOT1_TOKEN", "bot-token", "DISCORD_TOKEN_MUSIC", "DISCORD_TOKEN_FILE",
        "MUSIC_BOT_TOKEN", "music_bot_token"})
    EXPECT_TRUE(names_bot_token(each)) << each;
  for (const std::string_view each :
       {"GITHUB_TOKEN", "BOT_TOKEN_TTL", "BOT_NAME", "TOKENS", "DISCORD_APP_ID", ""})
    EXPECT_FALSE(names_bot_token(each)) << each;
  for (const std::string_view each : {"GITHUB_TOKEN", "POSTGRES_PASSWORD", "API_KEY", "CLIENT_SECRET"})
    EXPECT_TRUE(names_secret(each)) << each;
  for (const std::string_view each :
       {"POSTGRES_PASSWORD_FILE", "GF_SECURITY_ADMIN_PASSWORD__FILE", "KEYBOARD", "USER"})
    EXPECT_FALSE(names_secret(each)) << each;
}

struct value_case {
  std::string_view written;
  std::string_view with_defaults;
  std::string_view variable;
};

TEST(secret_words, read_variables_as_compose_does) {
  const value_case values[] = {{"a", "a", ""},
                               {"${X}", "$X", "X"},
                               {"$X/y", "$X/y", "X"},
                               {"${X:-a}", "a", "X"},
                               {"${X:-}", "", "X"},
                               {"${X:?set it}", "$X", "X"},
                               {"${A:-b}${X}", "b$X", "A"},
                               {"a$$b", "a$b", ""},
                               {"a$", "a$", ""},
                               {"${", "${", ""}};
  for (const value_case& each : values) {
    EXPECT_EQ(with_defaults(each.written), each.with_defaults) << each.written;
    EXPECT_EQ(variable_in(each.written), each.variable) << each.written;
  }
}

struct own_text_case {
  std::string_view written;
  std::string_view own;
  bool refers;
  bool in_manifest;
};

TEST(secret_words, tell_what_a_value_holds_by_itself) {
  const own_text_case values[] = {
      {"a", "a", false, false},          {"${X}", "", true, true},        {"$X", "", true, true},
      {"$secret", "", true, false},      {"${X:-a}", "a", true, true},    {"${X:-a$$b}", "a$b", true, true},
      {"${X:?set it}", "", true, true},  {"a$$b", "a$b", false, false},   {"$(X)", "$(X)", false, true},
      {"a$(X)b", "a$(X)b", false, true}, {"$$(X)", "$(X)", false, false}, {"a$(", "a$(", false, false}};
  for (const own_text_case& each : values) {
    EXPECT_EQ(text_of_its_own(each.written), each.own) << each.written;
    EXPECT_EQ(refers_to_variable(each.written), each.refers) << each.written;
    EXPECT_EQ(refers_in_manifest(each.written), each.in_manifest) << each.written;
  }
}

TEST(secret_words, find_what_stands_in_the_text) {
  struct secret_case {
    std::string_view written;
    std::string_view own;
  };
  const secret_case values[] = {{"k9$$x", "k9$x"},
                                {"${T}", ""},
                                {"${T:-k9}", "k9"},
                                {"redis://:k9@r", "k9"},
                                {"redis://r", ""},
                                {"redis://:${P}@r", ""},
                                {"redis://:k9$$x@${HOST}", "k9$x"},
                                {"${U:-redis://:k9$$x@r}", "k9$x"},
                                {"${U:-redis://r}", ""}};
  for (const secret_case& each : values) EXPECT_EQ(own_secret_of(each.written), each.own) << each.written;
}

TEST(secret_words, take_addresses_apart) {
  const auto url = parts_of_url("PostgreSQL://ann:p%40ss@[::1]:5432/x?sslmode=require");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->scheme, "postgresql");
  EXPECT_EQ(url->user, "ann");
  EXPECT_EQ(url->password, "p%40ss");
  EXPECT_EQ(url->host, "::1");
  EXPECT_EQ(url->port, "5432");
  EXPECT_EQ(url->rest, "/x?sslmode=require");
  EXPECT_EQ(parts_of_url("redis://[")->host, "");
  EXPECT_EQ(parts_of_url("redis://:secret@r")->password, "secret");
  EXPECT_FALSE(parts_of_url("no address"));
  EXPECT_FALSE(parts_of_url("://x"));
}

TEST(secret_words, know_what_everybody_tries_and_where_files_are_elsewhere) {
  for (const std::string_view each : {"admin", "Postgres", "changeme123"})
    EXPECT_TRUE(is_default_password(each)) << each;
  EXPECT_TRUE(is_default_password("ann", "ann"));
  EXPECT_FALSE(is_default_password(""));
  EXPECT_FALSE(is_default_password("k9f8s7d6f5", "ann"));
  for (const std::string_view each : {"/mnt/nfs/x", "/srv/nas-1/x", "//server/share", "efs", "rook-cephfs",
                                      "/mnt/ceph/x", "cephfs.csi.ceph.com"})
    EXPECT_TRUE(names_network_folder(each)) << each;
  for (const std::string_view each :
       {"/srv/conference/x", "/app/storage/bot1.sqlite", "rook-ceph-block", "rbd.csi.ceph.com", ""})
    EXPECT_FALSE(names_network_folder(each)) << each;
  for (const std::string_view each : {"postgres", "127.0.0.1", "::1", "fe80::1", "fd12:3456::1", ""})
    EXPECT_TRUE(is_near_host(each)) << each;
  for (const std::string_view each : {"db.example.org", "2001:db8::5", "fd.example.org"})
    EXPECT_FALSE(is_near_host(each)) << each;
}

}  // namespace
}  // namespace guildfleet::ops
