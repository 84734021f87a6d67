// What the doctor makes of each thing that can be wrong.
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

#include "ops/doctor/healthy_facts.hpp"
#include "ops/doctor/judgement.hpp"

namespace guildfleet::ops::doctor {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// One thing wrong, and what the doctor makes of it.
struct illness {
  const char* name;
  check what;
  grade how;
  std::function<void(facts&)> infect;
  const char* says = "";  // a part of what was seen
};

std::vector<store::blocked_session> waits(std::size_t count) {
  std::vector<store::blocked_session> out;
  for (std::size_t i = 0; i < count; ++i)
    out.push_back({"garden@one", static_cast<std::int64_t>(100 + i), 3s, "psql", 8, "active"});
  return out;
}

// Shards were owned once, and no node serves them by the store.
fleet_facts& nobody_runs(fleet_facts& of) {
  of.picture->nodes.clear();
  of.jobs.clear();
  for (store::lease_row& each : of.picture->leases) each.free_in = 0ms;
  return of;
}

const illness illnesses[] = {
    {"a refused token", check::token, grade::error, [](facts& f) { bot(f).account = broken("401"); }, "401"},
    {"an id of another application", check::application_id, grade::warning,
     [](facts& f) { bot(f).configured_id = discord::application_id{78}; }, "78"},
    {"message content switched off", check::privileged_intents, grade::error,
     [](facts& f) { bot(f).application->flags = 0; }, "MESSAGE_CONTENT (wanted by tickets)"},
    {"presences on for nothing", check::unused_intents, grade::note,
     [](facts& f) { bot(f).application->flags |= 1ULL << 12U; }, "Presence"},
    {"a command that is not registered", check::commands, grade::warning,
     [](facts& f) { bot(f).commands->added = {"ticket"}; }, "not registered: ticket"},
    {"a command of an earlier release", check::commands, grade::warning,
     [](facts& f) { bot(f).commands->removed = {"old"}; }, "old"},
    {"a guild that gives too little", check::permissions, grade::warning,
     [](facts& f) { bot(f).looked_at.front()->has = discord::permission::view_channel; },
     "Garden (1): tickets: Send Messages"},
    {"a time-out", check::permissions, grade::warning,
     [](facts& f) { bot(f).looked_at.front()->timed_out_until = test_now + 1h; }, "timed out in Garden"},
    {"a guild that does not answer", check::permissions, grade::warning,
     [](facts& f) { bot(f).looked_at.front() = broken("guild 1: 500"); }, "guild 1: 500"},
    {"a hidden channel", check::hidden_channels, grade::note,
     [](facts& f) { bot(f).looked_at.front()->channels.front().has = {}; }, "1 of 2"},
    {"no way to Discord", check::reach, grade::error, [](facts& f) { f.reach = broken("refused"); },
     "refused"},
    {"a slow way to Discord", check::reach, grade::warning, [](facts& f) { f.reach->latency = 1'500ms; },
     "1500 ms"},
    {"a clock that is behind", check::clock, grade::warning,
     [](facts& f) { f.reach->discord_ahead = net::clock_bounds{4s, 5s}; }, "at least 4.0 s behind"},
    {"a clock that is far ahead", check::clock, grade::error,
     [](facts& f) { f.reach->discord_ahead = net::clock_bounds{-3'601s, -3'600s}; }, "ahead of"},
    {"no Date", check::clock, grade::note, [](facts& f) { f.reach->discord_ahead.reset(); }},
    {"no identify left", check::identifies, grade::error,
     [](facts& f) { bot(f).gateway->limit.remaining = 0; }},
    {"fewer than the floor", check::identifies, grade::warning,
     [](facts& f) { bot(f).gateway->limit.remaining = 150; }, "150 of 1000 left, 200 kept back"},
    {"too full shards", check::shard_count, grade::error,
     [](facts& f) { bot(f).application->guilds_about = 5'200; }, "2,600 on each"},
    {"fewer shards than recommended", check::shard_count, grade::warning,
     [](facts& f) { bot(f).gateway->recommended_shards = 3; }},
    {"no database", check::postgres_reach, grade::error,
     [](facts& f) { f.database->server = broken("no answer"); }, "no answer"},
    {"a standby", check::postgres_reach, grade::error, [](facts& f) { server(f).in_recovery = true; }},
    {"a far database", check::postgres_reach, grade::note, [](facts& f) { server(f).latency = 60ms; }},
    {"an old server", check::postgres_version, grade::warning,
     [](facts& f) { server(f).version_number = 120'009; }},
    {"nearly all connections used", check::postgres_connections, grade::error,
     [](facts& f) { server(f).used = 96; }, "96 of 97"},
    {"too few for a rollout", check::postgres_connections, grade::warning,
     [](facts& f) { f.database->nodes = 12; }, "12 nodes (living, by the store) use 60 at most"},
    {"a role with a small limit", check::postgres_connections, grade::warning,
     [](facts& f) { server(f).role_limit = 15; }, "12 of 15"},
    {"a long transaction", check::long_transactions, grade::warning,
     [](facts& f) { server(f).transactions.front().age = 90s; }, "psql (pid 40)"},
    {"a very long one", check::long_transactions, grade::error,
     [](facts& f) { server(f).transactions.front().age = 2h; }},
    {"somebody waits for a lock", check::blocked, grade::error,
     [](facts& f) { server(f).blocked = {{"garden@one", 7, 3s, "psql", 8, "idle in transaction"}}; },
     "garden@one (pid 7) for 3.0 s on psql (pid 8, idle in transaction)"},
    {"a prepared transaction holds a lock", check::blocked, grade::error,
     [](facts& f) { server(f).blocked = {{"garden@one", 7, 3s, "", 0, ""}}; },
     "1 session waits: garden@one (pid 7) for 3.0 s on a prepared transaction"},
    {"a server that does not tell how long", check::blocked, grade::error,
     [](facts& f) {
       server(f).blocked = {{"garden@one", 7, 3s, "psql", 8, "active"}};
       server(f).tells_waits = false;
     },
     "garden@one (pid 7) on psql (pid 8, active), its statement runs for 3.0 s"},
    {"a session that waits for two", check::blocked, grade::error,
     [](facts& f) {
       server(f).blocked = {{"garden@one", 7, 3s, "psql", 8, "active"},
                            {"garden@one", 7, 3s, "psql", 9, "active"}};
     },
     "1 session waits: "},
    {"twelve sessions wait", check::blocked, grade::error,
     [](facts& f) { server(f).blocked = waits(12); }, "12 sessions wait: "},
    {"more wait than were read", check::blocked, grade::error,
     [](facts& f) { server(f).blocked = waits(store::most_sessions_read); },
     "at least 20 sessions wait: "},
    {"more transactions than were read", check::long_transactions, grade::warning,
     [](facts& f) {
       server(f).transactions.assign(store::most_sessions_read, {"psql", 40, 90s, "active"});
     },
     " and at least 15 more"},
    {"a database whose clock is behind", check::postgres_clock, grade::warning,
     [](facts& f) { server(f).clock_ahead = -5s; }, "5.0 s behind this machine's"},
    {"dead rows", check::dead_rows, grade::warning, [](facts& f) { server(f).tables.front().dead = 90'000; },
     "leases (90,000 of 90,100 rows"},
    {"no autovacuum", check::dead_rows, grade::error, [](facts& f) { server(f).autovacuum = false; }},
    {"old transaction ids", check::transaction_age, grade::warning,
     [](facts& f) { server(f).oldest_transaction_age = 700'000'000; }},
    {"pending migrations", check::schema, grade::warning,
     [](facts& f) {
       f.database->schema->state = store::schema_state::older;
       f.database->schema->found = 7;
     },
     "version 7 of 9: 2 to go"},
    {"tables of a later release", check::schema, grade::error,
     [](facts& f) { f.files.front().schema->state = store::schema_state::unreadable; }},
    {"a damaged file", check::sqlite_file, grade::error,
     [](facts& f) { f.files.front().file->damage = "row 7"; }, "row 7"},
    {"a file that is not there", check::sqlite_file, grade::note,
     [](facts& f) { f.files.front().file->there = false; }},
    {"a file that cannot be opened", check::sqlite_file, grade::error,
     [](facts& f) { f.files.front().file = broken("permission denied"); }},
    {"a file on the network", check::sqlite_place, grade::error,
     [](facts& f) {
       f.files.front().file->file_system = "nfs";
       f.files.front().file->shared = true;
     },
     "on nfs"},
    {"a log that grows", check::sqlite_log, grade::warning,
     [](facts& f) { f.files.front().file->log_bytes = 900'000'000; }},
    {"another journal", check::sqlite_log, grade::note,
     [](facts& f) { f.files.front().file->journal_mode = "delete"; }},
    {"Redis away", check::redis_reach, grade::error,
     [](facts& f) { f.redis = broken("refused: WRONGPASS to AUTH"); }, "WRONGPASS"},
    {"Redis far away", check::redis_latency, grade::warning, [](facts& f) { redis(f).latency = 40ms; }},
    {"an old Redis", check::redis_version, grade::warning, [](facts& f) { redis(f).version = "5.0.7"; }},
    {"Redis full", check::redis_memory, grade::error, [](facts& f) { redis(f).used_memory = 99'000'000; }},
    {"Redis that throws away", check::redis_eviction, grade::warning,
     [](facts& f) {
       redis(f).eviction = "allkeys-lru";
       redis(f).evicted_keys = 9;
     }},
    {"a replica", check::redis_writes, grade::error, [](facts& f) { redis(f).role = "slave"; }},
    {"a save that failed", check::redis_writes, grade::warning,
     [](facts& f) { redis(f).last_save_failed = true; }},
    {"a full disk", check::disk_space, grade::error, [](facts& f) { folder(f).free = 1'000'000; }},
    {"a disk that becomes full", check::disk_space, grade::warning,
     [](facts& f) { folder(f).free = 5ULL << 30U; }},
    {"no inodes", check::disk_files, grade::warning, [](facts& f) { folder(f).free_files = 10; }},
    {"a folder of somebody else", check::folder, grade::error, [](facts& f) { folder(f).writable = false; }},
    {"few files", check::open_files, grade::error, [](facts& f) { f.machine.open_files->soft = 200; }},
    {"barely enough files", check::open_files, grade::warning,
     [](facts& f) { f.machine.open_files->soft = 320; }},
    {"memory at its limit", check::memory_limit, grade::error,
     [](facts& f) { f.machine.memory->used = 255'000'000; }},
    {"killed before", check::memory_limit, grade::warning,
     [](facts& f) { f.machine.memory->killed_for_it = 2; }},
    {"no node", check::node, grade::warning, [](facts& f) { f.fleet.node = broken("nobody listens there"); }},
    {"a node that is not heard", check::node, grade::note, [](facts& f) { f.fleet.unheard = {{"two", "10.0.0.2:3003: nobody listens there", ""}}; },
     "over the peer link: 10.0.0.2:3003: nobody listens there"},
    {"a bot that ran before", check::unowned, grade::error,
     [](facts& f) { nobody_runs(f.fleet).node = broken("nobody listens there"); }, "no node runs it, and one did"},
    {"a bot that its node has just begun", check::unowned, grade::note,
     [](facts& f) { nobody_runs(f.fleet).node->bots.front().status = "starting"; }, "has it (starting), and no shard"},
    {"a bot that never ran", check::unowned, grade::note,
     [](facts& f) {
       nobody_runs(f.fleet).node->bots.clear();
       f.fleet.picture->leases.clear();
     },
     "no node runs it"},
    {"a bot that ran before and is not looked for", check::unowned, grade::note,
     [](facts& f) { nobody_runs(f.fleet).node = not_asked("--offline"); }, "no node runs it, and one did"},
    {"a shard held by two", check::owned_twice, grade::error,
     [](facts& f) { f.fleet.others.front().shards.push_back(live_shard("music", 0, 2)); },
     "music 0/2 by one and two"},
    {"a shard of nobody", check::unowned, grade::error,
     [](facts& f) { f.fleet.picture->leases.back().free_in = 0ms; }, "1 of 2: 1"},
    {"a shard of nobody right after a start", check::unowned, grade::note,
     [](facts& f) {
       f.fleet.picture->leases.back().free_in = 0ms;
       f.fleet.picture->nodes.front().up_for = 5s;
     }},
    {"a store that does not answer", check::unowned, grade::error,
     [](facts& f) { f.fleet.picture = broken("unreachable"); }},
    {"a shard that is not connected", check::zombie, grade::warning,
     [](facts& f) { f.fleet.node->shards.front().state = "holding"; }, "music 0/2 is holding (one)"},
    {"a shard that hears nothing", check::zombie, grade::warning,
     [](facts& f) { f.fleet.node->shards.front().last_event = 20min; }, "heard nothing for 20 min"},
    {"two numbers of shards", check::two_counts, grade::error,
     [](facts& f) { f.fleet.picture->leases.push_back(owned_shard("music", 0, 4, "two")); },
     "of 2 and of 4 at once"},
    {"a bot that stopped", check::bot_state, grade::error,
     [](facts& f) { f.fleet.node->bots.front() = {"music", "stopped", "the token was refused"}; },
     "stopped: the token was refused"},
    {"a bot that waits", check::bot_state, grade::warning,
     [](facts& f) { f.fleet.node->bots.front() = {"music", "degraded", "Discord cannot be reached"}; }},
    {"two bots do the same, apart", check::same_feature, grade::error,
     [](facts& f) {
       f.bots.push_back(healthy_bot("game"));
       f.bots.back().data_place = "storage/game.sqlite";
     },
     "both in 2 guilds"},
    {"two bots do the same, by claims", check::same_feature, grade::note,
     [](facts& f) { f.bots.push_back(healthy_bot("game")); }, "both with tickets"},
    {"two bots do the same, and their guilds are too many to list", check::same_feature, grade::note,
     [](facts& f) {
       f.bots.push_back(healthy_bot("game"));
       f.bots.back().guilds->whole = false;
     },
     "both in at least 2 guilds"},
    {"two bots with the same commands", check::same_feature, grade::note,
     [](facts& f) {
       f.bots.push_back(healthy_bot("game"));
       f.bots.back().needs.erase(f.bots.back().needs.begin());
     },
     "both with ping"},
    {"edits in conflict", check::edit_conflicts, grade::warning,
     [](facts& f) { f.fleet.node->edits->conflicts = 200; }, "200 of 600 tries"},
    {"metrics that do not come", check::edit_conflicts, grade::note,
     [](facts& f) { f.fleet.node->edits = broken("GET /metrics: 500"); }, "500"},
    {"a late job", check::jobs_overdue, grade::warning,
     [](facts& f) { jobs(f).soonest.front().plan.due = test_now - 3min; },
     "tickets/close/9 of music by 3 min 00 s"},
    {"a job late by an hour", check::jobs_overdue, grade::error,
     [](facts& f) { jobs(f).soonest.front().plan.due = test_now - 1h; }},
    {"a dead job", check::jobs_dead, grade::warning, [](facts& f) { jobs(f).counts.front().dead = 1; }},
    {"a job on a dead node", check::jobs_stuck, grade::warning,
     [](facts& f) { jobs(f).leased.front().node = "gone"; }, "on gone"},
    {"more jobs on dead nodes than are named", check::jobs_stuck, grade::warning,
     [](facts& f) {
       jobs(f).leased.front().node = "gone";
       jobs(f).leased.resize(7, jobs(f).leased.front());
       jobs(f).counts.front().leased = 7;
     },
     "7 jobs running on a node that does not live: tickets/close/9 of music on gone"},
    {"a leak", check::memory_growth, grade::warning,
     [](facts& f) {
       for (std::size_t i = 0; i < f.fleet.memory->rows.size(); ++i)
         f.fleet.memory->rows[i].bytes.front() += static_cast<double>(i) * 50'000;
     },
     "3 MB an hour"},
    {"a fast leak", check::memory_growth, grade::error,
     [](facts& f) {
       for (std::size_t i = 0; i < f.fleet.memory->rows.size(); ++i)
         f.fleet.memory->rows[i].bytes.front() += static_cast<double>(i) * 1'000'000;
     }},
    {"heavy guilds", check::guild_bytes, grade::warning,
     [](facts& f) { f.fleet.memory->rows.back().bytes.back() = 1'200 * 30e3; }, "30.0 kB"},
};

TEST(doctor, names_each_illness_and_says_what_to_do) {
  for (const illness& each : illnesses) {
    facts ill = healthy_facts();
    each.infect(ill);
    const diagnosis judged = judge(ill);
    const finding* found = find(judged, each.what, each.how);
    ASSERT_NE(found, nullptr) << each.name;
    EXPECT_THAT(found->seen, HasSubstr(each.says)) << each.name;
    EXPECT_THAT(found->meaning, Not(IsEmpty())) << each.name;
    EXPECT_THAT(found->todo, Not(IsEmpty())) << each.name;
    for (const finding& other : judged.findings) {
      if (other.what == each.what || other.how == grade::fine) continue;
      EXPECT_LE(other.how, each.how) << each.name << " is not to be outdone by " << id_of(other.what);
    }
  }
}

TEST(doctor, has_an_illness_for_every_check) {
  std::set<check> ill;
  for (const illness& each : illnesses) ill.insert(each.what);
  for (const check each : all_checks()) EXPECT_TRUE(ill.contains(each)) << id_of(each);
}

}  // namespace
}  // namespace guildfleet::ops::doctor
