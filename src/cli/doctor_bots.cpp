// Each bot, with its own token.
#include "cli/discord_call.hpp"
#include "cli/doctor_discord.hpp"
#include "cli/doctor_request.hpp"
#include "features/registry.hpp"

namespace guildfleet::cli {
namespace {

using ops::doctor::bot_facts;

constexpr std::chrono::seconds each_request{10};

bot_facts known_of(const ops::bot_section& section, const ops::fleet_config& config) {
  bot_facts out;
  out.name = section.name;
  out.configured_id = section.app_id;
  out.configured_shards = section.shards;
  out.identify_floor = section.identify_floor;
  out.data_place = config.store.database_url.empty() ? section.sqlite_path : "the database";
  for (const std::string& name : section.features) {
    const features::feature_declaration* feature = features::find_feature(name);
    if (feature == nullptr) continue;
    out.needs.push_back({.feature = name,
                         .exclusive = feature->exclusive,
                         .has_commands = feature->commands != nullptr,
                         .intents = feature->intents,
                         .permissions = feature->permissions});
  }
  return out;
}

bot_question question_of(const ops::bot_section& section, std::uint32_t guilds) {
  bot_question out{.command_guild = section.guild_id, .guilds = guilds};
  for (const std::string& name : section.features) {
    const features::feature_declaration* feature = features::find_feature(name);
    if (feature == nullptr || feature->commands == nullptr) continue;
    for (auto& command : feature->commands()) out.commands.push_back(std::move(command));
  }
  return out;
}

void leave_out(bot_facts& of, const std::string& why) {
  of.account = ops::doctor::not_asked(why);
  of.gateway = ops::doctor::not_asked(why);
}

}  // namespace

std::vector<bot_facts> look_at_bots(const doctor_scene& scene, bool reachable) {
  std::vector<bot_facts> out;
  for (const ops::bot_section* section : scene.bots) {
    bot_facts& facts = out.emplace_back(known_of(*section, scene.config));
    if (!reachable) {
      leave_out(facts, "Discord's API cannot be reached (GD201)");
      continue;
    }
    scene.progress.tell(fmt::format("asking Discord about {}", section->name));
    const auto called = call_discord(
        scene.config, *section, scene.program.version, each_request, [&](bot::rest_client& client) {
          return ask_about_bot(client, question_of(*section, scene.request.guilds), facts);
        });
    if (!called) facts.account = ops::doctor::failed(called.error());
  }
  return out;
}

}  // namespace guildfleet::cli
