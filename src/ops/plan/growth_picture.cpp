#include "ops/plan/growth_picture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <functional>

#include "base/count_text.hpp"
#include "ops/plan/figure_text.hpp"

namespace guildfleet::ops {
namespace {

constexpr double width = 900;
constexpr double left = 90;
constexpr double right = 330;  // for the names at the lines' ends
constexpr double panel_height = 170;
constexpr double panel_step = 240;
constexpr double first_panel = 90;
constexpr double least_gap = 16;  // between two names

// Told apart on white and on black, and by who sees few colours; after these the dashes differ.
constexpr std::array colours = {"#0a84c6", "#d9690b", "#148f61", "#b8589a", "#7a74d4", "#8c7a10"};
constexpr std::array dashes = {"", "7 3", "2 3", "9 3 2 3"};

struct curve {
  std::string name;
  std::vector<double> values;  // one a month
  std::string style;           // SVG attributes
};

// 1, 2 or 5 times a power of ten: about four of them up to `highest`.
double decimal_step(double highest) {
  const double rough = std::max(highest, 1e-9) / 4;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough) return factor * power;
  }
  return 10 * power;
}

// Of milliseconds: what clocks show. Beyond a day, whole days.
double clock_step(double highest) {
  constexpr double second = 1'000;
  constexpr double minute = 60 * second;
  constexpr double hour = 60 * minute;
  const double rough = highest / 4;
  if (rough <= second) return decimal_step(highest);
  for (const double step :
       {2 * second, 5 * second, 10 * second, 15 * second, 30 * second, minute, 2 * minute, 5 * minute,
        10 * minute, 15 * minute, 30 * minute, hour, 2 * hour, 4 * hour, 6 * hour, 12 * hour}) {
    if (step >= rough) return step;
  }
  const double day = 24 * hour;
  return std::max(1.0, decimal_step(highest / day)) * day;
}

std::string clock_label(double value) {
  if (value == 0) return "0";
  std::string out = time_text(std::chrono::milliseconds(std::llround(value)));
  for (const std::string_view whole : {" 00 s", " 00 min"}) {
    if (out.ends_with(whole)) out.resize(out.size() - whole.size());
  }
  return out;
}

struct panel {
  std::string title;
  std::vector<curve> curves;
  bool steps = false;
  std::function<std::string(double)> label;
  double (*tick)(double highest) = decimal_step;  // between two lines
};

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '<')
      out += "&lt;";
    else if (c == '&')
      out += "&amp;";
    else
      out += c;
  }
  return out;
}

std::string style_of(std::size_t index, bool dashed) {
  const std::size_t dash = dashed ? 1 : index / colours.size() % dashes.size();
  const std::string pattern = dashes.at(dash);
  return fmt::format("stroke=\"{}\"{}", colours.at(index % colours.size()),
                     pattern.empty() ? "" : fmt::format(" stroke-dasharray=\"{}\"", pattern));
}

class drawing final {
 public:
  explicit drawing(std::uint32_t months) : months_(std::max(1U, months)) {}

  void draw(const panel& what, double top) {
    double highest = 0;
    for (const curve& each : what.curves) highest = std::max(highest, std::ranges::max(each.values));
    const double step = what.steps ? std::max(1.0, what.tick(highest)) : what.tick(highest);
    const double scale = std::max(step, std::ceil(highest / step) * step);
    const auto y = [&](double value) { return top + panel_height * (1 - value / scale); };
    out_ += fmt::format("<text class=\"head\" x=\"{}\" y=\"{}\">{}</text>\n", left, top - 14,
                        escaped(what.title));
    for (double value = 0; value <= scale * 1.001; value += step) {
      out_ += fmt::format("<line class=\"grid\" x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>", left,
                          width - right, y(value), y(value));
      out_ += fmt::format("<text x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n", left - 8,
                          y(value) + 4, escaped(what.label(value)));
    }
    draw_months(top + panel_height);
    for (const curve& each : what.curves) draw_curve(each, what.steps, y);
    name_curves(what, y);
  }

  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  [[nodiscard]] double x(double month) const { return left + (width - left - right) * month / months_; }

  void draw_months(double bottom) {
    const std::uint32_t step = std::max(1U, (months_ + 11) / 12);
    for (std::uint32_t month = 0; month <= months_; month += step)
      out_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n", x(month),
                          bottom + 18, month == 0 ? "now" : std::to_string(month));
  }

  void draw_curve(const curve& what, bool steps, const std::function<double(double)>& y) {
    std::string path = fmt::format("M{:.1f} {:.1f}", x(0), y(what.values.front()));
    for (std::size_t month = 1; month < what.values.size(); ++month) {
      const double at = x(static_cast<double>(month));
      const double height = y(what.values[month]);
      path +=
          steps ? fmt::format(" H{:.1f} V{:.1f}", at, height) : fmt::format(" L{:.1f} {:.1f}", at, height);
    }
    out_ += fmt::format("<path class=\"curve\" {} d=\"{}\"/>\n", what.style, path);
  }

  // At the lines' ends, pushed apart where they would overlap.
  void name_curves(const panel& what, const std::function<double(double)>& y) {
    std::vector<std::pair<double, const curve*>> names;
    for (const curve& each : what.curves) names.emplace_back(y(each.values.back()) + 4, &each);
    std::ranges::sort(names, {}, &std::pair<double, const curve*>::first);
    double above = 0;
    for (auto& [at, each] : names) {
      at = std::max(at, above + least_gap);
      above = at;
      out_ += fmt::format("<path class=\"curve\" {} d=\"M{:.1f} {:.1f} h18\"/>", each->style,
                          width - right + 8, at - 4);
      out_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\">{}: {}</text>\n", width - right + 30, at,
                          escaped(each->name), escaped(what.label(each->values.back())));
    }
  }

  std::uint32_t months_;
  std::string out_;
};

using figure = std::function<double(const growth_point&)>;

std::vector<curve> curves_of(const fleet_plan& plan, const figure& of) {
  std::vector<curve> out;
  for (std::size_t i = 0; i < plan.bots.size(); ++i) {
    curve one{.name = plan.bots[i].bot.name, .values = {}, .style = style_of(i, false)};
    for (const growth_point& each : plan.bots[i].growth) one.values.push_back(of(each));
    out.push_back(std::move(one));
  }
  return out;
}

// More IDENTIFYs at once.
bool start_falls(const fleet_plan& plan) {
  return std::ranges::any_of(plan.bots, [](const bot_plan& each) {
    return !std::ranges::is_sorted(each.growth, {}, &growth_point::cold_start);
  });
}

std::vector<panel> panels_of(const fleet_plan& plan) {
  panel shards{
      .title = "Shards, recommended",
      .curves = curves_of(plan, [](const growth_point& at) { return double(at.shards); }),
      .steps = true,
      .label = [](double value) { return grouped(static_cast<std::uint64_t>(std::llround(value))); }};
  if (plan.bots.size() == 1) {
    shards.title = "Shards, recommended and by the common rule (guilds / 2500 + 1)";
    curve rule{.name = "common rule", .values = {}, .style = style_of(1, true)};
    for (const growth_point& each : plan.bots.front().growth) rule.values.push_back(each.common_rule);
    shards.curves.push_back(std::move(rule));
  }
  panel memory{.title = "Memory of the nodes that carry the bot",
               .curves = curves_of(plan, [](const growth_point& at) { return at.bytes; }),
               .label = [](double value) { return value == 0 ? std::string("0") : bytes_text(value); }};
  panel start{.title = "Cold start of all shards, one IDENTIFY after the other",
              .curves = curves_of(plan, [](const growth_point& at) { return double(at.cold_start.count()); }),
              .label = clock_label,
              .tick = clock_step};
  if (start_falls(plan)) start.title += "; it falls where max_concurrency rises";
  return {std::move(shards), std::move(memory), std::move(start)};
}

std::string in_words(const growth_point& at) {
  return fmt::format("{} {}, {}, {}, a cold start of {}", grouped(at.guilds),
                     at.guilds == 1 ? "guild" : "guilds", base::count_text(at.shards, "shard"),
                     bytes_text(at.bytes), time_text(at.cold_start));
}

bool any_cut(const fleet_plan& plan) {
  return std::ranges::any_of(plan.bots, [](const bot_plan& each) { return each.growth.back().cut; });
}

// What the curves show, in words.
std::string description(const fleet_plan& plan, const plan_question& question) {
  std::string out = fmt::format("{} more guilds a month.", share_text(question.growth));
  for (const bot_plan& each : plan.bots) {
    const growth_point& now = each.growth.front();
    const growth_point& then = each.growth.back();
    out += fmt::format(" {}: now {}; after {} {}{}.", each.bot.name, in_words(now),
                       base::count_text(then.month, "month"), in_words(then),
                       then.cut ? " (cut, the most that is planned)" : "");
  }
  return out;
}

constexpr std::string_view style = R"(<style>
text { font: 13px system-ui, sans-serif; fill: #7b7b7b }
.head { font-size: 15px; font-weight: 600 }
.title { font-size: 18px; font-weight: 600 }
.grid { stroke: #8a8a8a; stroke-opacity: 0.35 }
.curve { fill: none; stroke-width: 2.5; stroke-linejoin: round }
@media (prefers-color-scheme: light) { text { fill: #333333 } }
@media (prefers-color-scheme: dark) { text { fill: #d6d6d6 } }
</style>
)";

}  // namespace

std::string growth_picture(const fleet_plan& plan, const plan_question& question) {
  const std::vector<panel> panels = panels_of(plan);
  const double height = first_panel + panel_step * static_cast<double>(panels.size()) - 20;
  const std::string title = "Growth of the fleet over " + base::count_text(question.months, "month");
  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
      "role=\"img\" "
      "aria-labelledby=\"title description\">\n<title id=\"title\">{2}</title>\n<desc "
      "id=\"description\">{3}</desc>\n",
      width, height, title, escaped(description(plan, question)));
  out += style;
  out += fmt::format("<text class=\"title\" x=\"{}\" y=\"34\">{}</text>\n", left, title);
  if (any_cut(plan))
    out += fmt::format("<text x=\"{}\" y=\"54\">cut at {} guilds, the most that is planned</text>\n", left,
                       grouped(most_planned_guilds));
  drawing canvas(question.months);
  for (std::size_t i = 0; i < panels.size(); ++i)
    canvas.draw(panels[i], first_panel + panel_step * static_cast<double>(i));
  return out + canvas.take() + "</svg>\n";
}

}  // namespace guildfleet::ops
