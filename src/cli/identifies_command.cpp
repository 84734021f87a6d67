// guildfleet identifies: what is left of a bot's sessions of the day, and letting it pass the floor.
#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <memory>
#include <ostream>

#include "cli/identify_text.hpp"
#include "cli/lease_places.hpp"
#include "cli/rollout_request.hpp"
#include "fleet/rollout_view.hpp"

namespace guildfleet::cli {
namespace {

namespace json = boost::json;

constexpr std::uint32_t permissions_read = 100;
constexpr std::chrono::hours longest_permission{24};

struct identifies_request {
  config_options config;
  std::vector<std::string> bots;
  std::string output = "text";
  std::string reason;
  std::string time = "1h";
};

using bots_action = std::function<exit_code(const std::vector<bot_place>&)>;

exit_code with_bots(const identifies_request& request, const program_facts& facts, const terminal& to,
                    const bots_action& act) {
  return with_config(request.config, facts, to, [&](const ops::fleet_config& config) {
    for (const std::string& name : request.bots) {
      if (std::ranges::find(config.bots, name, &ops::bot_section::name) != config.bots.end()) continue;
      to.err << "there is no bot " << name << " in this configuration\n";
      return exit_code::usage;
    }
    const base::system_clock clock;
    const auto places = open_bot_places(config, request.bots, clock);
    return places ? act(*places) : tell_failure(to, places.error());
  });
}

base::result<shown_identifies> look(const bot_place& place) {
  shown_identifies out{.bot = place.bot};
  out.floor_share = place.section->identify_floor;
  out.shard_count = place.section->shards.value_or(0);
  auto history = place.store->identifies(place.bot);
  if (!history) return std::unexpected(std::move(history).error());
  out.history = std::move(*history);
  auto allowed = place.store->identify_permission(place.bot);
  if (!allowed) return std::unexpected(std::move(allowed).error());
  out.allowed = std::move(*allowed);
  auto all = place.store->identify_permissions(place.bot, permissions_read);
  if (!all) return std::unexpected(std::move(all).error());
  out.permissions = std::move(*all);
  const auto seen = place.store->survey();
  if (!seen) return std::unexpected(seen.error());
  if (const std::uint32_t count = fleet::shard_count_of(*seen, place.bot); count > 0) out.shard_count = count;
  return out;
}

exit_code show(const std::vector<bot_place>& places, const identifies_request& request, const terminal& to) {
  json::array list;
  for (const bot_place& place : places) {
    const auto shown = look(place);
    if (!shown) return tell_failure(to, shown.error());
    if (request.output == "json")
      list.push_back(identifies_json(*shown));
    else
      print_identifies(*shown, to);
  }
  if (request.output == "json") to.out << json::serialize(list) << '\n';
  return exit_code::fine;
}

// A permission is for one bot: nobody means all of them.
const bot_place* the_one(const std::vector<bot_place>& places, const terminal& to) {
  if (places.size() == 1) return &places.front();
  to.err << "there are several bots (or none that ever ran); name the one that is meant with --bot\n";
  return nullptr;
}

exit_code allow(const std::vector<bot_place>& places, const identifies_request& request,
                const std::string& who, const terminal& to) {
  const bot_place* place = the_one(places, to);
  if (place == nullptr) return exit_code::refused;
  const auto time = parse_pause(request.time);
  if (!time || time->count() == 0 || *time > longest_permission) {
    to.err << "--for must be a time of at most a day, such as 30m or 1h\n";
    return exit_code::usage;
  }
  if (request.reason.find_first_not_of(" \t\n") == std::string::npos) {
    to.err << "--reason must say why; it is kept\n";
    return exit_code::usage;
  }
  const auto given = place->store->allow_identifies(place->bot, request.reason, who, *time);
  if (!given) return tell_failure(to, given.error());
  return show({*place}, request, to);
}

exit_code revoke(const std::vector<bot_place>& places, const identifies_request& request,
                 const std::string& who, const terminal& to) {
  const bot_place* place = the_one(places, to);
  if (place == nullptr) return exit_code::refused;
  const auto allowed = place->store->identify_permission(place->bot);
  if (!allowed) return tell_failure(to, allowed.error());
  if (!*allowed) {
    to.err << place->bot.value << " has no permission to pass the floor\n";
    return exit_code::failed;
  }
  const auto taken =
      place->store->allow_identifies(place->bot, request.reason, who, std::chrono::milliseconds(0));
  if (!taken) return tell_failure(to, taken.error());
  return show({*place}, request, to);
}

void add_options(CLI::App& app, identifies_request& request) {
  add_config_options(app, request.config);
  app.add_option("--bot", request.bots, "of these bots only");
  app.add_option("-o,--output", request.output, "text or json")->check(CLI::IsMember({"text", "json"}));
}

}  // namespace

command_action attach_identifies(CLI::App& app, const program_facts& facts) {
  const auto chosen = std::make_shared<command_action>();
  app.require_subcommand(0, 1);
  const auto status = std::make_shared<identifies_request>();
  add_options(app, *status);
  *chosen = [status, &facts](const terminal& to) {
    return with_bots(*status, facts, to, [&](const auto& places) { return show(places, *status, to); });
  };
  const auto given = std::make_shared<identifies_request>();
  CLI::App* permits = app.add_subcommand("allow", "let a bot identify below the floor for a while");
  add_options(*permits, *given);
  permits->add_option("--reason", given->reason, "why; it is kept")->required();
  permits->add_option("--for", given->time, "how long, at most a day")->capture_default_str();
  permits->callback([=, &facts] {
    *chosen = [given, &facts](const terminal& to) {
      return with_bots(*given, facts, to,
                       [&](const auto& places) { return allow(places, *given, person_of(facts), to); });
    };
  });
  const auto taken = std::make_shared<identifies_request>();
  CLI::App* revokes = app.add_subcommand("revoke", "take that back");
  add_options(*revokes, *taken);
  revokes->add_option("--reason", taken->reason, "why; it is kept");
  revokes->callback([=, &facts] {
    *chosen = [taken, &facts](const terminal& to) {
      return with_bots(*taken, facts, to,
                       [&](const auto& places) { return revoke(places, *taken, person_of(facts), to); });
    };
  });
  return [chosen](const terminal& to) { return (*chosen)(to); };
}

}  // namespace guildfleet::cli
