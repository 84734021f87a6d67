#include "discord/rest/limit_signal.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>

#include "discord/rest/json_object.hpp"

namespace guildfleet::discord {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

// Nothing waits longer than a day for one header.
constexpr double max_seconds = 86'400.0;

std::optional<double> seconds_in(std::string_view text) {
  double value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size() || !std::isfinite(value) || value < 0)
    return std::nullopt;
  return std::min(value, max_seconds);
}

// Rounded up: never earlier than Discord said.
milliseconds to_milliseconds(double seconds) {
  return milliseconds(static_cast<std::int64_t>(std::ceil(seconds * 1000.0)));
}

std::optional<milliseconds> duration_in(std::string_view text) {
  const auto seconds = seconds_in(text);
  if (!seconds) return std::nullopt;
  return to_milliseconds(*seconds);
}

std::optional<int> count_in(std::string_view text) {
  int value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

struct limited_body {
  bool readable = false;
  bool global = false;
  std::optional<milliseconds> retry_after;
};

limited_body read_body(std::string_view body) {
  limited_body read;
  const auto object = parse_object(body);
  if (!object) return read;
  if (const auto* wait = object->if_contains("retry_after"); wait != nullptr && wait->is_number()) {
    const double seconds = wait->to_number<double>();
    if (std::isfinite(seconds) && seconds >= 0)
      read.retry_after = to_milliseconds(std::min(seconds, max_seconds));
    read.readable = true;
  }
  if (const auto* global = object->if_contains("global"); global != nullptr && global->is_bool()) {
    read.global = global->get_bool();
  }
  return read;
}

void read_rate_limited(limit_signal& signal, const header_lookup& header, std::string_view body) {
  const limited_body read = read_body(body);
  signal.retry_after = duration_in(header("Retry-After"));
  if (read.retry_after) {
    signal.retry_after = std::max(signal.retry_after.value_or(milliseconds(0)), *read.retry_after);
  }
  const std::string_view scope = header("X-RateLimit-Scope");
  if (read.global || scope == "global" || header("X-RateLimit-Global") == "true") {
    signal.scope = limit_scope::global;
  } else if (scope == "shared") {
    signal.scope = limit_scope::shared;
  } else if (scope == "user" || !signal.bucket_hash.empty() || read.readable) {
    signal.scope = limit_scope::user;
  } else {
    signal.scope = limit_scope::cloudflare;
  }
}

}  // namespace

std::string_view name_of(limit_scope scope) {
  switch (scope) {
    case limit_scope::user:
      return "user";
    case limit_scope::global:
      return "global";
    case limit_scope::shared:
      return "shared";
    case limit_scope::cloudflare:
      return "cloudflare";
  }
  return "user";
}

bool limit_signal::counts_as_invalid() const {
  return status == 401 || status == 403 || (status == 429 && scope != limit_scope::shared);
}

limit_signal read_limit_signal(int status, const header_lookup& header, std::string_view body) {
  limit_signal signal;
  signal.status = status;
  signal.bucket_hash = std::string(header("X-RateLimit-Bucket"));
  signal.limit = count_in(header("X-RateLimit-Limit"));
  signal.remaining = count_in(header("X-RateLimit-Remaining"));
  signal.reset_after = duration_in(header("X-RateLimit-Reset-After"));
  if (status == 429) read_rate_limited(signal, header, body);
  return signal;
}

}  // namespace guildfleet::discord
