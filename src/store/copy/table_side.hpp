// One store as rows of tables: the source or the target of a copy.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "store/copy/copied_table.hpp"

namespace guildfleet::store {

// Blocks; one thread. Errors: store_error.
class table_side {
 public:
  virtual ~table_side() = default;

  [[nodiscard]] virtual dialect speaks() const = 0;
  [[nodiscard]] virtual const std::string& place() const = 0;  // for people; holds no password

  [[nodiscard]] virtual base::result<std::uint64_t> count(const copied_table& table,
                                                          const copy_scope& scope) = 0;
  // The next rows behind `after`, by their order columns, or by their keys where there are none.
  [[nodiscard]] virtual base::result<std::vector<table_row>> page(const copied_table& table,
                                                                  const copy_scope& scope,
                                                                  const std::optional<table_row>& after,
                                                                  std::size_t limit) = 0;
  // The row of the same key.
  [[nodiscard]] virtual base::result<std::optional<table_row>> find(const copied_table& table,
                                                                    const table_row& like) = 0;
  // All of them or none; in place of rows of the same keys.
  [[nodiscard]] virtual base::result<void> write(const copied_table& table,
                                                 std::span<const table_row> rows) = 0;
  // The node that holds a lease of this bot just now.
  [[nodiscard]] virtual base::result<std::optional<std::string>> owner_of(const bot_name& bot) = 0;
};

// Both migrate where needed. `clock`, the system's, outlives the side.
[[nodiscard]] base::result<std::unique_ptr<table_side>> open_sqlite_side(const std::string& path,
                                                                         const base::clock& clock);
[[nodiscard]] base::result<std::unique_ptr<table_side>> open_postgres_side(const base::secret& url,
                                                                           const base::clock& clock);

}  // namespace guildfleet::store
