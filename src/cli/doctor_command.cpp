// guildfleet doctor: finds what is wrong with a fleet, and says what to do.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json/serialize.hpp>
#include <memory>
#include <ostream>

#include "base/yaml_document.hpp"
#include "cli/doctor_memory.hpp"
#include "cli/doctor_text.hpp"
#include "ops/doctor/diagnosis_json.hpp"
#include "ops/doctor/judgement.hpp"

namespace guildfleet::cli {
namespace {

using section_list = std::vector<const ops::bot_section*>;

// Those that are named, or all; a sentence about one that is not there.
std::expected<section_list, std::string> bots_meant(const doctor_request& request,
                                                    const ops::fleet_config& config) {
  section_list out;
  std::vector<std::string_view> names;
  for (const ops::bot_section& each : config.bots) {
    names.emplace_back(each.name);
    if (request.bots.empty() || std::ranges::find(request.bots, each.name) != request.bots.end())
      out.push_back(&each);
  }
  for (const std::string& each : request.bots) {
    if (std::ranges::find(names, each) != names.end()) continue;
    const std::string_view near = base::nearest_name(each, names);
    return std::unexpected(fmt::format("there is no bot {} in this configuration ({})", each,
                                       near.empty() ? fmt::format("it has {}", fmt::join(names, ", "))
                                                    : fmt::format("did you mean {}?", near)));
  }
  return out;
}

exit_code examine(const doctor_request& request, const ops::fleet_config& config, const program_facts& facts,
                  const terminal& to) {
  const auto bots = bots_meant(request, config);
  if (!bots) {
    to.err << "guildfleet: " << bots.error() << '\n';
    return exit_code::usage;
  }
  ops::doctor::diagnosis found;
  {
    progress_line progress(to);
    const base::system_clock clock;
    found = ops::doctor::judge(gather_facts({request, config, *bots, facts, progress, clock}));
  }
  if (request.output == "json")
    to.out << boost::json::serialize(ops::doctor::diagnosis_json(found)) << '\n';
  else
    print_diagnosis(found, to);
  return found.has_errors() ? exit_code::failed : exit_code::fine;
}

void add_output(CLI::App& app, doctor_request& request) {
  app.add_option("-o,--output", request.output, "text or json")->check(CLI::IsMember({"text", "json"}));
}

void add_memory(CLI::App& app, const std::shared_ptr<command_action>& chosen, const program_facts& facts) {
  const auto request = std::make_shared<doctor_request>();
  CLI::App* memory = app.add_subcommand("memory", "show how a running node's memory grows, part by part");
  add_node_options(*memory, request->node);
  add_output(*memory, *request);
  memory->callback([=, &facts] {
    *chosen = [request, &facts](const terminal& to) {
      find_node(request->node, facts);
      return show_memory(*request, to);
    };
  });
}

void add_heap(CLI::App& app, const std::shared_ptr<command_action>& chosen, const program_facts& facts) {
  const auto request = std::make_shared<doctor_request>();
  CLI::App* heap = app.add_subcommand("heap", "save where a running node's memory was taken");
  add_config_options(*heap, request->node.config);
  heap->add_option("--api", request->api,
                   "the address of the node's API (default: this machine, the configuration's api.port)");
  heap->add_option("--token-file", request->token_file,
                   "file with a token of scope admin (default: the variable GUILDFLEET_API_TOKEN)");
  heap->add_option("--file", request->file, "what to write; it must not be there yet");
  heap->callback([=, &facts] {
    *chosen = [request, &facts](const terminal& to) {
      return save_heap(*request, facts, base::system_clock(), to);
    };
  });
}

}  // namespace

command_action attach_doctor(CLI::App& app, const program_facts& facts) {
  const auto chosen = std::make_shared<command_action>();
  app.require_subcommand(0, 1);
  const auto request = std::make_shared<doctor_request>();
  add_node_options(app, request->node);
  app.add_option("--bot", request->bots, "of these bots only");
  app.add_flag("--offline", request->offline, "ask no running node; Discord, the stores and Redis are asked");
  app.add_option("--guilds", request->guilds, "so many guilds of each bot are looked at for permissions")
      ->check(CLI::Range(0, 1'000))
      ->capture_default_str();
  add_output(app, *request);
  *chosen = [request, &facts](const terminal& to) {
    find_node(request->node, facts);
    return with_config(request->node.config, facts, to,
                       [&](const ops::fleet_config& config) { return examine(*request, config, facts, to); });
  };
  add_memory(app, chosen, facts);
  add_heap(app, chosen, facts);
  return [chosen](const terminal& to) { return (*chosen)(to); };
}

}  // namespace guildfleet::cli
