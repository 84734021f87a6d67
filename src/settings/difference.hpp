// What changed between two documents, for people and for undo.
#pragma once

#include <optional>
#include <vector>

#include "settings/document.hpp"
#include "settings/schema.hpp"

namespace guildfleet::settings {

// One top field. Lists are compared whole; nullopt: not set.
struct field_change {
  std::string path;
  std::optional<json::value> before;
  std::optional<json::value> after;
  bool operator==(const field_change&) const = default;
};

// By path.
[[nodiscard]] std::vector<field_change> difference(const json::object& before, const json::object& after);

// `document` with the values that `changes` found; nothing else is touched.
[[nodiscard]] json::object with_values_before(json::object document,
                                              const std::vector<field_change>& changes);

// The first path where `document` does not hold what `changes` left there; nullopt: all of them do.
[[nodiscard]] std::optional<std::string> first_changed_since(const json::object& document,
                                                             const std::vector<field_change>& changes);

// "Title: old -> new", a line each; of lists what was added and removed.
[[nodiscard]] std::string describe(const feature_schema& schema, const std::vector<field_change>& changes,
                                   base::language which);

}  // namespace guildfleet::settings
