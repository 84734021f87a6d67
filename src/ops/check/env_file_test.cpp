#include "ops/check/env_file.hpp"

#include "ops/check/named_secrets.hpp"
#include "ops/check/rule_test_kit.hpp"

namespace guildfleet::ops {
namespace {

env_file_input input(std::string_view text) {
  return {.file = {".env", std::string(text)}};
}

// The first word of an example may be a fact about the file.
finding_list check(std::string_view text) {
  const auto fact = [&](std::string_view word) {
    if (!text.starts_with(word)) return false;
    text.remove_prefix(word.size());
    return true;
  };
  if (fact("secret file in git")) return {tracked_secret_file("secrets/music")};
  env_file_input given;
  if (fact("tracked ")) given.git = git_state::tracked;
  if (fact("unguarded ")) given.git = git_state::unguarded;
  given.readable_by_others = fact("readable ");
  given.template_file = fact("template ");
  given.file = {".env", std::string(text)};
  return check_env_file(given);
}

const rule_case cases[] = {
    {"GF501", "A=1\nwords\n", 2, "A=1\n# words\n\n"},
    {"GF501", "A='1\n", 1, "A='1'\n"},
    {"GF501", "\xFF\xFE-", 1,
     "\xEF\xBB\xBF"
     "A=1\n"},
    {"GF502", "A=1\nB=2\nA=3\n", 3, "A=1\nB=2\n"},
    {"GF503", "BOT1_TOKEN=abc\nBOT2_TOKEN=abc\n", 2,
     "BOT1_TOKEN=abc\nBOT2_TOKEN=def\nBOT3_TOKEN=\nBOT4_TOKEN=\n"},
    {"GF503", "BOT1_TOKEN='ab$$c'\nBOT2_TOKEN='ab$$c'\n", 2, "BOT1_TOKEN='${T}'\nBOT2_TOKEN='${T}'\n"},
    {"GF504", "tracked BOT1_TOKEN=abc\n", 0, "tracked PORT=1\n"},
    {"GF505", "unguarded BOT1_TOKEN=abc\n", 0, "unguarded PORT=1\n"},
    {"GF506", "readable BOT1_TOKEN=abc\n", 0, "readable PORT=1\n"},
    {"GF507", "POSTGRES_PASSWORD=postgres\n", 1, "POSTGRES_PASSWORD=k9f8s7d6f5\n"},
    {"GF507", "DATABASE_URL=postgresql://ann:changeme@db/x\n", 1,
     "DATABASE_URL=postgresql://ann:k9f8s7@db/x\n"},
    {"GF508", "A=one two\n", 1, "A='one two' # a comment\n"},
    {"GF508", "A=one#two\n", 1, "A=one # two\n"},
    {"GF508", "A = one\n", 1, "A=\n"},
    {"GF508", "A_PASSWORD=on$e\n", 1, "A_PASSWORD='on$e'\n"},
    {"GF509", "DATABASE_URL=postgresql://ann@db.example.org/x\n", 1,
     "A=postgresql://ann@db.example.org/x?sslmode=verify-full\nB=postgres://db/x\nC=rediss://"
     "r.example.org\n"},
    {"GF509", "REDIS_URL=redis://r.example.org:6379\n", 1, "REDIS_URL=redis://127.0.0.1:6379\n"},
    {"GF509", "REDIS_URL=redis://[2001:db8::5]:6379\n", 1, "REDIS_URL=redis://[::1]:6379\n"},
    {"GF510", "NODE_TLS_REJECT_UNAUTHORIZED=0\n", 1, "NODE_TLS_REJECT_UNAUTHORIZED=1\n"},
    {"GF511", "A=1\nB=2\r\nC=3\r\n", 2, "A=1\n"},
    {"GF512", "template BOT1_TOKEN=MTIzNDU2Nzg5MDEyMzQ1Njc4.AAAAAA.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n", 1,
     "template BOT1_TOKEN=your-token\nBOT2_TOKEN=your-token\nA_PASSWORD=changeme\n"},
    {"GF513", "secret file in git", 0, "A=1\n"},
};

TEST(env_rules, hold_by_example) {
  expect_by_example(env_rules(), cases, check);
}

TEST(named_secrets, are_the_files_that_a_configuration_has_its_secrets_in) {
  using paths = std::vector<std::string>;
  EXPECT_EQ(secret_files_named_in(file_kind::compose,
                                  {"x",
                                   "secrets: { a: { file: ./secrets/a }, b: { environment: B }, c: { file: "
                                   "\"${D:-x}/c\" } }\nconfigs: { d: { file: d } }\n"}),
            (paths{"./secrets/a", "x/c"}));
  EXPECT_EQ(secret_files_named_in(file_kind::fleet, {"x",
                                                     "discord: { ca_file: ca.pem }\nstore: { "
                                                     "database_url_file: db }\nbots: [{ token_file: t }]\n"}),
            (paths{"db", "t"}));
  EXPECT_EQ(secret_files_named_in(file_kind::kubernetes, {"x", "secrets: { a: { file: b } }\n"}), paths{});
}

TEST(env_rules, take_a_token_by_its_form_under_any_name) {
  const std::string token = "MTIzNDU2Nzg5MDEyMzQ1Njc4.AAAAAA.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
  const auto found = check_env_file(input("MUSIC=" + token + "\nGAME=" + token + "\n"));
  EXPECT_EQ(brief(found), "GF503@2");
  EXPECT_EQ(found[0].detail, "GAME is the same as MUSIC in line 1");
}

}  // namespace
}  // namespace guildfleet::ops
