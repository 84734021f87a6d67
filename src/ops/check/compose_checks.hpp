// The parts of check_compose; each looks at the whole file for some of the rules.
#pragma once

#include <optional>
#include <string>

#include "ops/check/compose_file.hpp"
#include "ops/check/compose_rules.hpp"
#include "ops/token_text.hpp"

namespace guildfleet::ops {

class compose_findings final {
 public:
  explicit compose_findings(std::string source) : source_(std::move(source)) {}

  void add(compose_rule rule, base::text_position at, std::string_view detail) {
    // A token may have been pasted anywhere.
    found_.push_back({&rule_of(rule), source_, at, without_tokens(detail)});
  }
  [[nodiscard]] finding_list take() { return std::move(found_); }

 private:
  std::string source_;
  finding_list found_;
};

// One token where one is expected: what it is compared by, and how a person may be told of it.
struct token_use {
  std::string identity;
  std::string shown;
  base::text_position at;
  // Of the service; nullptr: a secret with a token's name, or a word of a command line.
  const compose_variable* variable = nullptr;
};
[[nodiscard]] std::vector<token_use> tokens_of(const compose_service& service);

// Where a service keeps its SQLite file.
struct sqlite_place {
  std::string path;                      // in the container
  const compose_mount* mount = nullptr;  // of the service; nullptr: none
  base::text_position at;

  [[nodiscard]] std::string identity() const;  // the same for one file in two services; empty: unknown
};
[[nodiscard]] std::optional<sqlite_place> sqlite_of(const compose_service& service);

// In a database, by what the service says of itself.
[[nodiscard]] bool names_database(const compose_service& service);

// PostgreSQL, Redis, MySQL, MongoDB and the like, by the image.
[[nodiscard]] bool is_database(const compose_service& service);

// Is run once and ends, as its file says.
[[nodiscard]] bool runs_once(const compose_service& service);

void check_tokens(const compose_file& file, compose_findings& out);     // shared, replicated, overlapping
void check_secrets(const compose_file& file, compose_findings& out);    // written down, default, TLS
void check_storage(const compose_file& file, compose_findings& out);    // SQLite, volumes
void check_ports(const compose_file& file, compose_findings& out);      // published, colliding
void check_rights(const compose_file& file, compose_findings& out);     // privileged, root, host
void check_upkeep(const compose_file& file, compose_findings& out);     // versions, limits, restarts, logs
void check_readiness(const compose_file& file, compose_findings& out);  // health, order of start, stop

}  // namespace guildfleet::ops
