#include "cli/db_status.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <ostream>

#include "cli/configured_stores.hpp"

namespace guildfleet::cli {
namespace {

namespace json = boost::json;
using store::schema_state;

struct counted_table {
  std::string name;
  std::uint64_t rows = 0;
};
struct seen_store {
  const char* kind = "";
  store::schema_look look;
  std::vector<counted_table> tables;
};

struct state_words {
  const char* name;  // for programs
  const char* told;
  colour in;
};
state_words words_of(schema_state state) {
  switch (state) {
    case schema_state::absent:
      return {"absent", "not there yet; made by the first start", colour::yellow};
    case schema_state::current:
      return {"up_to_date", "up to date", colour::green};
    case schema_state::older:
      return {"older", "older; brought up by `guildfleet db migrate`, or the next start", colour::yellow};
    case schema_state::newer:
      return {"newer", "of a newer release, which this one can work with", colour::yellow};
    case schema_state::unreadable:
      break;
  }
  return {"unreadable", "of a newer release: run that one", colour::red};
}

base::result<seen_store> look(const ops::fleet_config& config, const configured_store& which,
                              const std::string& bot) {
  const base::system_clock clock;
  auto seen = look_at(config, which, clock);
  if (!seen) return std::unexpected(std::move(seen).error());
  seen_store out{which.path.empty() ? "PostgreSQL" : "SQLite", *std::move(seen), {}};
  if (out.look.state != schema_state::current) return out;
  const auto side = open_configured(config, which, clock);
  if (!side) return std::unexpected(side.error());
  for (const store::copied_table& each : store::copied_tables((*side)->speaks())) {
    const auto rows = (*side)->count(each, {{bot.empty() ? which.bot : bot}, {config.environment}});
    if (!rows) return std::unexpected(rows.error());
    out.tables.push_back({std::string(each.name), *rows});
  }
  return out;
}

json::object object_of(const seen_store& from) {
  json::object rows;
  for (const counted_table& each : from.tables) rows[each.name] = each.rows;
  return {{"kind", from.kind},
          {"place", from.look.place},
          {"state", words_of(from.look.state).name},
          {"schema", {{"found", from.look.found}, {"known", from.look.known}}},
          {"bytes", from.look.bytes},
          {"rows", std::move(rows)}};
}

void print(const std::vector<seen_store>& all, const terminal& to) {
  std::vector<std::vector<cell>> stores{{{"STORE", colour::bold},
                                         {"PLACE", colour::bold},
                                         {"SIZE", colour::bold},
                                         {"SCHEMA", colour::bold},
                                         {"STATE", colour::bold}}};
  std::vector<std::vector<cell>> tables{
      {{"PLACE", colour::bold}, {"TABLE", colour::bold}, {"ROWS", colour::bold}}};
  for (const seen_store& each : all) {
    const state_words words = words_of(each.look.state);
    stores.push_back({{each.kind},
                      {each.look.place},
                      {fmt::format("{:.1f} MB", static_cast<double>(each.look.bytes) / 1e6)},
                      {fmt::format("{} of {}", each.look.found, each.look.known)},
                      {words.told, words.in}});
    for (const counted_table& table : each.tables)
      tables.push_back({{each.look.place}, {table.name}, {std::to_string(table.rows)}});
  }
  print_table(to, stores);
  if (tables.size() == 1) return;
  to.out << '\n';
  print_table(to, tables);
}

}  // namespace

exit_code show_stores(const ops::fleet_config& config, const std::string& bot, bool as_json,
                      const terminal& to) {
  std::vector<seen_store> all;
  exit_code code = exit_code::fine;
  for (const configured_store& which : stores_of(config)) {
    auto seen = look(config, which, bot);
    if (!seen) {
      to.err << "guildfleet: " << seen.error().message() << '\n';
      code = exit_code::failed;
      continue;
    }
    if (seen->look.state == schema_state::unreadable) code = exit_code::failed;
    all.push_back(*std::move(seen));
  }
  if (as_json) {
    json::array stores;
    for (const seen_store& each : all) stores.push_back(object_of(each));
    to.out << json::serialize(json::object{{"stores", std::move(stores)}}) << '\n';
  } else {
    print(all, to);
  }
  return code;
}

}  // namespace guildfleet::cli
