#include "base/yaml_document.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <sstream>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "base/utf8.hpp"

namespace guildfleet::base {
namespace {

// A longer text may be a secret in a wrong place and is not repeated.
constexpr std::size_t longest_shown = 40;

// Ends the parse from inside yaml-cpp's callbacks; never leaves this file.
struct refused {
  text_position at;
  std::string message;
};

text_position position_of(const YAML::Mark& mark) {
  if (mark.is_null()) return {};
  return {static_cast<std::size_t>(mark.line) + 1, static_cast<std::size_t>(mark.column) + 1};
}

std::size_t size_of(const yaml_node& node) {
  std::size_t total = 1;
  for (const auto& item : node.items) total += size_of(item);
  for (const auto& member : node.members) total += 1 + size_of(member.value);
  return total;
}

// Builds the tree from the parser's events.
class tree_builder final : public YAML::EventHandler {
 public:
  // Without `variables` the file is another program's.
  tree_builder(std::string_view source, const variable_lookup* variables, problem_list& problems,
               const yaml_limits& limits)
      : source_(source), variables_(variables), problems_(problems), limits_(limits) {}

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    yaml_node node;
    node.at = position_of(mark);
    place(std::move(node), anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    yaml_node node;
    node.kind = yaml_node::node_kind::scalar;
    node.at = position_of(mark);
    refuse_tag(tag, node.at);
    node.written = value;
    if (expects_key() || variables_ == nullptr) {
      node.text = value;
    } else {
      expand(node);
    }
    place(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) throw refused{position_of(mark), "an alias stands inside of what it names"};
    count(size_of(found->second), position_of(mark));
    place(found->second, 0);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(yaml_node::node_kind::sequence, mark, tag, anchor);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(yaml_node::node_kind::mapping, mark, tag, anchor);
  }
  void OnSequenceEnd() override { shut(); }
  void OnMapEnd() override { shut(); }

  [[nodiscard]] yaml_node take() { return std::move(root_); }

 private:
  struct frame {
    yaml_node node;
    YAML::anchor_t anchor = 0;
    std::optional<yaml_node> key;  // of a mapping, between key and value
  };

  [[nodiscard]] bool expects_key() const {
    return !open_.empty() && open_.back().node.kind == yaml_node::node_kind::mapping && !open_.back().key;
  }

  void refuse_tag(const std::string& tag, text_position at) const {
    if (variables_ != nullptr && !tag.empty() && tag != "?" && tag != "!")
      throw refused{at, "tags (a ! before a value) are not used here"};
  }

  void count(std::size_t nodes, text_position at) {
    nodes_ += nodes;
    if (nodes_ > limits_.max_nodes) throw refused{at, fmt::format("more than {} values", limits_.max_nodes)};
  }

  void open(yaml_node::node_kind kind, const YAML::Mark& mark, const std::string& tag,
            YAML::anchor_t anchor) {
    const text_position at = position_of(mark);
    refuse_tag(tag, at);
    if (expects_key()) throw refused{at, "a key must be a plain text"};
    if (open_.size() >= limits_.max_depth) {
      throw refused{at, fmt::format("nested more than {} levels deep", limits_.max_depth)};
    }
    yaml_node node;
    node.kind = kind;
    node.at = at;
    open_.push_back({std::move(node), anchor, std::nullopt});
  }

  void shut() {
    frame done = std::move(open_.back());
    open_.pop_back();
    if (variables_ == nullptr) merge(done.node);
    place(std::move(done.node), done.anchor);
  }

  void place(yaml_node node, YAML::anchor_t anchor) {
    count(1, node.at);
    if (anchor != 0) anchors_[anchor] = node;
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    frame& parent = open_.back();
    if (parent.node.kind == yaml_node::node_kind::sequence) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.key) {
      if (node.kind != yaml_node::node_kind::scalar) throw refused{node.at, "a key must be a plain text"};
      parent.key = std::move(node);
    } else {
      place_member(parent.node, *std::exchange(parent.key, std::nullopt), std::move(node));
    }
  }

  void place_member(yaml_node& mapping, const yaml_node& key, yaml_node value) {
    for (const auto& member : mapping.members) {
      if (member.key != key.written) continue;
      problems_.push_back(
          {severity::error, source_, key.at,
           fmt::format("the key \"{}\" stands twice, first in line {}",
                       key.written.size() <= longest_shown ? key.written : "...", member.key_at.line),
           "keep one of them"});
      return;
    }
    mapping.members.push_back({key.written, key.at, std::move(value)});
  }

  // Of several, and against what the mapping says itself, the first counts.
  static void merge(yaml_node& mapping) {
    const auto at = std::ranges::find(mapping.members, "<<", &yaml_member::key);
    if (at == mapping.members.end()) return;
    const yaml_node merged = std::move(at->value);
    mapping.members.erase(at);
    const auto take = [&](const yaml_node& from) {
      for (const auto& member : from.members) {
        if (mapping.find(member.key) == nullptr) mapping.members.push_back(member);
      }
    };
    take(merged);
    for (const auto& item : merged.items) take(item);
  }

  void expand(yaml_node& node) {
    auto expanded = expand_variables(node.written, *variables_);
    if (expanded) {
      node.text = std::move(expanded->text);
      node.unset = std::move(expanded->unset);
      return;
    }
    problems_.push_back({severity::error, source_, node.at, std::move(expanded.error()), ""});
  }

  std::string source_;
  const variable_lookup* variables_;
  problem_list& problems_;
  const yaml_limits& limits_;
  std::vector<frame> open_;
  std::map<YAML::anchor_t, yaml_node> anchors_;
  std::size_t nodes_ = 0;
  yaml_node root_;
};

std::string_view line_of(std::string_view text, std::size_t number) {
  for (; number > 1 && !text.empty(); --number) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find('\n'));
}

// The reader's likely slip behind a syntax error.
std::string hint_for(std::string_view line) {
  if (line.find('\t') != std::string_view::npos) return "indent with spaces: YAML allows no tabs";
  if (line.find("${") != std::string_view::npos || line.find("{bot}") != std::string_view::npos) {
    return "inside { } or [ ] put a value that holds braces in quotes: \"${NAME}\"";
  }
  return "look at the indentation and the quotes here and in the line above";
}

// All documents of `text`, empty ones as nodes of kind null.
std::optional<std::vector<yaml_node>> parse_all(std::string_view text, std::string_view source,
                                                const variable_lookup* variables, problem_list& problems,
                                                const yaml_limits& limits) {
  const auto refuse = [&](text_position at, std::string message, std::string fix) {
    problems.push_back({severity::error, std::string(source), at, std::move(message), std::move(fix)});
    return std::nullopt;
  };
  if (text.size() > limits.max_bytes) {
    return refuse({}, fmt::format("the file is larger than {} bytes", limits.max_bytes),
                  "is it the right file?");
  }
  if (!utf8_valid(text) || text.find('\0') != std::string_view::npos) {
    return refuse({}, "the file is not UTF-8 text", "save it as UTF-8");
  }
  tree_builder builder(source, variables, problems, limits);
  std::vector<yaml_node> documents;
  try {
    std::istringstream input{std::string(text)};
    YAML::Parser parser(input);
    while (parser.HandleNextDocument(builder)) documents.push_back(builder.take());
    return documents;
  } catch (const refused& reason) {
    return refuse(reason.at, reason.message, "");
  } catch (const YAML::Exception& broken) {
    const text_position at = position_of(broken.mark);
    return refuse(at, "not valid YAML: " + broken.msg, hint_for(line_of(text, at.line)));
  }
}

}  // namespace

const yaml_node* yaml_node::find(std::string_view key) const {
  const auto found = std::ranges::find(members, key, &yaml_member::key);
  return found == members.end() ? nullptr : &found->value;
}

std::optional<yaml_node> parse_yaml(std::string_view text, std::string_view source,
                                    const variable_lookup& variables, problem_list& problems,
                                    const yaml_limits& limits) {
  auto documents = parse_all(text, source, &variables, problems, limits);
  if (!documents) return std::nullopt;
  if (documents->size() > 1) {
    problems.push_back({severity::error,
                        std::string(source),
                        {},
                        "the file holds more than one document",
                        "remove the --- line"});
    return std::nullopt;
  }
  return documents->empty() ? yaml_node() : std::move(documents->front());
}

std::optional<std::vector<yaml_node>> parse_foreign_yaml(std::string_view text, std::string_view source,
                                                         problem_list& problems, const yaml_limits& limits) {
  auto documents = parse_all(text, source, nullptr, problems, limits);
  if (documents)
    std::erase_if(*documents, [](const auto& each) { return each.kind == yaml_node::node_kind::null; });
  return documents;
}

}  // namespace guildfleet::base
