// A block of an nginx configuration with the blocks around it: what is in force there.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ops/check/finding.hpp"
#include "ops/check/nginx_rules.hpp"
#include "ops/check/nginx_syntax.hpp"

namespace guildfleet::ops {

// Lives as long as the parsed file and the scope around it.
struct nginx_scope {
  const nginx_directive& block;
  const nginx_scope* around = nullptr;

  [[nodiscard]] bool is(std::string_view name) const { return block.name == name; }
  // The scope itself or the nearest one around it that is a block of this name; nullptr when there is none.
  [[nodiscard]] const nginx_scope* within(std::string_view name) const;
  // All of the nearest level that has some, as nginx inherits: by replacement. Empty when no level has.
  [[nodiscard]] std::vector<const nginx_directive*> in_force(std::string_view name) const;
  // The first of these; nullptr when there is none.
  [[nodiscard]] const nginx_directive* first_in_force(std::string_view name) const;
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
  std::string_view uri;   // from the first slash on; empty: none, and the request's own is passed on
};
[[nodiscard]] nginx_target target_of(std::string_view address);

// A file under review.
struct nginx_review {
  const nginx_directive& root;
  std::string source;
  finding_list found;

  void add(const check_rule& rule, const nginx_directive& at, std::string detail);
  // The upstream of this name, wherever it stands; nullptr when the file has none.
  [[nodiscard]] const nginx_directive* upstream(std::string_view name) const;
};

// Calls for the file and for every block in it, outer ones first. The scopes end with the call.
void each_scope(const nginx_directive& root, const std::function<void(const nginx_scope&)>& visit);

// Whether a scope's requests go to a bot, as far as names tell: of the location, the upstream and its
// servers.
[[nodiscard]] bool goes_to_bot(const nginx_review& review, const nginx_scope& scope);

// Whether strangers are kept out: by address, password, certificate, or because nothing is answered.
[[nodiscard]] bool is_guarded(const nginx_scope& scope);

}  // namespace guildfleet::ops
