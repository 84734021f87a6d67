#include "ops/import/import_env.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

#include "base/variables.hpp"
#include "ops/check/secret_words.hpp"
#include "ops/config_sections.hpp"
#include "ops/environment_config.hpp"
#include "ops/error.hpp"
#include "ops/import/imported_value.hpp"

namespace guildfleet::ops {
namespace {

using variables = std::map<std::string, std::string>;

// Without empty ones and blanks.
std::vector<std::string> words_between(std::string_view text, char separator) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    std::string word(text.substr(0, end));
    std::erase(word, ' ');
    if (!word.empty()) out.push_back(std::move(word));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

// "BOT1" of BOT1_TOKEN, "MUSIC" of DISCORD_TOKEN_MUSIC; empty: of DISCORD_TOKEN, which names no bot.
std::string stem_of(std::string_view name) {
  std::vector<std::string> words = words_between(in_capitals(name), '_');
  std::erase_if(words, [](const std::string& each) {
    return each == "TOKEN" || each == "DISCORD" || each == "BOT" || each == "CLIENT" || each == "FILE";
  });
  return fmt::format("{}", fmt::join(words, "_"));
}

bool is_token(const std::string& name, const std::string& value) {
  return names_bot_token(name) || looks_like_bot_token(value);
}

class env_importer final {
 public:
  explicit env_importer(const source_text& file) : source_(file.source) {
    base::problem_list problems;
    values_ = base::parse_env_file(file.text, file.source, problems);
    for (const base::problem& each : problems)
      draft_.left.push_back({source_, fmt::format("line {}", each.at.line), each.message});
  }

  [[nodiscard]] base::result<fleet_draft> run() {
    for (const auto& [name, value] : values_) {
      if (is_token(name, value)) add_bot(name, value);
    }
    if (draft_.bots.empty())
      return base::fail(ops_error::nothing_to_import, source_,
                        "A bot's token is expected in a variable such as BOT1_TOKEN or DISCORD_TOKEN");
    add_settings();
    for (const auto& [name, value] : values_) {
      if (!used_.contains(name))
        draft_.left.push_back(
            {source_, name, "no setting of guildfleet takes it; the bots' own programs may"});
    }
    return without_tokens(std::move(draft_));
  }

 private:
  void add_bot(const std::string& name, const std::string& value) {
    used_.insert(name);
    const auto [at, is_new] = tokens_.emplace(value, name);
    if (!value.empty() && !is_new) {
      draft_.left.push_back(
          {source_, name, fmt::format("is the token that {} is; one bot has it once", at->second)});
      return;
    }
    const std::string stem = stem_of(name);
    bot_draft bot;
    bot.name = unused_name(draft_, stem.empty() ? "bot1" : bot_name_from(stem));
    bot.set(name.ends_with("_FILE") ? "token_file" : "token", fmt::format("${{{}}}", name));
    add_id(bot, stem, "app_id", {"APP_ID", "APPLICATION_ID", "CLIENT_ID", "ID"});
    add_id(bot, stem, "guild_id", {"GUILD_ID", "SERVER_ID", "TEST_GUILD_ID"});
    draft_.bots.push_back(std::move(bot));
  }

  // The variable of this bot, whichever way round its name is put together.
  void add_id(bot_draft& bot, const std::string& stem, std::string_view key,
              std::initializer_list<std::string_view> ends) {
    for (const std::string_view end : ends) {
      for (const std::string& name : names_of(stem, end)) {
        const auto found = values_.find(name);
        if (found == values_.end() || used_.contains(name)) continue;
        const bool fits =
            found->second.empty() || imported_value(fmt::format("bots[].{}", key), found->second);
        if (!fits) continue;
        used_.insert(name);
        bot.set(key, fmt::format("${{{}:-}}", name));
        return;
      }
    }
  }

  static std::vector<std::string> names_of(const std::string& stem, std::string_view end) {
    if (stem.empty()) {
      if (end == "ID") return {};
      return {fmt::format("DISCORD_{}", end), std::string(end)};
    }
    return {fmt::format("{}_{}", stem, end), fmt::format("{}_BOT_{}", stem, end),
            fmt::format("DISCORD_{}_{}", end, stem), fmt::format("{}_{}", end, stem)};
  }

  // What guildfleet reads of its environment, of one bot or of all.
  void add_settings() {
    const bool is_alone = draft_.bots.size() == 1;
    for (const environment_setting& each : environment_settings()) {
      for (const std::string& name : {std::string(each.variable), fmt::format("{}_FILE", each.variable)}) {
        const auto found = values_.find(name);
        if (found == values_.end() || found->second.empty() || used_.contains(name)) continue;
        if (name.ends_with("_FILE"))
          add_file(each, name);
        else if (!each.path.starts_with(of_bot))
          add_fleet_setting(each.path, *found);
        else if (is_alone)
          add_bot_setting(each.path.substr(of_bot.size()), *found);
        else
          leave(name, "there are several bots; write it under the one that it is for");
      }
    }
    draft_.settings["fleet"] = "fleet";
  }

  void add_file(const environment_setting& setting, const std::string& name) {
    if (setting.secret)
      draft_.settings[fmt::format("{}_file", setting.path)] = fmt::format("${{{}}}", name);
    else
      leave(name, fmt::format("fleet.yaml takes {} itself, not a file with it", setting.path));
    used_.insert(name);
  }

  void add_fleet_setting(std::string_view path, const std::pair<const std::string, std::string>& variable) {
    const auto& [name, written] = variable;
    const auto value = imported_value(path, written);
    if (!value) {
      leave(name, fmt::format("{} does not take this value", path));
      return;
    }
    used_.insert(name);
    // node.name and node.release have their defaults from there.
    if (path == "node.name" || path == "node.release") return;
    // Written otherwise there than fleet.yaml wants it: "WARNING".
    draft_.settings[std::string(path)] = *value == written ? fmt::format("${{{}}}", name) : *value;
  }

  void add_bot_setting(std::string_view key, const std::pair<const std::string, std::string>& variable) {
    const auto& [name, written] = variable;
    bot_draft& bot = draft_.bots.front();
    if (key == "guilds") {
      leave(name, "write the ids as a list under guilds: of the bot");
    } else if (key == "features") {
      bot.features = words_between(written, ',');
      used_.insert(name);
    } else if (key == "name" && is_bot_name(written)) {
      bot.name = written;
      used_.insert(name);
    } else if (key != "name" && imported_value(fmt::format("{}{}", of_bot, key), written)) {
      bot.set(key, fmt::format("${{{}}}", name));
      used_.insert(name);
    } else {
      leave(name, fmt::format("{}{} does not take this value", of_bot, key));
    }
  }

  // Told once.
  void leave(const std::string& name, std::string why) {
    used_.insert(name);
    draft_.left.push_back({source_, name, std::move(why)});
  }

  static constexpr std::string_view of_bot = "bots[].";

  std::string source_;
  variables values_;
  fleet_draft draft_;
  std::set<std::string> used_;
  std::map<std::string, std::string> tokens_;  // which variable has it
};

}  // namespace

base::result<fleet_draft> import_env(const source_text& file) {
  return env_importer(file).run();
}

}  // namespace guildfleet::ops
