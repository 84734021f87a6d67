// One bot's calls to Discord: asks the limiter, sends, feeds the answer back. Decides nothing itself.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "discord/rest/invalid_request_guard.hpp"
#include "discord/rest/rate_limiter.hpp"
#include "discord/rest/request.hpp"
#include "net/http_client.hpp"
#include "net/io.hpp"

namespace guildfleet::bot {

class write_permit;

struct rest_client_settings {
  std::string bot;        // name: metrics and log
  std::string guard_key;  // of the bot in the invalid-request guard, the same in every process; empty: name
  base::secret token;
  net::url api;                      // DISCORD_API_URL, e.g. https://discord.com/api; "/v10" is added
  net::tls_context tls;              // for https
  std::string version = "0.0.0";     // in the User-Agent
  std::size_t max_connections = 64;  // at least as many requests run at once
  std::chrono::milliseconds default_timeout{60'000};  // of a call without a deadline of its own
  discord::rate_limiter_settings limits;
};

struct rest_response {
  int status = 200;
  std::string body;
};

// Lives on one reactor. `metrics`, `clock` and `guard` must outlive it.
class rest_client final {
 public:
  // The token was refused (401): called once.
  using unauthorized_handler = std::function<void()>;

  rest_client(net::asio::any_io_executor executor, rest_client_settings settings, base::metrics& metrics,
              const base::clock& clock, discord::invalid_request_guard& guard);
  ~rest_client();  // as close()
  rest_client(const rest_client&) = delete;
  rest_client& operator=(const rest_client&) = delete;

  // An answer outside 2xx is an error (rest_error, discord/rest/error.hpp). `permit` is read right before
  // each write: without the right to act the call ends with rest_error::not_permitted_now; null: always
  // permitted. Cancellation of the caller ends it with rest_error::cancelled; a request that was written by
  // then may still take effect.
  [[nodiscard]] net::task<base::result<rest_response>> request(
      discord::request request, std::shared_ptr<const write_permit> permit = nullptr);

  // Waited for before each request that counts towards the global limit is written; false: not before the
  // deadline.
  using write_gate = std::function<net::task<bool>(base::steady_time deadline)>;
  void set_write_gate(write_gate gate);
  void set_on_unauthorized(unauthorized_handler handler);
  // This node's share of the bot's global limit.
  void set_global_per_second(int requests);

  // What it has learned of Discord's limits, for the node that goes on with a shard: of the fullest 500
  // buckets.
  [[nodiscard]] discord::known_limits known_limits() const;
  // What the node had learned that had a shard before.
  void adopt(const discord::known_limits& from);

  // Every call under way and every later one fails with rest_error::cancelled.
  void close();

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace guildfleet::bot
