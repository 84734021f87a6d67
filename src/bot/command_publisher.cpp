#include "bot/command_publisher.hpp"

#include "discord/interactions/command_sync.hpp"

namespace guildfleet::bot {
namespace {

struct command_routes {
  const discord::route& list;
  const discord::route& overwrite;
  const discord::route& create;
};

command_routes routes_of(const publish_target& target) {
  if (target.guild) {
    return {discord::routes::get_guild_commands, discord::routes::put_guild_commands,
            discord::routes::create_guild_command};
  }
  return {discord::routes::get_global_commands, discord::routes::put_global_commands,
          discord::routes::create_global_command};
}

discord::request request_to(const discord::route& route, const publish_target& target) {
  const std::string application = fmt::format("{}", target.application);
  if (!target.guild) return discord::make_request(route, {application});
  return discord::make_request(route, {application, fmt::format("{}", *target.guild)});
}

std::string joined(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, ","));
}

}  // namespace

net::task<base::result<void>> publish_commands(rest_link rest, publish_target target,
                                               std::vector<discord::command_definition> wanted,
                                               std::shared_ptr<const write_permit> permit, base::logger log) {
  const command_routes routes = routes_of(target);
  auto list = request_to(routes.list, target);
  discord::add_query(list, "with_localizations", "true");
  const auto registered = co_await rest.request(std::move(list), permit);
  if (!registered) co_return std::unexpected(registered.error());
  const auto scope = target.guild ? discord::command_scope::guild : discord::command_scope::global;
  const auto plan = discord::plan_commands(registered->body, wanted, scope);
  if (!plan) co_return std::unexpected(plan.error());
  const bool whole = plan->what == discord::command_plan::kind::overwrite;
  for (const std::string& body : plan->bodies) {
    auto write = request_to(whole ? routes.overwrite : routes.create, target);
    write.json = body;
    const auto written = co_await rest.request(std::move(write), permit);
    if (!written) co_return std::unexpected(written.error());
  }
  if (plan->what == discord::command_plan::kind::none) {
    log.info("commands are registered already", base::field("commands", wanted.size()));
  } else {
    log.info("commands registered", base::field("added", joined(plan->added)),
             base::field("changed", joined(plan->changed)), base::field("removed", joined(plan->removed)));
  }
  co_return base::result<void>{};
}

}  // namespace guildfleet::bot
