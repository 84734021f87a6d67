// Calls that return something, over connection_pool::run.
#pragma once

#include <optional>
#include <type_traits>

#include "store/postgres/connection_pool.hpp"

namespace guildfleet::store {

template <class T>
struct call_result {
  using type = base::result<T>;
};
template <class T>
struct call_result<base::result<T>> {
  using type = base::result<T>;
};
// What `work` returns, as a result.
template <class F>
using call_result_t = typename call_result<std::invoke_result_t<F&, sql_transaction&>>::type;

// Makes a body for the pool of `work`, which may return a value or a result; an error undoes the transaction.
template <class F>
auto keeping_result(F& work, std::optional<call_result_t<F>>& out) {
  return [&work, &out](sql_transaction& transaction) {
    if constexpr (std::is_void_v<std::invoke_result_t<F&, sql_transaction&>>) {
      work(transaction);
      out.emplace();
    } else {
      out.emplace(work(transaction));
    }
    if (!*out) transaction.abandon();
  };
}

template <class F>
call_result_t<F> run_call(connection_pool& pool, call_kind kind, F work) {
  std::optional<call_result_t<F>> out;
  if (auto done = pool.run(kind, keeping_result(work, out)); !done)
    return std::unexpected(std::move(done).error());
  return *std::move(out);
}

template <class F>
call_result_t<F> run_slowly(connection_pool& pool, std::chrono::milliseconds limit,
                            std::chrono::milliseconds lock_limit, F work) {
  std::optional<call_result_t<F>> out;
  if (auto done = pool.run_slowly(limit, lock_limit, keeping_result(work, out)); !done)
    return std::unexpected(std::move(done).error());
  return *std::move(out);
}

}  // namespace guildfleet::store
