#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>

#include "store/error.hpp"
#include "store/sqlite/rollout_tables.hpp"

namespace guildfleet::store {
namespace {

constexpr std::chrono::hours kept_after_expiry{24};

bool is_alive(const sqlite_context& context, const node_identity& node) {
  return node == context.node || context.lock.held_by_other(node.incarnation);
}

// Another process of our name.
bool has_twin(const sqlite_context& context) {
  SQLite::Statement query(
      context.database,
      "SELECT incarnation FROM node WHERE name = ? AND incarnation <> ? AND boot_id = ? AND expires_ms > ?");
  query.bind(1, context.node.name);
  query.bind(2, as_stored(context.node.incarnation));
  query.bind(3, context.boot_id);
  query.bind(4, std::int64_t{context.boot_now.count()});
  return query.executeStep() && context.lock.held_by_other(unsigned_at(query, 0));
}

void write_node(const sqlite_context& context, const node_report& report, const std::string& serves,
                std::chrono::milliseconds ttl) {
  SQLite::Statement write(
      context.database,
      "INSERT OR REPLACE INTO node(name, incarnation, release, address, certificate, weight, draining, "
      "serves, boot_id, started_ms, seen_ms, expires_ms, drain_asked) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, coalesce((SELECT drain_asked FROM node "
      "WHERE name = ?1 AND incarnation = ?2), 0))");
  write.bind(1, context.node.name);
  write.bind(2, as_stored(context.node.incarnation));
  write.bind(3, report.release);
  write.bind(4, report.address);
  write.bind(5, report.certificate);
  write.bind(6, report.weight);
  write.bind(7, report.draining ? 1 : 0);
  write.bind(8, serves);
  write.bind(9, context.boot_id);
  write.bind(10, std::int64_t{context.boot_opened.count()});
  write.bind(11, std::int64_t{context.boot_now.count()});
  write.bind(12, std::int64_t{(context.boot_now + ttl).count()});
  write.exec();
}

// Those of an earlier boot will never be looked at again.
void forget_old_nodes(const sqlite_context& context) {
  SQLite::Statement forget(context.database, "DELETE FROM node WHERE boot_id <> ? OR expires_ms <= ?");
  forget.bind(1, context.boot_id);
  forget.bind(2, std::int64_t{(context.boot_now - kept_after_expiry).count()});
  forget.exec();
}

node_row node_at(const sqlite_context& context, SQLite::Statement& query) {
  const auto since = [&](int column) {
    return context.boot_now - std::chrono::milliseconds(query.getColumn(column).getInt64());
  };
  return {.identity = {.name = query.getColumn(0).getString(), .incarnation = unsigned_at(query, 1)},
          .report = {.release = query.getColumn(2).getString(),
                     .address = query.getColumn(3).getString(),
                     .certificate = query.getColumn(4).getString(),
                     .weight = query.getColumn(5).getUInt(),
                     .draining = query.getColumn(6).getInt() != 0},
          .drain_asked = query.getColumn(11).getInt() != 0,
          .up_for = since(7),
          .seen_ago = since(8)};
}

// A row for each that a node serves, and one for a node that serves nothing.
std::vector<node_row> read_living_nodes(const sqlite_context& context) {
  SQLite::Statement query(
      context.database,
      "SELECT name, incarnation, release, address, certificate, weight, draining, started_ms, seen_ms, "
      "served.value ->> 0, served.value ->> 1, drain_asked, served.value ->> 2 FROM node LEFT JOIN "
      "json_each(node.serves) AS "
      "served "
      "WHERE boot_id = ? AND expires_ms > ? ORDER BY name, served.key");
  query.bind(1, context.boot_id);
  query.bind(2, std::int64_t{context.boot_now.count()});
  std::vector<node_row> nodes;
  while (query.executeStep()) {
    if (nodes.empty() || nodes.back().identity.name != query.getColumn(0).getString())
      nodes.push_back(node_at(context, query));
    if (query.isColumnNull(9)) continue;
    nodes.back().report.serves.push_back({.bot = {query.getColumn(9).getString()},
                                          .count = query.getColumn(10).getUInt(),
                                          .intents = unsigned_at(query, 12)});
  }
  std::erase_if(nodes, [&](const node_row& node) { return !is_alive(context, node.identity); });
  return nodes;
}

}  // namespace

base::result<fleet_picture> attend_fleet(const sqlite_context& context, const node_report& report,
                                         std::chrono::milliseconds ttl) {
  const std::string serves = serves_as_json(report.serves);
  SQLite::Transaction transaction(context.database, SQLite::TransactionBehavior::IMMEDIATE);
  if (has_twin(context)) {
    return base::fail(store_error::bot_runs_twice,
                      fmt::format("{}: node {}", context.path, context.node.name),
                      "Stop the other process, or, when both are wanted, give each its own NODE_NAME.");
  }
  write_node(context, report, serves, ttl);
  forget_old_nodes(context);
  fleet_picture picture{.nodes = read_living_nodes(context),
                        .leases = read_lease_rows(context, serves),
                        .at_ms = stored_time(context.wall_now),
                        .releases = read_bot_releases(context.database, serves)};
  transaction.commit();
  return picture;
}

fleet_picture survey_fleet(const sqlite_context& context) {
  SQLite::Transaction transaction(context.database);
  return {.nodes = read_living_nodes(context),
          .leases = read_lease_rows(context, std::nullopt),
          .at_ms = stored_time(context.wall_now),
          .releases = read_bot_releases(context.database, std::nullopt)};
}

bool ask_node_to_drain(const sqlite_context& context, const std::string& node, bool drain) {
  SQLite::Transaction transaction(context.database, SQLite::TransactionBehavior::IMMEDIATE);
  const auto nodes = read_living_nodes(context);
  if (std::ranges::none_of(nodes, [&](const node_row& row) { return row.identity.name == node; }))
    return false;
  SQLite::Statement ask(context.database, "UPDATE node SET drain_asked = ? WHERE name = ?");
  ask.bind(1, drain ? 1 : 0);
  ask.bind(2, node);
  ask.exec();
  transaction.commit();
  return true;
}

void leave_fleet(const sqlite_context& context) {
  SQLite::Transaction transaction(context.database, SQLite::TransactionBehavior::IMMEDIATE);
  for (const char* sql :
       {"DELETE FROM node WHERE name = ? AND incarnation = ?",
        "UPDATE lease SET node = '', incarnation = 0, expires_ms = 0 WHERE node = ? AND incarnation = ?"}) {
    SQLite::Statement leave(context.database, sql);
    leave.bind(1, context.node.name);
    leave.bind(2, as_stored(context.node.incarnation));
    leave.exec();
  }
  transaction.commit();
}

}  // namespace guildfleet::store
