#include "ops/check/sarif.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <vector>

#include "base/fnv1a.hpp"

namespace guildfleet::ops {
namespace {

// Bytes that an address may hold as they are; "/" parts folders.
std::string address_of(std::string_view path) {
  while (path.starts_with("./")) path.remove_prefix(2);
  std::string out = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~/").contains(c);
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

// Lines move, so they are left out of what tells a finding from others.
std::string without_lines(std::string_view detail) {
  std::string out;
  for (const char c : detail) {
    if (c < '0' || c > '9' || !out.ends_with("line ")) out += c;
  }
  return out;
}

std::vector<const check_rule*> all_rules() {
  std::vector<const check_rule*> out;
  for (const auto table : rule_tables()) {
    for (const check_rule& each : table) out.push_back(&each);
  }
  return out;
}

void append_text(base::json_writer& json, std::string_view key, std::string_view text) {
  json.key(key).begin_object().key("text").string(text).end_object();
}

void append_descriptor(base::json_writer& json, const check_rule& rule) {
  json.begin_object().key("id").string(rule.id);
  append_text(json, "shortDescription", rule.title);
  append_text(json, "fullDescription", rule.why);
  append_text(json, "help", rule.fix);
  json.key("defaultConfiguration").begin_object().key("level").string(name_of(rule.severity)).end_object();
  json.end_object();
}

void append_result(base::json_writer& json, const finding& found, std::size_t rule, std::size_t number) {
  const std::string address = address_of(found.source);
  json.begin_object().key("ruleId").string(found.rule->id).key("ruleIndex").number(std::uint64_t{rule});
  json.key("level").string(name_of(found.rule->severity));
  append_text(json, "message", fmt::format("{}: {}. {}", found.rule->title, found.detail, found.rule->fix));
  json.key("locations").begin_array().begin_object().key("physicalLocation").begin_object();
  json.key("artifactLocation").begin_object().key("uri").string(address).end_object();
  // SARIF counts from 1; what is true of the whole file is shown at its beginning.
  json.key("region").begin_object();
  json.key("startLine").number(std::uint64_t{std::max<std::size_t>(found.at.line, 1)});
  json.key("startColumn").number(std::uint64_t{std::max<std::size_t>(found.at.column, 1)});
  json.end_object().end_object().end_object().end_array();
  const std::string what =
      fmt::format("{} {} {} {}", found.rule->id, address, without_lines(found.detail), number);
  json.key("partialFingerprints").begin_object();
  json.key("guildfleet/v1").string(fmt::format("{:016x}", base::fnv1a(what))).end_object();
  json.end_object();
}

}  // namespace

std::string sarif_of(const finding_list& findings, std::string_view version) {
  const auto rules = all_rules();
  base::json_writer json;
  json.begin_object().key("$schema").string("https://json.schemastore.org/sarif-2.1.0.json");
  json.key("version").string("2.1.0").key("runs").begin_array().begin_object();
  json.key("tool").begin_object().key("driver").begin_object();
  json.key("name").string("guildfleet").key("version").string(version).key("rules").begin_array();
  for (const check_rule* each : rules) append_descriptor(json, *each);
  json.end_array().end_object().end_object();
  json.key("columnKind").string("unicodeCodePoints").key("results").begin_array();
  std::map<std::string, std::size_t> same;
  for (const finding& each : findings) {
    const auto at = std::ranges::find(rules, each.rule);
    const std::size_t number =
        same[fmt::format("{} {} {}", each.rule->id, each.source, without_lines(each.detail))]++;
    append_result(json, each, static_cast<std::size_t>(at - rules.begin()), number);
  }
  json.end_array().end_object().end_array().end_object();
  return json.take();
}

void append_findings(base::json_writer& json, const finding_list& findings) {
  json.begin_array();
  for (const finding& each : findings) {
    json.begin_object().key("id").string(each.rule->id);
    json.key("severity").string(name_of(each.rule->severity)).key("file").string(each.source);
    json.key("line").number(std::uint64_t{each.at.line}).key("column").number(std::uint64_t{each.at.column});
    json.key("title").string(each.rule->title).key("detail").string(each.detail);
    json.key("why").string(each.rule->why).key("fix").string(each.rule->fix).end_object();
  }
  json.end_array();
}

void append_rules(base::json_writer& json) {
  json.begin_array();
  for (const check_rule* each : all_rules()) {
    json.begin_object().key("id").string(each->id).key("severity").string(name_of(each->severity));
    json.key("title")
        .string(each->title)
        .key("why")
        .string(each->why)
        .key("fix")
        .string(each->fix)
        .end_object();
  }
  json.end_array();
}

}  // namespace guildfleet::ops
