// Steps by which tables come to be; the same words for both databases.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace guildfleet::store {

struct migration {
  int version = 0;  // 1, 2, 3, ... without a gap
  // The oldest version whose release may still work with the tables after this step. A step that only adds
  // (expand) leaves it; one that takes away (contract) raises it.
  int readable_from = 1;
  std::string_view sql;
};

// Who owns tables; each owner counts its versions from 1.
struct component_tables {
  std::string_view component;
  std::span<const migration> migrations;  // in order
};

// A feature's own tables, in both dialects; `component` is the feature's name. Their names begin with the
// feature's; on PostgreSQL they lie in schema guildfleet and are always named with it.
struct feature_tables {
  std::string_view component;
  std::span<const migration> sqlite;
  std::span<const migration> postgres;
};

// What a database has of a component.
struct schema_version {
  std::string component;
  int version = 0;
  int readable_from = 0;
  bool operator==(const schema_version&) const = default;
};

}  // namespace guildfleet::store
