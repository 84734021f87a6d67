#include "ops/check/compose_words.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "ops/check/secret_words.hpp"
#include "ops/token_text.hpp"

namespace guildfleet::ops {
namespace {

using base::yaml_node;

constexpr std::size_t most_words = 1'000;
constexpr std::array<std::string_view, 3> command_lines = {"entrypoint", "command", "healthcheck.test"};

class word_list final {
 public:
  // A line as a shell parts it, roughly: quotes go, and what follows an option without = is its value.
  void add_line(const yaml_node& node, std::string_view place) {
    std::string_view rest = node.written;
    while (!rest.empty()) {
      constexpr std::string_view ends = " \t\n\"'";
      const std::size_t end = std::min(rest.find_first_of(ends), rest.size());
      if (end != 0) add_word(rest.substr(0, end), place, node.at);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }

  void add(std::string name, std::string value, std::string_view place, base::text_position at) {
    if (out_.size() < most_words && !value.empty())
      out_.push_back({std::move(name), std::move(value), place, at});
  }

  void end_line() { option_.clear(); }
  [[nodiscard]] std::vector<compose_word> take() { return std::move(out_); }

 private:
  void add_word(std::string_view word, std::string_view place, base::text_position at) {
    const std::size_t dashes = std::min(word.find_first_not_of('-'), word.size());
    const std::size_t equals = word.find('=');
    std::string option = std::exchange(option_, {});
    if (equals != std::string_view::npos && equals > dashes) {
      add(std::string(word.substr(dashes, equals - dashes)), std::string(word.substr(equals + 1)), place, at);
    } else if (dashes == 0) {
      add(std::move(option), std::string(word), place, at);
    } else if (!word.starts_with("--no-")) {
      option_ = word.substr(dashes);
    }
  }

  std::vector<compose_word> out_;
  std::string option_;  // that waits for its value
};

void add_lines(const compose_service& service, std::string_view place, word_list& out) {
  const yaml_node* node = service.find(place);
  if (node == nullptr) return;
  out.add_line(*node, place);
  for (const yaml_node& each : node->items) out.add_line(each, place);
  out.end_line();
}

void add_pairs(const compose_service& service, std::string_view place, word_list& out) {
  const yaml_node* node = service.find(place);
  if (node == nullptr) return;
  for (const auto& [name, at, value] : node->members) out.add(name, value.written, place, at);
  for (const yaml_node& each : node->items) {
    const std::size_t equals = std::min(each.written.find('='), each.written.size());
    out.add(each.written.substr(0, equals), each.written.substr(std::min(equals + 1, each.written.size())),
            place, each.at);
  }
}

std::string plain_name(std::string name) {
  std::ranges::replace(name, '-', '_');
  return name;
}

bool is_path(std::string_view value) {
  return value.starts_with('/') || value.starts_with("./");
}

bool holds_token(const compose_word& word) {
  const std::string value = with_defaults(word.value);
  return without_tokens(value) != value;
}

// A label is called as its reader likes.
bool is_label(const compose_word& word) {
  return word.place.ends_with("labels");
}

}  // namespace

std::vector<compose_word> words_of(const compose_service& service) {
  word_list out;
  for (const std::string_view place : command_lines) add_lines(service, place, out);
  for (const std::string_view place : {"build.args", "labels", "deploy.labels", "build.labels"})
    add_pairs(service, place, out);
  return out.take();
}

std::string own_text_of(const compose_word& word) {
  std::string own = text_of_its_own(word.value);
  const bool on_command_line = std::ranges::find(command_lines, word.place) != command_lines.end();
  return on_command_line && own.contains('$') ? std::string() : own;
}

bool is_bot_token(const compose_word& word) {
  const bool is_named = !is_label(word) && names_bot_token(word.name) && !word.name.ends_with("file") &&
                        !word.name.ends_with("FILE") && !is_path(word.value);
  return is_named || holds_token(word);
}

bool is_secret(const compose_word& word) {
  return is_bot_token(word) ||
         (!is_label(word) && names_secret(plain_name(word.name)) && !is_path(word.value));
}

}  // namespace guildfleet::ops
