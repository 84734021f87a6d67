// GD4xx: Redis, without which everything works, only slower.
#include <charconv>
#include <fmt/format.h>

#include "ops/doctor/judgement.hpp"
#include "ops/doctor/notebook.hpp"
#include "ops/doctor/thresholds.hpp"
#include "ops/plan/figure_text.hpp"

namespace guildfleet::ops::doctor {
namespace {

using store::redis_health;

int major_of(std::string_view version) {
  int out = 0;
  std::from_chars(version.data(), version.data() + version.size(), out);
  return out;
}

void judge_latency(const redis_health& of, notebook& notes) {
  const std::string seen = fmt::format("PING takes {:.2f} ms, a connection {:.1f} ms",
                                       static_cast<double>(of.latency.count()) / 1e3,
                                       static_cast<double>(of.connect_time.count()) / 1e3);
  if (of.latency < slow_redis) {
    notes.fine(check::redis_latency, of.place, seen);
    return;
  }
  notes.say(
      check::redis_latency, of.place,
      {.how = grade::warning,
       .seen = seen,
       .meaning =
           "Each request to Discord reserves its place there first, and a cache this slow saves nothing.",
       .todo = "Run it beside the nodes, or take redis.url out."});
}

void judge_version(const redis_health& of, notebook& notes) {
  if (major_of(of.version) >= oldest_redis) {
    notes.fine(check::redis_version, of.place, of.version);
    return;
  }
  notes.say(check::redis_version, of.place,
            {.how = grade::warning,
             .seen = of.version,
             .meaning = "It gets no fixes any more, and this program is tested with 7.",
             .todo = "Install a newer one; nothing in it has to be kept."});
}

void judge_memory(const redis_health& of, notebook& notes) {
  const std::string used = bytes_text(static_cast<double>(of.used_memory));
  if (of.max_memory == 0) {
    notes.fine(check::redis_memory, of.place, fmt::format("{}, without a limit", used));
    return;
  }
  const double full = static_cast<double>(of.used_memory) / static_cast<double>(of.max_memory);
  const std::string seen =
      fmt::format("{} of {} ({})", used, bytes_text(static_cast<double>(of.max_memory)), share_text(full));
  if (full < redis_memory_full) {
    notes.fine(check::redis_memory, of.place, seen);
    return;
  }
  const bool refuses = of.eviction == "noeviction";
  notes.say(
      check::redis_memory, of.place,
      {.how = refuses ? grade::error : grade::warning,
       .seen = seen,
       .meaning = refuses
                      ? "When it is full it refuses writes (OOM): nothing is cached, and request rates are "
                        "no longer shared."
                      : "It throws keys away to make room.",
       .todo = "Raise maxmemory, or see what else lies in it: redis-cli --bigkeys."});
}

void judge_eviction(const redis_health& of, notebook& notes) {
  const std::string seen = fmt::format("{}, {} thrown away so far", of.eviction, grouped(of.evicted_keys));
  if (!of.eviction.starts_with("allkeys") || of.max_memory == 0) {
    notes.fine(check::redis_eviction, of.place, seen);
    return;
  }
  notes.say(
      check::redis_eviction, of.place,
      {.how = of.evicted_keys > 0 ? grade::warning : grade::note,
       .seen = seen,
       .meaning = "Reservations of the shared request rate may be thrown away too; then nodes send more than "
                  "Discord allows, and get 429.",
       .todo =
           "redis-cli CONFIG SET maxmemory-policy volatile-ttl (our keys all have an end), and the same in "
           "redis.conf."});
}

void judge_writes(const redis_health& of, notebook& notes) {
  if (of.role != "master") {
    notes.say(check::redis_writes, of.place,
              {.how = grade::error,
               .seen = fmt::format("it is a {}", of.role),
               .meaning = "A replica takes no writes: nothing is cached, no rate shared.",
               .todo = "Let redis.url name the master."});
  } else if (of.cluster) {
    notes.say(check::redis_writes, of.place,
              {.how = grade::warning,
               .seen = "it is a part of a cluster",
               .meaning = "Keys that lie on other parts are refused (MOVED); this program does not follow.",
               .todo = "Use a single server."});
  } else if (of.last_save_failed) {
    notes.say(
        check::redis_writes, of.place,
        {.how = grade::warning,
         .seen = "its last save to disk failed",
         .meaning = "With stop-writes-on-bgsave-error, which is usual, it refuses writes (MISCONF).",
         .todo = "Look at its disk and log; nothing in it has to be kept: redis-cli CONFIG SET save \"\"."});
  } else if (of.rejected_connections > 0) {
    notes.say(check::redis_writes, of.place,
              {.how = grade::note,
               .seen = fmt::format("{} connections refused since it started; {} of {} used now",
                                   grouped(of.rejected_connections), of.clients, grouped(of.max_clients)),
               .meaning = "It had maxclients connections at some time.",
               .todo = "See who connects: redis-cli CLIENT LIST."});
  } else {
    notes.fine(check::redis_writes, of.place, "a master, and it saves");
  }
}

}  // namespace

void judge_redis(const answer<redis_health>& of, diagnosis& into) {
  notebook notes(into);
  const auto* redis = notes.read(
      check::redis_reach, "", of,
      {.how = grade::error,
       .seen = {},
       .meaning = "The nodes go on without it: settings are read from the database each time, and each node "
                  "keeps to "
                  "its own part of the request rate.",
       .todo =
           "See whether it runs and takes connections from here: redis-cli -h HOST --user USER PING, with "
           "the password in REDISCLI_AUTH; a password in a command can be read by every user of the "
           "machine."});
  if (redis == nullptr) return;
  notes.fine(check::redis_reach, redis->place, "it does");
  judge_latency(*redis, notes);
  if (redis->info_refused) {
    into.not_asked.push_back(
        {section::redis, "version, memory, eviction, role",
         fmt::format("Redis refuses INFO to this user ({}); ACL SETUSER ... +info allows it",
                     *redis->info_refused)});
    return;
  }
  judge_version(*redis, notes);
  judge_memory(*redis, notes);
  judge_eviction(*redis, notes);
  judge_writes(*redis, notes);
}

}  // namespace guildfleet::ops::doctor
