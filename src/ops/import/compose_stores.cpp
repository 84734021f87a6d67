#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

#include "ops/check/secret_words.hpp"
#include "ops/import/compose_parts.hpp"
#include "ops/import/imported_value.hpp"

namespace guildfleet::ops {
namespace {

constexpr std::string_view usual_file = "storage/{bot}.sqlite";

// Where a name stands as a whole word.
std::vector<std::size_t> places_of(std::string_view name, std::string_view path) {
  const auto in_word = [&](std::size_t at) {
    return at < path.size() && !std::string_view("/.-_").contains(path[at]);
  };
  std::vector<std::size_t> out;
  for (std::size_t at = path.find(name); at != std::string_view::npos; at = path.find(name, at + 1)) {
    if ((at == 0 || !in_word(at - 1)) && !in_word(at + name.size())) out.push_back(at);
  }
  return out;
}

// Where a bot's file is on this machine: below a folder that is mounted, with {bot} for the bot's name.
// Empty: in a volume, or in the container alone.
std::string path_here(const imported_bot& bot, const sqlite_place& place) {
  if (place.mount == nullptr || place.mount->is_volume || place.mount->source.empty()) return {};
  std::string path = place.mount->source + place.path.substr(place.mount->target.size());
  if (path.starts_with("./")) path.erase(0, 2);
  // The name is put in once; a second time it would stay as it is.
  const auto places = places_of(bot.name, path);
  if (places.size() == 1) path.replace(places.front(), bot.name.size(), "{bot}");
  return path;
}

void tell_of_file(const imported_bot& bot, const sqlite_place& place, const std::string& store,
                  fleet_draft& draft) {
  std::string here = store;
  if (const std::size_t at = here.find("{bot}"); at != std::string::npos) here.replace(at, 5, bot.name);
  draft.left.push_back({bot.service->name, place.path,
                        fmt::format("its data goes on in {}: docker compose cp {}:{} {}", here,
                                    bot.service->name, place.path, here)});
}

void import_sqlite(const std::vector<imported_bot>& bots, fleet_draft& draft) {
  std::string common;
  bool is_common = true;
  for (const imported_bot& bot : bots) {
    // What another program keeps is not for this one to write.
    const auto place = bot.service->is_guildfleet() ? sqlite_of(*bot.service) : std::nullopt;
    const std::string path = place ? path_here(bot, *place) : "";
    if (path.empty() || (!common.empty() && common != path)) is_common = false;
    common = path;
  }
  const std::string store = is_common ? common : std::string(usual_file);
  draft.settings["store.sqlite"] = store;
  if (is_common) return;
  for (const imported_bot& bot : bots) {
    const auto place = sqlite_of(*bot.service);
    if (place && bot.service->is_guildfleet()) tell_of_file(bot, *place, store, draft);
  }
}

const compose_variable* address_of(const compose_service& service, std::string_view name) {
  const compose_variable* direct = service.variable(name);
  return direct != nullptr ? direct : service.variable(std::string(name) + "_FILE");
}

// Whether a host of an address is a service of the file.
bool is_service(const compose_file& file, std::string_view host) {
  return std::ranges::any_of(file.services, [host](const compose_service& each) {
    return each.name == host || each.text("container_name") == host;
  });
}

void import_address(const compose_file& file, const std::vector<imported_bot>& bots,
                    std::string_view variable, const std::string& section, std::string_view key,
                    fleet_draft& draft) {
  for (const imported_bot& bot : bots) {
    const compose_variable* found = address_of(*bot.service, variable);
    if (found == nullptr || found->value == "") continue;
    const std::string path = fmt::format("{}.{}", section, key);
    const std::string written = found->value.value_or("$" + found->name);
    if (!found->name.ends_with("_FILE") && !imported_value(path, written)) {
      draft.left.push_back({bot.service->name, found->name, "guildfleet stores in SQLite or PostgreSQL"});
      continue;
    }
    const std::string known_as = fmt::format("{}.{}", section, key);
    const bool is_first = !draft.settings.contains(known_as) && !draft.settings.contains(known_as + "_file");
    if (!is_first) continue;
    const auto reference = refer_to_secret(file, *bot.service, *found, key, std::string(variable), draft);
    draft.settings[fmt::format("{}.{}", section, reference.key)] = reference.value;
    const auto url = parts_of_url(with_defaults(written));
    const bool outside = url && !url->host.contains('$') && !is_service(file, url->host);
    if (outside) draft.settings[section == "store" ? "deploy.database" : "deploy.redis"] = "outside";
  }
}

void tell_of_second_address(const std::vector<imported_bot>& bots, fleet_draft& draft) {
  const compose_variable* first = nullptr;
  for (const imported_bot& bot : bots) {
    const compose_variable* found = address_of(*bot.service, "DATABASE_URL");
    if (found == nullptr || found->value == "") continue;
    if (first == nullptr) first = found;
    if (found->value != first->value)
      draft.left.push_back({bot.service->name, found->name,
                            "a fleet has one database; this is another address than that of the first bot"});
  }
}

}  // namespace

void import_stores(const compose_file& file, const std::vector<imported_bot>& bots, fleet_draft& draft) {
  import_address(file, bots, "DATABASE_URL", "store", "database_url", draft);
  import_address(file, bots, "REDIS_URL", "redis", "url", draft);
  tell_of_second_address(bots, draft);
  const bool has_database =
      draft.settings.contains("store.database_url") || draft.settings.contains("store.database_url_file");
  if (!has_database) {
    import_sqlite(bots, draft);
    return;
  }
  for (const imported_bot& bot : bots) {
    const auto place = sqlite_of(*bot.service);
    if (!place || !bot.service->is_guildfleet() || names_database(*bot.service)) continue;
    draft.left.push_back(
        {bot.service->name, place->path,
         fmt::format("a fleet has one store, here the database: copy the file out of the container, then "
                     "guildfleet db copy --bot {} --from FILE --to env:DATABASE_URL",
                     bot.name)});
  }
}

}  // namespace guildfleet::ops
