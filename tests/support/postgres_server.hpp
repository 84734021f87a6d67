// A PostgreSQL server of the test's own.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/scratch_folder.hpp"
#include "support/child_process.hpp"

namespace guildfleet::support {

// A server refuses to run as root; then it runs as the system's user postgres.
[[nodiscard]] std::vector<std::string> as_server_user(std::vector<std::string> command);
// Makes `folder` the server user's own.
void give_to_server_user(const std::filesystem::path& folder);

// Its data lie in a temporary folder and survive a kill and a start, not the test. Throws when the programs
// are missing, naming what to install, and when the server does not start.
class postgres_server final {
 public:
  // `more`: lines for postgresql.conf. With `disk_bytes` its data lie on a file system of this size; throws
  // where none can be mounted.
  explicit postgres_server(const std::string& more = {}, std::size_t disk_bytes = 0);
  // A standby that follows `primary`, and accepts writes once it is promoted.
  explicit postgres_server(const postgres_server& primary);
  ~postgres_server();

  void start();  // on the same port; back when it answers
  void kill();   // SIGKILL, all its processes
  void stop();   // as an operator does: open transactions are rolled back, connections closed
  // Every process of it stands still, connections stay; thaw() lets them go on.
  void freeze();
  void thaw();
  void promote();
  // Only with `disk_bytes`: not a byte is left, and what was taken is given back.
  void fill_disk();
  void empty_disk();
  [[nodiscard]] bool running() { return process_ && process_->running(); }

  // Takes connections from these addresses ("10.1.2.0/24") too; where it listens is told by listen_addresses.
  void admit(const std::string& addresses) const;
  // Runs statements in a database as its superuser.
  void run(const std::string& statements, const std::string& database = "postgres") const;
  // A new database, a copy of `model`; gives its name.
  [[nodiscard]] std::string make_database(const std::string& model = "template0");

  // The server takes TLS connections from now on; gives the file of its authority.
  [[nodiscard]] std::string enable_tls();
  [[nodiscard]] std::string other_authority();  // which did not sign its certificate

  [[nodiscard]] std::string url(const std::string& database) const { return url(database, port_); }
  // The same by way of another port: a relay's.
  [[nodiscard]] static std::string url(const std::string& database, std::uint16_t port,
                                       const std::string& host = "127.0.0.1");
  [[nodiscard]] std::uint16_t port() const { return port_; }

  static constexpr const char* user = "keeper";
  static constexpr const char* password = "canary-5f0c 'x%y";
  // As it stands in a URL.
  static constexpr const char* url_password = "canary-5f0c%20%27x%25y";

 private:
  void signal_all(int number) const;
  [[nodiscard]] std::string write_file(const std::string& name, const std::string& text) const;

  base::scratch_folder folder_;
  bool own_disk_ = false;
  std::uint16_t port_;
  std::unique_ptr<child_process> process_;
  int databases_ = 0;
};

// One for all tests of a binary that do not harm it; started at the first use.
[[nodiscard]] postgres_server& shared_postgres();

}  // namespace guildfleet::support
