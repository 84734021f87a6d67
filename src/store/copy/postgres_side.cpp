#include "store/copy/table_side.hpp"
#include "store/copy/table_sql.hpp"
#include "store/postgres/migrations.hpp"
#include "store/postgres/transaction.hpp"

namespace guildfleet::store {
namespace {

sql_params params_of(const statement& from) {
  sql_params out;
  for (std::size_t i = 0; i < from.values.size(); ++i) {
    if (const auto* number = std::get_if<std::int64_t>(&from.values[i]))
      out.integer(*number);
    else if (const auto* text = std::get_if<std::string>(&from.values[i]))
      from.types[i] == column_type::bytes ? out.bytes(*text) : out.text(*text);
    else
      out.optional_text(std::nullopt);
  }
  return out;
}

std::vector<table_row> rows_of(const sql_rows& from, const copied_table& table) {
  std::vector<table_row> rows(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) {
    for (std::size_t place = 0; place < table.columns.size(); ++place) {
      const int column = static_cast<int>(place);
      const column_type type = table.columns[place].type;
      if (from.null(i, column))
        rows[i].emplace_back(std::monostate());
      else if (type == column_type::integer)
        rows[i].emplace_back(from.integer(i, column));
      else
        rows[i].emplace_back(type == column_type::bytes ? from.bytes(i, column) : from.text(i, column));
    }
  }
  return rows;
}

class postgres_side final : public table_side {
 public:
  explicit postgres_side(std::shared_ptr<connection_pool> pool)
      : pool_(std::move(pool)), place_(pool_->target().shown()) {}

  [[nodiscard]] dialect speaks() const override { return dialect::postgres; }
  [[nodiscard]] const std::string& place() const override { return place_; }

  base::result<std::uint64_t> count(const copied_table& table, const copy_scope& scope) override {
    return run_call(*pool_, call_kind::read, [&](sql_transaction& in) {
      const statement what = sql_.count(table, scope);
      return in.exec(what.sql, params_of(what)).stored(0, 0);
    });
  }

  base::result<std::vector<table_row>> page(const copied_table& table, const copy_scope& scope,
                                            const std::optional<table_row>& after,
                                            std::size_t limit) override {
    return run_call(*pool_, call_kind::read, [&](sql_transaction& in) {
      const statement what = sql_.page(table, scope, after ? &*after : nullptr, limit);
      return rows_of(in.exec(what.sql, params_of(what)), table);
    });
  }

  base::result<std::optional<table_row>> find(const copied_table& table, const table_row& like) override {
    return run_call(*pool_, call_kind::read, [&](sql_transaction& in) -> std::optional<table_row> {
      const statement what = sql_.find(table, like);
      auto rows = rows_of(in.exec(what.sql, params_of(what)), table);
      if (rows.empty()) return std::nullopt;
      return std::move(rows.front());
    });
  }

  base::result<void> write(const copied_table& table, std::span<const table_row> rows) override {
    return run_call(*pool_, call_kind::write, [&](sql_transaction& in) {
      for (const table_row& row : rows) {
        for (const statement& each : sql_.write(table, row)) in.exec(each.sql, params_of(each));
      }
    });
  }

  base::result<std::optional<std::string>> owner_of(const bot_name& bot) override {
    return run_call(*pool_, call_kind::read, [&](sql_transaction& in) -> std::optional<std::string> {
      const auto rows = in.exec(
          "SELECT node FROM guildfleet.lease WHERE bot = $1 AND node <> '' AND "
          "expires_ms > guildfleet.store_ms() LIMIT 1",
          sql_params().text(bot.value));
      if (rows.empty()) return std::nullopt;
      return rows.text(0, 0);
    });
  }

 private:
  std::shared_ptr<connection_pool> pool_;
  std::string place_;
  table_sql sql_{dialect::postgres};
};

}  // namespace

base::result<std::unique_ptr<table_side>> open_postgres_side(const base::secret& url,
                                                             const base::clock& clock) {
  auto target = connection_target::parse(url, "guildfleet-copy");
  if (!target) return std::unexpected(std::move(target).error());
  auto pool = std::make_shared<connection_pool>(*std::move(target), pool_settings{.connections = 1}, clock,
                                                base::random_source::from_system());
  const std::vector<component_tables> tables{store_component()};
  if (auto migrated = migrate_postgres(*pool, tables); !migrated)
    return std::unexpected(std::move(migrated).error());
  return std::make_unique<postgres_side>(std::move(pool));
}

}  // namespace guildfleet::store
