// Where the doctor draws its lines, each with its reason.
#pragma once

#include <chrono>
#include <cstdint>

namespace guildfleet::ops::doctor {

using namespace std::chrono_literals;

// An interaction must be answered within 3 s; a handler makes a few requests one after the other.
inline constexpr std::chrono::milliseconds slow_discord = 300ms;
inline constexpr std::chrono::milliseconds very_slow_discord = 1'000ms;

// Windows of rate limits are counted in seconds by Discord's clock, timers and time-outs are written as times
// of day: two seconds are what a machine without time service is off within days.
inline constexpr std::chrono::milliseconds clock_off = 2s;
// A snowflake's or a time-out's time is then plainly wrong, and certificates begin to look expired.
inline constexpr std::chrono::milliseconds clock_far_off = 60s;

// Discord refuses an IDENTIFY for a shard with more (close code 4011).
inline constexpr std::uint64_t most_guilds_of_a_shard = 2'500;
// From here on the next good day makes it 2,500.
inline constexpr std::uint64_t full_shard = 2'000;

// Reading settings waits two seconds at most, and an interaction makes several calls.
inline constexpr std::chrono::milliseconds slow_database = 20ms;
inline constexpr std::chrono::milliseconds very_slow_database = 250ms;
// The oldest for which there are still fixes; tests run with 15.
inline constexpr int oldest_supported_postgres = 14;
// A rollout runs both releases for a while: what is used now must fit in twice.
inline constexpr double connections_full = 0.8;
inline constexpr double connections_exhausted = 0.95;
// Our own calls end within 5 s; a migration within a minute.
inline constexpr std::chrono::milliseconds long_transaction_from = 60s;
// Rows that died since then cannot be removed, and locks that it has stop migrations.
inline constexpr std::chrono::milliseconds very_long_transaction_from = 15min;
// Calls give up a lock after 2 s (pool_settings::lock_timeout).
inline constexpr std::chrono::milliseconds blocked_from = 2s;
// Autovacuum comes at 20 % and 50 rows: more than half dead means that it does not keep up.
inline constexpr double dead_share = 0.5;
// Small tables are rewritten all the time, and cost nothing.
inline constexpr std::uint64_t dead_rows_that_matter = 10'000;
// autovacuum_freeze_max_age is 200 million; at 2,000 million the server takes no writes any more.
inline constexpr std::uint64_t old_transactions = 500'000'000;
inline constexpr std::uint64_t very_old_transactions = 1'500'000'000;
// journal_size_limit is 1 MiB: a log that stays this large has a reader that never ends.
inline constexpr std::uint64_t large_log = 64U << 20U;

// It is to be quicker than the database.
inline constexpr std::chrono::milliseconds slow_redis = 10ms;
// Scripts, PEXPIRE, Pub/Sub are older; tests run with 7.
inline constexpr int oldest_redis = 6;
inline constexpr double redis_memory_full = 0.9;

// A database that cannot write takes the bots' leases with it.
inline constexpr double little_disk = 0.10;
inline constexpr double no_disk = 0.03;
// Of a large disk a tenth is plenty.
inline constexpr std::uint64_t plenty_of_disk = 10ULL << 30U;
inline constexpr std::uint64_t never_enough_disk = 256ULL << 20U;
// Room for peaks: reconnects hold two sockets for a while.
inline constexpr double open_files_headroom = 1.5;
inline constexpr double memory_tight = 0.8;
inline constexpr double memory_full = 0.95;

// discord.silent_after says when a shard is taken for dead; this is for shards that are not connected.
inline constexpr std::chrono::milliseconds not_connected_for = 60s;
// A node renews each second; one that was not seen for longer may have ended just now.
inline constexpr std::chrono::milliseconds node_starts_within = 60s;
// Of settings changes. Members who edit the same page at the same time are rare.
inline constexpr double many_conflicts = 0.1;
inline constexpr double conflicts_that_matter = 10;
// A timer of a minute's precision is late then.
inline constexpr std::chrono::milliseconds overdue_from = 60s;
inline constexpr std::chrono::milliseconds far_overdue_from = 10min;

// Caches fill, guilds arrive, the allocator finds its size: what came before tells nothing.
inline constexpr std::chrono::minutes warm_up = 10min;
// Fewer samples, of a minute each, and any wave looks like a slope.
inline constexpr std::size_t samples_to_judge = 60;
// Three standard deviations: a false alarm in a thousand.
inline constexpr double sure = 3;
// What grows by less a day is no leak that anybody would hunt.
inline constexpr double slow_leak_bytes_per_hour = 1e6;
inline constexpr double fast_leak_bytes_per_hour = 20e6;
// Against what docs/benchmarks.md measures for a guild: large guilds have several times as many channels.
inline constexpr double guild_bytes_outlier = 5;
inline constexpr std::uint64_t guilds_to_tell = 100;

}  // namespace guildfleet::ops::doctor
