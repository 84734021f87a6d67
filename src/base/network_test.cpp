#include "base/network.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace guildfleet::base {
namespace {

TEST(network, holds_addresses_that_begin_alike) {
  const struct {
    const char* network;
    const char* address;
    bool holds;
  } cases[] = {{"10.0.0.0/8", "10.255.0.1", true},
               {"10.0.0.0/8", "11.0.0.1", false},
               {"172.16.0.0/12", "172.31.255.255", true},
               {"172.16.0.0/12", "172.32.0.0", false},
               {"192.0.2.7", "192.0.2.7", true},
               {"192.0.2.7", "192.0.2.6", false},
               {"192.0.2.7", "::ffff:192.0.2.7", true},
               {"0.0.0.0/0", "203.0.113.1", true},
               {"0.0.0.0/0", "2001:db8::1", false},
               {"2001:db8::/32", "2001:db8:1::1", true},
               {"2001:db8::/32", "2001:db9::1", false},
               {"fc00::/7", "fdff::1", true},
               {"::/0", "10.0.0.1", false},
               {"10.0.0.0/8", "", false},
               {"10.0.0.0/8", "10.0.0", false},
               {"10.0.0.0/8", "nonsense", false}};
  for (const auto& each : cases)
    EXPECT_EQ(network::parse(each.network).value().holds(each.address), each.holds)
        << each.network << " and " << each.address;
}

TEST(network, is_not_what_cannot_be_read) {
  for (const char* each : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/8x",
                           "10.0.0.0/8/8", "example.org", "10.0.0.0; evil"})
    EXPECT_FALSE(network::parse(each)) << each;
  EXPECT_EQ(network::parse("0.0.0.0/0")->bits(), 0U);
}

TEST(client, is_the_last_one_that_is_no_trusted_proxy) {
  const std::vector<network> trusted = {network::parse("10.0.0.0/8").value(), network::parse("::1").value()};
  const struct {
    const char* peer;
    const char* forwarded;
    const char* client;
  } cases[] = {{"203.0.113.1", "198.51.100.1", "203.0.113.1"},
               {"10.0.0.1", "", "10.0.0.1"},
               {"10.0.0.1", "198.51.100.1", "198.51.100.1"},
               {"::1", "198.51.100.1", "198.51.100.1"},
               {"10.0.0.1", "made-up, 198.51.100.1", "198.51.100.1"},
               {"10.0.0.1", "192.0.2.1, 198.51.100.1 , 10.0.0.2", "198.51.100.1"},
               {"10.0.0.1", "10.0.0.3,10.0.0.2", "10.0.0.3"},
               {"10.0.0.1", "198.51.100.1, made-up", "10.0.0.1"},
               {"10.0.0.1", "198.51.100.1,,10.0.0.2", "10.0.0.2"}};
  for (const auto& each : cases)
    EXPECT_EQ(client_of(each.peer, each.forwarded, trusted), each.client) << each.peer << each.forwarded;
}

}  // namespace
}  // namespace guildfleet::base
