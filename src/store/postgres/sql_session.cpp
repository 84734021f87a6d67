#include "store/postgres/sql_session.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pqxx/connection>
#include <pqxx/errorhandler>
#include <pqxx/except>
#include <pqxx/nontransaction>
#include <pqxx/prepared_statement>
#include <unistd.h>

#include "store/postgres/library_edge.hpp"

namespace guildfleet::store {

// BEGIN and COMMIT are sent by connection_pool: the library's own transactions would add statements of their
// own.
struct sql_session::impl {
  impl(connection_target where, const std::string& parameters)
      : target(std::move(where)), connection(parameters), silence(connection), statements(connection) {}

  connection_target target;
  pqxx::connection connection;
  pqxx::quiet_errorhandler silence;
  pqxx::nontransaction statements;
};

sql_session::sql_session(std::unique_ptr<impl> made)
    : impl_(std::move(made)), socket_(::fcntl(impl_->connection.sock(), F_DUPFD_CLOEXEC, 0)) {}

sql_session::~sql_session() {
  if (socket_ >= 0) ::close(socket_);
}

base::result<std::unique_ptr<sql_session>> sql_session::connect(const connection_target& target) {
  return connect_at_edge(target, [&](const std::string& parameters) {
    auto made = std::make_unique<impl>(target, parameters);
    prepare_connection(made->connection);
    return std::unique_ptr<sql_session>(new sql_session(std::move(made)));
  });
}

sql_rows sql_session::exec(const std::string& statement, const sql_params& params) {
  return at_edge(impl_->target, impl_->connection, [&] {
    const auto& values = params.values();
    return sql_rows(std::make_shared<const pqxx::result>(impl_->statements.exec_params(
        statement, pqxx::prepare::make_dynamic_params(values.begin(), values.end()))));
  });
}

void sql_session::script(const std::string& statements) {
  at_edge(impl_->target, impl_->connection, [&] { impl_->statements.exec(statements); });
}

bool sql_session::open() const {
  return impl_->connection.is_open();
}

bool sql_session::stale() const {
  pollfd socket{.fd = socket_, .events = POLLIN, .revents = 0};
  return ::poll(&socket, 1, 0) != 0;
}

}  // namespace guildfleet::store
