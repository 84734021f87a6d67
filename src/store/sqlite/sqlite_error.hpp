// What SQLite says, in the words of store_error, with the fix.
#pragma once

#include <SQLiteCpp/Exception.h>
#include <string_view>
#include <type_traits>

#include "base/result.hpp"
#include "store/error.hpp"

namespace guildfleet::store {

// `path` is the database file; `code` a result code of SQLite, extended or not; `detail` its message.
[[nodiscard]] base::error explain_sqlite(int code, std::string_view detail, std::string_view path);

[[nodiscard]] base::error explain_disk_full(std::string_view path);
[[nodiscard]] base::error explain_corrupt(std::string_view path, std::string_view detail);
[[nodiscard]] base::error explain_read_only(std::string_view path, std::string_view detail);

// The edge where SQLiteCpp's exceptions end: runs `work`, which returns a base::result.
template <class F>
std::invoke_result_t<F> guard_sqlite(std::string_view path, F work) {
  try {
    return work();
  } catch (const SQLite::Exception& thrown) {
    return std::unexpected(explain_sqlite(thrown.getErrorCode(), thrown.what(), path));
  }
}

}  // namespace guildfleet::store
