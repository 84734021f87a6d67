// What is not set, filled in, and left out again; what another release set, kept.
#pragma once

#include <string>
#include <vector>

#include "settings/document.hpp"
#include "settings/schema.hpp"

namespace guildfleet::settings {

// Every field that has a default is there, lists too; in the objects of lists as well. Fields set to null go.
[[nodiscard]] json::object with_defaults(const feature_schema& schema, json::object document);

// The inverse: what equals its default goes, so that a guild follows a default that changes later. What is
// stored is this.
[[nodiscard]] json::object without_defaults(const feature_schema& schema, json::object document);

// A stored document as this release understands it: other releases may have written fields that are unknown
// here, or values that are out of bounds here. `foreign` holds the unknown top fields; they are put back
// when the document is written, and invalid ones count as not set.
struct understood_document {
  json::object values;  // valid, with defaults
  json::object foreign;
  std::vector<std::string> invalid;  // top fields
};
[[nodiscard]] understood_document understand(const feature_schema& schema, json::object stored);

}  // namespace guildfleet::settings
