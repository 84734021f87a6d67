// A fleet.yaml that is made of what another program's files say.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace guildfleet::ops {

// Something that did not get into the draft, or that a person has to do for it. Holds no secret.
struct left_over {
  std::string where;  // the service, or the file
  std::string what;   // its key or variable
  std::string why;    // a sentence, or what to do
};

struct bot_draft {
  std::string name;
  // Keys of bots[] and their values as they are to be written; variables stay variables.
  std::vector<std::pair<std::string, std::string>> settings;
  std::vector<std::string> features;  // empty: none is named, so the default

  void set(std::string_view key, std::string value) { settings.emplace_back(key, std::move(value)); }
};

struct fleet_draft {
  std::map<std::string, std::string> settings;  // by path: "fleet", "store.sqlite", "deploy.nodes"
  std::vector<bot_draft> bots;
  std::vector<left_over> left;
};

// The same, where a token that was pasted into a name or a value is none any more.
[[nodiscard]] fleet_draft without_tokens(fleet_draft draft);

// The file's text: settings, bots, and what was left as comments at its end. `source` is named at its
// beginning.
[[nodiscard]] std::string fleet_yaml_of(const fleet_draft& draft, std::string_view source);

// "music-bot" of "Music Bot!"; "bot" where nothing is left.
[[nodiscard]] std::string bot_name_from(std::string_view text);

// Another one where some bot has it already: "music-2".
[[nodiscard]] std::string unused_name(const fleet_draft& draft, const std::string& name);

// A variable for something of a bot: "MUSIC_TOKEN".
[[nodiscard]] std::string variable_for(std::string_view bot, std::string_view what);

}  // namespace guildfleet::ops
