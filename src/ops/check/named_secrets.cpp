#include "ops/check/named_secrets.hpp"

#include <algorithm>
#include <array>

#include "base/yaml_document.hpp"
#include "ops/check/secret_words.hpp"

namespace guildfleet::ops {
namespace {

using base::yaml_node;

class path_list final {
 public:
  void add(const yaml_node* node) {
    if (node == nullptr || node->kind != yaml_node::node_kind::scalar) return;
    std::string path = text_of_its_own(node->written);
    if (!path.empty()) paths_.push_back(std::move(path));
  }
  // Also of sections and lists inside.
  void add_members(const yaml_node& node) {
    constexpr std::array<std::string_view, 5> keys = {"token_file", "database_url_file", "listen_url_file",
                                                      "url_file", "fleet_key_file"};
    for (const auto& [key, at, value] : node.members) {
      if (std::ranges::find(keys, key) != keys.end()) add(&value);
      add_members(value);
    }
    for (const yaml_node& each : node.items) add_members(each);
  }
  [[nodiscard]] std::vector<std::string> take() { return std::move(paths_); }

 private:
  std::vector<std::string> paths_;
};

}  // namespace

std::vector<std::string> secret_files_named_in(file_kind kind, const source_text& file) {
  if (kind != file_kind::compose && kind != file_kind::fleet) return {};
  base::problem_list ignored;
  const auto documents = base::parse_foreign_yaml(file.text, file.source, ignored);
  if (!documents || documents->empty()) return {};
  path_list out;
  if (kind == file_kind::fleet) {
    out.add_members(documents->front());
  } else if (const yaml_node* secrets = documents->front().find("secrets"); secrets != nullptr) {
    for (const auto& [name, at, value] : secrets->members) out.add(value.find("file"));
  }
  return out.take();
}

}  // namespace guildfleet::ops
