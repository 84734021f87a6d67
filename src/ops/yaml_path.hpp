// Reading of YAML that others wrote: what is not there, or has another form, is empty.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

#include "base/yaml_document.hpp"

namespace guildfleet::ops {

// The value below `from` along the keys; nullptr when there is none. `from` may be nullptr. All answers live
// as long as what they are of.
[[nodiscard]] const base::yaml_node* at_path(const base::yaml_node* from,
                                             std::initializer_list<std::string_view> keys);

// Of a scalar; empty otherwise.
[[nodiscard]] std::string_view text_of(const base::yaml_node* node);
[[nodiscard]] std::string_view text_at(const base::yaml_node* from,
                                       std::initializer_list<std::string_view> keys);

// Of a sequence; empty otherwise.
[[nodiscard]] const std::vector<base::yaml_node>& items_at(const base::yaml_node* from,
                                                           std::initializer_list<std::string_view> keys);

// nullopt when it is no whole number.
[[nodiscard]] std::optional<std::int64_t> number_of(const base::yaml_node* node);

// As YAML 1.1 writes truth, which Kubernetes and Compose read: true, yes, on.
[[nodiscard]] bool is_true(const base::yaml_node* node);
[[nodiscard]] bool is_false(const base::yaml_node* node);

}  // namespace guildfleet::ops
