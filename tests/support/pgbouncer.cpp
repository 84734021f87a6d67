#include "support/pgbouncer.hpp"

#include <fmt/format.h>
#include <fstream>
#include <stdexcept>

#include "store/postgres/sql_session.hpp"
#include "support/eventually.hpp"
#include "support/redis_server.hpp"

namespace guildfleet::support {
namespace {

constexpr const char* program = "/usr/sbin/pgbouncer";

// server_login_retry: by default a server that came back is tried after 15 s only.
constexpr const char* configuration = R"(
[databases]
* = host=127.0.0.1 port={}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {}
pool_mode = transaction
default_pool_size = 4
max_client_conn = 100
server_login_retry = 1
)";

}  // namespace

pgbouncer::pgbouncer(const postgres_server& server) : port_(free_port()) {
  if (!std::filesystem::exists(program))
    throw std::runtime_error("pgbouncer is missing: scripts/install-deps build test");
  std::ofstream(folder_ / "users") << fmt::format("\"{}\" \"{}\"\n", postgres_server::user,
                                                  postgres_server::password);
  std::ofstream(folder_ / "pgbouncer.ini")
      << fmt::format(fmt::runtime(configuration), server.port(), port_, (folder_ / "users").string());
  give_to_server_user(folder_.path());
  process_ = std::make_unique<child_process>(
      child_settings{.command = as_server_user({program, (folder_ / "pgbouncer.ini").string()}),
                     .environment = {},
                     .folder = folder_.path(),
                     .out = folder_ / "pgbouncer.out",
                     .err = folder_ / "pgbouncer.err"});
  const auto target = store::connection_target::parse(base::secret(url("postgres")), "test");
  const bool answers = eventually(std::chrono::seconds(10), [&] {
    return store::sql_session::connect(*target).has_value() || !process_->running();
  });
  if (!answers || !process_->running()) throw std::runtime_error("pgbouncer: " + process_->err());
}

std::string pgbouncer::url(const std::string& database) const {
  return fmt::format("postgresql://{}:{}@127.0.0.1:{}/{}", postgres_server::user,
                     postgres_server::url_password, port_, database);
}

pgbouncer& shared_pgbouncer() {
  (void)shared_postgres();
  static pgbouncer pooler(shared_postgres());
  return pooler;
}

}  // namespace guildfleet::support
