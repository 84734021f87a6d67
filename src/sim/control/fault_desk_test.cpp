// Faults by name, as the control API and chaos runs ask for them.
#include "sim/control/fault_desk.hpp"

#include <gtest/gtest.h>

#include "net/http_date.hpp"
#include "sim/gateway/gateway_test_kit.hpp"

namespace guildfleet::sim {
namespace {

using namespace test_kit;

class fault_desk_by_name : public testing::Test {
 protected:
  std::expected<json::object, std::string> inject(std::string body) {
    return desk.inject(*arguments::of({"POST", "/_sim/fault", {}, std::move(body), {}}));
  }

  base::manual_clock clock;
  small_world small;
  world owner{clock, {}};
  gateway_hub hub{clock, small, small, {}, 1};
  rest_api rest{clock, owner, {}};
  fault_desk desk{hub, owner, rest};
};

TEST_F(fault_desk_by_name, every_fault_of_a_connection_reaches_it) {
  for (const char* kind : {"reconnect", "stop_acks", "silent", "trim_replay", "corrupt_message",
                           "garbage_frame", "heartbeat_request", "slow_network", "unknown_event", "duplicate",
                           "invalid_session", "half_open", "close", "drop"}) {
    scripted_client client(hub, clock);
    client.identifies();
    clock.advance(std::chrono::seconds(5));
    const auto done = inject(fmt::format(R"({{"kind":"{}"}})", kind));
    ASSERT_TRUE(done) << kind << ": " << done.error();
    EXPECT_EQ(done->at("affected"), 1) << kind;
    client.connection().on_peer_gone(1000, clock.steady_now());
  }
}

TEST_F(fault_desk_by_name, a_shard_that_does_not_match_is_spared) {
  scripted_client client(hub, clock);
  client.identifies();
  EXPECT_EQ(inject(R"({"kind":"drop","shard":1})")->at("affected"), 0);
  EXPECT_FALSE(client.output().dropped);
}

TEST_F(fault_desk_by_name, faults_of_the_gateway_are_armed_and_cleared) {
  for (const char* body : {R"({"kind":"reconnect_before_hello"})", R"({"kind":"refuse_connections"})",
                           R"({"kind":"slow_ready"})", R"({"kind":"unknown_fields"})",
                           R"({"kind":"resume_url"})", R"({"kind":"second_session","mode":"kick_first"})"})
    EXPECT_TRUE(inject(body)) << body;
  EXPECT_EQ(hub.armed().slow_ready, std::chrono::seconds(5));
  EXPECT_TRUE(hub.armed().resume_url);
  EXPECT_EQ(hub.settings().on_second_session, second_session::kick_first);
  EXPECT_TRUE(inject(R"({"kind":"clear"})"));
  EXPECT_EQ(hub.armed().refuse_connections, 0);
  EXPECT_FALSE(hub.armed().unknown_fields);
  EXPECT_EQ(hub.settings().on_second_session, second_session::both);
}

TEST_F(fault_desk_by_name, expired_sessions_cannot_be_resumed) {
  scripted_client client(hub, clock);
  client.identifies();
  EXPECT_EQ(inject(R"({"kind":"expire_sessions"})")->at("affected"), 1);
  EXPECT_TRUE(client.output().dropped);
  scripted_client again(hub, clock);
  again.resumes(client.session_name(), 4);
  EXPECT_EQ(again.news().back(), "op9:false");
}

TEST_F(fault_desk_by_name, outage_begins_once_and_ends) {
  EXPECT_EQ(inject(R"({"kind":"outage_begin"})")->at("affected"), 1);
  EXPECT_EQ(inject(R"({"kind":"outage_begin"})")->at("affected"), 0);
  EXPECT_EQ(inject(R"({"kind":"outage_end"})")->at("affected"), 1);
}

TEST_F(fault_desk_by_name, faults_of_rest_are_handed_on) {
  EXPECT_TRUE(inject(R"({"kind":"global_429","count":2})"));
}

TEST_F(fault_desk_by_name, the_date_of_rest_and_the_portals_switches_can_be_set) {
  const auto date = [&] {
    const auto answer = rest.handle(
        {.method = "GET", .target = "/api/v10/gateway", .fields = {}, .body = {}, .remote_address = {}});
    return net::parse_http_date(answer.response.fields.find("Date").value_or(""), clock.wall_now());
  };
  const auto now = std::chrono::floor<std::chrono::seconds>(clock.wall_now());
  EXPECT_EQ(date(), now);
  EXPECT_TRUE(inject(R"({"kind":"date","ms":-5000})"));
  EXPECT_EQ(date(), now - std::chrono::seconds(5));
  EXPECT_TRUE(inject(R"({"kind":"clear"})"));
  EXPECT_EQ(date(), now);
  const std::string bot = owner.bots().front().name;
  EXPECT_TRUE(inject(fmt::format(R"({{"kind":"application_flags","bot":"{}","flags":4096}})", bot)));
  EXPECT_EQ(owner.bots().front().application_flags, 4096U);
}

TEST_F(fault_desk_by_name, mistakes_are_told) {
  EXPECT_FALSE(inject(R"({"kind":"no such thing"})"));
  EXPECT_FALSE(inject(R"({"kind":"drop","bot":"nobody"})"));
  EXPECT_FALSE(inject(R"({"kind":"second_session","mode":"third"})"));
  EXPECT_FALSE(inject(R"({"kind":"reset_token"})"));
  EXPECT_FALSE(inject(R"({"kind":"application_flags"})"));
}

}  // namespace
}  // namespace guildfleet::sim
