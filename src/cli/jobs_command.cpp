// guildfleet jobs list|retry|cancel: the durable timers of bots.
#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <memory>
#include <ostream>

#include "cli/data_session.hpp"

namespace guildfleet::cli {
namespace {

namespace json = boost::json;

struct jobs_request {
  data_options data;
  std::string state;
  std::string guild;
  std::uint32_t limit = 100;
  std::string key;
};

json::object json_of(const store::job_row& row) {
  return {{"bot", row.plan.key.bot.value},
          {"key", row.plan.key.key},
          {"kind", row.plan.kind},
          {"guild",
           row.plan.guild.empty() ? json::value(nullptr) : json::value(fmt::format("{}", row.plan.guild))},
          {"state", store::name_of(row.state)},
          {"due", time_text(row.plan.due)},
          {"attempts", row.attempts},
          {"node", row.node},
          {"error", row.last_error}};
}

colour colour_of(store::job_state state) {
  switch (state) {
    case store::job_state::waiting:
      return colour::none;
    case store::job_state::leased:
      return colour::green;
    case store::job_state::dead:
      return colour::red;
  }
  return colour::none;
}

void print_rows(const std::vector<store::job_row>& rows, const terminal& to) {
  std::vector<std::vector<cell>> table;
  std::vector<cell>& head = table.emplace_back();
  for (const char* name : {"BOT", "KEY", "KIND", "GUILD", "STATE", "DUE (UTC)", "TRIES", "NODE", "ERROR"})
    head.push_back({name, colour::bold});
  for (const store::job_row& row : rows) {
    table.push_back({{row.plan.key.bot.value},
                     {row.plan.key.key},
                     {row.plan.kind},
                     {row.plan.guild.empty() ? "-" : fmt::format("{}", row.plan.guild)},
                     {std::string(store::name_of(row.state)), colour_of(row.state)},
                     {time_text(row.plan.due)},
                     {std::to_string(row.attempts)},
                     {row.node.empty() ? "-" : row.node},
                     {row.last_error}});
  }
  print_table(to, table);
}

exit_code list(const jobs_request& request, const program_facts& facts, const terminal& to) {
  std::vector<store::job_row> all;
  const auto code = with_all_data(request.data, facts, to, [&](data_session& session, const terminal& on) {
    store::job_filter filter;
    filter.environment = session.environment();
    if (!request.data.bot.empty()) filter.bot = store::bot_name{request.data.bot};
    if (!request.state.empty()) filter.state = store::parse_job_state(request.state);
    if (const auto guild = discord::parse_snowflake(request.guild)) filter.guild = discord::guild_id{*guild};
    filter.limit = request.limit;
    auto rows = session.data().list_jobs(filter);
    if (!rows) return tell_failure(on, rows.error());
    all.insert(all.end(), rows->begin(), rows->end());
    return exit_code::fine;
  });
  if (code != exit_code::fine) return code;
  if (request.data.json()) {
    json::array rows;
    for (const store::job_row& row : all) rows.push_back(json_of(row));
    to.out << json::serialize(json::object{{"jobs", std::move(rows)}}) << '\n';
  } else if (all.empty()) {
    to.out << "there are none\n";
  } else {
    print_rows(all, to);
  }
  return exit_code::fine;
}

using job_change = base::result<bool> (store::job_store::*)(const store::job_key&);
struct change_words {
  job_change change;
  const char* done;
  const char* none;
};
constexpr change_words to_retry{&store::job_store::retry_job, "runs again now",
                                "no dead job of this bot has this key"};
constexpr change_words to_cancel{&store::job_store::cancel_job, "cancelled",
                                 "no waiting or dead job of this bot has this key (one that runs goes on)"};

exit_code change(const jobs_request& request, const program_facts& facts, const terminal& to,
                 const change_words& words) {
  if (request.data.bot.empty()) {
    to.err << "guildfleet: say whose job it is with --bot\n";
    return exit_code::usage;
  }
  return with_data(request.data, facts, to, [&](data_session& session, const terminal& on) {
    const auto changed = (session.data().*words.change)(
        {session.environment(), store::bot_name{request.data.bot}, request.key});
    if (!changed) return tell_failure(on, changed.error());
    (*changed ? on.out : on.err) << request.key << ": " << (*changed ? words.done : words.none) << '\n';
    return *changed ? exit_code::fine : exit_code::failed;
  });
}

}  // namespace

command_action attach_jobs(CLI::App& app, const program_facts& facts) {
  const auto request = std::make_shared<jobs_request>();
  app.require_subcommand(1);
  CLI::App* listing = app.add_subcommand("list", "show jobs, the soonest first");
  add_data_options(*listing, request->data);
  listing->add_option("--state", request->state, "waiting, leased or dead")
      ->check(CLI::IsMember({"waiting", "leased", "dead"}));
  listing->add_option("--guild", request->guild, "only of this server")
      ->check(CLI::Validator(
          [](const std::string& text) {
            return discord::parse_snowflake(text) ? std::string() : "a guild is a number, its id";
          },
          "ID"));
  listing->add_option("--limit", request->limit, "how many")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  CLI::App* retry = app.add_subcommand("retry", "run a dead job again, now");
  CLI::App* cancel = app.add_subcommand("cancel", "delete a job that waits or is dead");
  for (CLI::App* each : {retry, cancel}) {
    add_data_options(*each, request->data);
    each->add_option("key", request->key, "as the list shows it")->required();
  }
  return [request, listing, retry, &facts](const terminal& to) {
    if (listing->parsed()) return list(*request, facts, to);
    return change(*request, facts, to, retry->parsed() ? to_retry : to_cancel);
  };
}

}  // namespace guildfleet::cli
