// Rate limits of the simulated Discord (protocol sheet 2.3 to 2.5): fixed windows, and the ban of an address.
#pragma once

#include <chrono>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.hpp"

namespace guildfleet::sim {

struct limit_rule {
  std::string bucket{};  // routes with the same name share the limit; empty: no limit
  int limit = 0;
  std::chrono::milliseconds window{0};
};

// The default windows of the sheet for a route, by method and template.
[[nodiscard]] limit_rule rule_for(std::string_view method, std::string_view route);

class window_counter final {
 public:
  struct state {
    bool allowed = true;
    int limit = 0;
    int remaining = 0;
    std::chrono::milliseconds reset_after{0};
  };
  // Counts one request; `key` is the token, the bucket and the major parameter.
  [[nodiscard]] state take(const std::string& key, int limit, std::chrono::milliseconds window,
                           base::steady_time now);
  // Undoes one take(): the request was refused by something that comes before the window.
  void give_back(const std::string& key);

 private:
  struct window_state {
    base::steady_time ends;
    int used = 0;
  };
  void forget_old(base::steady_time now);

  std::unordered_map<std::string, window_state> windows_;
  base::steady_time swept_;
};

// 401, 403 and 429 of one address in the last ten minutes.
class invalid_request_counter final {
 public:
  invalid_request_counter(int limit, std::chrono::milliseconds ban_time)
      : limit_(limit), ban_time_(ban_time) {}

  void count(const std::string& address, base::steady_time now);
  // How long the address is still banned; 0: it is not.
  [[nodiscard]] std::chrono::milliseconds banned_for(const std::string& address, base::steady_time now) const;

 private:
  struct address_state {
    std::deque<std::pair<base::steady_time, int>> seconds;
    int total = 0;
    base::steady_time banned_until;
  };

  int limit_;
  std::chrono::milliseconds ban_time_;
  std::unordered_map<std::string, address_state> addresses_;
};

}  // namespace guildfleet::sim
