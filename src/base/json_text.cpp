#include "base/json_text.hpp"

#include <cmath>
#include <fmt/format.h>

#include "base/utf8.hpp"

namespace guildfleet::base {
namespace {

void append_escaped(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      if (static_cast<unsigned char>(c) < 0x20) {
        out += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
      } else {
        out += c;
      }
  }
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const std::size_t valid = utf8_valid_prefix(text);
    for (const char c : text.substr(0, valid)) append_escaped(out, c);
    text.remove_prefix(valid);
    if (!text.empty()) {
      out += "\xEF\xBF\xBD";
      text.remove_prefix(1);
    }
  }
  out += '"';
}

json_writer& json_writer::begin_object() {
  before_value();
  out_ += '{';
  needs_comma_ = false;
  return *this;
}

json_writer& json_writer::end_object() {
  out_ += '}';
  needs_comma_ = true;
  return *this;
}

json_writer& json_writer::begin_array() {
  before_value();
  out_ += '[';
  needs_comma_ = false;
  return *this;
}

json_writer& json_writer::end_array() {
  out_ += ']';
  needs_comma_ = true;
  return *this;
}

json_writer& json_writer::key(std::string_view name) {
  if (needs_comma_) out_ += ',';
  append_json_string(out_, name);
  out_ += ':';
  needs_comma_ = false;
  return *this;
}

json_writer& json_writer::string(std::string_view text) {
  before_value();
  append_json_string(out_, text);
  return *this;
}

json_writer& json_writer::number(std::int64_t value) {
  before_value();
  out_ += fmt::format_int(value).c_str();
  return *this;
}

json_writer& json_writer::number(std::uint64_t value) {
  before_value();
  out_ += fmt::format_int(value).c_str();
  return *this;
}

json_writer& json_writer::real(double value) {
  if (!std::isfinite(value)) return null();
  before_value();
  out_ += fmt::format("{}", value);
  return *this;
}

json_writer& json_writer::boolean(bool value) {
  before_value();
  out_ += value ? "true" : "false";
  return *this;
}

json_writer& json_writer::null() {
  before_value();
  out_ += "null";
  return *this;
}

json_writer& json_writer::raw(std::string_view text) {
  before_value();
  out_ += text;
  return *this;
}

void json_writer::before_value() {
  if (needs_comma_) out_ += ',';
  needs_comma_ = true;
}

}  // namespace guildfleet::base
