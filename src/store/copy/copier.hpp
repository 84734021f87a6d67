// Copies a bot's data from one store to another, and makes sure that it arrived.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "store/copy/table_side.hpp"

namespace guildfleet::store {

struct copy_options {
  copy_scope scope;
  bool force = false;  // replace rows that are there with other values; do not mind nodes that run
  std::size_t page = 500;
  // Told often: which table, how many of its rows are done, and of how many.
  std::function<void(std::string_view table, std::uint64_t done, std::uint64_t all)> progress{};
};

struct table_outcome {
  std::string table;
  std::uint64_t rows = 0;
  std::uint64_t written = 0;  // the others were there already, the same
  std::string checksum;       // SHA-256 over the rows, the same in both stores
};

struct copy_refusal {
  std::string reason;
  std::string fix;
};
struct copy_outcome {
  std::vector<table_outcome> tables;
  std::optional<copy_refusal> refused;  // nothing was written then
};

// Reads the source in pages. Rows that are there already and equal are left, so that a copy that was cut off
// can be run again. Refuses while a node runs the bot, or when the target holds other values. Errors: those
// of the stores; store_error::failed when what was read back is not what was written.
[[nodiscard]] base::result<copy_outcome> copy_bot(table_side& source, table_side& target,
                                                  const copy_options& options);

}  // namespace guildfleet::store
