#include "bot/attachment_fetcher.hpp"

#include <gtest/gtest.h>

namespace guildfleet::bot {
namespace {

struct origin_case {
  const char* api;
  const char* url;
  bool trusted;
};

class attachment_origins : public testing::TestWithParam<origin_case> {};

TEST_P(attachment_origins, are_discords_or_the_configured_apis) {
  const attachment_fetcher fetcher(*net::parse_url(GetParam().api), nullptr);
  EXPECT_EQ(fetcher.trusts(*net::parse_url(GetParam().url)), GetParam().trusted) << GetParam().url;
}

constexpr auto real = "https://discord.com/api";
constexpr auto simulated = "http://127.0.0.1:4000/api";

INSTANTIATE_TEST_SUITE_P(
    table, attachment_origins,
    testing::Values(origin_case{real, "https://cdn.discordapp.com/attachments/1/2/a.json?ex=1&hm=2", true},
                    origin_case{real, "https://media.discordapp.net/attachments/1/2/a.json", true},
                    origin_case{real, "http://cdn.discordapp.com/attachments/1/2/a.json", false},
                    origin_case{real, "https://cdn.discordapp.com:8443/attachments/1/2/a.json", false},
                    origin_case{real, "https://cdn.discordapp.com.example/attachments/1/2/a.json", false},
                    origin_case{real, "https://discord.com/api/v10/users/@me", false},
                    origin_case{real, "http://127.0.0.1:4000/attachments/1/2/a.json", false},
                    origin_case{simulated, "http://127.0.0.1:4000/attachments/1/2/a.json", true},
                    origin_case{simulated, "http://127.0.0.1:4001/attachments/1/2/a.json", false},
                    origin_case{simulated, "http://169.254.169.254/latest/meta-data", false}));

}  // namespace
}  // namespace guildfleet::bot
