// Writing JSON text without a document in between.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace guildfleet::base {

// Appends `text` as a JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD.
void append_json_string(std::string& out, std::string_view text);

// Builds one JSON value piece by piece; commas are put where they belong.
//   json_writer w; w.begin_object().key("op").number(2).key("d").string("x").end_object(); w.take()
// Misuse (a value without a key in an object) is a bug and gives a document that does not parse.
class json_writer final {
 public:
  json_writer& begin_object();
  json_writer& end_object();
  json_writer& begin_array();
  json_writer& end_array();
  json_writer& key(std::string_view name);
  json_writer& string(std::string_view text);
  json_writer& number(std::int64_t value);
  json_writer& number(std::uint64_t value);
  json_writer& number(int value) { return number(static_cast<std::int64_t>(value)); }
  json_writer& real(double value);
  json_writer& boolean(bool value);
  json_writer& null();
  // `text` is already JSON.
  json_writer& raw(std::string_view text);

  [[nodiscard]] const std::string& text() const { return out_; }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  void before_value();

  std::string out_;
  bool needs_comma_ = false;
};

}  // namespace guildfleet::base
