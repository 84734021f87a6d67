#include "ops/doctor/finding.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <tuple>
#include <utility>

namespace guildfleet::ops::doctor {
namespace {

constexpr std::array titles = std::to_array<std::pair<check, std::string_view>>({
    {check::token, "token"},
    {check::application_id, "application id"},
    {check::privileged_intents, "privileged intents"},
    {check::unused_intents, "intents that nothing uses"},
    {check::commands, "registered commands"},
    {check::permissions, "permissions of features"},
    {check::hidden_channels, "channels out of reach"},
    {check::reach, "Discord's API"},
    {check::clock, "clock"},
    {check::identifies, "identifies left"},
    {check::shard_count, "number of shards"},
    {check::postgres_reach, "PostgreSQL answers"},
    {check::postgres_version, "PostgreSQL's version"},
    {check::postgres_connections, "connections"},
    {check::long_transactions, "long transactions"},
    {check::blocked, "waiting for locks"},
    {check::dead_rows, "dead rows"},
    {check::schema, "tables"},
    {check::transaction_age, "age of transactions"},
    {check::postgres_clock, "PostgreSQL's clock"},
    {check::sqlite_file, "SQLite file"},
    {check::sqlite_place, "place of the file"},
    {check::sqlite_log, "write-ahead log"},
    {check::redis_reach, "Redis answers"},
    {check::redis_latency, "Redis' latency"},
    {check::redis_version, "Redis' version"},
    {check::redis_memory, "Redis' memory"},
    {check::redis_eviction, "eviction"},
    {check::redis_writes, "Redis takes writes"},
    {check::disk_space, "disk space"},
    {check::disk_files, "inodes"},
    {check::open_files, "open files"},
    {check::memory_limit, "memory limit"},
    {check::folder, "folder"},
    {check::node, "running node"},
    {check::owned_twice, "shards owned twice"},
    {check::unowned, "shards without an owner"},
    {check::zombie, "shards that hear nothing"},
    {check::two_counts, "two numbers of shards"},
    {check::bot_state, "bot's own word"},
    {check::same_feature, "two bots, one feature"},
    {check::edit_conflicts, "conflicting edits"},
    {check::jobs_overdue, "overdue jobs"},
    {check::jobs_dead, "dead jobs"},
    {check::jobs_stuck, "stuck jobs"},
    {check::memory_growth, "memory growth"},
    {check::guild_bytes, "memory of a guild"},
});

constexpr auto checks = [] {
  std::array<check, titles.size()> out{};
  for (std::size_t i = 0; i < titles.size(); ++i) out[i] = titles[i].first;
  return out;
}();

}  // namespace

std::string_view name_of(grade value) {
  switch (value) {
    case grade::fine:
      return "fine";
    case grade::note:
      return "note";
    case grade::warning:
      return "warning";
    case grade::error:
      return "error";
  }
  return "unknown";
}

std::string_view name_of(section value) {
  switch (value) {
    case section::token:
      return "token";
    case section::gateway:
      return "gateway";
    case section::database:
      return "database";
    case section::redis:
      return "redis";
    case section::machine:
      return "machine";
    case section::fleet:
      return "fleet";
  }
  return "unknown";
}

std::string_view title_of(section value) {
  switch (value) {
    case section::token:
      return "Token, intents, commands, permissions";
    case section::gateway:
      return "Discord: reach, clock, identifies";
    case section::database:
      return "Database";
    case section::redis:
      return "Redis";
    case section::machine:
      return "This machine";
    case section::fleet:
      return "Fleet: shards, conflicts, jobs, memory";
  }
  return "Other";
}

std::span<const check> all_checks() {
  return checks;
}

std::string id_of(check value) {
  return fmt::format("GD{}", std::to_underlying(value));
}

std::string_view title_of(check value) {
  const auto* const found = std::ranges::find(titles, value, &std::pair<check, std::string_view>::first);
  return found == titles.end() ? "" : found->second;
}

section section_of(check value) {
  return static_cast<section>(std::to_underlying(value) / 100);
}

std::size_t diagnosis::count(grade how) const {
  return static_cast<std::size_t>(std::ranges::count(findings, how, &finding::how));
}

void sort_for_reading(diagnosis& of) {
  std::ranges::sort(of.findings, {}, [](const finding& each) {
    return std::tuple(section_of(each.what), -static_cast<int>(each.how), each.what,
                      std::string_view(each.subject), std::string_view(each.seen));
  });
  std::ranges::sort(of.not_asked, {}, [](const unasked& each) {
    return std::tuple(each.where, std::string_view(each.what), std::string_view(each.why));
  });
}

}  // namespace guildfleet::ops::doctor
