#include "bot/rest_metrics.hpp"

namespace guildfleet::bot {
namespace {

const std::vector<double>& latency_bounds() {
  static const std::vector<double> bounds{0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0};
  return bounds;
}

}  // namespace

request_counts make_request_counts(base::metrics& metrics, const std::string& bot) {
  const auto failed = [&](const std::string& by) {
    return metrics.counter_of("guildfleet_rest_failed_requests_total",
                              "REST requests that Discord refused (4xx but 404 and 429) or failed at (5xx)",
                              {{"bot", bot}, {"kind", by}});
  };
  return {metrics.histogram_of("guildfleet_rest_request_seconds",
                               "Time from writing a REST request to its answer, without waiting for limits.",
                               {{"bot", bot}}, latency_bounds()),
          failed("refused"), failed("broken")};
}

rest_metrics::rest_metrics(base::metrics& registry, std::string bot)
    : registry_(registry),
      bot_(std::move(bot)),
      all_(make_request_counts(registry, bot_)),
      waiting_(registry.gauge_of("guildfleet_rest_queue_depth",
                                 "REST requests that wait for a rate limit or an order.", {{"bot", bot_}})),
      invalid_(registry.counter_of("guildfleet_rest_invalid_requests_total",
                                   "Answers that count towards Discord's ban for invalid requests.",
                                   {{"bot", bot_}})),
      adopted_(registry.counter_of("guildfleet_rest_buckets_adopted_total",
                                   "Rate-limit buckets whose state another node told with a shard.",
                                   {{"bot", bot_}})) {
  using enum discord::limit_scope;
  for (const discord::limit_scope scope : {user, global, shared, cloudflare}) (void)rate_limited(scope);
}

void rest_metrics::count_request(const discord::route& route, int status, std::chrono::nanoseconds took) {
  const auto key = std::pair(&route, status);
  auto found = requests_.find(key);
  if (found == requests_.end()) {
    const base::counter made =
        registry_.counter_of("guildfleet_rest_requests_total",
                             "REST requests sent, by route and HTTP status (none: no answer came).",
                             {{"bot", bot_},
                              {"route", std::string(route.name)},
                              {"status", status == 0 ? "none" : std::to_string(status)}});
    found = requests_.emplace(key, made).first;
  }
  found->second.add();
  all_.seconds.observe(std::chrono::duration<double>(took).count());
  if (status >= 500) all_.broken.add();
  if (status >= 400 && status < 500 && status != 404 && status != 429) all_.refused.add();
}

base::counter rest_metrics::rate_limited(discord::limit_scope scope) {
  return registry_.counter_of("guildfleet_rest_rate_limited_total",
                              "Answers with status 429, by the scope Discord named.",
                              {{"bot", bot_}, {"scope", std::string(discord::name_of(scope))}});
}

}  // namespace guildfleet::bot
