#include "ops/section_reader.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/network.hpp"

namespace guildfleet::ops {
namespace {

using kind = base::yaml_node::node_kind;

bool counts_as_absent(const base::yaml_node& node) {
  return node.kind == kind::null || (node.kind == kind::scalar && node.text.empty() && !node.written.empty());
}

}  // namespace

section_reader::section_reader(reader_context& context, const base::yaml_node* node, std::string path)
    : context_(context), node_(node), path_(std::move(path)) {}

const base::yaml_node* section_reader::node_of(std::string_view key) const {
  return node_ == nullptr ? nullptr : node_->find(key);
}

const base::yaml_node* section_reader::ask(std::string_view key) {
  asked_.emplace_back(key);
  if (context_.known_paths != nullptr) context_.known_paths->insert(path_of(key));
  return node_of(key);
}

bool section_reader::given(std::string_view key) const {
  const auto* node = node_of(key);
  return node != nullptr && !counts_as_absent(*node);
}

base::text_position section_reader::at(std::string_view key) const {
  if (const auto* node = node_of(key)) return node->at;
  return node_ == nullptr ? base::text_position{} : node_->at;
}

std::string section_reader::label(std::string_view key) const {
  return context_.label(path_of(key));
}

std::optional<std::string> section_reader::quiet_text(std::string_view key) {
  const auto* node = ask(key);
  if (node == nullptr || counts_as_absent(*node)) return std::nullopt;
  if (node->kind != kind::scalar) {
    error(key, fmt::format("{} must be one value, not a {}", label(key),
                           node->kind == kind::mapping ? "group of keys" : "list"));
    return std::nullopt;
  }
  return node->text;
}

std::optional<std::string> section_reader::text(std::string_view key) {
  auto value = quiet_text(key);
  if (const auto* node = node_of(key); node != nullptr && !node->unset.empty()) {
    warn(key, fmt::format("the variable {} is not set and counts as empty", fmt::join(node->unset, ", ")),
         fmt::format("set it, or write ${{{}:-}} when that is meant", node->unset.front()));
  }
  return value;
}

void section_reader::read(std::string_view key, std::string& out) {
  if (auto value = text(key)) out = std::move(*value);
}

const base::yaml_node* section_reader::mapping(std::string_view key) {
  const auto* node = ask(key);
  if (node == nullptr || node->kind == kind::null) return nullptr;
  if (node->kind == kind::mapping) return node;
  error(key, fmt::format("{} must be a group of keys", label(key)), "indent its keys below it");
  return nullptr;
}

const base::yaml_node* section_reader::list(std::string_view key) {
  const auto* node = ask(key);
  if (node == nullptr || counts_as_absent(*node)) return nullptr;
  if (node->kind == kind::sequence) return node;
  error(key, fmt::format("{} must be a list", label(key)), "write [a, b], or one \"- a\" a line");
  return nullptr;
}

void section_reader::add(base::severity severity, base::text_position at, std::string message,
                         std::string fix) {
  context_.problems.push_back({severity, context_.source, at, std::move(message), std::move(fix)});
}

void section_reader::error(std::string_view key, std::string message, std::string fix) {
  add(base::severity::error, at(key), std::move(message), std::move(fix));
}

void section_reader::warn(std::string_view key, std::string message, std::string fix) {
  add(base::severity::warning, at(key), std::move(message), std::move(fix));
}

void section_reader::report_bad_value(std::string_view key, std::string_view wanted, std::string fix) {
  const auto* node = node_of(key);
  error(key,
        fmt::format("{} must be {}, not \"{}\"", label(key), wanted,
                    node == nullptr ? "" : shown(node->written)),
        std::move(fix));
}

std::string_view section_reader::shown(std::string_view written) {
  constexpr std::size_t longest_shown = 40;
  return written.size() <= longest_shown ? written : "...";
}

void section_reader::report_bad_choice(std::string_view key, std::string_view given,
                                       const std::vector<std::string_view>& names) {
  const std::string_view near = base::nearest_name(given, names);
  report_bad_value(key, fmt::format("one of {}", fmt::join(names, ", ")),
                   near.empty() ? std::string{} : fmt::format("did you mean {}?", near));
}

void section_reader::finish() {
  if (node_ == nullptr) return;
  std::vector<std::string_view> names(asked_.begin(), asked_.end());
  for (const auto& member : node_->members) {
    if (std::ranges::find(names, member.key) != names.end()) continue;
    const std::string_view near = base::nearest_name(member.key, names);
    add(base::severity::error, member.key_at, fmt::format("unknown key \"{}\"", label(shown(member.key))),
        near.empty() ? fmt::format("known here: {}", fmt::join(names, ", "))
                     : fmt::format("did you mean {}?", near));
  }
}

std::optional<std::uint64_t> section_reader::parse_number(std::string_view digits) {
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (failure != std::errc{} || end != digits.data() + digits.size() || digits.empty()) return std::nullopt;
  return value;
}

std::vector<std::string> read_networks(section_reader& reader, std::string_view key) {
  std::vector<std::string> out;
  const auto* list = reader.list(key);
  if (list == nullptr) return out;
  for (const base::yaml_node& each : list->items) {
    const auto network = base::network::parse(each.text);
    if (network && network->bits() > 0)
      out.push_back(each.text);
    else
      reader.error(key,
                   fmt::format("{} must be a list of addresses and networks, not \"{}\"", reader.label(key),
                               section_reader::shown(each.written)),
                   "write them like 192.0.2.7 or 10.0.0.0/8; one that holds everybody cannot be trusted");
  }
  return out;
}

}  // namespace guildfleet::ops
