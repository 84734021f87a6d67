// What the tests of nodes and of lease sets say often.
#pragma once

#include <gmock/gmock.h>

#include "store/contract_test.hpp"
#include "store/error.hpp"

namespace guildfleet::store {

inline constexpr auto ttl = std::chrono::milliseconds(15'000);
inline const node_identity node_a{"alpha", 11 << 4};
inline const node_identity node_a_restarted{"alpha", 12 << 4};
inline const node_identity node_b{"beta", 13 << 4};
inline const node_identity node_c{"gamma", 14 << 4};
inline const lease_key first{{"music"}, {0, 2}};
inline const lease_key second{{"music"}, {1, 2}};
inline const lease_key resharded{{"music"}, {0, 4}};
inline const lease_key other_bot{{"game"}, {0, 2}};

inline fleet_picture surveyed(store& node) {
  auto picture = node.survey();
  EXPECT_TRUE(picture) << picture.error().message();
  return std::move(picture).value_or(fleet_picture{});
}

inline lease acquired(store& node, const lease_key& key) {
  auto outcome = node.acquire(key, ttl);
  EXPECT_TRUE(outcome && std::holds_alternative<lease>(*outcome));
  return outcome ? std::get<lease>(*outcome) : lease{};
}

inline std::vector<lease> acquired_all(store& node, std::span<const lease_key> keys) {
  auto granted = node.acquire_all(keys, ttl);
  EXPECT_TRUE(granted) << granted.error().message();
  return std::move(granted).value_or(std::vector<lease>());
}

inline bool runs_twice(const auto& outcome) {
  return !outcome && outcome.error().code() == store_error::bot_runs_twice;
}

inline auto is_lease(const lease_key& key, const std::string& owner, std::uint64_t epoch,
                     std::chrono::milliseconds free_in) {
  return testing::AllOf(testing::Field(&lease_row::key, key),
                        testing::Field(&lease_row::owner, testing::Field(&node_identity::name, owner)),
                        testing::Field(&lease_row::epoch, epoch),
                        testing::Field(&lease_row::free_in, free_in));
}

}  // namespace guildfleet::store
