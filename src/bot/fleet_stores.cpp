#include "bot/fleet_stores.hpp"

#include <algorithm>

#include "bot/ownership_gauges.hpp"
#include "fleet/lease_plan.hpp"
#include "fleet/rollout_view.hpp"
#include "store/postgres/change_listener.hpp"
#include "store/postgres/postgres_store.hpp"
#include "store/redis/redis_changes.hpp"
#include "store/redis/redis_settings_cache.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace guildfleet::bot {
namespace {

// A queue for every shard's writes at once.
constexpr std::size_t queue_depth = 100'000;
constexpr const char* database_place = "";  // no file has this path

}  // namespace

struct fleet_stores::session_place {
  std::string path;
  std::shared_ptr<store::store> store;
  store::store_executor& thread;
  std::unique_ptr<lease_keeper> leases;
  std::unique_ptr<rollout_driver> rollouts;
};

struct fleet_stores::data_place {
  std::string path;
  std::shared_ptr<store::data_store> store;
  store::store_executor& threads;
  std::unique_ptr<settings::settings_desk> desk;
  std::unique_ptr<settings::change_feed> feed;
  std::unique_ptr<store::redis_change_listener> redis_notes;
  std::unique_ptr<store::change_listener> notes;  // its thread tells the feed, so it ends first
};

struct fleet_stores::shared_cache {
  shared_cache(const net::asio::any_io_executor& control, const cache_settings& settings,
               base::metrics& metrics, const base::logger& log)
      : link(control, settings.redis, metrics, log),
        rows(link, {.prefix = settings.prefix}, metrics),
        requests(link, {.prefix = settings.prefix}),
        tasks(control) {}

  store::redis_link link;
  store::redis_settings_cache rows;
  store::request_share requests;
  net::task_group tasks;
};

fleet_stores::fleet_stores(net::asio::any_io_executor control, fleet_stores_settings settings,
                           const base::clock& clock, base::metrics& metrics,
                           const settings::schema_catalogue& schemas)
    : control_(std::move(control)),
      settings_(std::move(settings)),
      clock_(clock),
      metrics_(metrics),
      schemas_(schemas),
      log_(base::logger::root()),
      file_thread_(queue_depth) {}

fleet_stores::~fleet_stores() {
  stop_threads();
}

base::result<void> fleet_stores::open(const std::string& path) {
  ++bots_of_path_[path];
  if (settings_.cache && !cache_) open_cache();
  if (has_database() && !database_threads_) {
    if (auto opened = open_database(); !opened) return opened;
  }
  if (has_database() && !settings_.database.local_leases) return {};
  return open_file(path);
}

void fleet_stores::open_cache() {
  cache_ = std::make_unique<shared_cache>(control_, *settings_.cache, metrics_, log_);
}

base::result<void> fleet_stores::open_file(const std::string& path) {
  if (std::ranges::any_of(sessions_, [&](const auto& place) { return place->path == path; })) return {};
  store::sqlite_settings file;
  file.path = path;
  file.node = settings_.node;
  auto opened = store::open_sqlite_store(std::move(file), clock_);
  if (!opened) return std::unexpected(std::move(opened).error());
  add_sessions(path, std::move(opened->sessions), file_thread_);
  // Another process may write to the same file: a second node, or the command line. Nothing tells of it.
  if (!has_database()) add_data(path, std::move(opened->data), file_thread_, false);
  return {};
}

base::result<void> fleet_stores::open_database() {
  const database_settings& from = settings_.database;
  store::postgres_settings server;
  server.url = from.url;
  server.node = settings_.node;
  server.application_name = from.application_name;
  server.connections = from.connections;
  server.metrics = &metrics_;
  auto opened = store::open_postgres_store(server, clock_, base::random_source::from_system());
  if (!opened) return std::unexpected(std::move(opened).error());
  database_threads_ = std::make_unique<store::store_executor>(queue_depth, from.connections);
  if (!from.local_leases) add_sessions(database_place, std::move(opened->sessions), *database_threads_);
  add_data(database_place, std::move(opened->data), *database_threads_, from.listen || cache_ != nullptr);
  return from.listen ? listen(*data_.back()) : base::result<void>();
}

void fleet_stores::add_sessions(const std::string& path, std::shared_ptr<store::store> sessions,
                                store::store_executor& thread) {
  lease_keeper_settings keeping;
  keeping.self = settings_.node;
  keeping.timing = settings_.leases;
  keeping.about = settings_.about;
  keeping.words = settings_.words;
  keeping.moves_per_minute = settings_.moves_per_minute;
  keeping.handovers_at_once = std::max(keeping.handovers_at_once, 2 * thread.threads());
  auto place = std::make_unique<session_place>(path, std::move(sessions), thread);
  keeping.on_look = [at = place.get(), this](const store::fleet_picture& seen,
                                             const fleet::release_rules& rules) {
    at->rollouts->on_picture(seen);
    leave_to_others(seen, rules);
    show_ownership(metrics_, seen);
  };
  place->leases =
      std::make_unique<lease_keeper>(control_, place->store, thread, clock_, std::move(keeping), log_);
  place->rollouts = std::make_unique<rollout_driver>(
      control_, rollout_driver_settings{.self = settings_.node, .release = settings_.about.release},
      rollout_driver_parts{place->store, thread, settings_.figures, settings_.newest_rollout,
                           settings_.reshards, [at = place.get()] { at->leases->tell_others_to_look(); },
                           clock_, metrics_, log_});
  sessions_.push_back(std::move(place));
}

// A node that was away while the others changed a bot's number of shards.
void fleet_stores::leave_to_others(const store::fleet_picture& seen,
                                   const fleet::release_rules& rules) const {
  const store::node_row* own = seen.node(settings_.node);
  if (own == nullptr || !settings_.reshards.step_aside) return;
  for (const store::served_shards& each : own->report.serves) {
    if (fleet::stands_aside(seen, settings_.node, each, rules))
      settings_.reshards.step_aside(each.bot, each.count);
  }
}

void fleet_stores::add_data(const std::string& path, std::shared_ptr<store::data_store> data,
                            store::store_executor& threads, bool has_notes) {
  auto place = std::make_unique<data_place>(path, std::move(data), threads);
  settings::desk_parts parts{place->store,
                             threads,
                             nullptr,
                             schemas_,
                             settings_.environment,
                             settings::make_settings_metrics(metrics_),
                             base::random_source::from_system(),
                             log_};
  // Of its own changes a process hears at once: what a command has switched on is so when the next event
  // comes.
  parts.announce = [place = place.get()](const store::changed_settings& change) {
    place->feed->note(change);
  };
  if (cache_ != nullptr) {
    parts.shared = &cache_->rows;
    parts.announce = [place = place.get(), cache = cache_.get(),
                      prefix = settings_.cache->prefix](const store::changed_settings& change) {
      place->feed->note(change);
      cache->tasks.spawn("note of a change", store::publish_change(cache->link, prefix, change));
    };
  }
  place->desk = std::make_unique<settings::settings_desk>(control_, std::move(parts));
  settings::feed_settings pace{.environment = settings_.environment};
  if (!has_notes) pace.check_every = settings::check_without_notes;
  place->feed = std::make_unique<settings::change_feed>(
      control_, pace, settings::feed_parts{place->store, threads, metrics_, log_});
  place->feed->follow({[desk = place->desk.get()](const store::changed_settings& change) {
                         desk->note(change.key, change.version);
                       },
                       [desk = place->desk.get()] { desk->note_gap(); }});
  if (cache_ != nullptr) {
    place->redis_notes = std::make_unique<store::redis_change_listener>(
        control_, settings_.cache->redis, settings_.cache->prefix,
        store::change_listener_events{
            [feed = place->feed.get()](const store::changed_settings& change) { feed->note(change); },
            [feed = place->feed.get()] { feed->note_gap(); }},
        log_);
  }
  data_.push_back(std::move(place));
}

base::result<void> fleet_stores::listen(data_place& place) {
  const database_settings& from = settings_.database;
  auto listener = store::change_listener::start(
      {.url = from.listen_url.empty() ? from.url : from.listen_url,
       .application_name = from.application_name},
      [feed = place.feed.get()](store::change_note note) {
        if (auto* change = std::get_if<store::changed_settings>(&note))
          feed->note(std::move(*change));
        else
          feed->note_gap();
      },
      base::random_source::from_system(), log_);
  if (!listener) return std::unexpected(std::move(listener).error());
  place.notes = *std::move(listener);
  return {};
}

bot_stores fleet_stores::of(const std::string& path) {
  const auto at = [](auto& places, const std::string& wanted) -> auto& {
    return **std::ranges::find(places, wanted, [](const auto& place) { return place->path; });
  };
  const bool shared = has_database() && !settings_.database.local_leases;
  session_place& sessions = at(sessions_, shared ? database_place : path);
  data_place& data = at(data_, has_database() ? database_place : path);
  return {.node = settings_.node,
          .sessions = sessions.store,
          .session_thread = sessions.thread,
          .leases = *sessions.leases,
          .leases_shared = shared,
          .data_shared = has_database() || bots_of_path_[path] > 1,
          .data = data.store,
          .data_threads = data.threads,
          .settings = *data.desk,
          .changes = *data.feed,
          .environment = settings_.environment,
          .requests = cache_ == nullptr ? nullptr : &cache_->requests,
          .control = control_};
}

void fleet_stores::run(net::task_group& tasks) {
  for (const auto& place : sessions_) {
    tasks.spawn("leases", place->leases->run());
    tasks.spawn("rollouts", place->rollouts->run());
  }
  for (const auto& place : data_) tasks.spawn("changes of settings", place->feed->run());
}

void fleet_stores::advertise(std::string address, std::string certificate) {
  settings_.about.address = std::move(address);
  settings_.about.certificate = std::move(certificate);
}

void fleet_stores::prepare(const store::lease_key& shard) {
  for (const auto& place : sessions_) place->leases->prepare(shard);
}

void fleet_stores::look_at_leases() {
  for (const auto& place : sessions_) place->leases->look_now();
}

void fleet_stores::drain() {
  for (const auto& place : sessions_) place->leases->drain();
}

std::size_t fleet_stores::settings_cache_bytes() const {
  std::size_t sum = 0;
  for (const auto& place : data_) sum += place->desk->cached_bytes();
  return sum;
}

void fleet_stores::close() {
  for (const auto& place : data_) {
    place->notes.reset();
    if (place->redis_notes != nullptr) place->redis_notes->close();
  }
  if (cache_ == nullptr) return;
  cache_->tasks.close();
  cache_->link.close();
}

void fleet_stores::stop_threads() {
  file_thread_.stop();
  if (database_threads_ != nullptr) database_threads_->stop();
}

}  // namespace guildfleet::bot
