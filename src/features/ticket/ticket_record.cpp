#include "features/ticket/ticket_record.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>

#include "base/json_text.hpp"
#include "settings/typed_reading.hpp"

namespace guildfleet::features {
namespace {

namespace json = boost::json;
using discord::permission;
using discord::permission_set;
using std::chrono::milliseconds;

constexpr std::array<std::string_view, 4> state_names{"opening", "open", "closed", "deleting"};

constexpr permission_set reading =
    permission_set(permission::view_channel) | permission::read_message_history;
constexpr permission_set writing =
    permission_set(permission::send_messages) | permission::attach_files | permission::embed_links;

// Numbers and ids are kept as digits: JSON numbers lose some above 2^53.
std::uint64_t number_in(const json::object& all, std::string_view name) {
  return discord::parse_snowflake(settings::words(all, name)).value_or(0);
}

base::wall_time time_in(const json::object& all, std::string_view name) {
  return base::wall_time(milliseconds(static_cast<std::int64_t>(number_in(all, name))));
}

std::string digits(base::wall_time when) {
  return fmt::format("{}", when.time_since_epoch().count());
}

}  // namespace

std::string stored(const ticket_record& what) {
  base::json_writer out;
  const auto digits_of = [](auto id) { return fmt::format("{}", id); };
  out.begin_object().key("number").string(digits_of(what.number));
  out.key("user").string(digits_of(what.user)).key("channel").string(digits_of(what.channel));
  out.key("state").string(state_names.at(static_cast<std::size_t>(what.state)));
  out.key("slot").string(digits_of(what.slot)).key("subject").string(what.subject);
  out.key("claimed_by").string(digits_of(what.claimed_by));
  out.key("added_by").string(digits_of(what.added_by));
  out.key("changed_by").string(digits_of(what.changed_by));
  out.key("counted_from").string(digits(what.counted_from)).key("timer").string(digits(what.timer));
  if (what.paused_after) out.key("paused_after").string(digits_of(what.paused_after->count()));
  out.key("members").begin_array();
  for (const discord::user_id each : what.members) out.string(digits_of(each));
  return out.end_array().end_object().take();
}

std::optional<ticket_record> read_ticket(std::string_view stored) {
  boost::system::error_code failed;
  const json::value parsed = json::parse(stored, failed);
  const json::object* all = failed ? nullptr : parsed.if_object();
  if (all == nullptr) return std::nullopt;
  const auto* const state = std::ranges::find(state_names, settings::words(*all, "state"));
  ticket_record out{.number = number_in(*all, "number"),
                    .user = {number_in(*all, "user")},
                    .channel = {number_in(*all, "channel")},
                    .slot = number_in(*all, "slot"),
                    .subject = std::string(settings::words(*all, "subject")),
                    .claimed_by = {number_in(*all, "claimed_by")},
                    .members = settings::ids<discord::user_id>(*all, "members"),
                    .added_by = {number_in(*all, "added_by")},
                    .changed_by = {number_in(*all, "changed_by")},
                    .counted_from = time_in(*all, "counted_from"),
                    .timer = time_in(*all, "timer")};
  if (out.number == 0 || out.user.empty() || state == state_names.end()) return std::nullopt;
  out.state = static_cast<ticket_state>(state - state_names.begin());
  if (all->contains("paused_after"))
    out.paused_after = milliseconds(static_cast<std::int64_t>(number_in(*all, "paused_after")));
  return out;
}

ticket_settings read_ticket_settings(const json::object& values) {
  ticket_settings out{.staff = settings::ids<discord::role_id>(values, "staff_roles"),
                      .category = {number_in(values, "category")},
                      .log = {number_in(values, "log_channel")},
                      .delete_after = settings::seconds(values, "delete_after"),
                      .mention_staff = settings::flag(values, "mention_staff"),
                      .welcome = std::string(settings::words(values, "welcome"))};
  out.most = static_cast<std::size_t>(
      std::clamp<std::int64_t>(settings::whole(values, "maximum"), 1, most_open_tickets));
  return out;
}

std::optional<base::wall_time> deletion_of(const ticket_record& what, std::chrono::seconds delete_after) {
  if (what.state != ticket_state::closed || what.paused_after || delete_after.count() <= 0)
    return std::nullopt;
  return what.counted_from + delete_after;
}

void pause(ticket_record& what, base::wall_time now) {
  what.paused_after = std::max(now - what.counted_from, milliseconds(0));
}

void go_on(ticket_record& what, base::wall_time now) {
  what.counted_from = now - what.paused_after.value_or(milliseconds(0));
  what.paused_after.reset();
}

std::string channel_name_of(const ticket_record& what) {
  return fmt::format("ticket-{:04}", what.number);
}

std::string channel_topic_of(const ticket_record& what) {
  return fmt::format("#{} <@{}>", what.number, what.user);
}

discord::overwrite_body overwrite_of_member(discord::user_id member, bool may_write) {
  discord::overwrite_body out{.id = member.value, .target = discord::overwrite_target::member};
  out.allow = may_write ? reading | writing : reading;
  if (!may_write) out.deny = writing;
  return out;
}

std::vector<discord::overwrite_body> overwrites_of(const ticket_record& what, discord::guild_id guild,
                                                   discord::user_id bot,
                                                   std::span<const discord::role_id> staff) {
  std::vector<discord::overwrite_body> out;
  out.push_back({.id = guild.value, .deny = permission_set(permission::view_channel)});
  out.push_back({.id = bot.value,
                 .target = discord::overwrite_target::member,
                 .allow = reading | writing | permission::manage_channels});
  for (const discord::role_id each : staff) out.push_back({.id = each.value, .allow = reading | writing});
  out.push_back(overwrite_of_member(what.user, true));
  return out;
}

std::optional<std::uint64_t> free_slot(std::span<const std::uint64_t> taken, std::size_t most) {
  if (taken.size() >= most) return std::nullopt;
  for (std::uint64_t slot = 1; slot <= most; ++slot) {
    if (std::ranges::find(taken, slot) == taken.end()) return slot;
  }
  return std::nullopt;
}

}  // namespace guildfleet::features
