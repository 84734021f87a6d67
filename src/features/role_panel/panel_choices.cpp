#include "features/role_panel/panel_choices.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <fmt/ranges.h>

#include "discord/rest/endpoints.hpp"
#include "features/guild_preferences.hpp"
#include "features/message_template.hpp"
#include "features/permission_checks.hpp"
#include "features/reasons.hpp"
#include "features/replies.hpp"
#include "features/role_panel/role_panel_texts.hpp"

namespace guildfleet::features {
namespace {

namespace json = boost::json;
namespace texts = role_panel_texts;
using discord::role_id;

constexpr std::uint64_t lanes = 64;  // members that share one wait for each other's choices
constexpr std::chrono::seconds longest_wait{60};

bool is_menu(const discord::interaction& what) {
  const auto* const component = what.component();
  return component != nullptr && component->component_type == static_cast<int>(discord::select_kind::text);
}

std::string mentions_of(const std::vector<role_id>& roles) {
  std::vector<std::string> out;
  for (const role_id each : roles) out.push_back(fmt::format("<@&{}>", each));
  return fmt::format("{}", fmt::join(out, " "));
}

// The guild's managers can mend it; nullopt: nothing to mend there.
std::optional<failure_cause> cause_of(role_obstacle what) {
  switch (what) {
    case role_obstacle::unknown_role:
      return failure_cause::role_gone;
    case role_obstacle::bot_may_not:
      return failure_cause::lacks_permission;
    case role_obstacle::above_bot:
      return failure_cause::role_too_high;
    default:
      return std::nullopt;
  }
}

std::optional<std::vector<role_id>> roles_in(std::string_view member) {
  boost::system::error_code failed;
  const json::value parsed = json::parse(member, failed);
  const json::object* all = failed ? nullptr : parsed.if_object();
  const json::value* roles = all == nullptr ? nullptr : all->if_contains("roles");
  if (roles == nullptr || !roles->is_array()) return std::nullopt;
  std::vector<role_id> out;
  for (const json::value& each : roles->get_array()) {
    if (each.is_string()) out.push_back({discord::parse_snowflake(each.get_string()).value_or(0)});
  }
  return out;
}

}  // namespace

panel_choices::panel_choices(const shard_services& services, panel_store& panels, guild_reporter& reporter)
    : services_(services), panels_(panels), reporter_(reporter) {}

net::task<> panel_choices::on_component(interaction_call call, discord::custom_id id) {
  // A menu's message is sent anew: else the client keeps the choice, and it could not be chosen again.
  if (is_menu(*call.what)) call.answers->prefer_update();
  const auto turn = co_await enter(call.what->user);
  if (!turn) {
    co_await answer(call, {}, std::string(texts::unreadable.in(call.user_language())));
    co_return;
  }
  auto what = co_await read(call, std::move(id));
  if (!what) co_return;
  discord::message_edit edit = co_await shown_anew(call, what->of);
  std::string content = co_await carry_out(call, std::move(*what));
  co_await answer(call, std::move(edit), std::move(content));
}

net::task<std::optional<panel_choices::choice>> panel_choices::read(interaction_call call,
                                                                    discord::custom_id id) {
  const language user = call.user_language();
  const std::string_view payload = id.payload;
  const std::size_t dot = std::min(payload.find('.'), payload.size());
  const std::uint64_t number = discord::parse_snowflake(payload.substr(0, dot)).value_or(0);
  choice out;
  if (const auto* menu = call.what->component(); menu != nullptr && is_menu(*call.what)) {
    for (const std::string& each : menu->values)
      out.roles.push_back({discord::parse_snowflake(each).value_or(0)});
  } else if (dot < payload.size()) {
    out.roles.push_back({discord::parse_snowflake(payload.substr(dot + 1)).value_or(0)});
  }
  auto found = co_await panels_.get(call.what->guild, number);
  const text* refusal = nullptr;
  if (!found) {
    refusal = &texts::unreadable;
  } else if (!*found) {
    refusal = &texts::gone;
  } else {
    out.of = std::move(**found);
    const auto offered = [&](role_id role) { return out.of.find(role) != nullptr; };
    if (std::ranges::none_of(out.roles, offered)) refusal = &texts::role_not_here;
  }
  if (refusal == nullptr) co_return out;
  discord::message_edit edit;
  if (refusal == &texts::gone) edit.rows = std::vector<discord::action_row>{};
  if (refusal == &texts::role_not_here) edit = co_await shown_anew(call, out.of);
  co_await answer(call, std::move(edit), std::string(refusal->in(user)));
  co_return std::nullopt;
}

net::task<std::optional<net::turns::turn>> panel_choices::enter(discord::user_id member) {
  const std::uint64_t lane = member.value % lanes;
  auto found = turns_.find(lane);
  if (found == turns_.end())
    found = turns_.emplace(lane, net::turns(co_await net::asio::this_coro::executor, 1)).first;
  co_return co_await found->second.enter(net::deadline_in(longest_wait));
}

// What the interaction says is as old as the choice; of an exclusive panel an earlier choice may have been
// carried out since.
net::task<base::result<std::vector<role_id>>> panel_choices::roles_now(interaction_call call,
                                                                       panel_mode mode) {
  if (mode != panel_mode::exclusive) co_return call.what->member_roles;
  const auto member =
      co_await services_.effects.call(discord::endpoints::get_member(call.what->guild, call.what->user));
  if (!member) co_return std::unexpected(member.error());
  auto roles = roles_in(*member);
  if (!roles) co_return base::fail(discord::rest_error::malformed_response, "member");
  co_return std::move(*roles);
}

net::task<std::string> panel_choices::carry_out(interaction_call call, choice what) {
  const language user = call.user_language();
  const auto has = co_await roles_now(call, what.of.mode);
  if (!has) co_return std::string(texts::unreadable.in(user));
  role_change change = decide(what.of, what.roles, call.what->member_roles, *has);
  std::vector<std::string> lines = co_await remove_impossible(call, change, what.of.mode);
  const bool impossible = !lines.empty();
  std::vector<role_id> taken;
  std::vector<role_id> given;
  for (const role_id each : change.take) {
    auto wrong = co_await set_role(call, each, false);
    if (!wrong) {
      taken.push_back(each);
      continue;
    }
    lines.push_back(std::move(*wrong));
    if (what.of.mode == panel_mode::exclusive) change.give.clear();
  }
  for (const role_id each : change.give) {
    auto wrong = co_await set_role(call, each, true);
    if (wrong) {
      lines.push_back(std::move(*wrong));
    } else {
      given.push_back(each);
    }
  }
  if (lines.empty() && given.empty() && taken.empty()) co_return std::string(texts::nothing_to_do.in(user));
  if (impossible) lines.emplace_back(texts::told_managers.in(user));
  const auto put_first = [&](const text& sentence, const std::vector<role_id>& roles) {
    const std::string names = mentions_of(roles);
    if (!roles.empty()) lines.insert(lines.begin(), sentence.format(user, fmt::arg("roles", names)));
  };
  put_first(texts::taken, taken);
  put_first(texts::given, given);
  co_return fmt::format("{}", fmt::join(lines, "\n"));
}

// Of an exclusive panel nothing is possible when a part is not.
net::task<std::vector<std::string>> panel_choices::remove_impossible(interaction_call call, role_change& what,
                                                                     panel_mode mode) {
  std::vector<std::string> lines;
  std::vector<std::pair<role_id, role_obstacle>> obstacles;
  const auto impossible = [&](role_id role) {
    const discord::guild_record* const guild = services_.guilds.find_guild(call.what->guild);
    const auto obstacle = guild == nullptr ? std::nullopt : obstacle_for_bot(services_.guilds, *guild, role);
    if (obstacle) obstacles.emplace_back(role, *obstacle);
    return obstacle.has_value();
  };
  std::erase_if(what.take, impossible);
  std::erase_if(what.give, impossible);
  if (!obstacles.empty() && mode == panel_mode::exclusive) what = {};
  for (const auto& [role, obstacle] : obstacles) {
    lines.push_back(told(obstacle, role, call.user_language()));
    const auto cause = cause_of(obstacle);
    if (!cause) continue;
    guild_report report{.guild = call.what->guild, .cause = *cause, .role = role};
    if (obstacle == role_obstacle::bot_may_not)
      report.missing = discord::permission_set(discord::permission::manage_roles);
    (void)co_await reporter_.report(std::move(report));
  }
  co_return lines;
}

net::task<std::optional<std::string>> panel_choices::set_role(interaction_call call, role_id role,
                                                              bool give) {
  constexpr const char* reason = "Role panel";
  const discord::guild_id guild = call.what->guild;
  const auto done = co_await services_.effects.call(
      give ? discord::endpoints::add_role(guild, call.what->user, role, reason)
           : discord::endpoints::remove_role(guild, call.what->user, role, reason));
  if (done) co_return std::nullopt;
  co_await reporter_.report_error(done.error(), {.guild = guild, .role = role});
  const std::string shown = fmt::format("<@&{}>", role);
  const std::string why = reason_of(done.error(), call.user_language());
  co_return texts::not_changed.format(call.user_language(), fmt::arg("role", shown), fmt::arg("reason", why));
}

net::task<discord::message_edit> panel_choices::shown_anew(interaction_call call, panel of) {
  const guild_preferences server =
      co_await preferences_of(services_.settings, services_.guilds, call.what->guild);
  panel_message shown = render(of, services_.guilds.find_guild(call.what->guild), server.posts);
  discord::message_edit edit;
  edit.embeds = std::vector{std::move(shown.page)};
  edit.rows = std::move(shown.rows);
  co_return edit;
}

net::task<> panel_choices::answer(interaction_call call, discord::message_edit menu, std::string content) {
  discord::message_body message = private_message(clipped(std::move(content), longest_content));
  if (!is_menu(*call.what)) {
    (void)co_await call.answers->reply(std::move(message));
    co_return;
  }
  (void)co_await call.answers->update(std::move(menu));
  (void)co_await call.answers->follow_up(std::move(message));
}

}  // namespace guildfleet::features
