// Whether a document keeps to its feature's schema.
#pragma once

#include <string>
#include <vector>

#include "settings/document.hpp"
#include "settings/schema.hpp"

namespace guildfleet::settings {

// A sentence in both languages, with its values in it.
struct spoken {
  std::string english;
  std::string japanese;
  [[nodiscard]] const std::string& in(base::language which) const {
    return which == base::language::japanese ? japanese : english;
  }
  bool operator==(const spoken&) const = default;
};

struct problem {
  std::string path;  // "fields[2].label"; "" is the document itself
  spoken sentence;
  spoken fix;
  bool operator==(const problem&) const = default;
};

// No problem: the document may be stored. At most 50 of them are told. null counts as not set.
[[nodiscard]] std::vector<problem> validate(const feature_schema& schema, const json::object& document);

// "path: sentence fix", a line each.
[[nodiscard]] std::string to_text(const std::vector<problem>& problems, base::language which);

// The top field of a path: "fields" of "fields[2].label".
[[nodiscard]] std::string_view top_field(std::string_view path);

}  // namespace guildfleet::settings
