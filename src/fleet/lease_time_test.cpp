#include "fleet/lease_time.hpp"

#include <gtest/gtest.h>

#include "fleet/error.hpp"

namespace guildfleet::fleet {
namespace {

using namespace std::chrono_literals;

constexpr boot_time sent{100'000ms};

TEST(lease_time, own_deadline_is_earlier_than_the_stores) {
  EXPECT_EQ(own_deadline(sent, {}), sent + 13'500ms);
  EXPECT_EQ(own_deadline(sent, {.ttl = 3s, .renew_every = 1s, .margin = 500ms}), sent + 2'500ms);
}

TEST(lease_time, renews_at_its_interval_and_sooner_after_a_failure) {
  EXPECT_EQ(time_to_renew(sent, {}, 0), sent + 5s);
  EXPECT_EQ(time_to_renew(sent, {}, 1), sent + 1s);
  EXPECT_EQ(time_to_renew(sent, {.ttl = 1s, .renew_every = 300ms, .margin = 100ms}, 3), sent + 300ms);
}

TEST(lease_time, refuses_times_that_cannot_work) {
  struct row {
    lease_timing timing;
    bool sound;
  };
  const row table[] = {
      {{}, true},
      {{.ttl = 15s, .renew_every = 5s, .margin = 5s}, true},
      {{.ttl = 15s, .renew_every = 5s, .margin = 5001ms}, false},
      {{.ttl = 15s, .renew_every = 8s, .margin = 1s}, false},
      {{.ttl = 15s, .renew_every = 0s, .margin = 1s}, false},
      {{.ttl = 15s, .renew_every = 5s, .margin = 0s}, false},
      {{.ttl = 0s, .renew_every = 5s, .margin = 1s}, false},
      {{.ttl = -1s, .renew_every = -5s, .margin = -10s}, false},
  };
  for (const row& each : table) {
    const auto checked = validate(each.timing);
    EXPECT_EQ(checked.has_value(), each.sound)
        << each.timing.ttl.count() << ' ' << each.timing.renew_every.count() << ' '
        << each.timing.margin.count();
    if (!checked) EXPECT_EQ(checked.error().code(), fleet_error::lease_times);
  }
}

}  // namespace
}  // namespace guildfleet::fleet
