#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "ops/check/compose_checks.hpp"
#include "ops/check/store_words.hpp"

namespace guildfleet::ops {
namespace {

constexpr std::string_view home = "/app";  // of guildfleet's image

// Where a database keeps its data, by a part of the image's name.
struct data_folder {
  std::string_view image;
  std::string_view folder;
};
constexpr std::array<data_folder, 6> data_folders = {{{"postgres", "/var/lib/postgresql"},
                                                      {"postgis", "/var/lib/postgresql"},
                                                      {"timescaledb", "/var/lib/postgresql"},
                                                      {"mysql", "/var/lib/mysql"},
                                                      {"mariadb", "/var/lib/mysql"},
                                                      {"mongo", "/data/db"}}};

std::string default_path(const compose_service& service) {
  // A configuration of its own may name another one.
  const bool has_file = std::ranges::any_of(service.mounts, [](const compose_mount& each) {
    return each.target.ends_with(".yaml") || each.target.ends_with(".yml");
  });
  if (has_file || names_database(service)) return {};
  const std::string name = service.value_of("BOT_NAME");
  return fmt::format("{}/storage/{}.sqlite", home, name.empty() ? "bot1" : name);
}

std::string absolute(const compose_service& service, const std::string& path) {
  if (path.empty() || path.starts_with('/') || path.starts_with('$')) return path;
  std::string folder = service.text("working_dir");
  if (folder.empty() && service.is_guildfleet()) folder = home;
  if (folder.empty()) return {};
  return folder + "/" + (path.starts_with("./") ? path.substr(2) : path);
}

bool is_network_volume(const compose_volume& volume) {
  return names_network_folder(volume.driver) || names_network_folder(volume.type) ||
         (!volume.type.empty() && volume.type != "none" && names_network_folder(volume.device));
}

bool is_on_network(const compose_file& file, const compose_mount& mount) {
  if (!mount.is_volume) return names_network_folder(mount.source);
  const auto volume = std::ranges::find(file.volumes, mount.source, &compose_volume::name);
  return volume != file.volumes.end() && is_network_volume(*volume);
}

std::string_view token_identity(const std::vector<token_use>& tokens) {
  return tokens.empty() ? std::string_view() : std::string_view(tokens.front().identity);
}

struct owned_file {
  const compose_service* service = nullptr;
  sqlite_place place;
};

// Nodes of one bot on one machine: they keep their leases in the file.
bool are_nodes_of_one_bot(const compose_service& one, const compose_service& other) {
  const auto token = tokens_of(one);
  return one.is_guildfleet() && other.is_guildfleet() && !token.empty() &&
         token_identity(token) == token_identity(tokens_of(other));
}

void check_shared(const std::vector<owned_file>& all, compose_findings& out) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string identity = all[i].place.identity();
    // Each bot fills in its own name there.
    if (identity.empty() || identity.contains('{')) continue;
    for (std::size_t k = 0; k < i; ++k) {
      if (all[k].place.identity() != identity) continue;
      if (are_nodes_of_one_bot(*all[i].service, *all[k].service)) break;
      out.add(compose_rule::shared_sqlite, all[i].place.at,
              fmt::format("{} writes {}, as {} does (line {})", all[i].service->name, all[i].place.path,
                          all[k].service->name, all[k].place.at.line));
      break;
    }
  }
}

void check_place(const compose_file& file, const owned_file& owned, compose_findings& out) {
  const auto& [service, place] = owned;
  if (place.mount != nullptr && place.mount->is_kept) {
    if (is_on_network(file, *place.mount))
      out.add(compose_rule::sqlite_on_network, place.mount->at,
              fmt::format("{}: {} lies on {}", service->name, place.path, place.mount->source));
    return;
  }
  const bool elsewhere = service->find("volumes_from") != nullptr || service->find("extends") != nullptr;
  if (place.path.starts_with('/') && !elsewhere)
    out.add(compose_rule::data_without_volume, place.at,
            fmt::format("{}: {} is in the container itself", service->name, place.path));
}

void check_database(const compose_service& service, compose_findings& out) {
  if (service.find("volumes_from") != nullptr || service.find("extends") != nullptr) return;
  for (const auto& [image, folder] : data_folders) {
    const std::string name = service.image_name();
    if (name != image && !name.starts_with(std::string(image) + "-")) continue;
    const bool kept = std::ranges::any_of(service.mounts, [folder](const compose_mount& each) {
      return each.is_kept && (each.target.starts_with(folder) || each.target == "/data");
    });
    if (!kept)
      out.add(compose_rule::data_without_volume, service.at,
              fmt::format("{}: {} is in a volume without a name: after docker compose down the next one is "
                          "empty",
                          service.name, folder));
    return;
  }
}

}  // namespace

std::string sqlite_place::identity() const {
  if (mount == nullptr || !mount->is_kept || mount->source.empty()) return {};
  return mount->source + path.substr(mount->target.size());
}

std::optional<sqlite_place> sqlite_of(const compose_service& service) {
  std::string path;
  base::text_position at = service.at;
  for (const compose_variable& each : service.variables) {
    if (!each.value) continue;
    path = absolute(service, sqlite_path_in(each.name, with_defaults(*each.value)));
    at = each.at;
    if (!path.empty()) break;
  }
  if (path.empty() && service.is_guildfleet()) {
    path = default_path(service);
    at = service.at;
    // Where the file is named elsewhere, its folder tells all that is to be known.
    if (path.empty()) path = fmt::format("{}/storage/{{bot}}.sqlite", home);
    const compose_mount* mount = service.mount_of(path);
    if (mount == nullptr && path.contains('{')) return std::nullopt;
    if (mount != nullptr) at = mount->at;
  }
  if (path.empty()) return std::nullopt;
  return sqlite_place{path, service.mount_of(path), at};
}

void check_storage(const compose_file& file, compose_findings& out) {
  std::vector<owned_file> all;
  for (const compose_service& service : file.services) {
    check_database(service, out);
    if (const auto place = sqlite_of(service); place && !tokens_of(service).empty())
      all.push_back({&service, *place});
  }
  for (const owned_file& each : all) check_place(file, each, out);
  check_shared(all, out);
}

}  // namespace guildfleet::ops
