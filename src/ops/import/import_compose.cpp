#include "ops/import/import_compose.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>

#include "ops/check/secret_words.hpp"
#include "ops/config_sections.hpp"
#include "ops/environment_config.hpp"
#include "ops/error.hpp"
#include "ops/import/compose_parts.hpp"
#include "ops/import/imported_value.hpp"

namespace guildfleet::ops {
namespace {

// What other programs call settings that guildfleet has too.
struct other_name {
  std::string_view name;
  std::string_view variable;  // of guildfleet
};
constexpr std::array<other_name, 12> other_names = {{{"APP_ID", "DISCORD_APP_ID"},
                                                     {"APPLICATION_ID", "DISCORD_APP_ID"},
                                                     {"DISCORD_APPLICATION_ID", "DISCORD_APP_ID"},
                                                     {"CLIENT_ID", "DISCORD_APP_ID"},
                                                     {"DISCORD_CLIENT_ID", "DISCORD_APP_ID"},
                                                     {"GUILD_ID", "DISCORD_GUILD_ID"},
                                                     {"SHARD_COUNT", "SHARDS"},
                                                     {"TOTAL_SHARDS", "SHARDS"},
                                                     {"LOGLEVEL", "LOG_LEVEL"},
                                                     {"POSTGRES_URL", "DATABASE_URL"},
                                                     {"DB_URL", "DATABASE_URL"},
                                                     {"HEALTH_PORT", "PORT"}}};

// Read elsewhere: by import_stores, or by whoever renders.
constexpr std::array<std::string_view, 3> of_stores = {"store.sqlite", "store.database_url", "redis.url"};
constexpr std::array<std::string_view, 6> of_nodes = {"node.name",   "node.release",   "node.advertise",
                                                      "node.weight", "node.fleet_key", "address"};

std::string_view path_of(std::string_view variable) {
  const auto other = std::ranges::find(other_names, variable, &other_name::name);
  if (other != other_names.end()) variable = other->variable;
  if (variable.ends_with("_FILE")) variable.remove_suffix(5);
  const auto known = environment_settings();
  const auto found = std::ranges::find(known, variable, &environment_setting::variable);
  return found == known.end() ? std::string_view() : found->path;
}

// What is passed through, and what is in the .env that Compose reads, has the same name here.
std::string written_value(const compose_variable& variable) {
  return variable.value.value_or(fmt::format("${{{}}}", variable.name));
}

class compose_importer final {
 public:
  compose_importer(const compose_import& request, const compose_file& file)
      : request_(request), file_(file) {}

  [[nodiscard]] base::result<fleet_draft> run() {
    for (const compose_service& service : file_.services) add_service(service);
    if (bots_.empty())
      return base::fail(ops_error::nothing_to_import, request_.input.file.source,
                        "A service with a bot's token is expected, in DISCORD_TOKEN or the like");
    draft_.settings["fleet"] = fleet_name();
    common_.put_into(draft_);
    import_stores(file_, bots_, draft_);
    import_deploy(bots_, draft_);
    tell_the_rest(file_, bots_, draft_);
    return without_tokens(std::move(draft_));
  }

 private:
  [[nodiscard]] std::string fleet_name() const {
    const auto* name = file_.root.find("name");
    return bot_name_from(name != nullptr ? with_defaults(name->written) : request_.folder_name);
  }

  void leave(const compose_service& service, std::string_view what, std::string why) {
    draft_.left.push_back({service.name, std::string(what), std::move(why)});
  }

  void add_service(const compose_service& service) {
    const auto tokens = tokens_of(service);
    if (tokens.empty()) return;
    const auto [at, is_new] = owners_.emplace(tokens.front().identity, service.name);
    if (!is_new) {
      leave(service, "the whole service",
            fmt::format("it has the token of {}; nodes of one bot are deploy.nodes, with a database",
                        at->second));
      return;
    }
    bot_draft bot;
    const std::string name = service.value_of("BOT_NAME");
    bot.name = unused_name(draft_, is_bot_name(name) ? name : bot_name_from(service.name));
    add_token(service, tokens.front(), bot);
    for (const compose_variable& each : service.variables) add_variable(service, each, bot);
    bots_.push_back({&service, bot.name});
    draft_.bots.push_back(std::move(bot));
  }

  void add_token(const compose_service& service, const token_use& token, bot_draft& bot) {
    const auto refer = [&](const compose_variable& variable) {
      const auto [key, value] =
          refer_to_secret(file_, service, variable, "token", variable_for(bot.name, "TOKEN"), draft_);
      bot.set(key, value);
    };
    if (token.variable != nullptr) {
      refer(*token.variable);
      return;
    }
    const auto secret = std::ranges::find(service.secrets, token.at, &compose_secret::at);
    if (secret == service.secrets.end()) {
      add_token_of_command(service, token, bot);
      return;
    }
    refer({"TOKEN_FILE", secret->path, secret->at, ""});
  }

  void add_token_of_command(const compose_service& service, const token_use& token, bot_draft& bot) {
    if (token.shown.starts_with("${")) {
      bot.set("token", token.shown);
      return;
    }
    const std::string name = variable_for(bot.name, "TOKEN");
    leave(service, "the token", fmt::format("it is {}; move it into .env, as {}", token.shown, name));
    bot.set("token", fmt::format("${{{}}}", name));
  }

  void add_variable(const compose_service& service, const compose_variable& variable, bot_draft& bot) {
    const std::string_view path = path_of(variable.name);
    if (path == "bots[].token" || path == "bots[].name" || names_bot_token(variable.name)) return;
    if (std::ranges::find(of_stores, path) != of_stores.end()) return;
    if (std::ranges::find(of_nodes, path) != of_nodes.end()) {
      leave(service, variable.name, "each node has its own; guildfleet render gives it");
      return;
    }
    if (path == "store.listen_url") {
      const auto [key, value] =
          refer_to_secret(file_, service, variable, "listen_url", "DATABASE_LISTEN_URL", draft_);
      draft_.settings.try_emplace(fmt::format("store.{}", key), value);
      return;
    }
    // A file for all holds what is for others.
    if (path.empty() && !variable.env_file.empty()) return;
    const auto value = path.empty() ? std::nullopt : imported_value(path, written_value(variable));
    const bool usable = value && !value->empty() && !variable.name.ends_with("_FILE");
    if (path == "bots[].features") {
      add_features(service, written_value(variable), bot);
    } else if (!usable) {
      if (written_value(variable).empty()) return;
      leave(service, variable.name,
            path.empty() ? "no setting of guildfleet takes it; the bot's own program may"
                         : fmt::format("{} does not take this value", path));
    } else if (path == "bots[].guilds") {
      leave(service, variable.name, "write the ids as a list under guilds: of the bot");
    } else if (path.starts_with("bots[].")) {
      bot.set(path.substr(7), *value);
    } else {
      common_.add(std::string(path), service.name, *value);
    }
  }

  void add_features(const compose_service& service, std::string_view text, bot_draft& bot) {
    if (text.contains('$')) {
      leave(service, "FEATURES",
            "a list in fleet.yaml takes no variable; write them under features: of the bot");
      return;
    }
    while (!text.empty()) {
      const std::size_t end = std::min(text.find(','), text.size());
      std::string name(text.substr(0, end));
      std::erase(name, ' ');
      text.remove_prefix(std::min(end + 1, text.size()));
      const bool known = std::ranges::find(request_.known_features, name) != request_.known_features.end();
      if (known)
        bot.features.push_back(std::move(name));
      else if (!name.empty())
        leave(service, "FEATURES", fmt::format("this release has no feature {}", name.substr(0, 40)));
    }
  }

  const compose_import& request_;
  const compose_file& file_;
  fleet_draft draft_;
  common_settings common_;
  std::vector<imported_bot> bots_;
  std::map<std::string, std::string> owners_;  // which service has a token
};

}  // namespace

base::result<fleet_draft> import_compose(const compose_import& request) {
  base::problem_list problems;
  const auto file = read_compose(request.input.file, request.input.env_files, problems);
  if (!file || base::has_errors(problems)) {
    const std::string what = problems.empty() ? request.input.file.source : base::to_text(problems.front());
    return base::fail(ops_error::nothing_to_import, what, "See what is wrong with: guildfleet check");
  }
  return compose_importer(request, *file).run();
}

}  // namespace guildfleet::ops
