#include "ops/environment_config.hpp"

#include <array>
#include <fmt/format.h>

#include "ops/secret_file.hpp"

namespace guildfleet::ops {
namespace {

constexpr std::array settings = {
    environment_setting{"DISCORD_TOKEN", "bots[].token", true},
    environment_setting{"DISCORD_APP_ID", "bots[].app_id"},
    environment_setting{"DISCORD_GUILD_ID", "bots[].guild_id"},
    environment_setting{"BOT_NAME", "bots[].name"},
    environment_setting{"FEATURES", "bots[].features"},
    environment_setting{"SHARDS", "bots[].shards"},
    environment_setting{"SHARD_RANGE", "bots[].shard_range"},
    environment_setting{"GUILDS", "bots[].guilds"},
    environment_setting{"IDENTIFY_FLOOR", "bots[].identify_floor"},
    environment_setting{"PRIORITY", "bots[].priority"},
    environment_setting{"COMPRESSION", "bots[].compression"},
    environment_setting{"SQLITE_PATH", "store.sqlite"},
    environment_setting{"DATABASE_URL", "store.database_url", true},
    environment_setting{"DATABASE_LISTEN_URL", "store.listen_url", true},
    environment_setting{"DATABASE_CONNECTIONS", "store.connections"},
    environment_setting{"LEASES", "store.leases"},
    environment_setting{"REDIS_URL", "redis.url", true},
    environment_setting{"REDIS_PREFIX", "redis.prefix"},
    environment_setting{"ENVIRONMENT", "environment"},
    environment_setting{"API_PORT", "api.port"},
    environment_setting{"API_ADDRESS", "api.address"},
    environment_setting{"ADDRESS", "address"},
    environment_setting{"PORT", "port"},
    environment_setting{"NODE_NAME", "node.name"},
    environment_setting{"RELEASE", "node.release"},
    environment_setting{"NODE_WEIGHT", "node.weight"},
    environment_setting{"ADVERTISE", "node.advertise"},
    environment_setting{"FLEET_KEY", "node.fleet_key", true},
    environment_setting{"LOG_LEVEL", "log.level"},
    environment_setting{"LOG_FORMAT", "log.format"},
    environment_setting{"EGRESS", "egress"},
    environment_setting{"EGRESS_FOLDER", "egress_folder"},
    environment_setting{"DISCORD_API_URL", "discord.api_url"},
    environment_setting{"TLS_CA_FILE", "discord.ca_file"},
    environment_setting{"THREADS", "runtime.threads"},
};

using kind = base::yaml_node::node_kind;

class reader {
 public:
  reader(const base::variable_lookup& variables, base::problem_list& problems)
      : variables_(variables), problems_(problems) {}

  // The value of NAME, or of the file that NAME_FILE names. Empty counts as not set.
  [[nodiscard]] std::optional<std::string> value_of(const environment_setting& setting) {
    const std::string_view name = setting.variable;
    const std::string twin = std::string(name) + "_FILE";
    auto direct = set_and_full(name);
    const auto file = set_and_full(twin);
    if (!file) return direct;
    if (direct) {
      report(base::severity::error, fmt::format("{} and {} are both set", name, twin), "keep one of them");
      return std::nullopt;
    }
    const auto content = read_secret_file(*file);
    if (!content) {
      report(base::severity::error, fmt::format("{}: {}", twin, content.error().message),
             content.error().fix);
      return std::nullopt;
    }
    if (setting.secret) {
      if (const auto complaint = judge_secret_file_mode(*file, variables_)) {
        report(base::severity::warning, fmt::format("{}: {}", twin, complaint->message), complaint->fix);
      }
    }
    return std::string(content->reveal());
  }

 private:
  std::optional<std::string> set_and_full(std::string_view name) {
    auto value = variables_(name);
    if (value && value->empty()) value.reset();
    return value;
  }
  void report(base::severity severity, std::string message, std::string fix) {
    problems_.push_back({severity, "environment", {}, std::move(message), std::move(fix)});
  }

  const base::variable_lookup& variables_;
  base::problem_list& problems_;
};

base::yaml_node scalar(std::string text, const environment_setting& from) {
  base::yaml_node node;
  node.kind = kind::scalar;
  // Messages show what is written. Something long may be a token that got into the wrong variable.
  constexpr std::size_t longest_shown = 40;
  node.written = text.size() <= longest_shown && !from.secret ? text : fmt::format("${}", from.variable);
  node.text = std::move(text);
  return node;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  return first == std::string_view::npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

base::yaml_node comma_list(std::string_view text, const environment_setting& from) {
  base::yaml_node node;
  node.kind = kind::sequence;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view item = trimmed(text.substr(0, comma));
    if (!item.empty()) {
      node.items.push_back(scalar(std::string(item), from));
    }
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return node;
}

base::yaml_node& child(base::yaml_node& parent, std::string_view key) {
  parent.kind = kind::mapping;
  for (auto& member : parent.members) {
    if (member.key == key) return member.value;
  }
  parent.members.push_back({std::string(key), {}, {}});
  return parent.members.back().value;
}

}  // namespace

std::span<const environment_setting> environment_settings() {
  return settings;
}

environment_tree tree_from_environment(const base::variable_lookup& variables, base::problem_list& problems) {
  reader environment(variables, problems);
  environment_tree tree;
  base::yaml_node& root = tree.root;
  root.kind = kind::mapping;
  base::yaml_node bot;
  bot.kind = kind::mapping;
  child(bot, "name") = scalar("bot1", {"BOT_NAME", "bots[].name"});
  for (const environment_setting& setting : settings) {
    const std::string_view path = setting.path;
    const std::size_t reported = problems.size();
    auto value = environment.value_of(setting);
    if (!value && problems.size() > reported) tree.reported.emplace(path);
    if (!value) continue;
    const std::size_t dot = path.find('.');
    const std::string_view key = path.substr(dot == std::string_view::npos ? 0 : dot + 1);
    base::yaml_node& section = path.starts_with("bots[]")      ? bot
                               : dot == std::string_view::npos ? root
                                                               : child(root, path.substr(0, dot));
    child(section, key) = setting.variable == "FEATURES" || setting.variable == "GUILDS"
                              ? comma_list(*value, setting)
                              : scalar(std::move(*value), setting);
  }
  base::yaml_node& bots = child(root, "bots");
  bots.kind = kind::sequence;
  bots.items.push_back(std::move(bot));
  return tree;
}

}  // namespace guildfleet::ops
