// A fleet as services: which processes run which bots, with which secrets and servers. What Compose,
// Kubernetes and the others are rendered from.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "ops/fleet_config.hpp"
#include "ops/render/rendered_file.hpp"

namespace guildfleet::ops {

// Where things are inside a container; the image is made for it.
inline constexpr std::string_view storage_folder = "/app/storage";
inline constexpr std::string_view secrets_folder = "/run/secrets";
inline constexpr std::string_view weights_folder = "/app/weights";  // of nginx, as guildfleet writes them
inline constexpr std::string_view config_path = "/etc/guildfleet/fleet.yaml";
inline constexpr std::string_view ca_path = "/etc/guildfleet/ca.pem";  // discord.ca_file's
inline constexpr std::uint32_t container_uid = 65'532;
inline constexpr std::uint32_t redis_uid = 999;  // of its image
// Reads a secret under several users, or under one that differs by image: PostgreSQL.
inline constexpr std::uint32_t any_uid = 0xffff'ffff;

// Servers that run beside the fleet.
inline constexpr std::string_view postgres_image = "postgres:16-alpine";
inline constexpr std::string_view redis_image = "redis:7-alpine";
// Shell commands of the latter. The password goes in by a pipe: an argument could be read by everybody on the
// machine. $$ is one dollar sign, for Compose as for Kubernetes.
inline constexpr std::string_view redis_start =
    "printf 'requirepass %s\\nsave \"\"\\nmaxmemory 96mb\\nmaxmemory-policy allkeys-lru\\nbind * -::*\\n' "
    "\"$$(cat /run/secrets/redis_password)\" | exec redis-server -";
inline constexpr std::string_view redis_ping =
    "printf 'AUTH %s\\nPING\\n' \"$$(cat /run/secrets/redis_password)\" | redis-cli | grep -q PONG";

// Ports inside containers: every node has the same.
inline constexpr std::uint16_t health_port = 3001;
inline constexpr std::uint16_t api_port = 3002;
inline constexpr std::uint16_t peer_port = 3003;

// A file in secrets_folder.
struct needed_secret {
  enum class origin {
    person,   // somebody knows it: a token, an address with a password
    made_up,  // a random text that nobody needs to know
    derived,  // the address of a server that runs beside the fleet, with its made-up password
  };
  std::string name;  // of the file, and of the secret in Compose; in Kubernetes _ becomes -
  origin from = origin::person;
  std::string what;                      // for a person: "the token of bot music"
  std::uint32_t reader = container_uid;  // who must be able to read the file in Compose
  bool operator==(const needed_secret&) const = default;
};

// Processes that are alike: they run the same bots and share their shards by leases.
struct service {
  std::string name;               // a DNS label
  std::vector<std::size_t> bots;  // of fleet_config::bots
  std::uint32_t nodes = 1;
  std::vector<needed_secret> secrets;
  std::string config;  // the text of its fleet.yaml: no secret in it, but where the files are
};

// Which of a node's two containers in Compose: the one that serves, or its twin, which is there beside it
// while a rollout moves the bot to another release, or back.
enum class node_twin { blue, green };

// What its nodes are called, in the store and in the network: "music-1", "music-2"; "music-1-green". As many
// as of.nodes, in order.
[[nodiscard]] std::vector<std::string> node_names(const service& of, node_twin which);

struct deployment {
  deploy_pattern pattern = deploy_pattern::independent;
  std::vector<service> services;
  bool has_postgres = false;           // one runs beside the fleet
  bool has_redis = false;              // one runs beside the fleet
  bool uses_database = false;          // that one, or one elsewhere
  std::vector<needed_secret> secrets;  // of all services and servers, each once
};

// Errors (ops_error::not_renderable) tell what in fleet.yaml does not fit the pattern.
[[nodiscard]] base::result<deployment> deployment_of(const fleet_config& config);

// A name as DNS labels allow it: "music_bot" is "music-bot".
[[nodiscard]] std::string dns_label(std::string_view name);

// Where a service's process finds things. Folders may be variables, which its configuration expands.
struct node_layout {
  std::string storage = std::string(storage_folder);
  std::string secrets = std::string(secrets_folder);
  std::string address = "0.0.0.0";  // of /health
  std::string api_address = "0.0.0.0";
  std::uint16_t health = health_port;
  std::uint16_t api = api_port;
  std::string egress;  // folder in which requests of all services are counted; empty: of each by itself
  // A program on the host itself: its own release, files of the host, logs as they are asked for; in a
  // container the release is the image's, the certificates of discord.ca_file are at ca_path, and logs are
  // for machines.
  bool on_host = false;
};

// fleet.yaml for a process that runs these bots: only what differs from the defaults, addresses and paths as
// it sees them.
[[nodiscard]] std::string node_config(const fleet_config& config, const deployment& all, const service& of,
                                      const node_layout& layout = {});

// config/ca.pem: the certificates of discord.ca_file, for containers. `command`: what writes it.
[[nodiscard]] rendered_file ca_file(const fleet_config& config, const std::string& command);

// fleet.yaml for `guildfleet rollout weights` in a container: all bots without their tokens, the database,
// and how many nodes there are.
[[nodiscard]] std::string weights_config(const fleet_config& config, const deployment& all);

}  // namespace guildfleet::ops
