// store: and redis:, where data lies. Their addresses may hold passwords: no message here repeats one.
#include <fmt/format.h>
#include <initializer_list>

#include "ops/config_sections.hpp"
#include "ops/secret_setting.hpp"

namespace guildfleet::ops {
namespace {

struct address_kind {
  std::initializer_list<std::string_view> schemes;
  std::string_view example;
};
const address_kind postgres_address{{"postgresql://", "postgres://"}, "postgresql://user@host:5432/database"};
const address_kind redis_address{{"redis://", "rediss://"}, "redis://host:6379/0"};

void check_address(section_reader& reader, std::string_view key, const base::secret& address,
                   const address_kind& kind) {
  for (const std::string_view scheme : kind.schemes) {
    if (address.reveal().starts_with(scheme) && address.reveal().size() > scheme.size()) return;
  }
  reader.error(key, fmt::format("{} is no such address", reader.label(key)),
               fmt::format("write it like {}", kind.example));
}

base::secret read_address(section_reader& reader, std::string_view key,
                          const base::variable_lookup& variables, const address_kind& kind) {
  secret_setting given = read_secret_setting(reader, key, variables);
  if (!given.value.empty()) check_address(reader, given.key, given.value, kind);
  return std::move(given.value);
}

// Also where the variable that holds it is not set here.
bool names(section_reader& reader, std::string_view key) {
  const auto written = [&](const std::string& each) {
    const auto* node = reader.node_of(each);
    return node != nullptr && !node->written.empty();
  };
  return written(std::string(key)) || written(fmt::format("{}_file", key));
}

void read_listen(section_reader& reader, const base::variable_lookup& variables, store_section& store) {
  const auto* given = reader.node_of("listen_url");
  if (given != nullptr && given->text == "off") {
    (void)reader.text("listen_url");
    (void)reader.text("listen_url_file");
    store.listen = false;
    return;
  }
  store.names_listen = names(reader, "listen_url");
  store.listen_url = read_address(reader, "listen_url", variables, postgres_address);
}

}  // namespace

void read_store(section_reader& reader, const base::variable_lookup& variables, store_section& store) {
  reader.read("sqlite", store.sqlite);
  if (store.sqlite.empty())
    reader.error("sqlite", "store.sqlite must name a file", "such as storage/{bot}.sqlite");
  store.names_database = names(reader, "database_url");
  store.database_url = read_address(reader, "database_url", variables, postgres_address);
  read_listen(reader, variables, store);
  reader.read_number<unsigned>("connections", store.connections, 1, 64);
  reader.read_choice("leases", store.leases,
                     {{"shared", lease_place::shared}, {"local", lease_place::local}});
  if (store.database_url.empty() && (reader.context().runs_here || !store.names_database)) {
    for (const std::string_view key : {"listen_url", "connections", "leases"}) {
      if (reader.given(key))
        reader.warn(key, fmt::format("{} has no effect without a database", reader.label(key)),
                    fmt::format("set {}", reader.label("database_url")));
    }
  }
  reader.finish();
}

void read_redis(section_reader& reader, const base::variable_lookup& variables, const std::string& fleet,
                redis_section& redis) {
  redis.named = names(reader, "url");
  redis.url = read_address(reader, "url", variables, redis_address);
  redis.prefix = fmt::format("guildfleet:{}", fleet);
  reader.read("prefix", redis.prefix);
  const bool fits = !redis.prefix.empty() && redis.prefix.size() <= 64 &&
                    redis.prefix.find_first_of(" \t{}") == std::string::npos;
  if (reader.given("prefix") && !fits)
    reader.report_bad_value("prefix", "1 to 64 characters without spaces and braces");
  reader.finish();
}

}  // namespace guildfleet::ops
