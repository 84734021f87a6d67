#include <libpq-fe.h>

#include "integration/outages/outages.hpp"
#include "support/postgres_server.hpp"
#include "support/relay.hpp"

namespace guildfleet::outages {
namespace {

using support::postgres_server;

// Takes every connection that the server has to give, those of the bot too.
class crowd final {
 public:
  ~crowd() { leave(); }
  void come(const std::string& url) {
    PGconn* const host = enter(url);
    do {
      while (PQstatus(enter(url)) == CONNECTION_OK) {
      }
      PQclear(PQexec(
          host, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'bot1'"));
    } while (bot_is_in(host));
  }
  void leave() {
    for (PGconn* each : guests_) PQfinish(each);
    guests_.clear();
  }

 private:
  PGconn* enter(const std::string& url) { return guests_.emplace_back(PQconnectdb(url.c_str())); }
  static bool bot_is_in(PGconn* host) {
    PGresult* found = PQexec(host, "SELECT 1 FROM pg_stat_activity WHERE application_name = 'bot1'");
    const bool in = PQntuples(found) > 0;
    PQclear(found);
    return in;
  }

  std::vector<PGconn*> guests_;
};

class single_server final : public lab {
 public:
  [[nodiscard]] std::string url() const override { return postgres_server::url(database_, relay_.port()); }

  [[nodiscard]] std::vector<fault> faults() override {
    return {
        {"restarted", [this] { server_.stop(), server_.start(); }, [] {}},
        {"stopped", [this] { server_.stop(); }, [this] { server_.start(); }},
        {"killed", [this] { server_.kill(); }, [this] { server_.start(); }},
        {"frozen", [this] { server_.freeze(); }, [this] { server_.thaw(); }},
        {"packets dropped", [this] { relay_.freeze(); }, [this] { relay_.mend(); }},
        {"connections reset", [this] { relay_.cut(); }, [this] { relay_.mend(); }},
        {"out of connections", [this] { crowd_.come(server_.url(database_)); }, [this] { crowd_.leave(); }},
        {"read-only", [this] { set_read_only("on"); }, [this] { set_read_only("off"); }}};
  }

 private:
  void set_read_only(const std::string& value) const {
    server_.run("ALTER SYSTEM SET default_transaction_read_only = " + value);
    server_.run("SELECT pg_reload_conf()");
  }

  postgres_server server_{"max_connections = 20\nsuperuser_reserved_connections = 0\n"};
  std::string database_ = server_.make_database();
  support::relay relay_{server_.port()};
  crowd crowd_;
};

// A full disk may also end the server, which then needs somebody to start it.
class full_disk final : public lab {
 public:
  [[nodiscard]] std::string url() const override { return server_.url(database_); }
  [[nodiscard]] std::vector<fault> faults() override {
    return {{"disk full", [this] { server_.fill_disk(); },
             [this] {
               server_.empty_disk();
               if (!server_.running()) server_.start();
             }}};
  }

 private:
  static constexpr std::size_t disk_bytes = 256U << 20U;
  postgres_server server_{{}, disk_bytes};
  std::string database_ = server_.make_database();
};

class pair_of_servers final : public lab {
 public:
  [[nodiscard]] std::string url() const override {
    std::string both = primary_.url(database_);
    both.insert(both.rfind('/'), ",127.0.0.1:" + std::to_string(standby_.port()));
    return both + "?target_session_attrs=read-write";
  }
  [[nodiscard]] std::vector<fault> faults() override {
    return {{"failed over", [this] { primary_.kill(); }, [this] { standby_.promote(); }}};
  }

 private:
  postgres_server primary_;
  std::string database_ = primary_.make_database();
  postgres_server standby_{primary_};
};

}  // namespace

std::unique_ptr<lab> make_single_server() {
  return std::make_unique<single_server>();
}

std::unique_ptr<lab> make_full_disk() {
  try {
    return std::make_unique<full_disk>();
  } catch (const std::exception&) {
    return nullptr;
  }
}

std::unique_ptr<lab> make_pair_of_servers() {
  return std::make_unique<pair_of_servers>();
}

}  // namespace guildfleet::outages
