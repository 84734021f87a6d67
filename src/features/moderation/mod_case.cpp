#include "features/moderation/mod_case.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>

#include "base/json_text.hpp"
#include "settings/typed_reading.hpp"

namespace guildfleet::features {
namespace {

namespace json = boost::json;

constexpr std::array actions{mod_action::warn,      mod_action::time_out, mod_action::end_time_out,
                             mod_action::kick,      mod_action::ban,      mod_action::unban,
                             mod_action::ban_ended, mod_action::purge};

std::int64_t milliseconds(base::wall_time when) {
  return std::chrono::floor<std::chrono::milliseconds>(when).time_since_epoch().count();
}
base::wall_time time_of(std::int64_t milliseconds) {
  return base::wall_time(std::chrono::milliseconds(milliseconds));
}

void write_reasons(base::json_writer& out, const std::vector<earlier_reason>& reasons) {
  out.key("earlier").begin_array();
  for (const earlier_reason& each : reasons) {
    out.begin_object().key("reason").string(each.reason).key("by").string(std::to_string(each.by.value));
    out.key("at").number(milliseconds(each.at)).key("in").string(std::to_string(each.in.value)).end_object();
  }
  out.end_array();
}

}  // namespace

std::string_view name_of(mod_action value) {
  switch (value) {
    case mod_action::warn:
      return "warn";
    case mod_action::time_out:
      return "timeout";
    case mod_action::end_time_out:
      return "untimeout";
    case mod_action::kick:
      return "kick";
    case mod_action::ban:
      return "ban";
    case mod_action::unban:
      return "unban";
    case mod_action::ban_ended:
      return "ban-ended";
    case mod_action::purge:
      break;
  }
  return "purge";
}

std::string to_json(const mod_case& one) {
  base::json_writer out;
  out.begin_object().key("number").number(static_cast<std::int64_t>(one.number));
  out.key("action").string(name_of(one.action));
  out.key("member").string(std::to_string(one.member.value));
  out.key("moderator").string(std::to_string(one.moderator.value));
  out.key("channel").string(std::to_string(one.channel.value));
  out.key("at").number(milliseconds(one.at));
  if (one.until) out.key("until").number(milliseconds(*one.until));
  out.key("reason").string(one.reason);
  out.key("ended").number(static_cast<std::int64_t>(one.ended));
  out.key("purged").number(static_cast<std::int64_t>(one.purged));
  out.key("confirmed").boolean(one.confirmed);
  write_reasons(out, one.earlier);
  return out.end_object().take();
}

std::optional<mod_case> parse_case(std::string_view text) {
  boost::system::error_code failed;
  const json::value parsed = json::parse({text.data(), text.size()}, failed);
  const json::object* all = failed ? nullptr : parsed.if_object();
  if (all == nullptr) return std::nullopt;
  const auto action = std::ranges::find(actions, settings::words(*all, "action"),
                                        [](mod_action each) { return name_of(each); });
  if (action == actions.end() || settings::whole(*all, "number") <= 0) return std::nullopt;
  mod_case out{.number = static_cast<std::uint64_t>(settings::whole(*all, "number")),
               .action = *action,
               .member = settings::id<discord::user_id>(*all, "member"),
               .moderator = settings::id<discord::user_id>(*all, "moderator"),
               .channel = settings::id<discord::channel_id>(*all, "channel"),
               .at = time_of(settings::whole(*all, "at")),
               .reason = std::string(settings::words(*all, "reason")),
               .ended = static_cast<std::uint64_t>(settings::whole(*all, "ended")),
               .purged = static_cast<std::uint64_t>(settings::whole(*all, "purged")),
               .confirmed = settings::flag(*all, "confirmed")};
  if (all->contains("until")) out.until = time_of(settings::whole(*all, "until"));
  out.earlier = settings::list(*all, "earlier", [](const json::value& each) {
    const json::object* one = each.if_object();
    if (one == nullptr) return earlier_reason{};
    return earlier_reason{std::string(settings::words(*one, "reason")),
                          settings::id<discord::user_id>(*one, "by"), time_of(settings::whole(*one, "at")),
                          settings::id<discord::interaction_id>(*one, "in")};
  });
  return out;
}

bool replace_reason(mod_case& of, new_reason with) {
  const bool came_before = std::ranges::find(of.earlier, with.in, &earlier_reason::in) != of.earlier.end();
  if (came_before || of.reason == with.reason) return false;
  if (of.earlier.size() >= most_reasons) of.earlier.erase(of.earlier.begin());
  of.earlier.push_back({std::exchange(of.reason, std::move(with.reason)), with.by, with.at, with.in});
  return true;
}

}  // namespace guildfleet::features
