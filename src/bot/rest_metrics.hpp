// What the REST client counts; docs: guildfleet_rest_*.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <utility>

#include "base/metrics.hpp"
#include "discord/rest/limit_signal.hpp"
#include "discord/rest/route.hpp"

namespace guildfleet::bot {

// Of all routes together.
struct request_counts {
  base::histogram seconds;
  base::counter refused;  // answered with 4xx, but 404 and 429
  base::counter broken;   // answered with 5xx
};
[[nodiscard]] request_counts make_request_counts(base::metrics& metrics, const std::string& bot);

// Lives on the client's reactor; `registry` must outlive it.
class rest_metrics final {
 public:
  rest_metrics(base::metrics& registry, std::string bot);

  // `status` 0: no answer came.
  void count_request(const discord::route& route, int status, std::chrono::nanoseconds took);
  void count_rate_limited(discord::limit_scope scope) { rate_limited(scope).add(); }
  void count_invalid() { invalid_.add(); }
  void count_adopted(std::size_t buckets) { adopted_.add(static_cast<double>(buckets)); }
  void set_waiting(std::size_t requests) { waiting_.set(static_cast<double>(requests)); }

 private:
  // All there from the start: a rate over a series that begins with 1 misses what it begins with.
  base::counter rate_limited(discord::limit_scope scope);

  base::metrics& registry_;
  std::string bot_;
  request_counts all_;
  base::gauge waiting_;
  base::counter invalid_;
  base::counter adopted_;
  std::map<std::pair<const discord::route*, int>, base::counter> requests_;
};

}  // namespace guildfleet::bot
