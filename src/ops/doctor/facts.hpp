// What the doctor judges, as plain values: gathered by probes that do the I/O. Each answer is there, or tells
// why it is not.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/machine.hpp"
#include "base/result.hpp"
#include "discord/model/ids.hpp"
#include "discord/model/intents.hpp"
#include "discord/model/permissions.hpp"
#include "fleet/identify_gate.hpp"
#include "net/http_date.hpp"
#include "ops/doctor/memory_series.hpp"
#include "store/data_rows.hpp"
#include "store/fleet_rows.hpp"
#include "store/health.hpp"
#include "store/schema_look.hpp"

namespace guildfleet::ops::doctor {

// `tried`: it was asked, and that failed; otherwise it was not to be asked, or there is nobody to ask.
struct no_answer {
  bool tried = false;
  std::string why{};
  std::string fix{};
};
template <class T>
using answer = std::expected<T, no_answer>;

[[nodiscard]] inline std::unexpected<no_answer> not_asked(std::string why) {
  return std::unexpected(no_answer{.tried = false, .why = std::move(why)});
}
// The text of `why` without its fix, which stands beside it.
[[nodiscard]] inline std::unexpected<no_answer> failed(const base::error& why) {
  return std::unexpected(
      no_answer{.tried = true, .why = base::error(why.code(), why.context()).message(), .fix = why.fix()});
}

// What one feature of a bot needs of Discord.
struct feature_need {
  std::string feature{};
  bool exclusive = false;  // two bots in one guild must not both do it
  bool has_commands = false;
  discord::intent_set intents{};
  discord::permission_set permissions{};  // of the bot itself
};

struct account_facts {
  std::string name{};  // of the bot's user
};
struct application_facts {
  discord::application_id id{};
  std::uint64_t flags = 0;
  std::optional<std::uint64_t> guilds_about{};
};
struct gateway_facts {
  std::uint32_t recommended_shards = 1;
  fleet::session_start_limit limit{};
};
// What registering the commands would change.
struct command_facts {
  std::string where{};  // "everywhere", "in guild 123"
  std::size_t wanted = 0;
  std::vector<std::string> added{};
  std::vector<std::string> changed{};
  std::vector<std::string> removed{};
};

struct channel_facts {
  std::string name{};
  discord::permission_set has{};
};
// The bot in one guild.
struct guild_facts {
  discord::guild_id id{};
  std::string name{};
  discord::permission_set has{};          // by its roles
  std::vector<channel_facts> channels{};  // text channels
  std::optional<base::wall_time> timed_out_until{};
};
struct guild_list {
  std::vector<discord::guild_id> ids{};  // the first of them
  bool whole = true;                     // there are no more
};

struct bot_facts {
  std::string name{};
  std::optional<discord::application_id> configured_id{};
  std::vector<feature_need> needs{};
  std::optional<std::uint32_t> configured_shards{};
  double identify_floor = 0.2;
  std::string data_place{};  // where its claims and jobs are: a file, or the database
  answer<account_facts> account = not_asked("");
  answer<application_facts> application = not_asked("");
  answer<gateway_facts> gateway = not_asked("");
  answer<command_facts> commands = not_asked("");
  answer<guild_list> guilds = not_asked("");
  std::vector<answer<guild_facts>> looked_at{};  // the first of `guilds`
};

struct reach_facts {
  std::string place{};                   // the host
  std::chrono::milliseconds latency{0};  // of a small request on an open connection: the best of some
  std::optional<net::clock_bounds> discord_ahead{};  // of this machine; nullopt: no Date came
};

struct database_facts {
  std::uint32_t nodes = 1;
  std::string nodes_by{};  // how that is known
  unsigned connections_per_node = 4;
  bool listens = true;
  answer<store::postgres_health> server = not_asked("");
  answer<store::schema_look> schema = not_asked("");
};
struct file_facts {
  std::string path{};
  answer<store::sqlite_health> file = not_asked("");
  answer<store::schema_look> schema = not_asked("");
};

struct machine_facts {
  std::vector<std::pair<std::string, answer<base::folder_space>>> folders{};  // by path
  std::uint64_t open_files_needed = 0;
  answer<base::open_file_limit> open_files = not_asked("");
  answer<base::memory_limit> memory = not_asked("");
};

// A shard as the node says that has it.
struct shard_word {
  store::lease_key key{};
  std::string state{};  // as /health names it
  bool held = false;
  bool muted = false;
  std::optional<std::chrono::milliseconds> last_event{};  // ago
  std::uint64_t guilds = 0;
};
// Of settings, since the node started.
struct edit_counts {
  double changes = 0;
  double conflicts = 0;  // tries that were refused, as somebody else was faster
};
// What a bot says of itself there.
struct bot_word {
  std::string name{};
  std::string status{};   // "ok", "degraded", "stopped", "starting"
  std::string problem{};  // with its fix; empty: none
};
struct node_word {
  std::string name{};
  std::chrono::seconds uptime{0};
  std::vector<shard_word> shards{};
  std::vector<bot_word> bots{};
  answer<edit_counts> edits = not_asked("");
};

// A node that told nothing over the peer link.
struct unheard_node {
  std::string name{};
  std::string why{};  // empty: it answered, and has no shards
  std::string fix{};  // empty: none is known
};

// Of the bots that are meant, in one place of data.
struct job_facts {
  std::string place{};
  base::wall_time now{};
  std::vector<store::job_count> counts{};
  std::vector<store::job_row> soonest{};  // of those waiting
  std::vector<store::job_row> leased{};
  std::vector<store::job_row> dead{};
};

struct fleet_facts {
  std::string url{};  // of the node that was asked
  answer<node_word> node = not_asked("");
  std::vector<node_word> others{};      // that answered over the peer link
  std::vector<unheard_node> unheard{};  // that live by the store, and did not
  bool may_ask_others = true;           // there is a fleet key
  answer<store::fleet_picture> picture = not_asked("");
  std::vector<std::string> configured{};   // bots
  std::chrono::seconds silent_after{600};  // 0: never
  bool resharding = false;                 // two numbers of shards are meant
  std::vector<answer<job_facts>> jobs{};
  answer<memory_series> memory = not_asked("");
};

struct facts {
  base::wall_time now{};
  answer<reach_facts> reach = not_asked("");
  std::vector<bot_facts> bots{};
  std::optional<database_facts> database{};  // nullopt: everything is in files
  std::vector<file_facts> files{};
  std::optional<answer<store::redis_health>> redis{};  // nullopt: there is none
  machine_facts machine{};
  fleet_facts fleet{};
};

}  // namespace guildfleet::ops::doctor
