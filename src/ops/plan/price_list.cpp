#include "ops/plan/price_list.hpp"

#include <charconv>
#include <fmt/format.h>

#include "ops/config_sections.hpp"

namespace guildfleet::ops {
namespace {

constexpr double highest_price = 1e6;

std::optional<double> number_in(const std::string& text) {
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

void read_amount(section_reader& reader, std::string_view key, double& out, double most) {
  const auto text = reader.text(key);
  if (!text) {
    if (!reader.given(key)) reader.error(key, reader.label(key) + " is missing");
    return;
  }
  const auto value = number_in(*text);
  if (value && *value >= 0 && *value <= most)
    out = *value;
  else
    reader.report_bad_value(key, fmt::format("a number from 0 to {}", most));
}

void read_needed(section_reader& reader, std::string_view key, std::string& out) {
  reader.read(key, out);
  if (out.empty()) reader.error(key, reader.label(key) + " is missing");
}

void read_source(section_reader& reader, price_source& source) {
  read_needed(reader, "currency", source.currency);
  read_needed(reader, "source", source.url);
  reader.read("note", source.note);
  const auto day = reader.text("as_of");
  if (!day || *day == "undated") return;
  source.as_of = parse_day(*day);
  if (!source.as_of) reader.report_bad_value("as_of", "a day such as 2026-12-31, or undated");
}

price_plan read_plan(section_reader& reader) {
  price_plan out;
  read_needed(reader, "name", out.name);
  read_amount(reader, "vcpu", out.vcpu, 1024);
  reader.read_number<std::uint32_t>("memory_mib", out.memory_mib, 64, 16U << 20U);
  if (out.memory_mib == 0 && !reader.given("memory_mib"))
    reader.error("memory_mib", reader.label("memory_mib") + " is missing");
  read_amount(reader, "price", out.price, highest_price);
  read_source(reader, out.source);
  reader.finish();
  return out;
}

usage_price read_usage(section_reader& reader) {
  usage_price out;
  read_amount(reader, "memory_gb", out.memory_gb, highest_price);
  read_amount(reader, "vcpu", out.vcpu, highest_price);
  read_amount(reader, "least", out.least, highest_price);
  read_source(reader, out.source);
  reader.finish();
  return out;
}

platform read_platform(section_reader& reader) {
  platform out;
  read_needed(reader, "name", out.name);
  reader.read_choice("kind", out.kind,
                     {{"machines", platform_kind::machines}, {"containers", platform_kind::containers}});
  read_needed(reader, "url", out.url);
  reader.read("note", out.note);
  if (const base::yaml_node* plans = reader.list("plans")) {
    for (std::size_t i = 0; i < plans->items.size(); ++i) {
      section_reader plan(reader.context(), &plans->items[i], reader.path_of(fmt::format("plans[{}].", i)));
      out.plans.push_back(read_plan(plan));
    }
  }
  if (const base::yaml_node* usage = reader.mapping("usage")) {
    section_reader used(reader.context(), usage, reader.path_of("usage."));
    out.usage = read_usage(used);
  }
  reader.finish();
  return out;
}

}  // namespace

std::string_view name_of(price_age value) {
  switch (value) {
    case price_age::fresh:
      return "fresh";
    case price_age::old:
      return "old";
    case price_age::undated:
      return "undated";
  }
  return "unknown";
}

price_age price_source::age(base::wall_time now) const {
  if (!as_of) return price_age::undated;
  return now - *as_of > price_is_old_after ? price_age::old : price_age::fresh;
}

std::optional<price_list> parse_price_list(std::string_view yaml, std::string_view source,
                                           base::problem_list& problems) {
  const auto root = base::parse_yaml(yaml, source, [](std::string_view) { return std::nullopt; }, problems);
  if (!root) return std::nullopt;
  reader_context context{std::string(source), problems, [](const std::string& path) { return path; }};
  section_reader reader(context, &*root, "");
  price_list out;
  const base::yaml_node* platforms = reader.list("platforms");
  if (platforms == nullptr || platforms->items.empty())
    reader.error("platforms", "no platform is described", "docs/planning.md shows the file's shape");
  for (std::size_t i = 0; platforms != nullptr && i < platforms->items.size(); ++i) {
    section_reader one(context, &platforms->items[i], fmt::format("platforms[{}].", i));
    out.platforms.push_back(read_platform(one));
  }
  reader.finish();
  if (base::has_errors(problems)) return std::nullopt;
  return out;
}

}  // namespace guildfleet::ops
