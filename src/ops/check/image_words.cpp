#include "ops/check/image_words.hpp"

#include <algorithm>
#include <array>

namespace guildfleet::ops {
namespace {

// "postgres" and "postgres-ha", not "postgresql2".
template <std::size_t Count>
bool begins_with_one_of(std::string_view name, const std::array<std::string_view, Count>& known) {
  return std::ranges::any_of(known, [name](std::string_view each) {
    const bool begins = name.starts_with(each);
    return begins && (name.size() == each.size() || name[each.size()] == '-' || name[each.size()] == '_');
  });
}

}  // namespace

std::string_view image_short_name(std::string_view image) {
  image = image.substr(0, image.find('@'));
  const std::size_t slash = image.rfind('/');
  if (slash != std::string_view::npos) image.remove_prefix(slash + 1);
  return image.substr(0, image.find(':'));
}

std::string_view image_tag(std::string_view image) {
  if (image.contains('@')) return "@";
  const std::size_t slash = image.rfind('/');
  const std::size_t colon = image.find(':', slash == std::string_view::npos ? 0 : slash);
  return colon == std::string_view::npos ? std::string_view() : image.substr(colon + 1);
}

bool is_moving_tag(std::string_view tag) {
  constexpr std::array<std::string_view, 8> moving = {"",     "latest", "stable", "edge",
                                                      "main", "master", "alpine", "slim"};
  return std::ranges::find(moving, tag) != moving.end();
}

bool is_database_image(std::string_view image) {
  constexpr std::array<std::string_view, 18> databases = {
      "postgres", "postgresql", "postgis",   "timescaledb", "pgbouncer", "cockroachdb",
      "mysql",    "mariadb",    "mongo",     "mongodb",     "redis",     "valkey",
      "keydb",    "dragonfly",  "memcached", "rabbitmq",    "cassandra", "elasticsearch"};
  const std::string_view name = image_short_name(image);
  if (name.contains("exporter") || name.contains("admin")) return false;
  return begins_with_one_of(name, databases);
}

bool is_server_image(std::string_view image) {
  constexpr std::array<std::string_view, 13> servers = {
      "nginx",        "traefik", "caddy",   "haproxy", "envoy",       "prometheus", "grafana",
      "alertmanager", "loki",    "busybox", "kubectl", "cloudflared", "adminer"};
  const std::string_view name = image_short_name(image);
  return is_database_image(image) || begins_with_one_of(name, servers) || name.contains("exporter") ||
         name.contains("pgadmin");
}

}  // namespace guildfleet::ops
