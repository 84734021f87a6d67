// Both faces of one opened database.
#pragma once

#include <memory>

#include "store/data_store.hpp"
#include "store/store.hpp"

namespace guildfleet::store {

// Each may be kept or dropped by itself; the database is closed, and the node's proof of life gone, with the
// last of them. On SQLite both together are called from one thread at a time.
struct opened_store {
  std::unique_ptr<store> sessions;
  std::unique_ptr<data_store> data;
};

}  // namespace guildfleet::store
