// A block of an nginx configuration with the blocks around it: what is in force there. Everything is looked
// up in an index, so that a long file takes no longer than it is long.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ops/check/finding.hpp"
#include "ops/check/nginx_rules.hpp"
#include "ops/check/nginx_syntax.hpp"

namespace guildfleet::ops {

// Lives as long as the parsed file and the scope around it.
class nginx_scope final {
 public:
  explicit nginx_scope(const nginx_directive& of, const nginx_scope* in = nullptr);

  [[nodiscard]] bool is(std::string_view name) const { return block.name == name; }
  // The scope itself or the nearest one around it that is a block of this name; nullptr when there is none.
  [[nodiscard]] const nginx_scope* within(std::string_view name) const;
  // Directly inside, in the order of the file.
  [[nodiscard]] const std::vector<const nginx_directive*>& own(std::string_view name) const;
  // The first of these; nullptr when there is none.
  [[nodiscard]] const nginx_directive* first_own(std::string_view name) const;
  // All of the nearest level that has some, as nginx inherits: by replacement. Empty when no level has.
  [[nodiscard]] const std::vector<const nginx_directive*>& in_force(std::string_view name) const;
  // The first of these; nullptr when there is none.
  [[nodiscard]] const nginx_directive* first_in_force(std::string_view name) const;

  const nginx_directive& block;
  const nginx_scope* const around;

 private:
  std::map<std::string_view, std::vector<const nginx_directive*>> by_name_;
};

// What a location answers to.
struct nginx_location {
  std::string_view modifier;  // "", "=", "~", "~*", "^~", or "@" with a name
  std::string_view path;

  [[nodiscard]] bool is_prefix() const { return modifier.empty() || modifier == "^~"; }
  // "/bot1/metrics" has the part "metrics".
  [[nodiscard]] bool has_part(std::string_view part) const;
};
[[nodiscard]] nginx_location location_of(const nginx_directive& location);

// An address that proxy_pass names: http://host:port/uri.
struct nginx_target {
  std::string_view scheme;
  std::string_view host;  // without the port
  std::string_view uri;   // from the first slash on; empty: none, and the request's own is passed on.
                          // Without its query, which may hold a key
};
[[nodiscard]] nginx_target target_of(std::string_view address);

// A file under review.
class nginx_review final {
 public:
  nginx_review(const nginx_directive& root, std::string source);

  void add(const check_rule& rule, const nginx_directive& at, std::string detail);
  [[nodiscard]] finding_list take() { return std::move(found_); }

  [[nodiscard]] const nginx_directive& root() const { return root_; }
  // The upstream of this name, wherever it stands; nullptr when the file has none.
  [[nodiscard]] const nginx_directive* upstream(std::string_view name) const;
  // What the file itself gives to a variable ("$to"), by set, map or split_clients.
  [[nodiscard]] const std::vector<std::string_view>& values_of(std::string_view variable) const;

 private:
  void learn(const nginx_directive& block);

  const nginx_directive& root_;
  std::string source_;
  finding_list found_;
  std::map<std::string_view, const nginx_directive*> upstreams_;
  std::map<std::string_view, std::vector<std::string_view>> values_;
};

// Calls for the file and for every block in it, outer ones first. The scopes end with the call.
void each_scope(const nginx_directive& root, const std::function<void(const nginx_scope&)>& visit);

// Whether a scope's requests go to a bot, as far as names tell: of the location, the upstream and its
// servers.
[[nodiscard]] bool goes_to_bot(const nginx_review& review, const nginx_scope& scope);

// Whether only this machine reaches what listens there.
[[nodiscard]] bool is_near_listen(std::string_view listen);

// Whether strangers are kept out: by address, password, certificate, or because nothing is answered.
[[nodiscard]] bool is_guarded(const nginx_scope& scope);

}  // namespace guildfleet::ops
