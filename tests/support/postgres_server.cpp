#include "support/postgres_server.hpp"

#include <algorithm>
#include <csignal>
#include <fmt/format.h>
#include <fstream>
#include <pwd.h>
#include <sstream>
#include <stdexcept>
#include <sys/mount.h>
#include <unistd.h>

#include "net/throwaway_ca.hpp"
#include "store/postgres/sql_error.hpp"
#include "store/postgres/sql_session.hpp"
#include "support/eventually.hpp"
#include "support/redis_server.hpp"

namespace guildfleet::support {
namespace {

const std::string programs = "/usr/lib/postgresql/15/bin/";

constexpr const char* configuration = R"(
listen_addresses = '127.0.0.1'
max_connections = 40
shared_buffers = 32MB
fsync = off
full_page_writes = off
log_statement = none
autovacuum_naptime = 5s
)";

int run_program(const base::scratch_folder& folder, std::vector<std::string> command) {
  child_process program({.command = as_server_user(std::move(command)),
                         .environment = {},
                         .folder = folder.path(),
                         .out = folder / "tool.out",
                         .err = folder / "tool.err"});
  const auto code = program.wait(std::chrono::seconds(60));
  if (!code || *code != 0) throw std::runtime_error("PostgreSQL: " + program.err() + program.out());
  return *code;
}

void append(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::app) << text;
}

std::vector<pid_t> children_of(pid_t process) {
  std::istringstream numbers(read_file(fmt::format("/proc/{0}/task/{0}/children", process)));
  std::vector<pid_t> found;
  for (pid_t child = 0; numbers >> child;) found.push_back(child);
  return found;
}

bool has_ended(pid_t process) {
  const std::string stat = read_file(fmt::format("/proc/{}/stat", process));
  const auto state = stat.rfind(") ");
  return state == std::string::npos || stat.at(state + 2) == 'Z';
}

}  // namespace

std::vector<std::string> as_server_user(std::vector<std::string> command) {
  if (::geteuid() != 0) return command;
  std::vector<std::string> whole{"/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups",
                                 "--pdeathsig=KILL"};
  whole.insert(whole.end(), command.begin(), command.end());
  return whole;
}

void give_to_server_user(const std::filesystem::path& folder) {
  if (::geteuid() != 0) return;
  const passwd* account = ::getpwnam("postgres");
  if (account == nullptr || ::chown(folder.c_str(), account->pw_uid, account->pw_gid) != 0)
    throw std::runtime_error("no user postgres");
}

postgres_server::postgres_server(const std::string& more, std::size_t disk_bytes) : port_(free_port()) {
  if (!std::filesystem::exists(programs + "initdb"))
    throw std::runtime_error("postgresql-15 is missing: scripts/install-deps build test");
  if (disk_bytes > 0) {
    const std::string size = fmt::format("size={}", disk_bytes);
    if (::mount("tmpfs", folder_.path().c_str(), "tmpfs", 0, size.c_str()) != 0)
      throw std::runtime_error("no file system can be mounted here");
    own_disk_ = true;
  }
  append(folder_ / "password", std::string(password) + "\n");
  for (const std::filesystem::path& each : {folder_.path(), folder_ / "password"}) give_to_server_user(each);
  run_program(folder_, {programs + "initdb", "--pgdata=" + (folder_ / "data").string(), "--no-sync",
                        "--username=" + std::string(user), "--pwfile=" + (folder_ / "password").string(),
                        "--auth=scram-sha-256", "--locale=C.UTF-8", "--encoding=UTF8"});
  append(folder_ / "data/postgresql.conf", fmt::format("{}port = {}\nunix_socket_directories = '{}'\n{}\n",
                                                       configuration, port_, folder_.path().string(), more));
  start();
}

postgres_server::postgres_server(const postgres_server& primary) : port_(free_port()) {
  give_to_server_user(folder_.path());
  run_program(folder_, {programs + "pg_basebackup", "--pgdata=" + (folder_ / "data").string(), "--no-sync",
                        "--write-recovery-conf", "--checkpoint=fast", "--dbname=" + primary.url("postgres")});
  append(folder_ / "data/postgresql.conf",
         fmt::format("port = {}\nunix_socket_directories = '{}'\n", port_, folder_.path().string()));
  start();
}

postgres_server::~postgres_server() {
  thaw();
  stop();
  if (own_disk_) ::umount2(folder_.path().c_str(), MNT_DETACH);
}

void postgres_server::start() {
  process_ = std::make_unique<child_process>(
      child_settings{.command = as_server_user({programs + "postgres", "-D", (folder_ / "data").string()}),
                     .environment = {},
                     .folder = folder_.path(),
                     .out = folder_ / "server.out",
                     .err = folder_ / "server.err"});
  const auto target = store::connection_target::parse(base::secret(url("postgres")), "test");
  const bool answers = eventually(std::chrono::seconds(30), [&] {
    return store::sql_session::connect(*target).has_value() || !process_->running();
  });
  if (!answers || !process_->running()) throw std::runtime_error("PostgreSQL: " + process_->err());
}

// The postmaster stands first: it starts no new ones then.
void postgres_server::signal_all(int number) const {
  if (!process_) return;
  process_->signal(SIGSTOP);
  for (const pid_t child : children_of(process_->pid())) ::kill(child, number);
  process_->signal(number);
}

void postgres_server::kill() {
  const std::vector<pid_t> children = children_of(process_->pid());
  signal_all(SIGKILL);
  (void)process_->wait(std::chrono::seconds(10));
  // A new server refuses to start while one of the old processes holds the shared memory.
  (void)eventually(std::chrono::seconds(10), [&] { return std::ranges::all_of(children, has_ended); });
}

void postgres_server::stop() {
  if (!process_) return;
  process_->signal(SIGINT);
  (void)process_->wait(std::chrono::seconds(20));
  process_.reset();
}

void postgres_server::freeze() {
  signal_all(SIGSTOP);
}

void postgres_server::thaw() {
  signal_all(SIGCONT);
}

void postgres_server::promote() {
  run_program(folder_, {programs + "pg_ctl", "promote", "--wait", "--pgdata=" + (folder_ / "data").string()});
}

void postgres_server::fill_disk() {
  std::ofstream filler(folder_ / "filler", std::ios::binary);
  const std::string page(4'096, 'x');
  while (filler.write(page.data(), static_cast<std::streamsize>(page.size())).flush()) {
  }
}

void postgres_server::empty_disk() {
  std::filesystem::remove(folder_ / "filler");
}

void postgres_server::admit(const std::string& addresses) const {
  append(folder_ / "data/pg_hba.conf", fmt::format("host all all {} scram-sha-256\n", addresses));
  run("SELECT pg_reload_conf()");
}

void postgres_server::run(const std::string& statements, const std::string& database) const {
  const auto target = store::connection_target::parse(base::secret(url(database)), "test");
  auto session = store::sql_session::connect(*target);
  if (!session) throw std::runtime_error(session.error().message());
  try {
    (*session)->script(statements);
  } catch (const store::sql_failure& failure) {
    throw std::runtime_error(failure.error().message());
  }
}

std::string postgres_server::make_database(const std::string& model) {
  const std::string name = fmt::format("test_{}", ++databases_);
  run(fmt::format("CREATE DATABASE {} TEMPLATE {}", name, model));
  return name;
}

std::string postgres_server::write_file(const std::string& name, const std::string& text) const {
  append(folder_ / name, text);
  give_to_server_user(folder_ / name);
  std::filesystem::permissions(folder_ / name, std::filesystem::perms::owner_read);
  return (folder_ / name).string();
}

std::string postgres_server::enable_tls() {
  const auto made = net::make_throwaway_ca({"127.0.0.1"});
  if (!made) throw std::runtime_error(made.error().message());
  append(folder_ / "data/postgresql.conf",
         fmt::format("ssl = on\nssl_cert_file = '{}'\nssl_key_file = '{}'\n",
                     write_file("cert.pem", made->certificate_pem), write_file("key.pem", made->key_pem)));
  stop();
  start();
  return write_file("ca.pem", made->ca_pem);
}

std::string postgres_server::other_authority() {
  return write_file("other-ca.pem", net::make_throwaway_ca({"127.0.0.1"}).value().ca_pem);
}

std::string postgres_server::url(const std::string& database, std::uint16_t port, const std::string& host) {
  return fmt::format("postgresql://{}:{}@{}:{}/{}", user, url_password, host, port, database);
}

postgres_server& shared_postgres() {
  static postgres_server server;
  return server;
}

}  // namespace guildfleet::support
