// Settings of the simulated gateway.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace guildfleet::sim {

// What happens when a second IDENTIFY comes for a shard that has a session.
enum class second_session {
  both,         // both get all events, as Discord documents
  kick_first,   // the first one is closed and cannot be resumed
  mute_second,  // the second one gets READY and its guilds, and no events
};

struct gateway_settings {
  std::string resume_url = "ws://127.0.0.1:0";  // resume_gateway_url of READY
  std::chrono::milliseconds heartbeat_interval{41'250};
  std::chrono::milliseconds session_keep{180'000};  // how long a session without a connection can be resumed
  std::size_t replay_events = 20'000;               // per session
  std::size_t replay_bytes = 64U << 20U;
  std::size_t outbox_bytes =
      12U << 20U;  // unsent bytes of one connection; more: the slow consumer is dropped
  std::size_t outbox_refill_bytes = 128U << 10U;  // below this the connection asks for more
  std::chrono::milliseconds identify_interval{5'000};
  std::chrono::milliseconds identify_tolerance{100};
  std::chrono::milliseconds violation_delay{1'000};  // until the op 9 that answers an identify too soon
  std::chrono::milliseconds reconnect_grace{5'000};  // from op 7 to closing by the server
  second_session on_second_session = second_session::both;
  std::size_t max_guilds_per_shard = 2'500;
  int zlib_split_every =
      5;  // every n-th zlib-stream message goes out in several WebSocket messages; 0: never
};

}  // namespace guildfleet::sim
