#include "ops/check/fleet.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/yaml_document.hpp"
#include "ops/check/store_words.hpp"

namespace guildfleet::ops {
namespace {

using enum finding_severity;
using base::yaml_node;

enum class fleet_rule {
  unusable,
  doubtful,
  sqlite_on_network,
  nodes_without_leases,
  fixed_shards,
  secret_in_file,
  plain_database,
  default_password,
  too_many_connections,
  passing_storage,
  pooled_listening,
};

constexpr std::array table = {
    check_rule{"GF101", error, "The configuration cannot be used", "No node starts with it.",
               "Do what the message says."},
    check_rule{"GF102", warning, "The configuration is doubtful",
               "A node starts with it, but what is named is likely not what was meant.",
               "Do what the message says."},
    check_rule{
        "GF103", error, "SQLite on network storage",
        "SQLite needs locks that NFS, CIFS and the like do not keep: the file gets corrupt, and leases in it "
        "do not keep two nodes apart.",
        "Name a file on a local disk in store.sqlite; what several machines share belongs into PostgreSQL."},
    check_rule{"GF104", error, "Several nodes of a bot without leases that they share",
               "Leases in a SQLite file are seen on one machine only: nodes elsewhere run the same shards, "
               "and every "
               "event is handled as often as there are nodes.",
               "Set store.database_url and leave store.leases shared; or write pattern: independent."},
    check_rule{
        "GF105", note, "A number of shards that does not grow along",
        "Discord recommends one shard per 1,000 guilds and refuses a shard with more than 2,500: the "
        "common rule guilds/2500+1 is full at once, and a session that is refused ends the bot.",
        "Write shards: auto; or look ahead with guildfleet plan, and change it while running with guildfleet "
        "reshard."},
    check_rule{"GF106", warning, "A secret is written in the file",
               "It ends up in git, in backups and on screens.",
               "Write ${NAME} and keep the value in .env or the environment; or name a file with token_file "
               "and the like."},
    check_rule{"GF107", warning, "A database elsewhere without TLS",
               "Password and data pass networks that others can read.",
               "Add ?sslmode=verify-full (and sslrootcert=...) to a PostgreSQL address, and use rediss:// "
               "for Redis."},
    check_rule{"GF108", error, "A default password", "It is among the first that anybody tries.",
               "Make one up: openssl rand -hex 24"},
    check_rule{
        "GF109", warning, "More connections than PostgreSQL takes by default",
        "max_connections is 100, of which 3 are kept for administrators: the last nodes that start get none.",
        "Lower store.connections, raise max_connections, or put a pooler between; guildfleet plan counts "
        "them."},
    check_rule{"GF110", warning, "Data in a folder that does not last",
               "It is emptied at a restart of the machine or of the container, and settings, jobs and "
               "sessions are gone.",
               "Name a file in a folder that stays, such as /var/lib/guildfleet or a volume."},
    check_rule{"GF111", warning, "Changes are listened for through a pooler",
               "A pooler in transaction mode passes no notifications on: changes of settings are seen late, "
               "and nobody "
               "is told.",
               "Set store.listen_url to the server itself, or to off."},
};

const yaml_node* at_path(const yaml_node& root, std::initializer_list<std::string_view> path) {
  const yaml_node* node = &root;
  for (const std::string_view each : path) {
    if (node != nullptr) node = node->find(each);
  }
  return node;
}

class fleet_checker final {
 public:
  fleet_checker(const fleet_config& config, const source_text& file) : config_(config), source_(file.source) {
    base::problem_list ignored;
    auto documents = base::parse_foreign_yaml(file.text, file.source, ignored);
    if (documents && !documents->empty()) root_ = std::move(documents->front());
  }

  [[nodiscard]] finding_list check() {
    check_sqlite();
    check_nodes();
    check_shards();
    check_secrets();
    check_addresses();
    sort_findings(found_);
    return std::move(found_);
  }

 private:
  using path = std::initializer_list<std::string_view>;

  void add(fleet_rule rule, const yaml_node* where, std::string detail) {
    found_.push_back({&table.at(static_cast<std::size_t>(rule)), source_,
                      where == nullptr ? base::text_position{} : where->at, std::move(detail)});
  }
  [[nodiscard]] const yaml_node* node(path keys) const { return at_path(root_, keys); }

  void check_sqlite() {
    if (!config_.store.uses_sqlite()) return;
    const std::string& file = config_.store.sqlite;
    if (names_network_folder(file))
      add(fleet_rule::sqlite_on_network, node({"store", "sqlite"}), fmt::format("store.sqlite: {}", file));
    for (const std::string_view folder : {"/tmp/", "/dev/shm/", "/run/"}) {
      if (file.starts_with(folder))
        add(fleet_rule::passing_storage, node({"store", "sqlite"}), fmt::format("store.sqlite: {}", file));
    }
  }

  void check_nodes() {
    const deploy_section& deploy = config_.deploy;
    const bool several = deploy.pattern == deploy_pattern::services && deploy.nodes > 1;
    const bool in_database = config_.store.names_database && config_.store.leases == lease_place::shared;
    if (several && !in_database)
      add(fleet_rule::nodes_without_leases, node({"deploy"}),
          fmt::format("{} nodes of each bot, and leases in SQLite", deploy.nodes));
    if (!config_.store.names_database) return;
    constexpr std::size_t usable = 97;
    const std::size_t nodes = deploy.pattern == deploy_pattern::services ? deploy.nodes : 1;
    const std::size_t each = config_.store.connections + (config_.store.listen ? 1U : 0U);
    const std::size_t all = config_.bots.size() * nodes * each;
    if (all > usable)
      add(fleet_rule::too_many_connections, node({"store"}),
          fmt::format("{} bots x {} nodes x {} connections are {}", config_.bots.size(), nodes, each, all));
  }

  void check_shards() {
    const yaml_node* bots = root_.find("bots");
    if (bots == nullptr) return;
    for (const yaml_node& bot : bots->items) {
      const yaml_node* shards = bot.find("shards");
      const yaml_node* name = bot.find("name");
      if (shards == nullptr || shards->written == "auto" || name == nullptr) continue;
      add(fleet_rule::fixed_shards, shards, fmt::format("{}: shards: {}", name->written, shards->written));
    }
  }

  void check_secret(const yaml_node* value, std::string_view name) {
    if (value == nullptr || value->kind != yaml_node::node_kind::scalar) return;
    const std::string own = own_secret_of(value->written);
    if (own.empty() || own == "off") return;
    add(fleet_rule::secret_in_file, value, std::string(name));
  }

  void check_secrets() {
    check_secret(node({"store", "database_url"}), "store.database_url holds a password");
    check_secret(node({"store", "listen_url"}), "store.listen_url holds a password");
    check_secret(node({"redis", "url"}), "redis.url holds a password");
    check_secret(node({"node", "fleet_key"}), "node.fleet_key");
    const yaml_node* bots = root_.find("bots");
    if (bots == nullptr) return;
    for (const yaml_node& bot : bots->items) {
      const yaml_node* name = bot.find("name");
      check_secret(bot.find("token"),
                   fmt::format("the token of {}", name == nullptr ? "a bot" : name->written));
    }
  }

  void check_address(const base::secret& address, const yaml_node* where, std::string_view name) {
    const auto url = parts_of_url(address.reveal());
    if (!url) return;
    if (is_default_password(url->password, url->user))
      add(fleet_rule::default_password, where, std::string(name));
    if (is_plain_database(*url))
      add(fleet_rule::plain_database, where, fmt::format("{}: {}", name, url->host));
  }

  void check_addresses() {
    check_address(config_.store.database_url, node({"store", "database_url"}), "store.database_url");
    check_address(config_.redis.url, node({"redis", "url"}), "redis.url");
    const auto url = parts_of_url(config_.store.database_url.reveal());
    const bool pooled =
        url && (url->port == "6432" || url->host.contains("bouncer") || url->host.contains("pooler"));
    if (pooled && config_.store.listen && config_.store.listen_url.empty())
      add(fleet_rule::pooled_listening, node({"store", "database_url"}),
          fmt::format("store.database_url: {}", url->host));
  }

  const fleet_config& config_;
  std::string source_;
  yaml_node root_;
  finding_list found_;
};

}  // namespace

std::span<const check_rule> fleet_rules() {
  return table;
}

finding_list check_fleet(const fleet_config& config, const source_text& file) {
  return fleet_checker(config, file).check();
}

finding_list findings_of(const base::problem_list& problems) {
  finding_list out;
  for (const base::problem& each : problems) {
    const auto rule = each.severity == base::severity::error ? fleet_rule::unusable : fleet_rule::doubtful;
    out.push_back({&table.at(static_cast<std::size_t>(rule)), each.source, each.at, with_fix(each)});
  }
  return out;
}

}  // namespace guildfleet::ops
