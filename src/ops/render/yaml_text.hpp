// Writes YAML, readable and with every text quoted that could be read as something else. yaml-cpp does it.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace guildfleet::ops {

class yaml_text final {
 public:
  yaml_text();
  ~yaml_text();
  yaml_text(const yaml_text&) = delete;
  yaml_text& operator=(const yaml_text&) = delete;

  yaml_text& begin_map();
  yaml_text& begin_inline_map();  // { a: 1 }
  yaml_text& end_map();
  yaml_text& begin_list();
  yaml_text& end_list();
  yaml_text& key(std::string_view name);
  yaml_text& text(std::string_view value);
  yaml_text& block(std::string_view value);  // of several lines: |
  yaml_text& number(std::int64_t value);
  yaml_text& decimal(double value);
  yaml_text& boolean(bool value);
  yaml_text& comment(std::string_view line);  // of its own
  yaml_text& empty_map();                     // {}

  // key: value
  yaml_text& entry(std::string_view name, std::string_view value) { return key(name).text(value); }
  yaml_text& entry(std::string_view name, const char* value) { return key(name).text(value); }
  yaml_text& entry(std::string_view name, const std::string& value) { return key(name).text(value); }
  yaml_text& entry(std::string_view name, std::int64_t value) { return key(name).number(value); }
  yaml_text& entry(std::string_view name, int value) { return key(name).number(value); }
  yaml_text& entry(std::string_view name, bool value) { return key(name).boolean(value); }
  // key: [a, b]
  yaml_text& list(std::string_view name, const std::vector<std::string>& values);

  // All of it, with a line end.
  [[nodiscard]] std::string take();

 private:
  struct emitter;
  std::unique_ptr<emitter> out_;
};

}  // namespace guildfleet::ops
