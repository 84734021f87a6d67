#include "ops/doctor/judgement.hpp"

#include <algorithm>

namespace guildfleet::ops::doctor {
namespace {

// How many shards the bot has, of the set that most nodes run; 0: none runs.
std::uint32_t running_shards(const fleet_facts& of, const std::string& bot) {
  if (!of.picture) return 0;
  std::uint32_t out = 0;
  for (const store::lease_row& lease : of.picture->leases) {
    if (lease.key.bot.value == bot && lease.is_owned()) out = std::max(out, lease.key.shard.count);
  }
  return out;
}

}  // namespace

diagnosis judge(const facts& of) {
  diagnosis out;
  judge_reach(of.reach, out);
  for (const bot_facts& each : of.bots) {
    judge_bot(each, of.now, out);
    judge_gateway(each, running_shards(of.fleet, each.name), out);
  }
  if (of.database) judge_database(*of.database, out);
  for (const file_facts& each : of.files) judge_file(each, out);
  if (of.redis) judge_redis(*of.redis, out);
  judge_machine(of.machine, out);
  judge_ownership(of.fleet, out);
  judge_conflicts(of, out);
  judge_jobs(of.fleet, out);
  judge_memory(of.fleet.memory, out);
  sort_for_reading(out);
  return out;
}

}  // namespace guildfleet::ops::doctor
