#include "ops/check/nginx_server.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <set>

#include "ops/check/secret_words.hpp"

namespace guildfleet::ops {
namespace {

namespace rule = nginx_rule;

bool any_inside(const nginx_directive& block, const std::function<bool(const nginx_directive&)>& wanted) {
  return std::ranges::any_of(
      block.block, [&](const nginx_directive& each) { return wanted(each) || any_inside(each, wanted); });
}

bool takes_tls(const nginx_directive& listen) {
  return listen.has_argument("ssl") || listen.has_argument("quic");
}

std::string_view port_of(std::string_view listen) {
  const std::size_t bracket = listen.rfind(']');
  const std::size_t colon = listen.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon != std::string_view::npos) return listen.substr(colon + 1);
  const bool digits = !listen.empty() && listen.find_first_not_of("0123456789") == std::string_view::npos;
  return digits ? listen : std::string_view("80");
}

// Goes on by HTTPS: then plain HTTP is only the way there.
bool goes_to_https(const nginx_directive& each) {
  const bool redirects = each.name == "return" || each.name == "rewrite";
  return redirects &&
         std::ranges::any_of(each.arguments, [](const auto& word) { return word.starts_with("https://"); });
}

bool serves(const nginx_directive& each) {
  constexpr std::array names = {"proxy_pass", "grpc_pass", "fastcgi_pass", "uwsgi_pass"};
  return std::ranges::find(names, each.name) != names.end();
}

bool has_public_name(const nginx_scope& server) {
  for (const nginx_directive* each : server.own("server_name")) {
    for (const std::string& name : each->arguments) {
      if (!is_near_host(name) && name.find_first_not_of("0123456789.") != std::string::npos) return true;
    }
  }
  return false;
}

void check_plain(nginx_review& review, const nginx_scope& server) {
  if (!any_inside(server.block, serves)) return;
  const bool redirected = any_inside(server.block, goes_to_https);
  for (const nginx_directive* each : server.own("listen")) {
    const std::string_view place = each->argument(0);
    if (redirected || takes_tls(*each) || is_near_listen(place)) continue;
    if (!has_public_name(server) && port_of(place) != "80") continue;
    review.add(rule::no_tls, *each, fmt::format("listen {} passes requests on without TLS", place));
    return;
  }
}

void check_certificate(nginx_review& review, const nginx_scope& scope) {
  const auto& certificates = scope.in_force("ssl_certificate");
  const auto& keys = scope.in_force("ssl_certificate_key");
  const bool included = !scope.own("include").empty();
  const auto& own = scope.own("ssl_certificate");
  const auto& own_keys = scope.own("ssl_certificate_key");
  if (!own.empty() && keys.empty() && !included)
    review.add(rule::half_certificate, *own.front(), "there is no ssl_certificate_key");
  if (!own_keys.empty() && certificates.empty() && !included)
    review.add(rule::half_certificate, *own_keys.front(), "there is no ssl_certificate");
  if (!scope.is("server") || included || !certificates.empty() || !keys.empty()) return;
  if (const nginx_directive* rejects = scope.first_in_force("ssl_reject_handshake"))
    if (rejects->argument(0) == "on") return;
  for (const nginx_directive* each : scope.own("listen")) {
    if (!takes_tls(*each)) continue;
    review.add(rule::half_certificate, *each,
               fmt::format("listen {} has no ssl_certificate", each->argument(0)));
    return;
  }
}

void check_headers_kept(nginx_review& review, const nginx_scope& scope, const std::string& name) {
  if (scope.around == nullptr) return;
  const auto& own = scope.own(name);
  const auto& outer = scope.around->in_force(name);
  if (own.empty() || outer.empty()) return;
  const nginx_directive* inherit = scope.first_in_force(name + "_inherit");
  if (inherit != nullptr && inherit->argument(0) == "merge") return;
  std::set<std::string> kept;
  for (const nginx_directive* each : own) kept.insert(in_capitals(each->argument(0)));
  for (const nginx_directive* each : outer) {
    if (kept.contains(in_capitals(each->argument(0)))) continue;
    review.add(rule::lost_headers, *own.front(),
               fmt::format("{} {} of line {} is not in force here", name, each->argument(0), each->at.line));
    return;
  }
}

// What is safe inside of if; entries of its own are no harm either.
bool is_safe_in_if(const nginx_directive& each) {
  constexpr std::array names = {"return", "rewrite", "set", "break", "rewrite_log"};
  return std::ranges::find(names, each.name) != names.end();
}

}  // namespace

void check_nginx_tls(nginx_review& review, const nginx_scope& scope) {
  for (const nginx_directive* each : scope.own("ssl_protocols")) {
    for (const char* old : {"SSLv2", "SSLv3", "TLSv1", "TLSv1.1"}) {
      if (!each->has_argument(old)) continue;
      review.add(rule::old_tls, *each, fmt::format("ssl_protocols allows {}", old));
      break;
    }
  }
  if (scope.is("http") || scope.is("server") || scope.around == nullptr) check_certificate(review, scope);
  if (scope.is("server")) check_plain(review, scope);
}

void check_nginx_content(nginx_review& review, const nginx_scope& scope) {
  for (const nginx_directive& each : scope.block.block) {
    if (each.name == "autoindex" && each.argument(0) == "on")
      review.add(rule::listed_folders, each, "autoindex is on");
    else if (each.name == "server_tokens" && each.argument(0) == "on")
      review.add(rule::shown_version, each, "server_tokens is on");
    else if (each.name == "access_log" && each.argument(0) == "off" && !scope.is("location") &&
             !scope.is("if"))
      review.add(rule::no_access_log, each,
                 fmt::format("access_log is off for all of {}",
                             scope.block.name.empty() ? "the file" : scope.block.name));
  }
  if (scope.is("http") && scope.in_force("server_tokens").empty())
    review.add(rule::shown_version, scope.block, "server_tokens is on by itself");
  if (!scope.is("location")) return;
  const nginx_directive* alias = scope.first_own("alias");
  const nginx_location location = location_of(scope.block);
  if (alias != nullptr && location.is_prefix() && !location.path.ends_with('/') &&
      alias->argument(0).ends_with('/'))
    review.add(rule::alias_traversal, *alias,
               fmt::format("{0}../ is {1}../", location.path, alias->argument(0)));
}

void check_nginx_levels(nginx_review& review, const nginx_scope& scope) {
  check_headers_kept(review, scope, "add_header");
  check_headers_kept(review, scope, "proxy_set_header");
  if (!scope.is("if") || scope.within("location") == nullptr) return;
  const auto unsafe = std::ranges::find_if_not(scope.block.block, is_safe_in_if);
  if (unsafe != scope.block.block.end())
    review.add(rule::if_in_location, scope.block, fmt::format("{} stands in it", unsafe->name));
}

void check_nginx_default_servers(nginx_review& review) {
  std::map<std::string, std::vector<const nginx_directive*>> by_place;
  each_scope(review.root(), [&](const nginx_scope& scope) {
    if (!scope.is("server") || scope.within("stream") != nullptr || scope.within("upstream") != nullptr)
      return;
    for (const nginx_directive* each : scope.own("listen")) {
      const std::string_view place = each->argument(0);
      const bool wild = place.starts_with("0.0.0.0:") || place.starts_with("*:");
      by_place[wild ? std::string(port_of(place)) : std::string(place)].push_back(each);
    }
  });
  for (const auto& [place, listens] : by_place) {
    const bool has_default = std::ranges::any_of(listens, [](const nginx_directive* each) {
      return each->has_argument("default_server") || each->has_argument("default");
    });
    if (listens.size() > 1 && !has_default)
      review.add(
          rule::no_default_server, *listens.front(),
          fmt::format("{} servers listen on {}, and none is the default_server", listens.size(), place));
  }
}

}  // namespace guildfleet::ops
