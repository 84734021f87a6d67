// The edge where libpqxx's exceptions end. Only for the files that hold its connections.
#pragma once

#include <pqxx/connection>
#include <pqxx/except>
#include <string>

#include "store/postgres/connection_target.hpp"
#include "store/postgres/sql_error.hpp"

namespace guildfleet::store {

// A lost connection stays lost: the library would make a new one behind our back, in the middle of a
// transaction. And what the server says has its code in the text.
inline void prepare_connection(pqxx::connection& connection) {
  connection.set_verbosity(pqxx::connection_base::verbose);
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wdeprecated-declarations"
  connection.inhibit_reactivation(true);
#pragma clang diagnostic pop
}

// Runs `make` with the connection parameters.
template <class F>
base::result<std::invoke_result_t<F, const std::string&>> connect_at_edge(const connection_target& target,
                                                                          F make) {
  try {
    return make(std::string(target.parameters().reveal()));
  } catch (const pqxx::failure& thrown) {
    return std::unexpected(explain_connect(target.scrub(thrown.what()), target.shown()));
  }
}

// Runs `call` on an open connection; throws sql_failure. The code is read from the text (prepare_connection):
// some of the library's exceptions have lost it.
template <class F>
std::invoke_result_t<F> at_edge(const connection_target& target, const pqxx::connection& connection, F call) {
  try {
    return call();
  } catch (const pqxx::failure& thrown) {
    const bool lost = !connection.is_open();
    const std::string text = target.scrub(thrown.what());
    const std::string_view code = sqlstate_in(text);
    throw sql_failure(explain_sql(code.empty() && !lost ? "no code" : code, text, target.shown()), lost,
                      is_retryable(code));
  }
}

}  // namespace guildfleet::store
