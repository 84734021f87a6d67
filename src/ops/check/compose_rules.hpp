// The rules GF2xx by name.
#pragma once

#include "ops/check/finding.hpp"

namespace guildfleet::ops {

// In the order of the table; the first is GF201.
enum class compose_rule {
  unreadable,
  shared_token,
  replicated_token,
  published_database,
  default_password,
  secret_in_file,
  secret_in_environment,
  unversioned_image,
  no_memory_limit,
  no_health_check,
  no_restart,
  unbounded_logs,
  health_check_without_program,
  unhealthy_dependency,
  short_grace,
  shared_sqlite,
  sqlite_on_network,
  privileged,
  engine_socket,
  host_network,
  root_user,
  overlapping_update,
  published_bot,
  published_monitoring,
  same_port,
  old_version,
  tls_off,
  same_name,
  data_without_volume,
};

[[nodiscard]] const check_rule& rule_of(compose_rule which);

}  // namespace guildfleet::ops
