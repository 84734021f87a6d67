#include "ops/yaml_path.hpp"

#include <algorithm>
#include <charconv>

namespace guildfleet::ops {
namespace {

using base::yaml_node;

bool is_one_of(std::string_view value, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, value) != words.end();
}

}  // namespace

const yaml_node* at_path(const yaml_node* from, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    if (from == nullptr) return nullptr;
    from = from->find(key);
  }
  return from;
}

std::string_view text_of(const yaml_node* node) {
  return node != nullptr && node->kind == yaml_node::node_kind::scalar ? std::string_view(node->text)
                                                                       : std::string_view();
}

std::string_view text_at(const yaml_node* from, std::initializer_list<std::string_view> keys) {
  return text_of(at_path(from, keys));
}

const std::vector<yaml_node>& items_at(const yaml_node* from, std::initializer_list<std::string_view> keys) {
  static const std::vector<yaml_node> none;
  const yaml_node* found = at_path(from, keys);
  return found != nullptr ? found->items : none;
}

std::optional<std::int64_t> number_of(const yaml_node* node) {
  const std::string_view text = text_of(node);
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool is_true(const yaml_node* node) {
  return is_one_of(text_of(node), {"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"});
}

bool is_false(const yaml_node* node) {
  return is_one_of(text_of(node), {"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"});
}

}  // namespace guildfleet::ops
