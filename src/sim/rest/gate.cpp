#include "sim/rest/gate.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <fmt/format.h>

#include "base/fnv1a.hpp"

namespace guildfleet::sim {

namespace {

using namespace std::chrono_literals;

std::string bucket_key(const gate_request& request, const limit_rule& rule) {
  const auto bucket = rule.bucket.empty() ? fmt::format("{} {}", request.method, request.route) : rule.bucket;
  return fmt::format("{}|{}|{}", request.owner, bucket, request.major);
}

// Opaque, and the same for every run.
std::string bucket_hash(std::string_view name) {
  const std::uint64_t hash = base::fnv1a(name);
  return fmt::format("{:016x}{:016x}", hash, hash * base::fnv1a_factor);
}

// What a client sent before it could read the 429 is not held against it.
constexpr std::chrono::milliseconds answer_under_way{50};

double seconds(std::chrono::milliseconds time) {
  return static_cast<double>(time.count()) / 1000.0;
}

net::http_fields bucket_headers(const limit_rule& rule, const window_counter::state& state,
                                base::wall_time wall) {
  net::http_fields out;
  const auto reset = (wall + state.reset_after).time_since_epoch();
  out.set("X-RateLimit-Limit", fmt::format("{}", state.limit));
  out.set("X-RateLimit-Remaining", fmt::format("{}", state.remaining));
  out.set("X-RateLimit-Reset", fmt::format("{:.3f}", seconds(reset)));
  out.set("X-RateLimit-Reset-After", fmt::format("{:.3f}", seconds(state.reset_after)));
  out.set("X-RateLimit-Bucket", bucket_hash(rule.bucket));
  return out;
}

}  // namespace

std::optional<gate_verdict> rate_gate::blocked(const std::string& key, base::steady_time now) const {
  const auto found = blockades_.find(key);
  if (found == blockades_.end() || found->second.until <= now) return std::nullopt;
  gate_verdict out;
  out.limited = found->second.scope;
  out.retry_after = std::chrono::ceil<std::chrono::milliseconds>(found->second.until - now);
  out.while_limited = now >= found->second.known_from;
  return out;
}

gate_verdict rate_gate::pass(const gate_request& request, base::wall_time wall, base::steady_time now) {
  const std::string owner(request.owner);
  if (request.counts_globally) {
    if (auto refused = blocked(owner, now)) return *refused;
    if (settings_.global_per_second > 0) {
      const auto global = global_.take(owner, settings_.global_per_second, 1s, now);
      if (!global.allowed) {
        return {.limited = gate_verdict::scope::global,
                .retry_after = global.reset_after,
                .while_limited = true,
                .headers = {}};
      }
    }
  }
  const auto rule = rule_for(request.method, request.route);
  const auto key = bucket_key(request, rule);
  if (auto refused = blocked(key, now)) return *refused;
  gate_verdict out;
  if (!settings_.bucket_limits || rule.bucket.empty()) return out;
  const auto state = buckets_.take(key, rule.limit, rule.window, now);
  out.headers = bucket_headers(rule, state, wall);
  if (state.allowed) return out;
  out.limited = gate_verdict::scope::user;
  out.retry_after = state.reset_after;
  out.while_limited = true;
  return out;
}

void rate_gate::block(const gate_request& request, gate_verdict::scope scope, std::chrono::milliseconds time,
                      base::steady_time now) {
  std::erase_if(blockades_, [&](const auto& entry) { return entry.second.until <= now; });
  const bool everything = scope == gate_verdict::scope::global;
  const auto key =
      everything ? std::string(request.owner) : bucket_key(request, rule_for(request.method, request.route));
  blockades_[key] = {.until = now + time, .known_from = now + answer_under_way, .scope = scope};
}

void rate_gate::give_back(const gate_request& request) {
  buckets_.give_back(bucket_key(request, rule_for(request.method, request.route)));
}

net::http_response too_many_requests(const gate_verdict& verdict) {
  const bool global = verdict.limited == gate_verdict::scope::global;
  const bool shared = verdict.limited == gate_verdict::scope::shared;
  const boost::json::object body{
      {"message", shared ? "The resource is being rate limited." : "You are being rate limited."},
      {"retry_after", seconds(verdict.retry_after)},
      {"global", global}};
  auto out = net::http_response::json(429, boost::json::serialize(body));
  if (!global) {
    for (const auto& [name, value] : verdict.headers.all()) out.fields.set(name, value);
  }
  out.fields.set("Retry-After", fmt::format("{}", static_cast<int>(std::ceil(seconds(verdict.retry_after)))));
  out.fields.set("X-RateLimit-Scope", global ? "global" : shared ? "shared" : "user");
  if (global) out.fields.set("X-RateLimit-Global", "true");
  return out;
}

}  // namespace guildfleet::sim
