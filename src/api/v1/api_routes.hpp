// Answers the requests of the API: finds what is asked, by whom, and whether that is allowed. No socket.
#pragma once

#include "api/v1/call.hpp"
#include "api/v1/failure_limit.hpp"
#include "base/metrics.hpp"
#include "base/network.hpp"

namespace guildfleet::api::v1 {

struct api_parts {
  std::shared_ptr<const std::vector<served_bot>> bots;  // at least one
  const base::clock& clock;
  base::metrics& metrics;
  std::vector<base::network> trusted = {};  // proxies that may say for whom they ask
};

// On the reactor of the desks. `clock` and `metrics` outlive it.
class api_routes final {
 public:
  explicit api_routes(api_parts parts) : parts_(std::move(parts)) {}

  [[nodiscard]] net::task<net::http_response> answer(net::http_request request);

 private:
  struct found_route {
    const api_route* route = nullptr;
    std::string allow;  // methods of the path; empty: no such path
    api_call call;
  };
  struct admission {
    std::optional<net::http_response> refused;
    store::token_row who;
  };

  [[nodiscard]] found_route find(const net::http_request& request) const;
  [[nodiscard]] net::task<net::http_response> answer_found(found_route found);
  [[nodiscard]] net::task<admission> admit(const api_call& call, store::token_scope needed);
  [[nodiscard]] net::task<base::result<std::optional<store::token_row>>> look_up(
      const api_call& call, std::string_view token) const;
  void count(std::string_view route, int status);

  api_parts parts_;
  failure_limit failures_;
};

// Whether scopes of a token, or-ed, hold what is needed: config holds read, admin holds both.
[[nodiscard]] bool scopes_hold(std::uint8_t scopes, store::token_scope needed);

}  // namespace guildfleet::api::v1
