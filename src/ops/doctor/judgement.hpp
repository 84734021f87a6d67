// From facts to findings. Pure: the same facts give the same findings.
#pragma once

#include "ops/doctor/facts.hpp"
#include "ops/doctor/finding.hpp"

namespace guildfleet::ops::doctor {

// Everything, sorted for reading.
[[nodiscard]] diagnosis judge(const facts& of);

// The parts, which add to `into`.
void judge_bot(const bot_facts& of, base::wall_time now, diagnosis& into);
void judge_reach(const answer<reach_facts>& of, diagnosis& into);
// `running`: the shard count that somebody runs; 0: unknown.
void judge_gateway(const bot_facts& of, std::uint32_t running, diagnosis& into);
void judge_database(const database_facts& of, diagnosis& into);
void judge_file(const file_facts& of, diagnosis& into);
void judge_redis(const answer<store::redis_health>& of, diagnosis& into);
void judge_machine(const machine_facts& of, diagnosis& into);
void judge_ownership(const fleet_facts& of, diagnosis& into);
void judge_conflicts(const facts& of, diagnosis& into);
void judge_jobs(const fleet_facts& of, diagnosis& into);
void judge_memory(const answer<memory_series>& of, diagnosis& into);

}  // namespace guildfleet::ops::doctor
