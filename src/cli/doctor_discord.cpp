#include "cli/doctor_discord.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "bot/gateway_info.hpp"
#include "bot/guild_answer.hpp"
#include "discord/gateway/envelope.hpp"
#include "discord/interactions/command_sync.hpp"
#include "discord/model/guild_state.hpp"
#include "discord/padded_json.hpp"
#include "discord/rest/endpoints.hpp"
#include "discord/rest/error.hpp"
#include "discord/rest/json_object.hpp"

namespace guildfleet::cli {
namespace {

namespace endpoints = discord::endpoints;
namespace json = boost::json;
using ops::doctor::answer;
using ops::doctor::failed;

// Of the list; more would be of use for conflicts only.
constexpr int guilds_of_a_page = 200;
constexpr std::size_t most_guilds_listed = 1'000;

std::string text_at(const json::object& from, std::string_view key) {
  const json::value* value = from.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::uint64_t number_at(const json::object& from, std::string_view key) {
  const json::value* value = from.if_contains(key);
  return value != nullptr && value->is_int64() && value->as_int64() > 0
             ? static_cast<std::uint64_t>(value->as_int64())
             : 0;
}

std::unexpected<ops::doctor::no_answer> malformed(const char* what) {
  return failed(base::error(discord::rest_error::malformed_response, what));
}

struct own_account {
  ops::doctor::account_facts facts{};
  discord::user_id id{};
};

net::task<answer<own_account>> ask_account(bot::rest_client& client) {
  const auto got = co_await client.request(endpoints::get_self());
  if (!got) co_return failed(got.error());
  const auto body = discord::parse_object(got->body);
  const auto id = body ? discord::parse_snowflake(text_at(*body, "id")) : std::nullopt;
  if (!id) co_return malformed("GET /users/@me");
  co_return own_account{{text_at(*body, "username")}, {*id}};
}

net::task<answer<ops::doctor::application_facts>> ask_application(bot::rest_client& client) {
  const auto got = co_await client.request(discord::make_request(discord::routes::get_application));
  if (!got) co_return failed(got.error());
  const auto body = discord::parse_object(got->body);
  const auto id = body ? discord::parse_snowflake(text_at(*body, "id")) : std::nullopt;
  if (!id) co_return malformed("GET /applications/@me");
  ops::doctor::application_facts out{.id = {*id}, .flags = number_at(*body, "flags")};
  if (body->contains("approximate_guild_count"))
    out.guilds_about = number_at(*body, "approximate_guild_count");
  co_return out;
}

net::task<answer<ops::doctor::gateway_facts>> ask_gateway(bot::rest_client& client) {
  const auto got = co_await client.request(discord::make_request(discord::routes::get_gateway_bot));
  if (!got) co_return failed(bot::explain_gateway_failure(got.error()));
  const auto info = bot::read_gateway_info(got->body);
  if (!info) co_return failed(info.error());
  co_return ops::doctor::gateway_facts{info->shards, info->limit};
}

net::task<answer<ops::doctor::command_facts>> ask_commands(bot::rest_client& client,
                                                           discord::application_id application,
                                                           const bot_question& question) {
  const std::string id = fmt::format("{}", application);
  const auto& guild = question.command_guild;
  auto request =
      guild ? discord::make_request(discord::routes::get_guild_commands, {id, fmt::format("{}", *guild)})
            : discord::make_request(discord::routes::get_global_commands, {id});
  discord::add_query(request, "with_localizations", "true");
  const auto got = co_await client.request(std::move(request));
  if (!got) co_return failed(got.error());
  const auto scope = guild ? discord::command_scope::guild : discord::command_scope::global;
  const auto plan = discord::plan_commands(got->body, question.commands, scope);
  if (!plan) co_return failed(plan.error());
  co_return ops::doctor::command_facts{.where = guild ? fmt::format("in guild {}", *guild) : "everywhere",
                                       .wanted = question.commands.size(),
                                       .added = plan->added,
                                       .changed = plan->changed,
                                       .removed = plan->removed};
}

net::task<answer<ops::doctor::guild_list>> ask_guilds(bot::rest_client& client) {
  ops::doctor::guild_list out{.whole = false};
  while (out.ids.size() < most_guilds_listed) {
    const auto after = out.ids.empty() ? discord::guild_id{} : out.ids.back();
    const auto got = co_await client.request(endpoints::get_own_guilds(guilds_of_a_page, after));
    if (!got) co_return failed(got.error());
    boost::system::error_code problem;
    const json::value page = json::parse(got->body, problem);
    if (problem || !page.is_array()) co_return malformed("GET /users/@me/guilds");
    for (const json::value& each : page.as_array()) {
      const auto id = each.is_object() ? discord::parse_id<discord::guild_id>(text_at(each.as_object(), "id"))
                                       : std::nullopt;
      if (id) out.ids.push_back(*id);
    }
    if (page.as_array().size() < guilds_of_a_page) {
      out.whole = true;
      break;
    }
  }
  co_return out;
}

bool takes_text(discord::channel_type type) {
  return type == discord::channel_type::text || type == discord::channel_type::announcement;
}

answer<ops::doctor::guild_facts> facts_of(const discord::guild_state& state, discord::guild_id id,
                                          base::wall_time now) {
  const discord::guild_record* guild = state.find_guild(id);
  if (guild == nullptr) return malformed("a guild");
  ops::doctor::guild_facts out{.id = id, .name = std::string(guild->name())};
  out.has = state.base_permissions_of_self(id).value_or(discord::permission_set{});
  out.timed_out_until = guild->self.timed_out_until;
  for (const discord::channel_record& each : guild->channels()) {
    if (takes_text(each.type))
      out.channels.push_back(
          {std::string(guild->name_of(each)),
           state.permissions_of_self(id, each.id, now).value_or(discord::permission_set{})});
  }
  return out;
}

// Guild, channels and own member; threads follow their channels.
net::task<answer<ops::doctor::guild_facts>> ask_guild(bot::rest_client& client, discord::guild_id id,
                                                      discord::user_id self) {
  bot::guild_answers answers;
  answers.threads = R"({"threads":[]})";
  for (auto& [request, into] : std::initializer_list<std::pair<discord::request, std::string*>>{
           {endpoints::get_guild(id), &answers.guild},
           {endpoints::get_guild_channels(id), &answers.channels},
           {endpoints::get_member(id, self), &answers.member}}) {
    auto got = co_await client.request(request);
    if (!got) co_return failed(std::move(got).error().within(fmt::format("guild {}", id)));
    *into = std::move(got->body);
  }
  auto composed = bot::compose_guild_create(answers);
  if (!composed) co_return failed(composed.error());
  const std::size_t size = composed->size();
  composed->append(discord::message_padding, '\0');
  discord::guild_state state(self);
  const auto applied =
      state.apply(discord::event_type::guild_create, std::string_view(*composed).substr(0, size));
  if (!applied) co_return failed(applied.error());
  co_return facts_of(state, id, base::system_clock().wall_now());
}

}  // namespace

net::task<> ask_about_bot(bot::rest_client& client, bot_question question, ops::doctor::bot_facts& into) {
  const auto account = co_await ask_account(client);
  if (!account) {
    into.account = std::unexpected(account.error());
    co_return;
  }
  into.account = account->facts;
  into.application = co_await ask_application(client);
  into.gateway = co_await ask_gateway(client);
  if (into.application)
    into.commands = co_await ask_commands(client, into.application->id, question);
  else
    into.commands = ops::doctor::not_asked("the application's id is not known");
  into.guilds = co_await ask_guilds(client);
  if (!into.guilds) co_return;
  for (const discord::guild_id each : into.guilds->ids) {
    if (into.looked_at.size() >= question.guilds) break;
    into.looked_at.push_back(co_await ask_guild(client, each, account->id));
  }
}

}  // namespace guildfleet::cli
