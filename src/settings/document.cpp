#include "settings/document.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <set>
#include <vector>

namespace guildfleet::settings {
namespace {

// Sees what a tree of values does not show any more: keys named twice. Counts before anything is built.
struct document_scan {
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = max_document_bytes;
  static constexpr std::size_t max_string_size = std::size_t(-1);
  using error_code = boost::system::error_code;
  using view = json::string_view;

  std::size_t values_left = 0;
  std::vector<std::set<std::string, std::less<>>> open{};
  std::string key{};
  std::string twice{};

  bool count(error_code& failed) {
    if (values_left == 0) {
      failed = settings_error::too_many_values;
      return false;
    }
    --values_left;
    return true;
  }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code& failed) {
    open.emplace_back();
    return count(failed);
  }
  bool on_object_end(std::size_t, error_code&) {
    open.pop_back();
    return true;
  }
  bool on_array_begin(error_code& failed) { return count(failed); }
  bool on_array_end(std::size_t, error_code&) { return true; }
  bool on_key_part(view part, std::size_t, error_code&) {
    key.append(part.data(), part.size());
    return true;
  }
  bool on_key(view last, std::size_t, error_code& failed) {
    key.append(last.data(), last.size());
    if (!open.back().insert(key).second) {
      twice = key;
      failed = settings_error::duplicate_key;
      return false;
    }
    key.clear();
    return true;
  }
  bool on_string_part(view, std::size_t, error_code&) { return true; }
  bool on_string(view, std::size_t, error_code& failed) { return count(failed); }
  bool on_number_part(view, error_code&) { return true; }
  bool on_int64(std::int64_t, view, error_code& failed) { return count(failed); }
  bool on_uint64(std::uint64_t, view, error_code& failed) { return count(failed); }
  bool on_double(double, view, error_code& failed) { return count(failed); }
  bool on_bool(bool, error_code& failed) { return count(failed); }
  bool on_null(error_code& failed) { return count(failed); }
  bool on_comment_part(view, error_code&) { return true; }
  bool on_comment(view, error_code&) { return true; }
};

void write_canonical(std::string& out, const json::value& value);

void write_canonical(std::string& out, const json::object& object) {
  std::vector<const json::key_value_pair*> members;
  members.reserve(object.size());
  for (const json::key_value_pair& each : object) members.push_back(&each);
  std::ranges::sort(members, [](const auto* a, const auto* b) {
    return std::string_view(a->key()) < std::string_view(b->key());
  });
  out += '{';
  for (const json::key_value_pair* each : members) {
    if (out.back() != '{') out += ',';
    out += json::serialize(each->key());
    out += ':';
    write_canonical(out, each->value());
  }
  out += '}';
}

void write_canonical(std::string& out, const json::value& value) {
  if (const json::object* object = value.if_object()) return write_canonical(out, *object);
  const json::array* array = value.if_array();
  if (array == nullptr) {
    out += json::serialize(value);
    return;
  }
  out += '[';
  for (const json::value& each : *array) {
    if (&each != array->begin()) out += ',';
    write_canonical(out, each);
  }
  out += ']';
}

}  // namespace

base::result<json::object> parse_document(std::string_view text, const document_limits& limits) {
  if (text.size() > limits.bytes)
    return base::fail(settings_error::too_large, fmt::format("{} bytes", text.size()),
                      fmt::format("At most {} bytes are allowed.", limits.bytes));
  json::parse_options options;
  options.max_depth = limits.depth;
  json::basic_parser<document_scan> scan(options, document_scan{.values_left = limits.values});
  boost::system::error_code failed;
  const std::size_t read = scan.write_some(false, text.data(), text.size(), failed);
  const std::string at = fmt::format("byte {}", read);
  if (failed == settings_error::duplicate_key)
    return base::fail(settings_error::duplicate_key, fmt::format("\"{}\"", scan.handler().twice),
                      "Leave one of them.");
  if (failed == settings_error::too_many_values)
    return base::fail(settings_error::too_many_values, at,
                      fmt::format("At most {} values are allowed.", limits.values));
  if (failed == json::error::too_deep)
    return base::fail(settings_error::too_deep, at,
                      fmt::format("At most {} levels are allowed.", limits.depth));
  if (failed) return base::fail(settings_error::malformed, at, failed.message());
  // Reads once more, now into values; only spaces may follow.
  json::value value = json::parse(json::string_view(text.data(), text.size()), failed, {}, options);
  if (failed) return base::fail(settings_error::malformed, at, failed.message());
  if (!value.is_object()) return base::fail(settings_error::not_an_object);
  return std::move(value.get_object());
}

std::string canonical(const json::value& value) {
  std::string out;
  write_canonical(out, value);
  return out;
}

std::string canonical(const json::object& object) {
  std::string out;
  write_canonical(out, object);
  return out;
}

json::value merge_patch(json::value target, const json::value& patch) {
  const json::object* changes = patch.if_object();
  if (changes == nullptr) return patch;
  if (!target.is_object()) target = json::object{};
  json::object& merged = target.get_object();
  for (const json::key_value_pair& each : *changes) {
    if (each.value().is_null()) {
      merged.erase(each.key());
      continue;
    }
    json::value& place = merged[each.key()];
    place = merge_patch(std::move(place), each.value());
  }
  return target;
}

}  // namespace guildfleet::settings
