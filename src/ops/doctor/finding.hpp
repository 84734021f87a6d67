// What the doctor finds: for each check what was seen, what it means and what to do.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace guildfleet::ops::doctor {

enum class grade { fine, note, warning, error };  // ascending
[[nodiscard]] std::string_view name_of(grade value);

enum class section { token = 1, gateway, database, redis, machine, fleet };
[[nodiscard]] std::string_view name_of(section value);   // for programs: "token"
[[nodiscard]] std::string_view title_of(section value);  // for people

// The number is the id's: GD101. The hundreds are the section.
enum class check : std::uint16_t {
  token = 101,
  application_id = 102,
  privileged_intents = 103,
  unused_intents = 104,
  commands = 105,
  permissions = 106,
  hidden_channels = 107,
  reach = 201,
  clock = 202,
  identifies = 203,
  shard_count = 204,
  postgres_reach = 301,
  postgres_version = 302,
  postgres_connections = 303,
  long_transactions = 304,
  blocked = 305,
  dead_rows = 306,
  schema = 307,
  transaction_age = 308,
  postgres_clock = 309,
  sqlite_file = 321,
  sqlite_place = 322,
  sqlite_log = 323,
  redis_reach = 401,
  redis_latency = 402,
  redis_version = 403,
  redis_memory = 404,
  redis_eviction = 405,
  redis_writes = 406,
  disk_space = 501,
  disk_files = 502,
  open_files = 503,
  memory_limit = 504,
  folder = 505,
  node = 601,
  owned_twice = 602,
  unowned = 603,
  zombie = 604,
  two_counts = 605,
  bot_state = 606,
  same_feature = 611,
  edit_conflicts = 612,
  jobs_overdue = 621,
  jobs_dead = 622,
  jobs_stuck = 623,
  memory_growth = 631,
  guild_bytes = 632,
};
[[nodiscard]] std::span<const check> all_checks();
[[nodiscard]] std::string id_of(check value);          // "GD101"
[[nodiscard]] std::string_view title_of(check value);  // "token"
[[nodiscard]] section section_of(check value);

// Holds no secret.
struct finding {
  doctor::check what = check::token;
  doctor::grade how = grade::fine;
  std::string subject{};  // a bot, a file, a server; empty: the fleet
  std::string seen{};
  std::string meaning{};  // empty when all is well
  std::string todo{};     // the same
};

// What could not be looked at because it was not asked for, or there is nobody to ask.
struct unasked {
  section where = section::token;
  std::string what{};
  std::string why{};
};

struct diagnosis {
  std::vector<finding> findings{};
  std::vector<unasked> not_asked{};

  [[nodiscard]] std::size_t count(grade how) const;
  [[nodiscard]] bool has_errors() const { return count(grade::error) > 0; }
};

// By section; in each the worst first, then in the order of ids and of subjects.
void sort_for_reading(diagnosis& of);

}  // namespace guildfleet::ops::doctor
