#include "ops/check/nginx_scope.hpp"

#include <algorithm>
#include <cctype>

#include "ops/check/bot_words.hpp"

namespace guildfleet::ops {
namespace {

bool is_word_part(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

const std::vector<const nginx_directive*> no_directives;

void visit_inside(const nginx_scope& scope, const std::function<void(const nginx_scope&)>& visit) {
  visit(scope);
  for (const nginx_directive& each : scope.block.block) {
    if (each.is_block) visit_inside(nginx_scope(each, &scope), visit);
  }
}

bool has_guard(const nginx_scope& scope) {
  const auto has = [&scope](const char* name, const auto& wanted) {
    return std::ranges::any_of(scope.own(name),
                               [&](const nginx_directive* each) { return wanted(each->argument(0)); });
  };
  const auto is_not_off = [](std::string_view value) { return value != "off"; };
  return has("deny", [](std::string_view value) { return value == "all"; }) ||
         has("auth_basic", is_not_off) || has("auth_request", is_not_off) || has("auth_jwt", is_not_off) ||
         has("ssl_verify_client", [](std::string_view value) { return value == "on"; }) ||
         has("return",
             [](std::string_view code) { return code.starts_with('4') || code.starts_with('3'); }) ||
         !scope.own("internal").empty();
}

}  // namespace

nginx_scope::nginx_scope(const nginx_directive& of, const nginx_scope* in) : block(of), around(in) {
  for (const nginx_directive& each : of.block) by_name_[each.name].push_back(&each);
}

const nginx_scope* nginx_scope::within(std::string_view name) const {
  for (const nginx_scope* at = this; at != nullptr; at = at->around) {
    if (at->is(name)) return at;
  }
  return nullptr;
}

const std::vector<const nginx_directive*>& nginx_scope::own(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? no_directives : found->second;
}

const nginx_directive* nginx_scope::first_own(std::string_view name) const {
  const auto& all = own(name);
  return all.empty() ? nullptr : all.front();
}

const std::vector<const nginx_directive*>& nginx_scope::in_force(std::string_view name) const {
  for (const nginx_scope* at = this; at != nullptr; at = at->around) {
    if (const auto& all = at->own(name); !all.empty()) return all;
  }
  return no_directives;
}

const nginx_directive* nginx_scope::first_in_force(std::string_view name) const {
  const auto& all = in_force(name);
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
  address = address.substr(0, address.find('?'));
  const std::size_t slash = std::min(address.find('/'), address.size());
  out.uri = address.substr(slash);
  out.host = address.substr(0, slash);
  const std::size_t bracket = out.host.rfind(']');
  const std::size_t colon = out.host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  out.host = out.host.substr(0, colon);
  return out;
}

bool is_near_listen(std::string_view listen) {
  return listen.starts_with("127.") || listen.starts_with("localhost") || listen.starts_with("[::1]") ||
         listen.starts_with("unix:");
}

nginx_review::nginx_review(const nginx_directive& root, std::string source)
    : root_(root), source_(std::move(source)) {
  learn(root);
}

void nginx_review::add(const check_rule& rule, const nginx_directive& at, std::string detail) {
  found_.push_back({&rule, source_, at.at, std::move(detail)});
}

const nginx_directive* nginx_review::upstream(std::string_view name) const {
  const auto found = upstreams_.find(name);
  return found == upstreams_.end() ? nullptr : found->second;
}

const std::vector<std::string_view>& nginx_review::values_of(std::string_view variable) const {
  static const std::vector<std::string_view> none;
  const auto found = values_.find(variable);
  return found == values_.end() ? none : found->second;
}

void nginx_review::learn(const nginx_directive& block) {
  for (const nginx_directive& each : block.block) {
    if (each.name == "upstream") upstreams_.emplace(each.argument(0), &each);
    if (each.name == "set") values_[each.argument(0)].push_back(each.argument(1));
    const bool gives = each.name == "map" || each.name == "split_clients";
    if (!gives) {
      learn(each);
      continue;
    }
    for (const nginx_directive& entry : each.block) values_[each.argument(1)].push_back(entry.argument(0));
  }
}

void each_scope(const nginx_directive& root, const std::function<void(const nginx_scope&)>& visit) {
  visit_inside(nginx_scope(root), visit);
}

bool goes_to_bot(const nginx_review& review, const nginx_scope& scope) {
  const nginx_directive* pass = scope.first_own("proxy_pass");
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
    if (has_guard(*at)) return true;
    if (!at->is("server")) continue;
    const auto& listens = at->own("listen");
    return !listens.empty() && std::ranges::all_of(listens, [](const nginx_directive* each) {
      return is_near_listen(each->argument(0));
    });
  }
  return false;
}

}  // namespace guildfleet::ops
