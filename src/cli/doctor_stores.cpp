// PostgreSQL, SQLite files and Redis.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "cli/configured_stores.hpp"
#include "cli/doctor_request.hpp"
#include "net/tls_context.hpp"
#include "store/redis/redis_look.hpp"

namespace guildfleet::cli {
namespace {

using ops::doctor::answer;
using ops::doctor::failed;
using ops::doctor::not_asked;

constexpr std::chrono::seconds redis_limit{5};

ops::doctor::database_facts look_at_database(const ops::fleet_config& config, const configured_store& which,
                                             const base::clock& clock) {
  ops::doctor::database_facts out;
  out.connections_per_node = config.store.connections;
  out.listens = config.store.listen;
  out.server = answered(store::look_at_health_of_postgres(config.store.database_url, clock));
  out.schema = not_asked("the server does not answer (GD301)");
  if (out.server) out.schema = answered(look_at(config, which, clock));
  return out;
}

ops::doctor::file_facts look_at_file(const ops::fleet_config& config, const configured_store& which,
                                     const base::clock& clock) {
  ops::doctor::file_facts out;
  out.path = which.path;
  out.file = answered(store::look_at_health_of_sqlite(which.path));
  out.schema = not_asked("the file cannot be read (GD321)");
  if (out.file && !out.file->damage) out.schema = answered(look_at(config, which, clock));
  return out;
}

answer<store::redis_health> look_at_redis(const ops::fleet_config& config, const base::clock& clock) {
  auto url = store::parse_redis_url(config.redis.url.reveal());
  if (!url) return failed(url.error());
  net::tls_context tls;
  if (url->tls) {
    auto made = net::make_client_tls(config.discord.ca_file);
    if (!made) return failed(made.error());
    tls = std::move(*made);
  }
  net::asio::io_context context{1};
  auto pending = net::asio::co_spawn(
      context,
      store::look_at_health_of_redis(std::move(*url), std::move(tls), net::deadline_in(redis_limit), clock),
      net::asio::use_future);
  context.run();
  return answered(pending.get());
}

}  // namespace

void look_at_stores(const doctor_scene& scene, ops::doctor::facts& into) {
  const auto is_meant = [&](const std::string& path) {
    return std::ranges::any_of(scene.bots, [&](const auto* bot) { return bot->sqlite_path == path; });
  };
  for (const configured_store& each : stores_of(scene.config)) {
    scene.progress.tell(each.path.empty() ? "asking PostgreSQL" : "reading " + each.path);
    if (each.path.empty())
      into.database = look_at_database(scene.config, each, scene.clock);
    else if (is_meant(each.path))
      into.files.push_back(look_at_file(scene.config, each, scene.clock));
  }
  if (scene.config.redis.url.empty()) return;
  scene.progress.tell("asking Redis");
  into.redis = look_at_redis(scene.config, scene.clock);
}

}  // namespace guildfleet::cli
