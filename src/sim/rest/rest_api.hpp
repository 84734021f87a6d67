// REST v10 of the simulated Discord: authentication, routes, permissions, validation, rate limits, and faults
// on demand (protocol sheet 2 and 3). Synchronous, one reactor; the server applies the delay and the reset it
// is told.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "net/http_types.hpp"
#include "sim/world/world.hpp"

namespace guildfleet::sim {

struct rest_settings {
  std::string gateway_url = "ws://127.0.0.1:0";  // what GET /gateway and /gateway/bot answer
  int global_per_second = 50;                    // per token; 0: no limit
  bool bucket_limits = true;
  int invalid_limit = 10'000;  // 401, 403, 429 (not shared) per remote address and 10 minutes; 0: none
  std::chrono::milliseconds ban_time = std::chrono::hours(1);
  bool check_user_agent = true;
};

enum class rest_fault_kind {
  user_429,        // the bucket's limit
  shared_429,      // the resource's limit
  global_429,      // the bot's limit
  cloudflare_429,  // HTML
  server_error,    // JSON, `status`
  html_error,      // HTML, `status`
  latency,         // `delay` before the answer; the request takes effect
  reset,           // the connection breaks; nothing has happened
  reset_after,     // the connection breaks after the request took effect
  events_late,     // events are published after the response
};

// Active for the next `count` requests that match, or until `duration` has passed (whichever is given; both
// 0: off).
struct rest_fault {
  rest_fault_kind kind = rest_fault_kind::server_error;
  int count = 0;
  std::chrono::milliseconds duration{0};
  int status = 500;
  std::chrono::milliseconds delay{1000};  // latency, or Retry-After of a 429
  std::string method{};                   // empty: any
  std::string route_contains{};           // part of the template ("/messages"), empty: any
  id application = 0;                     // 0: any
};

struct rest_outcome {
  net::http_response response{};
  std::chrono::milliseconds delay{0};      // to wait before the response is written
  bool reset_connection = false;           // drop the connection instead
  std::vector<world_event> late_events{};  // hand to publish_late once the response has been written
};

class rest_api final {
 public:
  // `clock` and `owner` outlive this. `sink` answers session_start_limit; may be nullptr (full limits).
  rest_api(const base::clock& clock, world& owner, rest_settings settings, const event_sink* sink = nullptr);
  ~rest_api();

  // Any request whose path begins with /api.
  [[nodiscard]] rest_outcome handle(const net::http_request& request);
  void publish_late(std::vector<world_event> events);

  void set_gateway_url(std::string url);
  // How far ahead of the simulator's clock the Date header is.
  void set_date_offset(std::chrono::milliseconds ahead);
  void inject(rest_fault fault);
  void clear_faults();

  // {requests, by_route: {"GET /channels/{channel.id}": {"200": n}}, while_limited, rate_limited, invalid,
  //  duplicate_nonces, deduplicated_nonces, banned, unauthorized, by_bot: {name: {requests, while_limited,
  //  invalid}}}
  [[nodiscard]] boost::json::object report() const;
  void reset_report();

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

// "user_429" and so on, as the control API spells them.
[[nodiscard]] std::optional<rest_fault_kind> parse_rest_fault_kind(std::string_view name);

}  // namespace guildfleet::sim
