// guildfleet reshard: giving a bot another number of shards while it runs.
#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <memory>
#include <ostream>
#include <thread>

#include "cli/operation_command.hpp"
#include "cli/reshard_places.hpp"
#include "fleet/rollout_view.hpp"

namespace guildfleet::cli {
namespace {

namespace json = boost::json;

constexpr std::uint32_t reshards_shown = 20;
constexpr std::uint32_t events_shown = 200;

struct reshard_request : operation_request {
  std::uint32_t to = 0;
  std::string node{};
};

base::result<std::vector<shown_reshard>> newest_of(const std::vector<placed_bot>& bots) {
  std::vector<shown_reshard> out;
  for (const placed_bot& bot : bots) {
    auto newest = newest_reshard(bot);
    if (!newest) return std::unexpected(std::move(newest).error());
    if (*newest) out.push_back(std::move(**newest));
  }
  return out;
}

std::string line_of(const shown_reshard& each) {
  const std::string progress = progress_text(each);
  return fmt::format("{} {} -> {} {}{}", each.of.bot.value, each.of.from, each.of.to,
                     fleet::name_of(each.of.state), progress.empty() ? "" : ": " + progress);
}

base::result<std::vector<followed>> followed_in(const std::vector<placed_bot>& bots) {
  const auto all = newest_of(bots);
  if (!all) return std::unexpected(all.error());
  std::vector<followed> out;
  for (const shown_reshard& each : *all)
    out.push_back({each.of.bot, line_of(each), reshard_json(each), each.row.active,
                   each.of.state == fleet::reshard_state::aborted});
  return out;
}

void print(const std::vector<shown_reshard>& all, const std::vector<placed_bot>& bots,
           const reshard_request& request, const terminal& to) {
  if (request.output == "json") {
    json::array list;
    for (const shown_reshard& each : all) list.push_back(reshard_json(each));
    to.out << json::serialize(list) << '\n';
  } else if (all.empty()) {
    to.out << "no bot has been given another number of shards yet\n";
  } else {
    print_reshards(all, bots.front().seen.at_ms, to);
  }
}

double floor_share_of(const ops::fleet_config& config, const store::bot_name& bot) {
  const auto found = std::ranges::find(config.bots, bot.value, &ops::bot_section::name);
  return found == config.bots.end() ? fleet::identify_settings().floor_share : found->identify_floor;
}

// A node that is alone says nothing of itself until it notices that somebody looks.
base::result<placed_bot> once_served(const found_bots& found, const reshard_request& request) {
  const auto until = std::chrono::steady_clock::now() + node_appears_within;
  placed_bot bot = found.bots.front();
  while (fleet::shard_count_of(bot.seen, bot.name) == 0 && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(look_every);
    auto again = found.places.bots(request.bots);
    if (!again) return std::unexpected(std::move(again).error());
    bot = std::move(again->front());
  }
  return bot;
}

exit_code start_one(const found_bots& found, const reshard_request& request, const std::string& who,
                    const terminal& to) {
  const auto served = once_served(found, request);
  if (!served) return tell_operation_failure(served.error(), to);
  const placed_bot& bot = *served;
  const auto planned = plan(bot, {.to = request.to,
                                  .node = request.node,
                                  .floor_share = floor_share_of(found.config, bot.name),
                                  .who = who});
  if (!planned) return tell_operation_failure(planned.error(), to);
  if (request.output == "json")
    to.out << json::serialize(plan_json(*planned, request.dry_run)) << std::endl;
  else
    print_plan(*planned, to);
  if (request.dry_run) return exit_code::fine;
  const auto begun = start(bot, *planned, who);
  if (!begun) return tell_operation_failure(begun.error(), to);
  if (request.wait) return follow(found.places, request, request.bots, to, followed_in);
  if (request.output != "json") to.out << "started; guildfleet reshard status --watch follows it\n";
  return exit_code::fine;
}

exit_code abort_one(const found_bots& found, const reshard_request& request, const std::string& who,
                    const terminal& to) {
  const auto done = abort(found.bots.front(), who);
  if (!done) return tell_operation_failure(done.error(), to);
  if (request.wait) return follow(found.places, request, request.bots, to, followed_in);
  print({*done}, found.bots, request, to);
  return exit_code::fine;
}

exit_code show_status(const found_bots& found, const reshard_request& request, const terminal& to) {
  if (request.watch) return follow(found.places, request, request.bots, to, followed_in);
  const auto all = newest_of(found.bots);
  if (!all) return tell_operation_failure(all.error(), to);
  print(*all, found.bots, request, to);
  const bool failed = std::ranges::any_of(
      *all, [](const shown_reshard& each) { return each.of.state == fleet::reshard_state::aborted; });
  return failed ? exit_code::failed : exit_code::fine;
}

exit_code show_history(const found_bots& found, const reshard_request& request, const terminal& to) {
  json::array list;
  for (const placed_bot& bot : found.bots) {
    const auto all = reshards(bot, reshards_shown);
    if (!all) return tell_operation_failure(all.error(), to);
    for (auto each = all->rbegin(); each != all->rend(); ++each) {
      const auto events = bot.store->rollout_events(each->row.id, events_shown);
      if (!events) return tell_operation_failure(events.error(), to);
      json::object one = reshard_json(*each);
      one["events"] = events_json(*events);
      list.push_back(std::move(one));
      if (request.output == "json") continue;
      to.out << painted(to, colour::bold, line_of(*each)) << '\n';
      print_events(*events, to);
    }
  }
  if (request.output == "json")
    to.out << json::serialize(list) << '\n';
  else if (list.empty())
    to.out << "no bot has been given another number of shards yet\n";
  return exit_code::fine;
}

using chosen_action = std::shared_ptr<command_action>;
using reshard_action = std::function<exit_code(const found_bots&, const reshard_request&, const terminal&)>;

CLI::App* add(CLI::App& app, const char* name, const char* summary,
              const std::shared_ptr<reshard_request>& request, const program_facts& facts,
              const chosen_action& chosen, reshard_action act) {
  CLI::App* command = add_operation(app, name, summary, *request);
  command->callback([=, &facts, act = std::move(act)] {
    *chosen = [=, &facts](const terminal& to) {
      return with_placed_bots(*request, facts, to,
                              [&](const found_bots& found) { return act(found, *request, to); });
    };
  });
  return command;
}

void attach_changes(CLI::App& app, const program_facts& facts, const chosen_action& chosen) {
  const auto begun = std::make_shared<reshard_request>();
  CLI::App* start =
      add(app, "start", "print the plan and begin", begun, facts, chosen,
          [&facts](const found_bots& found, const reshard_request& request, const terminal& to) {
            return start_one(found, request, person_of(facts), to);
          });
  start->add_option("BOT", begun->bots, "the bot")->required()->expected(1);
  start->add_option("--to", begun->to, "how many shards it is to have")->required();
  start->add_option("--on", begun->node, "the node that runs both sets; it has most of the shards otherwise");
  start->add_flag("--dry-run", begun->dry_run, "print the plan only");
  add_following(*start, *begun, "--wait", "follow it to its end", begun->wait);
  const auto ended = std::make_shared<reshard_request>();
  CLI::App* abort =
      add(app, "abort", "close the new shards again, before a server went over", ended, facts, chosen,
          [&facts](const found_bots& found, const reshard_request& request, const terminal& to) {
            return abort_one(found, request, person_of(facts), to);
          });
  abort->add_option("BOT", ended->bots, "the bot")->required()->expected(1);
  add_following(*abort, *ended, "--wait", "follow it to its end", ended->wait);
}

void attach_views(CLI::App& app, const program_facts& facts, const chosen_action& chosen) {
  const auto status = std::make_shared<reshard_request>();
  CLI::App* shown =
      add(app, "status", "show the newest change of each bot", status, facts, chosen, show_status);
  shown->add_option("BOT", status->bots, "only these bots");
  add_following(*shown, *status, "--watch", "a line for each change, until all have ended", status->watch);
  const auto history = std::make_shared<reshard_request>();
  add(app, "history", "show past changes, and what happened when", history, facts, chosen, show_history)
      ->add_option("BOT", history->bots, "only these bots");
}

}  // namespace

command_action attach_reshard(CLI::App& app, const program_facts& facts) {
  const auto chosen = std::make_shared<command_action>();
  app.require_subcommand(1);
  attach_changes(app, facts, chosen);
  attach_views(app, facts, chosen);
  return [chosen](const terminal& to) { return (*chosen)(to); };
}

}  // namespace guildfleet::cli
