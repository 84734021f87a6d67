// YAML as a plain tree that knows where everything was written. yaml-cpp stays inside the .cpp.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/problem.hpp"
#include "base/variables.hpp"

namespace guildfleet::base {

struct yaml_member;

struct yaml_node {
  enum class node_kind { null, scalar, sequence, mapping };

  node_kind kind = node_kind::null;
  text_position at;
  std::string text;                // of a scalar, variables expanded; may be a secret
  std::string written;             // of a scalar, as it stands in the file: what messages may show
  std::vector<std::string> unset;  // variables of this scalar that are not set and have no default
  std::vector<yaml_node> items;
  std::vector<yaml_member> members;  // in the order of the file, no key twice

  [[nodiscard]] const yaml_node* find(std::string_view key) const;
};

struct yaml_member {
  std::string key;
  text_position key_at;
  yaml_node value;
};

struct yaml_limits {
  std::size_t max_bytes = 1U << 20U;
  std::size_t max_depth = 32;
  std::size_t max_nodes = 100'000;  // aliases count as often as they are used
};

// Parses one document. Variables are expanded in scalar values, after parsing, so a value can never add
// structure. Everything wrong is added to `problems`; nullopt when the text is no YAML at all or over a
// limit.
[[nodiscard]] std::optional<yaml_node> parse_yaml(std::string_view text, std::string_view source,
                                                  const variable_lookup& variables, problem_list& problems,
                                                  const yaml_limits& limits = {});

// The documents of a file that another program reads. Variables stay as they are written (`text` is
// `written`), tags are passed over, and what a mapping takes over with "<<" stands in it behind its own
// members, with the place of its original. Empty documents are left out. Problems and limits as above.
[[nodiscard]] std::optional<std::vector<yaml_node>> parse_foreign_yaml(std::string_view text,
                                                                       std::string_view source,
                                                                       problem_list& problems,
                                                                       const yaml_limits& limits = {});

// The candidate that differs least from `typed`, when it is near enough to be a slip; empty otherwise.
[[nodiscard]] std::string_view nearest_name(std::string_view typed,
                                            const std::vector<std::string_view>& candidates);

}  // namespace guildfleet::base
