#include "support/openapi_check.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <vector>

#include "support/json_schema.hpp"

namespace guildfleet::test {
namespace {

namespace json = boost::json;

std::vector<std::string_view> segments_of(std::string_view path) {
  path = path.substr(0, path.find('?'));
  if (path.starts_with("/api")) path.remove_prefix(4);
  if (path.starts_with("/v10")) path.remove_prefix(4);
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::size_t end = path.find('/');
    segments.push_back(path.substr(0, end));
    path = end == std::string_view::npos ? std::string_view() : path.substr(end);
  }
  return segments;
}

// How many segments are equal; nullopt when the template does not fit.
std::optional<int> fit(std::string_view path_template, const std::vector<std::string_view>& path) {
  const auto wanted = segments_of(path_template);
  if (wanted.size() != path.size()) return std::nullopt;
  int literal = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] == path[i]) {
      ++literal;
    } else if (!wanted[i].starts_with('{')) {
      return std::nullopt;
    }
  }
  return literal;
}

const json::value* json_schema_of(const json::object& holder) {
  const auto* content = holder.if_contains("content");
  const auto* kind = content == nullptr ? nullptr : content->as_object().if_contains("application/json");
  return kind == nullptr ? nullptr : kind->as_object().if_contains("schema");
}

std::optional<std::string> check_text(const json::value& document, const json::value& schema,
                                      std::string_view body, unknown_keys unknown) {
  boost::system::error_code failed;
  const json::value value = json::parse(json::string_view(body.data(), body.size()), failed);
  if (failed) return "the body is not JSON: " + std::string(body);
  return json_schema(document, unknown).check(schema, value);
}

}  // namespace

const openapi_check* openapi_check::load() {
  static const std::unique_ptr<const openapi_check> loaded = []() -> std::unique_ptr<const openapi_check> {
    std::ifstream file(GUILDFLEET_OPENAPI_FILE, std::ios::binary);
    if (!file) return nullptr;
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    json::parse_options deep;
    deep.max_depth = 128;
    return std::unique_ptr<const openapi_check>(new openapi_check(json::parse(text, {}, deep)));
  }();
  return loaded.get();
}

const json::object* openapi_check::operation(std::string_view method, std::string_view path) const {
  const auto wanted = segments_of(path);
  const json::object* best = nullptr;
  int most_literal = -1;
  for (const auto& [path_template, operations] : document_.at("paths").as_object()) {
    const auto literal = fit(path_template, wanted);
    if (literal.value_or(-1) <= most_literal) continue;
    most_literal = *literal;
    best = &operations.as_object();
  }
  std::string lower(method);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  const auto* found = best == nullptr ? nullptr : best->if_contains(lower);
  return found == nullptr ? nullptr : found->if_object();
}

std::optional<std::string> openapi_check::request(std::string_view method, std::string_view path,
                                                  std::string_view body) const {
  const json::object* found = operation(method, path);
  if (found == nullptr) return fmt::format("{} {} is not in the document", method, path);
  const auto* holder = found->if_contains("requestBody");
  const json::value* schema = holder == nullptr ? nullptr : json_schema_of(holder->as_object());
  if (schema == nullptr) {
    if (body.empty()) return std::nullopt;
    return fmt::format("{} {} takes no JSON body", method, path);
  }
  const auto* required = holder->as_object().if_contains("required");
  if (body.empty()) {
    if (required == nullptr || !required->as_bool()) return std::nullopt;
    // Some deletions are described with a body whose keys are all optional; Discord takes them without one.
    if (method == "DELETE") return check_text(document_, *schema, "{}", unknown_keys::refused);
    return fmt::format("{} {} needs a body", method, path);
  }
  return check_text(document_, *schema, body, unknown_keys::refused);
}

std::optional<std::string> openapi_check::response(std::string_view method, std::string_view path, int status,
                                                   std::string_view body) const {
  const json::object* found = operation(method, path);
  if (found == nullptr) return fmt::format("{} {} is not in the document", method, path);
  const auto& responses = found->at("responses").as_object();
  const auto* holder = responses.if_contains(std::to_string(status));
  if (holder == nullptr && status >= 400) holder = responses.if_contains("4XX");
  if (holder == nullptr) return fmt::format("{} {} does not answer with {}", method, path, status);
  if (holder->as_object().contains("$ref")) {
    boost::system::error_code failed;
    const auto pointer = holder->at("$ref").as_string();
    holder = document_.find_pointer(std::string_view(pointer.data(), pointer.size()).substr(1), failed);
    if (holder == nullptr) return "the document refers to a response that it lacks";
  }
  const json::value* schema = json_schema_of(holder->as_object());
  if (schema == nullptr)
    return body.empty() ? std::nullopt : std::optional<std::string>("no body is documented");
  return check_text(document_, *schema, body, unknown_keys::allowed);
}

}  // namespace guildfleet::test
