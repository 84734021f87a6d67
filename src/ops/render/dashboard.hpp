// Grafana dashboards as tables: what each panel asks Prometheus for, and how it reads.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guildfleet::ops {

struct panel_query {
  std::string expression;  // PromQL with $bot, $node and $__rate_interval
  std::string legend;      // "{{bot}}"
};

enum class panel_kind {
  number,  // the present value, coloured from `bad_from` on
  lines,   // over time
  bars,    // over time, stacked: parts of a whole
};

struct panel {
  std::string title;
  panel_kind kind = panel_kind::lines;
  std::string unit;  // Grafana's name of it: "s", "bytes", "reqps", "short", ...
  std::string description;
  std::vector<panel_query> queries;
  std::optional<double> bad_from{};
};

struct dashboard {
  std::string uid;  // stable: alerts and bookmarks name it
  std::string title;
  std::string description;
  std::vector<panel> panels;
};

// In the order of their list in Grafana.
[[nodiscard]] std::vector<dashboard> dashboards();

// The texts of expressions. `labels` are more matchers (kind="broken"), `by` is what is kept apart (bot).
namespace promql {
// sum by (by) (metric{bot=~"$bot",instance=~"$node",labels})
[[nodiscard]] std::string sum(std::string_view metric, std::string_view by, std::string_view labels = "");
// The same of its rate.
[[nodiscard]] std::string rate(std::string_view metric, std::string_view by, std::string_view labels = "");
// Of a histogram; `metric` without _bucket.
[[nodiscard]] std::string quantile(double part, std::string_view metric, std::string_view by);
// Largest value: what all nodes tell alike.
[[nodiscard]] std::string max(std::string_view metric, std::string_view by);
// Of a process, without a bot: metric{instance=~"$node"}
[[nodiscard]] std::string of_node(std::string_view metric);
[[nodiscard]] std::string rate_of_node(std::string_view metric, std::string_view by);
[[nodiscard]] std::string quantile_of_node(double part, std::string_view metric);
}  // namespace promql

// Of dashboards(), one part a file.
namespace boards {
[[nodiscard]] dashboard fleet();
[[nodiscard]] dashboard bot();
[[nodiscard]] dashboard shards();
[[nodiscard]] dashboard rest();
[[nodiscard]] dashboard database();
[[nodiscard]] dashboard rollout();
}  // namespace boards

}  // namespace guildfleet::ops
