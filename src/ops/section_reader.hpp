// Reads one mapping of the configuration into a struct, and reports everything wrong with it at its place.
#pragma once

#include <charconv>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.hpp"
#include "base/yaml_document.hpp"

namespace guildfleet::ops {

// Shared by the readers of one load.
struct reader_context {
  std::string source;
  base::problem_list& problems;
  // What a message calls a setting: its path in fleet.yaml ("bots[].token"), or a variable's name.
  std::function<std::string(const std::string& path)> label;
  // Settings whose absence was reported already, by path.
  std::set<std::string> reported = {};
  // false: secrets and folders that are not on this machine are not missed; a secret is empty then.
  bool runs_here = true;
  // When set, collects the path of every setting that the schema knows (for the test of the documentation).
  std::set<std::string>* known_paths = nullptr;
};

// Every key is asked for exactly once, given or not; finish() then knows which keys do not exist. A key that
// is empty because of a variable ("${GUILD_ID:-}") counts as not given. The reader and the node must outlive
// nothing: it lives within one function.
class section_reader final {
 public:
  // `node` may be null: nothing is given. `path` ends with a dot, or is empty at the top.
  section_reader(reader_context& context, const base::yaml_node* node, std::string path);

  // The text of a scalar; nullopt when it is not given or no scalar (reported).
  [[nodiscard]] std::optional<std::string> text(std::string_view key);
  // Like text(), without the warning about variables that are not set: the caller reports them better.
  [[nodiscard]] std::optional<std::string> quiet_text(std::string_view key);
  void read(std::string_view key, std::string& out);

  // A whole number from `low` to `high`; leaves `out` alone when it is not given or wrong.
  template <class Number>
  void read_number(std::string_view key, Number& out, Number low, Number high) {
    const auto given = text(key);
    if (!given) return;
    if (const auto value = parse_number(*given); value && *value >= low && *value <= high) {
      out = static_cast<Number>(*value);
    } else {
      report_bad_value(key, "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
    }
  }

  template <class Choice>
  void read_choice(std::string_view key, Choice& out,
                   const std::vector<std::pair<std::string_view, Choice>>& choices) {
    const auto given = text(key);
    if (!given) return;
    std::vector<std::string_view> names;
    for (const auto& [name, value] : choices) {
      names.push_back(name);
      if (name != *given) continue;
      out = value;
      return;
    }
    report_bad_choice(key, *given, names);
  }

  // A nested mapping or a list; null when not given or of another kind (reported).
  [[nodiscard]] const base::yaml_node* mapping(std::string_view key);
  [[nodiscard]] const base::yaml_node* list(std::string_view key);
  [[nodiscard]] std::string path_of(std::string_view key) const { return path_ + std::string(key); }
  // The path as messages write it.
  [[nodiscard]] std::string label(std::string_view key) const;

  // Where a key's value stands; the section's own place when it is not given.
  [[nodiscard]] base::text_position at(std::string_view key) const;
  [[nodiscard]] bool given(std::string_view key) const;
  [[nodiscard]] const base::yaml_node* node_of(std::string_view key) const;

  void error(std::string_view key, std::string message, std::string fix = {});
  void warn(std::string_view key, std::string message, std::string fix = {});
  // "port must be a whole number ..., not "abc"". Shows what is written in the file, never what a variable
  // held, nor anything as long as a token.
  void report_bad_value(std::string_view key, std::string_view wanted, std::string fix = {});

  // Reports keys that were never asked for.
  void finish();

  // A value as messages may show it.
  [[nodiscard]] static std::string_view shown(std::string_view written);
  [[nodiscard]] reader_context& context() { return context_; }
  [[nodiscard]] static std::optional<std::uint64_t> parse_number(std::string_view digits);

 private:
  const base::yaml_node* ask(std::string_view key);
  void add(base::severity severity, base::text_position at, std::string message, std::string fix);
  void report_bad_choice(std::string_view key, std::string_view given,
                         const std::vector<std::string_view>& names);

  reader_context& context_;
  const base::yaml_node* node_;
  std::string path_;
  std::vector<std::string> asked_;
};

// A list of addresses and networks, as they are written. Whom they hold is trusted to say who somebody is:
// one that holds everybody is refused.
[[nodiscard]] std::vector<std::string> read_networks(section_reader& reader, std::string_view key);

}  // namespace guildfleet::ops
