#include "ops/check/nginx_scope.hpp"

#include <algorithm>
#include <cctype>

#include "ops/check/bot_words.hpp"

namespace guildfleet::ops {
namespace {

bool is_word_part(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

void visit_inside(const nginx_scope& scope, const std::function<void(const nginx_scope&)>& visit) {
  visit(scope);
  for (const nginx_directive& each : scope.block.block) {
    if (each.is_block) visit_inside({each, &scope}, visit);
  }
}

const nginx_directive* find_upstream(const nginx_directive& in, std::string_view name) {
  for (const nginx_directive& each : in.block) {
    if (each.name == "upstream" && each.argument(0) == name) return &each;
    if (each.name != "http" && each.name != "stream") continue;
    if (const nginx_directive* inner = find_upstream(each, name)) return inner;
  }
  return nullptr;
}

bool is_loopback(std::string_view listen) {
  return listen.starts_with("127.") || listen.starts_with("localhost") || listen.starts_with("[::1]") ||
         listen.starts_with("unix:");
}

bool guards(const nginx_directive& each) {
  if (each.name == "deny") return each.argument(0) == "all";
  if (each.name == "auth_basic" || each.name == "auth_request" || each.name == "auth_jwt")
    return each.argument(0) != "off";
  if (each.name == "ssl_verify_client") return each.argument(0) == "on";
  if (each.name == "return") return each.argument(0).starts_with('4') || each.argument(0).starts_with('3');
  return each.name == "internal";
}

}  // namespace

const nginx_scope* nginx_scope::within(std::string_view name) const {
  for (const nginx_scope* at = this; at != nullptr; at = at->around) {
    if (at->is(name)) return at;
  }
  return nullptr;
}

std::vector<const nginx_directive*> nginx_scope::in_force(std::string_view name) const {
  std::vector<const nginx_directive*> out;
  for (const nginx_scope* at = this; at != nullptr && out.empty(); at = at->around) {
    for (const nginx_directive& each : at->block.block) {
      if (each.name == name) out.push_back(&each);
    }
  }
  return out;
}

const nginx_directive* nginx_scope::first_in_force(std::string_view name) const {
  const auto all = in_force(name);
  return all.empty() ? nullptr : all.front();
}

bool nginx_location::has_part(std::string_view part) const {
  for (std::size_t at = path.find(part); at != std::string_view::npos; at = path.find(part, at + 1)) {
    const std::size_t end = at + part.size();
    const bool begins = at == 0 || !is_word_part(path[at - 1]);
    if (begins && (end == path.size() || !is_word_part(path[end]))) return true;
  }
  return false;
}

nginx_location location_of(const nginx_directive& location) {
  const std::string_view first = location.argument(0);
  if (location.arguments.size() > 1) return {first, location.argument(1)};
  if (first.starts_with('@')) return {first.substr(0, 1), first.substr(1)};
  for (const std::string_view modifier : {"=", "~*", "~", "^~"}) {
    if (first.starts_with(modifier)) return {modifier, first.substr(modifier.size())};
  }
  return {"", first};
}

nginx_target target_of(std::string_view address) {
  nginx_target out;
  const std::size_t scheme = address.find("://");
  if (scheme == std::string_view::npos) return out;
  out.scheme = address.substr(0, scheme);
  address.remove_prefix(scheme + 3);
  const std::size_t slash = std::min(address.find('/'), address.size());
  out.uri = address.substr(slash);
  out.host = address.substr(0, slash);
  const std::size_t bracket = out.host.rfind(']');
  const std::size_t colon = out.host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  out.host = out.host.substr(0, colon);
  return out;
}

void nginx_review::add(const check_rule& rule, const nginx_directive& at, std::string detail) {
  found.push_back({&rule, source, at.at, std::move(detail)});
}

const nginx_directive* nginx_review::upstream(std::string_view name) const {
  return find_upstream(root, name);
}

void each_scope(const nginx_directive& root, const std::function<void(const nginx_scope&)>& visit) {
  visit_inside({root, nullptr}, visit);
}

bool goes_to_bot(const nginx_review& review, const nginx_scope& scope) {
  const nginx_directive* pass = scope.block.find("proxy_pass");
  if (pass == nullptr) return false;
  if (scope.is("location") && names_bot(location_of(scope.block).path)) return true;
  const std::string_view host = target_of(pass->argument(0)).host;
  if (names_bot(host)) return true;
  const nginx_directive* upstream = review.upstream(host);
  if (upstream == nullptr) return false;
  return std::ranges::any_of(upstream->block, [](const nginx_directive& each) {
    return each.name == "server" && names_bot(each.argument(0));
  });
}

bool is_guarded(const nginx_scope& scope) {
  for (const nginx_scope* at = &scope; at != nullptr; at = at->around) {
    if (std::ranges::any_of(at->block.block, guards)) return true;
    if (!at->is("server")) continue;
    std::size_t listens = 0;
    std::size_t near = 0;
    for (const nginx_directive& each : at->block.block) {
      if (each.name != "listen") continue;
      ++listens;
      if (is_loopback(each.argument(0))) ++near;
    }
    return listens > 0 && listens == near;
  }
  return false;
}

}  // namespace guildfleet::ops
