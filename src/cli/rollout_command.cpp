// guildfleet rollout: moving bots from one release to another.
#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <memory>
#include <ostream>

#include "cli/operation_command.hpp"
#include "cli/rollout_request.hpp"
#include "cli/rollout_text.hpp"
#include "cli/rollout_weights.hpp"
#include "fleet/error.hpp"
#include "fleet/guest_choice.hpp"
#include "fleet/guild_share.hpp"
#include "fleet/rollout_view.hpp"

namespace guildfleet::cli {
namespace {

namespace json = boost::json;

constexpr std::uint32_t rollouts_shown = 20;
constexpr std::uint32_t events_shown = 200;

// What came of it so far, as the exit code tells it.
exit_code code_of(fleet::rollout_state state) {
  using fleet::rollout_state;
  return state == rollout_state::rolled_back || state == rollout_state::failed ||
                 state == rollout_state::aborted
             ? exit_code::failed
             : exit_code::fine;
}

base::result<std::vector<shown_rollout>> newest_of(const std::vector<placed_bot>& bots) {
  std::vector<shown_rollout> out;
  for (const placed_bot& bot : bots) {
    auto newest = newest_rollout(bot);
    if (!newest) return std::unexpected(std::move(newest).error());
    if (*newest) out.push_back(std::move(**newest));
  }
  return out;
}

void print(const std::vector<shown_rollout>& all, const std::vector<placed_bot>& bots,
           const rollout_request& request, const terminal& to) {
  if (request.output == "json") {
    json::array list;
    for (const shown_rollout& each : all) list.push_back(rollout_json(each));
    to.out << json::serialize(list) << '\n';
  } else if (all.empty()) {
    to.out << "no bot has had a rollout yet\n";
  } else {
    print_rollouts(all, bots.front().seen.at_ms, to);
  }
}

std::string line_of(const shown_rollout& each) {
  return fmt::format("{} {} {} shards: {}{}", each.of.bot.value, fleet::name_of(each.of.state),
                     fleet::percent(fleet::placement_of(each.of).share), shards_text(each),
                     each.of.reason.empty() ? "" : "; " + each.of.reason);
}

base::result<std::vector<followed>> followed_in(const std::vector<placed_bot>& bots) {
  const auto all = newest_of(bots);
  if (!all) return std::unexpected(all.error());
  std::vector<followed> out;
  for (const shown_rollout& each : *all)
    out.push_back({each.of.bot, line_of(each), rollout_json(each), each.row.active,
                   code_of(each.of.state) != exit_code::fine});
  return out;
}

// Guilds are delegated over the peer link; without one a step that needs it would never be reached.
base::result<void> check_delegation(const fleet::rollout& plan, const placed_bot& bot) {
  const std::uint32_t count = fleet::shard_count_of(bot.seen, bot.name);
  bool delegates = false;
  for (const double share : plan.steps)
    delegates |= fleet::places_at(count, plan.salt, share).delegating.has_value();
  delegates |= !plan.chosen.empty();
  const auto without = std::ranges::find_if(
      bot.seen.nodes, [](const store::node_row& node) { return node.report.address.empty(); });
  if (!delegates || without == bot.seen.nodes.end()) return {};
  return base::fail(
      fleet::fleet_error::rollout_command,
      fmt::format("bot {}: some steps are smaller than a shard, and node {} has no peer link to "
                  "hand guilds over",
                  bot.name.value, without->identity.name),
      fmt::format("Give every node ADVERTISE and FLEET_KEY, or choose steps of whole shards "
                  "(there are {}), such as --steps 100%.",
                  count));
}

base::result<fleet::rollout> plan_for(const placed_bot& bot, const rollout_request& request,
                                      const std::string& by) {
  const std::string from = request.from.empty() ? bot.release() : request.from;
  if (from.empty())
    return base::fail(fleet::fleet_error::rollout_command,
                      fmt::format("bot {}: no node runs a shard of it", bot.name.value),
                      "Start the nodes of the present release first.");
  auto wish = wish_of(request, bot.name, from, by);
  if (!wish) return std::unexpected(std::move(wish).error());
  auto plan = fleet::plan_rollout(*wish, fleet::shard_count_of(bot.seen, bot.name),
                                  base::wall_time(std::chrono::milliseconds(bot.seen.at_ms)));
  if (!plan) return plan;
  if (auto possible = check_delegation(*plan, bot); !possible) return std::unexpected(possible.error());
  return plan;
}

// The bots of the rings, in their order, each with those of the rings before it; without rings all of them.
base::result<std::vector<std::pair<placed_bot, std::vector<store::bot_name>>>> in_rings(
    const found_bots& found, const rollout_request& request) {
  std::vector<std::pair<placed_bot, std::vector<store::bot_name>>> out;
  if (request.rings.empty()) {
    for (const placed_bot& bot : found.bots) out.emplace_back(bot, std::vector<store::bot_name>());
    return out;
  }
  std::vector<store::bot_name> before;
  for (auto ring_at = request.rings.begin(); ring_at != request.rings.end(); ++ring_at) {
    const std::string& ring = *ring_at;
    if (std::find(request.rings.begin(), ring_at, ring) != ring_at)
      return base::fail(fleet::fleet_error::rollout_settings, fmt::format("--ring {}", ring),
                        "It is named twice; name each ring once.");
    std::vector<store::bot_name> here;
    for (const ops::bot_section& section : found.config.bots) {
      const auto placed =
          std::ranges::find(found.bots, section.name, [](const placed_bot& bot) { return bot.name.value; });
      if (section.ring != ring || placed == found.bots.end()) continue;
      out.emplace_back(*placed, before);
      here.push_back(placed->name);
    }
    if (here.empty())
      return base::fail(fleet::fleet_error::rollout_settings, fmt::format("--ring {}", ring),
                        "No bot that runs has this ring; write it as bots[].ring in the configuration.");
    before.insert(before.end(), here.begin(), here.end());
  }
  return out;
}

exit_code start_all(const found_bots& found, const rollout_request& request, const std::string& by,
                    const terminal& to) {
  const auto ordered = in_rings(found, request);
  if (!ordered) return tell_operation_failure(ordered.error(), to);
  std::vector<placed_bot> bots;
  std::vector<fleet::rollout> plans;
  // All or none of them.
  for (const auto& [bot, before] : *ordered) {
    const auto newest = newest_rollout(bot);
    if (!newest) return tell_operation_failure(newest.error(), to);
    if (*newest && (*newest)->row.active) return tell_operation_failure(goes_on_already(bot.name), to);
  }
  for (const auto& [bot, before] : *ordered) {
    auto plan = plan_for(bot, request, by);
    if (!plan) return tell_operation_failure(plan.error(), to);
    plan->after = before;
    plans.push_back(std::move(*plan));
    bots.push_back(bot);
  }
  json::array shown;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    if (request.output == "json")
      shown.push_back(plan_json(plans[i], bots[i].seen, request.dry_run));
    else
      print_plan(plans[i], bots[i].seen, to);
  }
  if (request.output == "json") to.out << json::serialize(shown) << std::endl;
  if (request.dry_run) return exit_code::fine;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    const auto begun = start(bots[i], plans[i], by);
    if (!begun) return tell_operation_failure(begun.error(), to);
  }
  if (request.wait) return follow(found.places, request, names_of(bots), to, followed_in);
  if (request.output != "json") to.out << "started; guildfleet rollout status --watch follows it\n";
  return exit_code::fine;
}

exit_code obey_all(const std::vector<placed_bot>& bots, const rollout_places& places,
                   const rollout_request& request, fleet::rollout_command what, const std::string& by,
                   const terminal& to) {
  // Without a name it is meant for those that the command is good for.
  const bool ends = what == fleet::rollout_command::retry || what == fleet::rollout_command::undo;
  std::vector<placed_bot> meant;
  for (const placed_bot& bot : bots) {
    const auto newest = newest_rollout(bot);
    if (!newest) return tell_operation_failure(newest.error(), to);
    if (!request.bots.empty() || (*newest && (*newest)->row.active != ends)) meant.push_back(bot);
  }
  if (meant.size() > 1 && request.bots.empty() && ends) {
    to.err << "several bots have had a rollout; name those that are meant with --bot\n";
    return exit_code::refused;
  }
  if (meant.empty()) {
    to.err << (ends ? "no bot has a rollout that has ended\n" : "no bot has a rollout that goes on\n");
    return exit_code::refused;
  }
  std::vector<shown_rollout> all;
  for (const placed_bot& bot : meant) {
    auto done = command(bot, what, by);
    if (!done) return tell_operation_failure(done.error(), to);
    all.push_back(std::move(*done));
  }
  if (request.wait) return follow(places, request, names_of(meant), to, followed_in);
  print(all, meant, request, to);
  return exit_code::fine;
}

exit_code show_status(const std::vector<placed_bot>& bots, const rollout_places& places,
                      const rollout_request& request, const terminal& to) {
  if (request.watch) return follow(places, request, request.bots, to, followed_in);
  const auto all = newest_of(bots);
  if (!all) return tell_operation_failure(all.error(), to);
  print(*all, bots, request, to);
  exit_code code = exit_code::fine;
  for (const shown_rollout& each : *all) {
    if (code_of(each.of.state) != exit_code::fine) code = exit_code::failed;
  }
  return code;
}

exit_code show_history(const std::vector<placed_bot>& bots, const rollout_request& request,
                       const terminal& to) {
  json::array list;
  for (const placed_bot& bot : bots) {
    const auto all = rollouts(bot, rollouts_shown);
    if (!all) return tell_operation_failure(all.error(), to);
    for (auto each = all->rbegin(); each != all->rend(); ++each) {
      const auto events = bot.store->rollout_events(each->row.id, events_shown);
      if (!events) return tell_operation_failure(events.error(), to);
      json::object one = rollout_json(*each);
      one["events"] = events_json(*events);
      list.push_back(std::move(one));
      if (request.output == "json") continue;
      to.out << painted(to, colour::bold,
                        fmt::format("{}: {} -> {}, {}, {}", each->of.bot.value, each->of.from, each->of.to,
                                    fleet::name_of(each->of.strategy), fleet::name_of(each->of.state)))
             << '\n';
      print_events(*events, to);
    }
  }
  if (request.output == "json")
    to.out << json::serialize(list) << '\n';
  else if (list.empty())
    to.out << "no rollout yet\n";
  return exit_code::fine;
}

using chosen_action = std::shared_ptr<command_action>;

CLI::App* add(CLI::App& app, const char* name, const char* summary, rollout_request& request) {
  CLI::App* command = add_operation(app, name, summary, request);
  command->add_option("--bot", request.bots, "only these bots")->delimiter(',');
  return command;
}

void attach_start(CLI::App& app, const program_facts& facts, const chosen_action& chosen) {
  const auto request = std::make_shared<rollout_request>();
  CLI::App* command = add(app, "start", "print the plan and begin", *request);
  command->add_option("--to", request->to, "the new release, as its nodes declare it")->required();
  command->add_option("--from", request->from, "the old release (default: the one that runs the bot)");
  command->add_option("--strategy", request->strategy, "canary, blue-green or rolling")
      ->capture_default_str();
  command->add_option("--steps", request->steps, "shares of the guilds, such as 5%,25%,50%,100%");
  command->add_option("--pause", request->pause, "how long each step is observed, such as 5m");
  command->add_option("--guilds", request->guilds, "servers that are moved first, by id");
  command->add_option("--ring", request->rings, "rings of bots, one after the other: test,small,all")
      ->delimiter(',');
  command->add_option("--threshold", request->thresholds, "what is tolerated, such as failures.by=0.01");
  command->add_flag("--dry-run", request->dry_run, "print the plan only");
  add_following(*command, *request, "--wait", "follow it to its end", request->wait);
  command->callback([=, &facts] {
    *chosen = [request, &facts](const terminal& to) {
      return with_placed_bots(*request, facts, to, [&](const found_bots& found) {
        return start_all(found, *request, person_of(facts), to);
      });
    };
  });
}

void attach_command(CLI::App& app, const program_facts& facts, const chosen_action& chosen,
                    fleet::rollout_command what, const char* summary) {
  const auto request = std::make_shared<rollout_request>();
  CLI::App* command = add(app, std::string(fleet::name_of(what)).c_str(), summary, *request);
  if (what == fleet::rollout_command::promote)
    command->add_flag("--full", request->full, "all of it, without the steps between");
  add_following(*command, *request, "--wait", "follow it to its end", request->wait);
  command->callback([=, &facts] {
    *chosen = [request, what, &facts](const terminal& to) {
      return with_placed_bots(*request, facts, to, [&](const found_bots& found) {
        const auto meant = request->full ? fleet::rollout_command::promote_full : what;
        return obey_all(found.bots, found.places, *request, meant, person_of(facts), to);
      });
    };
  });
}

void attach_views(CLI::App& app, const program_facts& facts, const chosen_action& chosen) {
  const auto status = std::make_shared<rollout_request>();
  CLI::App* shown = add(app, "status", "show the newest rollout of each bot", *status);
  add_following(*shown, *status, "--watch", "a line for each change, until all have ended", status->watch);
  shown->callback([=, &facts] {
    *chosen = [status, &facts](const terminal& to) {
      return with_placed_bots(*status, facts, to, [&](const found_bots& found) {
        return show_status(found.bots, found.places, *status, to);
      });
    };
  });
  const auto history = std::make_shared<rollout_request>();
  add(app, "history", "show past rollouts, and what happened when", *history)->callback([=, &facts] {
    *chosen = [history, &facts](const terminal& to) {
      return with_placed_bots(*history, facts, to, [&](const found_bots& found) {
        return show_history(found.bots, *history, to);
      });
    };
  });
}

void attach_weights(CLI::App& app, const program_facts& facts, const chosen_action& chosen) {
  const auto request = std::make_shared<weights_request>();
  CLI::App* command = app.add_subcommand("weights", "write nginx's upstreams as the rollouts stand");
  add_config_options(*command, request->config);
  command->add_option("-o,--output", request->folder, "the folder to write into")->required();
  CLI::Option* watch = command->add_flag("--watch", request->watch, "until it is stopped, at each change");
  command->add_flag("--once")->description("look once, as without --watch")->excludes(watch);
  command->callback([=, &facts] {
    *chosen = [request, &facts](const terminal& to) { return write_weights(*request, facts, to); };
  });
}

}  // namespace

command_action attach_rollout(CLI::App& app, const program_facts& facts) {
  using fleet::rollout_command;
  const auto chosen = std::make_shared<command_action>();
  app.require_subcommand(1);
  attach_start(app, facts, chosen);
  attach_views(app, facts, chosen);
  attach_command(app, facts, chosen, rollout_command::pause, "take no further step");
  attach_command(app, facts, chosen, rollout_command::resume, "go on after a pause");
  attach_command(app, facts, chosen, rollout_command::promote, "take the next step now");
  attach_command(app, facts, chosen, rollout_command::abort, "stop, and move back");
  attach_command(app, facts, chosen, rollout_command::retry, "begin again after a failure");
  attach_command(app, facts, chosen, rollout_command::undo, "move back after it was done");
  attach_weights(app, facts, chosen);
  return [chosen](const terminal& to) { return (*chosen)(to); };
}

}  // namespace guildfleet::cli
