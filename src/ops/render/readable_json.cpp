#include "ops/render/readable_json.hpp"

#include <boost/json/serialize.hpp>

namespace guildfleet::ops {
namespace {

namespace json = boost::json;

constexpr std::size_t short_enough = 80;

bool is_nested(const json::value& value) {
  return value.is_object() || value.is_array();
}

bool holds_nested(const json::value& value) {
  if (const auto* list = value.if_array()) return std::ranges::any_of(*list, is_nested);
  return std::ranges::any_of(value.as_object(), [](const auto& each) { return is_nested(each.value()); });
}

void write(std::string& out, const json::value& value, std::size_t depth);

void begin_line(std::string& out, std::size_t depth, bool first) {
  out += first ? "\n" : ",\n";
  out.append(depth * 2, ' ');
}

void write_object(std::string& out, const json::object& object, std::size_t depth) {
  out += '{';
  bool first = true;
  for (const auto& [key, value] : object) {
    begin_line(out, depth + 1, std::exchange(first, false));
    out += json::serialize(json::string(key)) + ": ";
    write(out, value, depth + 1);
  }
  begin_line(out, depth, true);
  out += '}';
}

void write_array(std::string& out, const json::array& list, std::size_t depth) {
  out += '[';
  bool first = true;
  for (const json::value& each : list) {
    begin_line(out, depth + 1, std::exchange(first, false));
    write(out, each, depth + 1);
  }
  begin_line(out, depth, true);
  out += ']';
}

void write(std::string& out, const json::value& value, std::size_t depth) {
  if (is_nested(value)) {
    const std::string line = json::serialize(value);
    if (holds_nested(value) || line.size() > short_enough) {
      if (const auto* object = value.if_object())
        write_object(out, *object, depth);
      else
        write_array(out, value.as_array(), depth);
      return;
    }
  }
  out += json::serialize(value);
}

}  // namespace

std::string readable_json(const json::value& value) {
  std::string out;
  write(out, value, 0);
  return out;
}

}  // namespace guildfleet::ops
