#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fstream>

#include "store/copy/table_side.hpp"
#include "store/copy/table_sql.hpp"
#include "store/sqlite/open_database.hpp"
#include "store/sqlite/sqlite_error.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace guildfleet::store {
namespace {

void bind(SQLite::Statement& query, const statement& from) {
  for (std::size_t i = 0; i < from.values.size(); ++i) {
    const int place = static_cast<int>(i) + 1;
    if (const auto* number = std::get_if<std::int64_t>(&from.values[i])) {
      query.bind(place, *number);
    } else if (const auto* text = std::get_if<std::string>(&from.values[i])) {
      if (from.types[i] == column_type::bytes)
        query.bind(place, text->data(), static_cast<int>(text->size()));
      else
        query.bind(place, *text);
    } else {
      query.bind(place);
    }
  }
}

table_row row_of(SQLite::Statement& query, const copied_table& table) {
  table_row row;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const int place = static_cast<int>(i);
    if (query.isColumnNull(place))
      row.emplace_back(std::monostate());
    else if (table.columns[i].type == column_type::integer)
      row.emplace_back(query.getColumn(place).getInt64());
    else
      row.emplace_back(query.getColumn(place).getString());
  }
  return row;
}

class sqlite_side final : public table_side {
 public:
  sqlite_side(std::string path, opened_store lock, std::unique_ptr<SQLite::Database> database,
              const base::clock& clock)
      : path_(std::move(path)), lock_(std::move(lock)), database_(std::move(database)), clock_(clock) {}

  [[nodiscard]] dialect speaks() const override { return dialect::sqlite; }
  [[nodiscard]] const std::string& place() const override { return path_; }

  base::result<std::uint64_t> count(const copied_table& table, const copy_scope& scope) override {
    return guard_sqlite(path_, [&]() -> base::result<std::uint64_t> {
      const statement what = sql_.count(table, scope);
      SQLite::Statement query(*database_, what.sql);
      bind(query, what);
      query.executeStep();
      return static_cast<std::uint64_t>(query.getColumn(0).getInt64());
    });
  }

  base::result<std::vector<table_row>> page(const copied_table& table, const copy_scope& scope,
                                            const std::optional<table_row>& after,
                                            std::size_t limit) override {
    return rows_of(table, sql_.page(table, scope, after ? &*after : nullptr, limit));
  }

  base::result<std::optional<table_row>> find(const copied_table& table, const table_row& like) override {
    auto rows = rows_of(table, sql_.find(table, like));
    if (!rows) return std::unexpected(std::move(rows).error());
    if (rows->empty()) return std::nullopt;
    return std::move(rows->front());
  }

  base::result<void> write(const copied_table& table, std::span<const table_row> rows) override {
    return guard_sqlite(path_, [&]() -> base::result<void> {
      SQLite::Transaction transaction(*database_, SQLite::TransactionBehavior::IMMEDIATE);
      for (const table_row& row : rows) {
        for (const statement& each : sql_.write(table, row)) {
          SQLite::Statement query(*database_, each.sql);
          bind(query, each);
          query.exec();
        }
      }
      transaction.commit();
      return {};
    });
  }

  // The file's lock tells of dead nodes; a lease of another boot is over.
  base::result<std::optional<std::string>> owner_of(const bot_name& bot) override {
    return guard_sqlite(path_, [&]() -> base::result<std::optional<std::string>> {
      std::string boot_id;
      std::getline(std::ifstream("/proc/sys/kernel/random/boot_id"), boot_id);
      SQLite::Statement query(*database_,
                              "SELECT node FROM lease WHERE bot = ? AND node <> '' AND boot_id = ? AND "
                              "expires_ms > ? LIMIT 1");
      query.bind(1, bot.value);
      query.bind(2, boot_id);
      query.bind(3, static_cast<std::int64_t>(clock_.since_boot().count()));
      if (!query.executeStep()) return std::nullopt;
      return query.getColumn(0).getString();
    });
  }

 private:
  base::result<std::vector<table_row>> rows_of(const copied_table& table, const statement& what) {
    return guard_sqlite(path_, [&]() -> base::result<std::vector<table_row>> {
      SQLite::Statement query(*database_, what.sql);
      bind(query, what);
      std::vector<table_row> rows;
      while (query.executeStep()) rows.push_back(row_of(query, table));
      return rows;
    });
  }

  std::string path_;
  opened_store lock_;  // migrated the file, and shows that somebody uses it
  std::unique_ptr<SQLite::Database> database_;
  const base::clock& clock_;
  table_sql sql_{dialect::sqlite};
};

}  // namespace

base::result<std::unique_ptr<table_side>> open_sqlite_side(const std::string& path,
                                                           const base::clock& clock) {
  sqlite_settings settings;
  settings.path = path;
  base::random_source random = base::random_source::from_system();
  settings.node = make_node_identity("guildfleet-copy", random);
  auto lock = open_sqlite_store(settings, clock);
  if (!lock) return std::unexpected(std::move(lock).error());
  return guard_sqlite(path, [&]() -> base::result<std::unique_ptr<table_side>> {
    auto database = open_database(settings);
    if (!database) return std::unexpected(std::move(database).error());
    return std::make_unique<sqlite_side>(path, std::move(*lock), std::move(*database), clock);
  });
}

}  // namespace guildfleet::store
