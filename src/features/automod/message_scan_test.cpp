#include "features/automod/message_scan.hpp"

#include <gtest/gtest.h>
#include <vector>

#include "features/automod/text_folding.hpp"

namespace guildfleet::features::automod_rules {
namespace {

TEST(message_scan, counts_different_mentions) {
  const struct {
    std::string_view content;
    std::size_t mentions;
  } cases[] = {{"", 0},
               {"<@1> <@1> <@!1>", 1},
               {"<@1><@2><@&3>", 3},
               {"@everyone @everyone @here", 2},
               {"<@> <@x> <@1 <#5> <:a:6>", 0},
               {"<@99999999999999999999999>", 0},
               {"<@<@1>", 1},
               {"<@", 0}};
  for (const auto& each : cases) EXPECT_EQ(count_mentions(each.content), each.mentions) << each.content;
}

TEST(message_scan, finds_invites_however_they_are_written) {
  const std::vector<std::string> allowed{"ours"};
  const struct {
    std::string_view content;
    std::string_view code;
  } cases[] = {{"join discord.gg/abcDEF now", "abcdef"},
               {"HTTPS://DISCORD.COM/invite/xy-z", "xy-z"},
               {"https://discordapp.com/invite/q1)", "q1"},
               {"ｄｉｓｃｏｒｄ．ｇｇ／ａｂ", "ab"},
               {"dis\u200Bcord.gg/ab", "ab"},
               {"discord.gg/ours", ""},
               {"discord.gg/ours discord.gg/theirs", "theirs"},
               {"discord.gg/", ""},
               {"discord.gg", ""},
               {"discord.com/channels/1/2", ""},
               {"I like discord", ""}};
  for (const auto& each : cases)
    EXPECT_EQ(first_invite(folded(each.content), allowed), each.code) << each.content;
}

TEST(message_scan, finds_links_that_lead_elsewhere) {
  const std::vector<std::string> allowed{"example.com", "youtube.com"};
  const struct {
    std::string_view content;
    std::string_view host;
  } cases[] = {{"no link: example.org", ""},
               {"https://example.org/x", "example.org"},
               {"(HTTP://Evil.Example:8080)", "evil.example"},
               {"https://example.com", ""},
               {"https://www.youtube.com/watch?v=1", ""},
               {"https://notexample.com", "notexample.com"},
               {"https://example.com.evil.org", "evil.org"},
               {"https://example.com@evil.org/", "evil.org"},
               {"https://evil.org\\.example.com", "evil.org"},
               {"https://evil.org#.example.com", "evil.org"},
               {"https://еxample.com", "еxample.com"},  // Cyrillic
               {"https://example.com. https://b.org", "b.org"},
               {"[x](https://evil.org)", "evil.org"},
               {"<https://evil.org>", "evil.org"},
               {"ftp://evil.org", ""},
               {"https://", ""},
               {"://", ""}};
  for (const auto& each : cases) {
    const std::string host = first_link(each.content, allowed);
    EXPECT_TRUE(each.host.empty() ? host.empty() : host.ends_with(each.host)) << each.content << ": " << host;
  }
}

TEST(message_scan, reads_domains_and_invites_as_managers_write_them) {
  const struct {
    std::string_view written;
    std::string_view domain;
  } domains[] = {{"example.com", "example.com"},
                 {"HTTPS://Example.COM/page", "example.com"},
                 {"*.example.com", "example.com"},
                 {"例え.jp", "例え.jp"},
                 {"localhost", ""},
                 {"a..b", ""},
                 {".com", ""},
                 {"", ""},
                 {"not a domain", ""}};
  for (const auto& each : domains) EXPECT_EQ(domain_of(each.written), each.domain) << each.written;
  const struct {
    std::string_view written;
    std::string_view code;
  } invites[] = {{"discord.gg/AbC", "abc"},
                 {"https://discord.com/invite/abc", "abc"},
                 {"abc", "abc"},
                 {"https://example.com/abc", ""},
                 {"", ""},
                 {"a b", ""}};
  for (const auto& each : invites) EXPECT_EQ(invite_code_of(each.written), each.code) << each.written;
}

}  // namespace
}  // namespace guildfleet::features::automod_rules
