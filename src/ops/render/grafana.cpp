#include "ops/render/grafana.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "ops/render/monitoring_places.hpp"
#include "ops/render/readable_json.hpp"
#include "ops/render/yaml_text.hpp"

namespace guildfleet::ops {
namespace {

namespace json = boost::json;

const std::string command = "guildfleet render grafana";
constexpr std::string_view source_uid = "guildfleet-prometheus";
constexpr int columns = 24;  // of Grafana's grid

json::object source() {
  return {{"type", "prometheus"}, {"uid", source_uid}};
}

struct place {
  int x = 0;
  int y = 0;
};

// Numbers are small and stand in a row of their own; of the others two are beside each other.
class grid final {
 public:
  json::object put(panel_kind kind) {
    const int width = kind == panel_kind::number ? 6 : 12;
    const int height = kind == panel_kind::number ? 4 : 8;
    if (at_.x + width > columns || (height != row_height_ && at_.x > 0)) at_ = {0, at_.y + row_height_};
    const place here = at_;
    at_.x += width;
    row_height_ = height;
    return {{"x", here.x}, {"y", here.y}, {"w", width}, {"h", height}};
  }

 private:
  place at_{};
  int row_height_ = 0;
};

json::object query_of(std::string_view name, std::string_view expression, std::string_view legend, bool now) {
  return {{"refId", name},          {"datasource", source()}, {"expr", expression},
          {"legendFormat", legend}, {"instant", now},         {"range", !now}};
}

json::array targets_of(const panel& from) {
  json::array out;
  char name = 'A';
  for (const panel_query& each : from.queries)
    out.push_back(query_of(std::string(1, name++), each.expression,
                           each.legend.empty() ? "__auto" : each.legend, from.kind == panel_kind::number));
  return out;
}

json::object thresholds_of(const panel& from) {
  json::array steps{json::object{{"color", from.bad_from ? "green" : "text"}, {"value", nullptr}}};
  if (from.bad_from) steps.push_back(json::object{{"color", "red"}, {"value", *from.bad_from}});
  return {{"mode", "absolute"}, {"steps", steps}};
}

json::object field_config_of(const panel& from) {
  json::object defaults{{"unit", from.unit}, {"min", 0}, {"thresholds", thresholds_of(from)}};
  if (from.kind != panel_kind::number) {
    const bool stacked = from.kind == panel_kind::bars;
    defaults["custom"] = json::object{{"drawStyle", "line"},
                                      {"lineWidth", 1},
                                      {"fillOpacity", stacked ? 40 : 0},
                                      {"showPoints", "never"},
                                      {"stacking", json::object{{"mode", stacked ? "normal" : "none"}}}};
  }
  return {{"defaults", defaults}, {"overrides", json::array()}};
}

json::object options_of(const panel& from) {
  if (from.kind == panel_kind::number) {
    return {{"reduceOptions",
             json::object{{"calcs", json::array{"lastNotNull"}}, {"fields", ""}, {"values", false}}},
            {"colorMode", "value"},
            {"graphMode", "none"},
            {"justifyMode", "auto"},
            {"textMode", "auto"},
            {"orientation", "auto"},
            {"wideLayout", true},
            {"showPercentChange", false},
            {"percentChangeColorMode", "standard"}};
  }
  return {
      {"legend",
       json::object{
           {"displayMode", "list"}, {"placement", "bottom"}, {"showLegend", true}, {"calcs", json::array()}}},
      {"tooltip", json::object{{"mode", "multi"}, {"sort", "desc"}}}};
}

json::object panel_of(const panel& from, int id, grid& places) {
  return {{"id", id},
          {"type", from.kind == panel_kind::number ? "stat" : "timeseries"},
          {"title", from.title},
          {"description", from.description},
          {"datasource", source()},
          {"gridPos", places.put(from.kind)},
          {"fieldConfig", field_config_of(from)},
          {"options", options_of(from)},
          {"targets", targets_of(from)}};
}

// What a dashboard is looked at for; all of them at first.
json::object variable_of(std::string_view name, std::string_view label, std::string_view query) {
  return {{"type", "query"},
          {"name", name},
          {"label", label},
          {"datasource", source()},
          {"definition", query},
          {"query", json::object{{"query", query}, {"refId", "variable"}}},
          {"includeAll", true},
          {"allValue", ".*"},
          {"multi", true},
          {"refresh", 2},  // whenever the time range changes: nodes come and go
          {"sort", 1},
          {"current", json::object{{"text", json::array{"All"}}, {"value", json::array{"$__all"}}}}};
}

json::object alerts_on_graphs() {
  return {
      {"name", "Alerts"},
      {"datasource", source()},
      {"enable", true},
      {"iconColor", "red"},
      {"target",
       query_of("Alerts", "ALERTS{alertstate=\"firing\",severity=\"critical\",alertname=~\"Guildfleet.*\"}",
                "", false)},
      {"titleFormat", "{{alertname}}"},
      {"textFormat", "{{bot}} {{instance}}"}};
}

std::string source_file() {
  yaml_text out;
  out.begin_map().entry("apiVersion", 1).key("datasources").begin_list().begin_map();
  out.entry("name", "guildfleet").entry("uid", source_uid).entry("type", "prometheus");
  out.entry("access", "proxy").entry("url", fmt::format("http://prometheus:{}", prometheus_port));
  out.entry("isDefault", true).entry("editable", false);
  out.key("jsonData").begin_map().entry("timeInterval", "15s").entry("httpMethod", "POST").end_map();
  return header_of(command) + out.end_map().end_list().end_map().take();
}

std::string provider_file() {
  yaml_text out;
  out.begin_map().entry("apiVersion", 1).key("providers").begin_list().begin_map();
  out.entry("name", "guildfleet").entry("folder", "guildfleet").entry("type", "file");
  out.entry("allowUiUpdates", false).entry("updateIntervalSeconds", 30);
  out.key("options").begin_map().entry("path", "/etc/grafana/dashboards").end_map();
  return header_of(command) + out.end_map().end_list().end_map().take();
}

}  // namespace

std::string dashboard_json(const dashboard& from) {
  grid places;
  json::array panels;
  int id = 0;
  for (const panel& each : from.panels) panels.push_back(panel_of(each, ++id, places));
  const json::object out{
      {"uid", from.uid},
      {"title", from.title},
      {"description", fmt::format("{} Written by: {}", from.description, command)},
      {"tags", json::array{"guildfleet"}},
      {"schemaVersion", 39},
      {"version", 1},
      {"editable", false},
      {"graphTooltip", 1},
      {"timezone", "browser"},
      {"refresh", "30s"},
      {"time", json::object{{"from", "now-6h"}, {"to", "now"}}},
      {"templating",
       json::object{
           {"list", json::array{variable_of("bot", "Bot", "label_values(guildfleet_gateway_shards, bot)"),
                                variable_of("node", "Node",
                                            "label_values(guildfleet_process_uptime_seconds, instance)")}}}},
      {"annotations", json::object{{"list", json::array{alerts_on_graphs()}}}},
      {"links", json::array{json::object{{"type", "dashboards"},
                                         {"title", "guildfleet"},
                                         {"tags", json::array{"guildfleet"}},
                                         {"asDropdown", false},
                                         {"includeVars", true},
                                         {"keepTime", true},
                                         {"targetBlank", false},
                                         {"icon", "external link"},
                                         {"tooltip", ""},
                                         {"url", ""}}}},
      {"panels", panels}};
  return readable_json(out) + "\n";
}

rendering render_grafana(const fleet_config&, const deployment&) {
  rendering out;
  out.files.push_back({"grafana/provisioning/datasources/guildfleet.yml", source_file()});
  out.files.push_back({"grafana/provisioning/dashboards/guildfleet.yml", provider_file()});
  for (const dashboard& each : dashboards())
    out.files.push_back({fmt::format("grafana/dashboards/{}.json", each.uid), dashboard_json(each)});
  return out;
}

}  // namespace guildfleet::ops
