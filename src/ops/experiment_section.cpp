#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ops/config_sections.hpp"
#include "ops/experiment_overlap.hpp"

namespace guildfleet::ops {
namespace {

void complain(section_reader& reader, base::severity severity, base::text_position at, std::string message,
              std::string fix) {
  reader.context().problems.push_back(
      {severity, reader.context().source, at, std::move(message), std::move(fix)});
}

std::string hint(std::string_view typed, const std::vector<std::string_view>& known, std::string_view what) {
  const std::string_view near = base::nearest_name(typed, known);
  if (!near.empty()) return fmt::format("did you mean {}?", near);
  return known.empty() ? fmt::format("there are no {}", what)
                       : fmt::format("{}: {}", what, fmt::join(known, ", "));
}

std::vector<std::string_view> with_variants(const config_surroundings& surroundings) {
  std::vector<std::string_view> names;
  for (const auto& [feature, variants] : surroundings.known_variants) names.push_back(feature);
  return names;
}

// One of the known names; empty and reported otherwise.
std::string read_name_of(section_reader& reader, std::string_view key, std::string_view what,
                         const std::vector<std::string_view>& known, std::string_view list_name) {
  const auto given = reader.text(key);
  if (!given) {
    reader.error(key, fmt::format("{} is missing", reader.label(key)), hint({}, known, list_name));
  } else if (std::ranges::find(known, *given) != known.end()) {
    return *given;
  } else {
    reader.error(key,
                 fmt::format("unknown {} \"{}\"", what, section_reader::shown(reader.node_of(key)->written)),
                 hint(*given, known, list_name));
  }
  return {};
}

void read_share(section_reader& reader, experiment_section& experiment) {
  const auto text = reader.text("share");
  if (!text) return;
  experiment.share_per_million = parse_share(*text);
  if (!experiment.share_per_million)
    reader.report_bad_value("share", "a share from 0% to 100%, with at most four decimals", "write 10%");
}

void read_guilds(section_reader& reader, experiment_section& experiment) {
  const auto* list = reader.list("guilds");
  if (list == nullptr) return;
  if (list->items.empty())
    reader.error("guilds", fmt::format("{} is empty", reader.label("guilds")),
                 "name servers, or remove the experiment");
  for (const auto& item : list->items) {
    const auto id = section_reader::parse_number(item.text);
    if (!id || item.text.size() < 15 || item.text.size() > 20) {
      complain(reader, base::severity::error, item.at,
               fmt::format("{} must be a list of Discord ids (15 to 20 digits), not \"{}\"",
                           reader.label("guilds"), section_reader::shown(item.written)),
               "switch on Developer Mode in Discord, then right-click the server and Copy ID");
    } else if (std::ranges::find(experiment.guilds, discord::guild_id{*id}) != experiment.guilds.end()) {
      complain(reader, base::severity::warning, item.at, fmt::format("the server {} stands twice", *id),
               "remove one");
    } else {
      experiment.guilds.push_back(discord::guild_id{*id});
    }
  }
}

void read_reach(section_reader& reader, experiment_section& experiment) {
  const bool by_share = reader.given("share");
  const bool by_list = reader.given("guilds");
  read_share(reader, experiment);
  read_guilds(reader, experiment);
  if (by_share && by_list)
    reader.error("guilds", "share and guilds exclude each other", "keep one of them");
  else if (!by_share && !by_list)
    reader.error("share", "the experiment reaches nobody: share and guilds are missing",
                 "write share: 10%, or guilds: with a list of server ids");
}

void read_bots_of(section_reader& reader, const fleet_config& config, experiment_section& experiment) {
  const auto* list = reader.list("bots");
  const auto has_feature = [&](const bot_section& bot) {
    return std::ranges::find(bot.features, experiment.feature) != bot.features.end();
  };
  if (list == nullptr) {
    if (!experiment.feature.empty() && std::ranges::none_of(config.bots, has_feature))
      reader.warn("feature", fmt::format("no bot has the feature \"{}\"", experiment.feature),
                  "add it to the features of a bot, or remove the experiment");
    return;
  }
  if (list->items.empty())
    reader.error("bots", fmt::format("{} is empty", reader.label("bots")),
                 "name bots, or leave it out for all that have the feature");
  std::vector<std::string_view> names;
  for (const bot_section& bot : config.bots) names.push_back(bot.name);
  for (const auto& item : list->items) {
    const auto bot = std::ranges::find(config.bots, item.text, &bot_section::name);
    if (bot == config.bots.end() || item.text.empty()) {
      complain(reader, base::severity::error, item.at,
               fmt::format("unknown bot \"{}\"", section_reader::shown(item.written)),
               hint(item.text, names, "bots"));
      continue;
    }
    if (!experiment.feature.empty() && !has_feature(*bot))
      complain(reader, base::severity::error, item.at,
               fmt::format("{} does not have the feature \"{}\"", bot->name, experiment.feature),
               "add it to the features of that bot, or remove the bot here");
    experiment.bots.push_back(item.text);
  }
}

void read_until(section_reader& reader, base::wall_time now, experiment_section& experiment) {
  const auto text = reader.text("until");
  if (!text) return;
  experiment.until = parse_day(*text);
  if (!experiment.until)
    reader.report_bad_value("until", "a day such as 2026-12-31");
  else if (now >= *experiment.ends())
    reader.warn("until", fmt::format("the experiment \"{}\" ended on {} and is off", experiment.name, *text),
                "remove it, or give it a later day");
}

void read_experiment_name(section_reader& reader, const fleet_config& config,
                          experiment_section& experiment) {
  const auto name = reader.text("name");
  if (!name) {
    reader.error("name", fmt::format("{} is missing", reader.label("name")),
                 "give the experiment a name, such as short-help");
    return;
  }
  if (!is_bot_name(*name)) {
    reader.report_bad_value("name", "1 to 32 of a-z, 0-9, _ and -, beginning with a letter or digit");
    return;
  }
  experiment.name = *name;
  const auto same = std::ranges::find(config.experiments, *name, &experiment_section::name);
  if (same != config.experiments.end())
    reader.error("name",
                 fmt::format("the name {} is taken by the experiment in line {}", *name, same->at.line),
                 "give each experiment a name of its own; it decides which servers are drawn");
}

experiment_section read_experiment(section_reader& reader, const config_surroundings& surroundings,
                                   const fleet_config& config) {
  experiment_section experiment;
  experiment.at = reader.at("name");
  read_experiment_name(reader, config, experiment);
  std::vector<std::string_view> features(surroundings.known_features.begin(),
                                         surroundings.known_features.end());
  experiment.feature = read_name_of(reader, "feature", "feature", features, "known features");
  const auto variants = surroundings.known_variants.find(experiment.feature);
  if (variants != surroundings.known_variants.end()) {
    const std::vector<std::string_view> names(variants->second.begin(), variants->second.end());
    experiment.variant = read_name_of(reader, "variant", "variant", names, "its variants");
  } else {
    (void)reader.text("variant");
    if (!experiment.feature.empty())
      reader.error("feature", fmt::format("the feature \"{}\" has no variants", experiment.feature),
                   hint({}, with_variants(surroundings), "features with variants"));
  }
  read_reach(reader, experiment);
  read_bots_of(reader, config, experiment);
  read_until(reader, surroundings.now, experiment);
  reader.finish();
  return experiment;
}

// The metrics of an experiment have a series for each group, so their number is kept small.
constexpr std::size_t most_experiments = 50;

}  // namespace

std::optional<std::chrono::sys_days> parse_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = section_reader::parse_number(text.substr(0, 4));
  const auto month = section_reader::parse_number(text.substr(5, 2));
  const auto day = section_reader::parse_number(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

std::optional<std::uint32_t> parse_share(std::string_view text) {
  constexpr std::uint32_t million = 1'000'000;
  if (!text.ends_with('%')) return std::nullopt;
  text.remove_suffix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  const std::size_t point = text.find('.');
  const auto whole = section_reader::parse_number(text.substr(0, point));
  std::string decimals(point == std::string_view::npos ? "0" : text.substr(point + 1));
  if (!whole || *whole > 100 || decimals.empty() || decimals.size() > 4) return std::nullopt;
  decimals.append(4 - decimals.size(), '0');
  const auto part = section_reader::parse_number(decimals);
  if (!part || *whole * 10'000 + *part > million) return std::nullopt;
  return static_cast<std::uint32_t>(*whole * 10'000 + *part);
}

bool experiment_section::is_for(const bot_section& bot) const {
  if (std::ranges::find(bot.features, feature) == bot.features.end()) return false;
  return bots.empty() || std::ranges::find(bots, bot.name) != bots.end();
}

void read_experiments(section_reader& reader, const config_surroundings& surroundings, fleet_config& config) {
  const auto* list = reader.list("experiments");
  if (list == nullptr) return;
  if (list->items.size() > most_experiments) {
    reader.error("experiments", fmt::format("there are more than {} experiments", most_experiments),
                 "remove those that are over");
    return;
  }
  for (const auto& item : list->items) {
    if (item.kind != base::yaml_node::node_kind::mapping) {
      complain(reader, base::severity::error, item.at, "an experiment is a group of keys",
               "write \"- name: short-help\" and indent the rest");
      continue;
    }
    section_reader inner(reader.context(), &item, "experiments[].");
    config.experiments.push_back(read_experiment(inner, surroundings, config));
  }
  warn_of_overlaps(config, surroundings.now, reader.context());
}

}  // namespace guildfleet::ops
