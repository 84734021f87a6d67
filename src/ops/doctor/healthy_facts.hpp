// For tests: a fleet in which all is well, to be made ill in one place.
#pragma once

#include "ops/doctor/facts.hpp"
#include "ops/doctor/finding.hpp"

namespace guildfleet::ops::doctor {

inline constexpr base::wall_time test_now{std::chrono::milliseconds(1'800'000'000'000)};

inline guild_facts healthy_guild(std::uint64_t id) {
  guild_facts out;
  out.id = {id};
  out.name = "Garden";
  out.has = discord::permission::view_channel | discord::permission::send_messages;
  out.channels = {{"general", out.has}, {"news", out.has}};
  return out;
}

inline bot_facts healthy_bot(const std::string& name) {
  bot_facts out;
  out.name = name;
  out.configured_id = discord::application_id{77};
  out.needs = {{.feature = "tickets",
                .exclusive = true,
                .intents = discord::intent::guilds | discord::intent::message_content,
                .permissions = discord::permission::view_channel | discord::permission::send_messages},
               {.feature = "ping", .has_commands = true, .intents = discord::intent::guilds}};
  out.data_place = "the database";
  out.account = account_facts{"Gardener"};
  out.application = application_facts{{77}, 1ULL << 19U, 1'200};
  out.gateway = gateway_facts{.recommended_shards = 2, .limit = {.total = 1'000, .remaining = 990}};
  out.configured_shards = 2;
  out.commands = command_facts{.where = "everywhere", .wanted = 4};
  out.guilds = guild_list{{{1}, {2}}, true};
  out.looked_at = {healthy_guild(1), healthy_guild(2)};
  return out;
}

inline store::postgres_health healthy_postgres() {
  store::postgres_health out;
  out.place = "keeper@db:5432/fleet";
  out.version = "15.14";
  out.version_number = 150'014;
  out.connect_time = std::chrono::milliseconds(8);
  out.latency = std::chrono::microseconds(300);
  out.max_connections = 100;
  out.reserved = 3;
  out.used = 12;
  out.by_application = {{"garden@one", 5}, {"garden@two", 5}, {"psql", 2}};
  out.transactions = {{"psql", 40, std::chrono::seconds(2), "active"}};
  out.tables = {{"leases", 100, 20'000, 1'000'000, std::chrono::seconds(60)},
                {"settings", 1'000'000, 30'000, 100'000'000, std::chrono::hours(5)}};
  out.tables.front().dead = 900;
  out.oldest_transaction_age = 90'000'000;
  return out;
}

inline store::sqlite_health healthy_file() {
  store::sqlite_health out;
  out.path = "storage/music.sqlite";
  out.there = true;
  out.file_system = "ext4";
  out.journal_mode = "wal";
  out.bytes = 2'000'000;
  out.log_bytes = 300'000;
  out.sound = true;
  return out;
}

inline store::redis_health healthy_redis() {
  store::redis_health out;
  out.place = "cache:6379/0";
  out.latency = std::chrono::microseconds(200);
  out.version = "7.0.15";
  out.role = "master";
  out.used_memory = 10'000'000;
  out.max_memory = 100'000'000;
  out.eviction = "noeviction";
  out.clients = 4;
  out.max_clients = 10'000;
  return out;
}

inline store::lease_row owned_shard(const std::string& bot, std::uint32_t index, std::uint32_t count,
                                    const std::string& node) {
  return {{{bot}, {index, count}}, {node, 5}, 3, std::chrono::milliseconds(9'000)};
}

inline shard_word live_shard(const std::string& bot, std::uint32_t index, std::uint32_t count) {
  return {.key = {{bot}, {index, count}},
          .state = "connected",
          .held = true,
          .last_event = std::chrono::seconds(3),
          .guilds = 600};
}

inline memory_series healthy_memory() {
  memory_series out{.node = "one", .uptime = std::chrono::hours(5), .parts = {"resident", "guild_state"}};
  for (int i = 0; i < 300; ++i) {
    const double wave = (i % 7) * 50'000.0;
    out.rows.push_back({test_now - std::chrono::minutes(299 - i), 1'200, {60e6 + wave, 4.2e6}});
  }
  return out;
}

inline fleet_facts healthy_fleet() {
  fleet_facts out;
  out.url = "http://127.0.0.1:3001";
  out.node = node_word{.name = "one",
                       .uptime = std::chrono::hours(5),
                       .shards = {live_shard("music", 0, 2)},
                       .bots = {{"music", "ok", ""}},
                       .edits = edit_counts{400, 3}};
  out.others = {{.name = "two", .uptime = std::chrono::hours(5), .shards = {live_shard("music", 1, 2)}}};
  store::fleet_picture picture;
  for (const char* name : {"one", "two"}) {
    store::node_row node;
    node.identity = {name, 5};
    node.up_for = std::chrono::hours(5);
    node.report.serves = {{{"music"}, 2, 0}};
    picture.nodes.push_back(std::move(node));
  }
  picture.leases = {owned_shard("music", 0, 2, "one"), owned_shard("music", 1, 2, "two")};
  out.picture = std::move(picture);
  out.configured = {"music"};
  job_facts jobs{.place = "the database", .now = test_now};
  jobs.counts = {{{"music"}, 10, 1, 1, 0}};
  store::job_row soonest;
  soonest.plan.key = {{"production"}, {"music"}, "tickets/close/9"};
  soonest.plan.due = test_now - std::chrono::seconds(1);
  jobs.soonest = {soonest};
  store::job_row leased = soonest;
  leased.state = store::job_state::leased;
  leased.node = "two";
  jobs.leased = {leased};
  out.jobs = {std::move(jobs)};
  out.memory = healthy_memory();
  return out;
}

inline store::schema_look current_schema(const std::string& place) {
  return {store::schema_state::current, place, 9, 9, 1'000'000};
}

inline facts healthy_facts() {
  facts out;
  out.now = test_now;
  out.reach = reach_facts{"discord.com", std::chrono::milliseconds(40),
                          net::clock_bounds{std::chrono::milliseconds(-400), std::chrono::milliseconds(600)}};
  out.bots = {healthy_bot("music")};
  database_facts database{.nodes = 2, .nodes_by = "living, by the store"};
  database.server = healthy_postgres();
  database.schema = current_schema("keeper@db:5432/fleet");
  out.database = std::move(database);
  file_facts file{.path = "storage/music.sqlite"};
  file.file = healthy_file();
  file.schema = current_schema("storage/music.sqlite");
  out.files = {std::move(file)};
  out.redis = healthy_redis();
  out.machine.folders = {
      {"storage", base::folder_space{40ULL << 30U, 100ULL << 30U, 900'000, 1'000'000, true}}};
  out.machine.open_files_needed = 300;
  out.machine.open_files = base::open_file_limit{1'024, 4'096, 10};
  out.machine.memory = base::memory_limit{"cgroup v2", 256'000'000, 90'000'000, 0};
  out.fleet = healthy_fleet();
  return out;
}

// Parts of it that are made ill.
inline std::unexpected<no_answer> broken(const char* why) {
  return std::unexpected(no_answer{true, why, ""});
}
inline bot_facts& bot(facts& of) {
  return of.bots.front();
}
inline store::postgres_health& server(facts& of) {
  return *of.database->server;
}
inline store::redis_health& redis(facts& of) {
  return **of.redis;
}
inline base::folder_space& folder(facts& of) {
  return *of.machine.folders.front().second;
}
inline job_facts& jobs(facts& of) {
  return *of.fleet.jobs.front();
}

// The first finding of a check and a grade; null: there is none.
inline const finding* find(const diagnosis& in, check what, grade how) {
  for (const finding& each : in.findings) {
    if (each.what == what && each.how == how) return &each;
  }
  return nullptr;
}

}  // namespace guildfleet::ops::doctor
