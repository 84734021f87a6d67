// A cache of settings rows that several processes share.
#pragma once

#include <optional>

#include "net/io.hpp"
#include "store/data_rows.hpp"

namespace guildfleet::store {

// One reactor. A cache that is away or slow answers with nothing, in a few tens of milliseconds at most.
class settings_cache {
 public:
  virtual ~settings_cache() = default;
  // nullopt: not here, or older than `at_least`.
  [[nodiscard]] virtual net::task<std::optional<settings_row>> find(settings_key key,
                                                                    std::uint64_t at_least) = 0;
  // Keeps the row unless a newer version is there. Rows that were never set are kept too.
  virtual net::task<> keep(settings_row row) = 0;
};

}  // namespace guildfleet::store
