#include "features/moderation/duration_text.hpp"

#include <gtest/gtest.h>

namespace guildfleet::features {
namespace {

using namespace std::chrono_literals;

TEST(duration_text, reads_what_people_write) {
  const struct {
    std::string_view text;
    std::optional<std::chrono::seconds> read;
  } cases[] = {{"10m", 10min},
               {"10", 10min},
               {"90s", 90s},
               {"1h30m", 90min},
               {"1 hour 30 minutes", 90min},
               {"２時間", 2h},
               {"30分", 30min},
               {"7日", 168h},
               {"7日間", 168h},
               {"1週間", 168h},
               {"1ヶ月", std::chrono::days(30)},
               {"1か月", std::chrono::days(30)},
               {"2 DAYS", 48h},
               {"25d", std::chrono::days(25)},
               {"28d", std::chrono::days(28)},
               {"60d", std::chrono::days(60)},
               {"1mo", std::chrono::days(30)},
               {"10y", std::chrono::days(3'650)},
               {"11y", longest_duration + 1s},
               {"9y 9y", longest_duration + 1s},
               {"99999999999999999999d", longest_duration + 1s},
               {"9999999999w", longest_duration + 1s},
               {"99999999999999999999 bananas", std::nullopt},
               {"", std::nullopt},
               {"0", std::nullopt},
               {"0m", std::nullopt},
               {"-5m", std::nullopt},
               {"m", std::nullopt},
               {"1h 30", std::nullopt},
               {"5 bananas", std::nullopt},
               {"forever", std::nullopt},
               {"\xFF", std::nullopt}};
  for (const auto& each : cases) EXPECT_EQ(parse_duration(each.text), each.read) << each.text;
}

}  // namespace
}  // namespace guildfleet::features
