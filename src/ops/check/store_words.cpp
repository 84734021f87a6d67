#include "ops/check/store_words.hpp"

#include <algorithm>
#include <array>

namespace guildfleet::ops {
namespace {

bool is_sqlite_file(std::string_view path) {
  return path.ends_with(".sqlite") || path.ends_with(".sqlite3") || path.ends_with(".db");
}

}  // namespace

std::string sqlite_path_in(std::string_view name, std::string value) {
  const bool is_url = value.starts_with("sqlite:") || value.starts_with("file:");
  if (is_url) {
    value.erase(0, value.find(':') + 1);
    const std::size_t slashes = std::min(value.find_first_not_of('/'), value.size());
    if (slashes != 1 && slashes != 4) return {};
    value.erase(0, slashes - 1);
  }
  value.resize(std::min(value.find('?'), value.size()));
  return is_url || is_sqlite_file(value) || name == "SQLITE_PATH" ? value : std::string();
}

std::string_view database_of_port(std::string_view port) {
  struct known_port {
    std::string_view number;
    std::string_view database;
  };
  constexpr std::array<known_port, 7> known = {{{"5432", "PostgreSQL"},
                                                {"6432", "PgBouncer"},
                                                {"3306", "MySQL"},
                                                {"6379", "Redis"},
                                                {"27017", "MongoDB"},
                                                {"11211", "memcached"},
                                                {"5672", "RabbitMQ"}}};
  const auto found = std::ranges::find(known, port, &known_port::number);
  return found == known.end() ? std::string_view() : found->database;
}

bool is_plain_database(const url_parts& url) {
  if (is_near_host(url.host)) return false;
  if (url.scheme == "postgres" || url.scheme == "postgresql")
    return !url.rest.contains("sslmode=require") && !url.rest.contains("sslmode=verify");
  return url.scheme == "redis";
}

}  // namespace guildfleet::ops
