#include "ops/render/yaml_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <yaml-cpp/emitter.h>
#include <yaml-cpp/emittermanip.h>
#include <yaml-cpp/node/parse.h>
#include <yaml-cpp/yaml.h>

namespace guildfleet::ops {
namespace {

// YAML 1.1 reads these as something else than text; so do some of its readers with 12:30 and 1_000.
bool means_something_else(std::string_view value) {
  static constexpr std::array words = {"y",     "n",    "yes", "no", "on",   "off", "true",
                                       "false", "null", "~",   "",   ".nan", ".inf"};
  std::string lower(value);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (std::ranges::find(words, lower) != words.end()) return true;
  const char first = value.front();
  return (first >= '0' && first <= '9') || first == '-' || first == '+' || first == '.' || first == '=';
}

}  // namespace

struct yaml_text::emitter {
  YAML::Emitter yaml;
};

yaml_text::yaml_text() : out_(std::make_unique<emitter>()) {
  out_->yaml.SetIndent(2);
}
yaml_text::~yaml_text() = default;

yaml_text& yaml_text::begin_map() {
  out_->yaml << YAML::BeginMap;
  return *this;
}
yaml_text& yaml_text::begin_inline_map() {
  out_->yaml << YAML::Flow << YAML::BeginMap;
  return *this;
}
yaml_text& yaml_text::end_map() {
  out_->yaml << YAML::EndMap;
  return *this;
}
yaml_text& yaml_text::begin_list() {
  out_->yaml << YAML::BeginSeq;
  return *this;
}
yaml_text& yaml_text::end_list() {
  out_->yaml << YAML::EndSeq;
  return *this;
}
yaml_text& yaml_text::key(std::string_view name) {
  out_->yaml << YAML::Key;
  text(name);
  out_->yaml << YAML::Value;
  return *this;
}
yaml_text& yaml_text::text(std::string_view value) {
  if (means_something_else(value)) out_->yaml << YAML::DoubleQuoted;
  out_->yaml << std::string(value);
  return *this;
}
yaml_text& yaml_text::block(std::string_view value) {
  out_->yaml << YAML::Literal << std::string(value);
  return *this;
}
yaml_text& yaml_text::number(std::int64_t value) {
  out_->yaml << fmt::format("{}", value);
  return *this;
}
yaml_text& yaml_text::decimal(double value) {
  out_->yaml << fmt::format("{}", value);
  return *this;
}
yaml_text& yaml_text::boolean(bool value) {
  out_->yaml << (value ? "true" : "false");
  return *this;
}
yaml_text& yaml_text::comment(std::string_view line) {
  out_->yaml << YAML::Comment(std::string(line)) << YAML::Newline;
  return *this;
}
yaml_text& yaml_text::empty_map() {
  return begin_inline_map().end_map();
}

yaml_text& yaml_text::list(std::string_view name, const std::vector<std::string>& values) {
  key(name);
  out_->yaml << YAML::Flow << YAML::BeginSeq;
  for (const std::string& each : values) text(each);
  out_->yaml << YAML::EndSeq;
  return *this;
}

std::string yaml_text::take() {
  return std::string(out_->yaml.c_str()) + "\n";
}

}  // namespace guildfleet::ops
