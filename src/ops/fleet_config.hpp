// The configuration of a node: the schema of fleet.yaml, and the same from environment variables alone. Every
// member has its default here; docs/configuration.md describes each (a test compares).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/problem.hpp"
#include "base/secret.hpp"
#include "base/variables.hpp"
#include "discord/model/ids.hpp"
#include "ops/deploy_section.hpp"

namespace guildfleet::ops {

// node: who this process is.
struct node_section {
  std::string name;            // default: $NODE_NAME, then the host's name
  std::string release;         // default: $RELEASE, then the build's version
  bool names_release = false;  // the file does
  std::string advertise;   // host:port under which other nodes reach this one; empty: they meet in the store
  base::secret fleet_key;  // with `advertise`: the same on all nodes
  std::uint32_t weight = 1;             // this node's part of shards that several nodes share; 0: none
  std::uint32_t moves_per_minute = 60;  // shards given to other nodes to balance
};

// log:
struct log_section {
  base::log_level level = base::log_level::info;
  base::log_format format = base::log_format::text;
};

// discord: where Discord is. The gateway's address always comes from GET /gateway/bot.
struct discord_section {
  std::string api_url = "https://discord.com/api";
  std::uint32_t silent_after = 600;  // seconds; 0: never
  std::string ca_file;               // PEM file trusted beside the system's roots; empty: none
  std::string ca_text;               // the certificates in it, for renderers
};

// Where a node's leases and sessions lie when there is a database.
enum class lease_place { shared, local };

// store:
struct store_section {
  std::string sqlite = "storage/{bot}.sqlite";  // {bot} is the bot's name; without it all bots share one file
  base::secret database_url;                    // postgresql://...; empty: everything is in SQLite
  // shared: in the database, so that several nodes may run one bot; local: in SQLite, so that a fleet on one
  // machine acts on while the database is away.
  lease_place leases = lease_place::shared;
  unsigned connections = 4;     // to the database, at most
  bool listen = true;           // for changes, on a connection of its own
  base::secret listen_url;      // of the server itself where database_url is a pooler's; empty: database_url
  bool names_database = false;  // the file does, whether or not the address is known here
  bool names_listen = false;    // the same of listen_url

  [[nodiscard]] bool uses_sqlite() const { return database_url.empty() || leases == lease_place::local; }
};

// api: settings over HTTP, for those who have a token.
struct api_section {
  std::optional<std::uint16_t> port;  // nullopt: there is no API; 0: the system chooses
  std::string address = "127.0.0.1";
  std::vector<std::string> trusted_proxies;  // which tell for whom they ask, as 10.0.0.0/8
};

// redis: what makes a database quicker; nothing is lost with it.
struct redis_section {
  base::secret url;    // redis://..., rediss://...; empty: none
  std::string prefix;  // of every key; default: guildfleet:<fleet>
  bool named = false;  // by the file, whether or not the address is known here
};

// runtime:
struct runtime_section {
  unsigned threads = 0;  // event loops; 0: one per core, at most 4
};

enum class wire_compression { zstd_stream, zlib_stream, none };
[[nodiscard]] std::string_view name_of(wire_compression value);  // "zstd-stream"

enum class presence_status { online, idle, dnd, invisible };
[[nodiscard]] std::string_view name_of(presence_status value);

// bots[].presence: what members see beside the bot's name.
struct presence_section {
  presence_status status = presence_status::online;
  std::string text;  // custom status; empty: none
};

// Shards from `first` to `last`.
struct shard_span {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
};

// bots[]: one Discord application.
struct bot_section {
  std::string name;                               // ^[a-z0-9][a-z0-9_-]{0,31}$, unique
  base::secret token;                             // from token, token_file or token_env (exactly one)
  std::optional<discord::application_id> app_id;  // default: told by Discord at READY
  std::vector<std::string> features;              // default: the built-in guild features
  std::optional<std::uint32_t> shards;            // nullopt: auto, what Discord recommends
  std::optional<discord::guild_id> guild_id;      // register commands in this guild only
  std::vector<discord::guild_id> guilds;          // the only ones that it serves; empty: all
  std::int32_t priority = 0;                      // against other bots in one guild; higher wins
  std::optional<shard_span> shard_range;          // nullopt: any shard may run here
  std::string ring;                               // of rollouts that go ring by ring; empty: none
  double identify_floor = 0.2;                    // part of a day's identifies that is kept back
  wire_compression compression = wire_compression::zstd_stream;
  presence_section presence;
  std::string sqlite_path;  // resolved: store.sqlite with the name filled in
  base::text_position at;   // where the file describes this bot
};

// experiments[]: a variant of a feature for some of the guilds.
struct experiment_section {
  std::string name;  // ^[a-z0-9][a-z0-9_-]{0,31}$, unique
  std::string feature;
  std::string variant;
  std::optional<std::uint32_t> share_per_million;  // of all guilds; nullopt: `guilds`
  std::vector<discord::guild_id> guilds;
  std::vector<std::string> bots;               // empty: all that have the feature
  std::optional<std::chrono::sys_days> until;  // its last day, in UTC
  base::text_position at;

  // The moment from which it is off.
  [[nodiscard]] std::optional<base::wall_time> ends() const {
    if (!until) return std::nullopt;
    return base::wall_time(*until + std::chrono::days(1));
  }
  [[nodiscard]] bool is_for(const bot_section& bot) const;
};

struct fleet_config {
  std::string fleet = "fleet";
  std::string address = "0.0.0.0";  // where /health, /metrics listen
  std::uint16_t port = 3001;
  node_section node;
  log_section log;
  discord_section discord;
  store_section store;
  redis_section redis;
  api_section api;
  std::string environment = "production";  // sets of data that do not see each other in one database
  std::string egress;         // name of the address of this host's requests; empty: the host itself
  std::string egress_folder;  // where the processes of a host count them; empty: /var/tmp/guildfleet-<uid>
  runtime_section runtime;
  std::vector<bot_section> bots;
  std::vector<experiment_section> experiments;  // the first of two that disagree counts
  deploy_section deploy;
};

// What the loader may know of the world outside the file.
struct config_surroundings {
  base::variable_lookup variables;  // environment and .env
  std::string host_name = "localhost";
  std::string build_version = "0";
  std::vector<std::string> known_features;                         // what this program can do
  std::vector<std::string> default_features;                       // for a bot that names none
  std::map<std::string, std::vector<std::string>> known_variants;  // of those features that have some
  base::wall_time now{};                                           // what has ended by then is told
  bool runs_here = true;  // false: secrets and folders that are not on this machine are not missed
};

// `config` is there only when no problem is an error. All problems are collected, in the order of the file.
struct config_outcome {
  std::optional<fleet_config> config;
  base::problem_list problems;
  std::string source;  // what was read: a file name, or "environment"
};

// `text` is the content of `source`; secret files and CA files it names are read, relative to the working
// directory.
[[nodiscard]] config_outcome parse_fleet_config(std::string_view text, std::string_view source,
                                                const config_surroundings& surroundings);

// One bot from DISCORD_TOKEN and its companions (each with a _FILE twin).
[[nodiscard]] config_outcome config_from_environment(const config_surroundings& surroundings);

// `file` when given; else ./fleet.yaml when it exists; else the environment alone.
[[nodiscard]] config_outcome load_fleet_config(const std::optional<std::filesystem::path>& file,
                                               const config_surroundings& surroundings);

}  // namespace guildfleet::ops
