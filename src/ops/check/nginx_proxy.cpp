#include "ops/check/nginx_proxy.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <set>

#include "ops/check/bot_words.hpp"
#include "ops/check/secret_words.hpp"

namespace guildfleet::ops {
namespace {

namespace rule = nginx_rule;

bool is_header(const nginx_directive& each, std::string_view name) {
  return each.name == "proxy_set_header" && in_capitals(each.argument(0)) == in_capitals(name);
}

bool sets_header(const std::vector<const nginx_directive*>& headers, std::string_view name) {
  return std::ranges::any_of(headers, [&](const nginx_directive* each) { return is_header(*each, name); });
}

std::string called(const nginx_scope& scope) {
  if (!scope.is("location")) return scope.block.name;
  const nginx_location location = location_of(scope.block);
  return fmt::format("location {}{}{}", location.modifier,
                     location.is_prefix() || location.modifier == "@" ? "" : " ", location.path);
}

// "60s", "1m 30s" as one word, "500ms", "3600".
std::optional<double> seconds_of(std::string_view text) {
  struct unit {
    std::string_view name;
    double seconds;
  };
  constexpr std::array<unit, 9> units = {{{"ms", 0.001},
                                          {"", 1},
                                          {"s", 1},
                                          {"m", 60},
                                          {"h", 3'600},
                                          {"d", 86'400},
                                          {"w", 604'800},
                                          {"M", 2'592'000},
                                          {"y", 31'536'000}}};
  double sum = 0;
  while (!text.empty()) {
    std::uint32_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const std::string_view name = text.substr(0, std::min(text.find_first_of("0123456789"), text.size()));
    const auto found = std::ranges::find(units, name, &unit::name);
    if (found == units.end()) return std::nullopt;
    sum += number * found->seconds;
    text.remove_prefix(name.size());
  }
  return sum;
}

// In MiB; "10m", "1g", "65536".
std::optional<double> mebibytes_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{}) return std::nullopt;
  const std::string unit = in_capitals(text.substr(static_cast<std::size_t>(end - text.data())));
  const auto amount = static_cast<double>(number);
  if (unit == "G") return amount * 1'024;
  if (unit == "M") return amount;
  if (unit == "K") return amount / 1'024;
  return amount / (1'024 * 1'024);
}

std::string_view weight_of(const nginx_directive& server) {
  for (const std::string& each : server.arguments) {
    if (each.starts_with("weight=")) return std::string_view(each).substr(7);
  }
  return "1";
}

bool has_bot(const nginx_directive& upstream) {
  return names_bot(upstream.argument(0)) ||
         std::ranges::any_of(upstream.block, [](const nginx_directive& each) {
           return each.name == "server" && names_bot(each.argument(0));
         });
}

void check_weights_of(nginx_review& review, const nginx_directive& upstream) {
  if (!has_bot(upstream)) return;
  std::set<std::string_view> weights;
  const nginx_directive* weighted = nullptr;
  for (const nginx_directive& each : upstream.block) {
    if (each.name != "server" || each.has_argument("backup") || each.has_argument("down")) continue;
    weights.insert(weight_of(each));
    if (weight_of(each) != "1" && weighted == nullptr) weighted = &each;
  }
  if (weights.size() < 2 || weighted == nullptr) return;
  review.add(
      rule::weights_of_bots, *weighted,
      fmt::format("the upstream {} sends its servers unequal shares of requests, and of Discord's events "
                  "none",
                  upstream.argument(0)));
}

// The shares are of requests as well; a bot must be among the answers.
void check_split_of(nginx_review& review, const nginx_directive& split) {
  const bool of_bots = std::ranges::any_of(split.block, [&](const nginx_directive& each) {
    const nginx_directive* upstream = review.upstream(each.argument(0));
    return names_bot(each.argument(0)) || (upstream != nullptr && has_bot(*upstream));
  });
  if (of_bots)
    review.add(rule::weights_of_bots, split,
               fmt::format("split_clients {} divides requests between bots, and of Discord's events none",
                           split.argument(1)));
}

// By a location of its own, more specific than the prefix that would pass the metrics on.
bool keeps_metrics_away(const nginx_scope& server) {
  return std::ranges::any_of(server.own("location"), [&](const nginx_directive* each) {
    return location_of(*each).has_part("metrics") && is_guarded(nginx_scope(*each, &server));
  });
}

// `kept_away`: by a location of the same server.
void check_metrics(nginx_review& review, const nginx_scope& scope, bool kept_away) {
  if (!scope.is("location") || is_guarded(scope)) return;
  const nginx_location location = location_of(scope.block);
  const nginx_directive* pass = scope.first_own("proxy_pass");
  if (const nginx_directive* status = scope.first_own("stub_status")) {
    review.add(rule::public_metrics, *status, "nginx's own figures can be read by everybody");
    return;
  }
  if (pass == nullptr) return;
  const std::string_view uri = target_of(pass->argument(0)).uri;
  if (location.has_part("metrics") || uri.ends_with("/metrics")) {
    review.add(rule::public_metrics, *pass, fmt::format("{} is passed on to everybody", called(scope)));
    return;
  }
  const bool everything =
      location.is_prefix() && location.path.ends_with('/') && (uri == "/" || location.path == "/");
  if (everything && !kept_away && goes_to_bot(review, scope))
    review.add(
        rule::public_metrics, *pass,
        fmt::format("{} passes everything of the bot on, {}metrics too", called(scope), location.path));
}

bool is_api_of_bot(const nginx_review& review, const nginx_scope& scope) {
  if (!scope.is("location") || !goes_to_bot(review, scope)) return false;
  const nginx_location location = location_of(scope.block);
  return location.has_part("api");
}

// What is asked for more than once a second by nobody but machines that look after bots.
bool is_health(const nginx_location& location) {
  return std::ranges::any_of(std::array{"health", "healthz", "livez", "readyz"},
                             [&](const char* part) { return location.has_part(part); });
}

void check_limits(nginx_review& review, const nginx_scope& server) {
  if (!server.is("server") || is_guarded(server)) return;
  for (const nginx_directive& each : server.block.block) {
    const nginx_scope scope{each, &server};
    if (each.name != "location" || each.find("proxy_pass") == nullptr || is_guarded(scope)) continue;
    if (!scope.in_force("limit_req").empty() || is_health(location_of(each)) || is_api_of_bot(review, scope))
      continue;
    review.add(rule::no_request_limit, each,
               fmt::format("{} has no limit_req, nor has what is around it", called(scope)));
    return;
  }
}

void check_prefix(nginx_review& review, const nginx_scope& scope, const nginx_directive& pass) {
  const nginx_location location = location_of(scope.block);
  const std::string& address = pass.arguments.front();
  if (!scope.is("location") || !location.is_prefix() || location.path == "/" || address.contains('$')) return;
  const nginx_target target = target_of(address);
  const bool slash = location.path.ends_with('/');
  if (target.uri.empty()) {
    const bool rewritten = scope.first_own("rewrite") != nullptr;
    if (rewritten || !slash || !goes_to_bot(review, scope) || is_api_of_bot(review, scope)) return;
    review.add(
        rule::prefix_slash, pass,
        fmt::format("the bot is asked for {}health, prefix and all, which it does not know", location.path));
  } else if (!slash && target.uri.ends_with('/')) {
    review.add(rule::prefix_slash, pass,
               fmt::format("{0}/health becomes {1}/health, and {0}2/health becomes {1}2/health",
                           location.path, target.uri));
  } else if (slash && !target.uri.ends_with('/')) {
    review.add(rule::prefix_slash, pass, fmt::format("{}health becomes {}health", location.path, target.uri));
  }
}

bool needs_resolver(const nginx_review& review, std::string_view host) {
  if (!host.contains('$')) return false;
  const auto& values = review.values_of(host);
  return values.empty() || std::ranges::any_of(values, [&](std::string_view value) {
           const std::string_view name =
               value.contains("://") ? target_of(value).host : value.substr(0, value.find(':'));
           const bool is_address =
               !name.empty() && name.find_first_not_of("0123456789.") == std::string_view::npos;
           return !is_address && review.upstream(name) == nullptr;
         });
}

}  // namespace

void check_nginx_weights(nginx_review& review) {
  each_scope(review.root(), [&](const nginx_scope& scope) {
    if (scope.is("upstream")) check_weights_of(review, scope.block);
    if (scope.is("split_clients")) check_split_of(review, scope.block);
  });
}

void check_nginx_metrics(nginx_review& review) {
  std::map<const nginx_directive*, bool> kept_away;  // by server; one is visited before what is in it
  each_scope(review.root(), [&](const nginx_scope& scope) {
    if (scope.is("server")) kept_away[&scope.block] = keeps_metrics_away(scope);
    const nginx_scope* server = scope.within("server");
    check_metrics(review, scope, server != nullptr && kept_away[&server->block]);
  });
}

void check_nginx_proxy(nginx_review& review, const nginx_scope& scope) {
  check_limits(review, scope);
  for (const nginx_directive& each : scope.block.block) {
    if (each.name == "client_max_body_size") {
      const auto size = mebibytes_of(each.argument(0));
      constexpr double most = 100;
      if (size && (*size == 0 || *size > most))
        review.add(
            rule::large_bodies, each,
            *size == 0 ? std::string("0 is no limit at all") : fmt::format("{} a request", each.argument(0)));
    } else if (each.name == "proxy_next_upstream" && each.has_argument("non_idempotent")) {
      review.add(rule::repeated_requests, each, fmt::format("{} of {}", each.name, called(scope)));
    } else if (each.name == "proxy_ssl_verify" && each.argument(0) == "off") {
      review.add(rule::unverified_upstream, each, "proxy_ssl_verify is off");
    }
  }
  const nginx_directive* pass = scope.first_own("proxy_pass");
  if (pass == nullptr || pass->arguments.empty()) return;
  check_prefix(review, scope, *pass);
  if (is_api_of_bot(review, scope) && scope.in_force("limit_req").empty() && !is_guarded(scope))
    review.add(rule::open_api, *pass,
               fmt::format("{} has no limit_req, nor has what is around it", called(scope)));
  const std::string& address = pass->arguments.front();
  const std::string_view host =
      address.starts_with('$') ? std::string_view(address) : target_of(address).host;
  if (scope.in_force("resolver").empty() && needs_resolver(review, host))
    review.add(rule::no_resolver, *pass, fmt::format("{} is looked up at each request", host));
}

void check_nginx_addresses(nginx_review& review, const nginx_scope& scope) {
  const auto holds = [](const nginx_directive& each, std::string_view variable) {
    return std::ranges::any_of(each.arguments, [&](const auto& word) { return word.contains(variable); });
  };
  for (const nginx_directive& each : scope.block.block) {
    const bool uses =
        each.name == "proxy_set_header" || each.name == "limit_req_zone" || each.name == "limit_conn_zone";
    if (each.name == "set_real_ip_from" && (each.argument(0).ends_with("/0")))
      review.add(rule::anybody_is_proxy, each, fmt::format("{} is every address", each.argument(0)));
    else if (uses && holds(each, "$http_x_forwarded_for"))
      review.add(rule::believed_address, each, fmt::format("{} takes $http_x_forwarded_for", each.name));
    else if (uses && holds(each, "$proxy_add_x_forwarded_for") && scope.in_force("set_real_ip_from").empty())
      review.add(rule::appended_address, each, fmt::format("{} {}", each.name, each.argument(0)));
  }
}

void check_nginx_web_socket(nginx_review& review, const nginx_scope& scope) {
  const nginx_directive* pass = scope.first_own("proxy_pass");
  if (pass == nullptr || !scope.is("location")) return;
  constexpr std::array parts = {"ws", "wss", "websocket", "websockets", "socket", "sockjs", "gateway"};
  const nginx_location location = location_of(scope.block);
  const bool by_name = std::ranges::any_of(parts, [&](const char* part) { return location.has_part(part); });
  const bool by_header = std::ranges::any_of(
      scope.block.block, [](const nginx_directive& each) { return is_header(each, "Upgrade"); });
  if (!by_name && !by_header) return;
  const auto& headers = scope.in_force("proxy_set_header");
  const nginx_directive* version = scope.first_in_force("proxy_http_version");
  for (const char* name : {"Upgrade", "Connection"}) {
    if (sets_header(headers, name)) continue;
    review.add(rule::no_upgrade, *pass,
               fmt::format("the header {} is not passed on in {}", name, called(scope)));
    return;
  }
  if (version == nullptr || version->argument(0) == "1.0") {
    review.add(rule::no_upgrade, *pass,
               fmt::format("{} has no proxy_http_version 1.1, and before nginx 1.29.7 it is 1.0 by itself",
                           called(scope)));
    return;
  }
  constexpr double least = 60;
  const nginx_directive* timeout = scope.first_in_force("proxy_read_timeout");
  const auto seconds = timeout != nullptr ? seconds_of(timeout->argument(0)) : std::nullopt;
  if (timeout == nullptr)
    review.add(rule::idle_web_socket, *pass,
               fmt::format("{} has no proxy_read_timeout: 60 seconds", called(scope)));
  else if (seconds && *seconds <= least)
    review.add(rule::idle_web_socket, *timeout,
               fmt::format("{} has proxy_read_timeout {}", called(scope), timeout->argument(0)));
}

}  // namespace guildfleet::ops
