#include "features/temp_voice/room.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "base/json_text.hpp"
#include "discord/interactions/interaction_json.hpp"
#include "discord/rest/json_object.hpp"
#include "features/message_template.hpp"

namespace guildfleet::features::temp_voices {
namespace {

namespace json = boost::json;
namespace reading = discord::reading;
using discord::overwrite_body;
using discord::overwrite_target;
using discord::permission;
using discord::permission_set;
using std::chrono::milliseconds;

constexpr permission_set to_enter = permission_set(permission::view_channel) | permission::connect;
constexpr permission_set of_bot =
    to_enter | permission::send_messages | permission::manage_channels | permission::move_members;

constexpr std::size_t most_applied = 8;
constexpr std::chrono::minutes made_within{2};
constexpr std::chrono::seconds clocks_differ{5};

std::int64_t to_ms(base::wall_time time) {
  return std::chrono::duration_cast<milliseconds>(time.time_since_epoch()).count();
}

base::wall_time time_at(const json::object& in, std::string_view key) {
  const json::value* value = reading::find(in, key);
  return base::wall_time(milliseconds(value == nullptr ? 0 : reading::integer_of(*value).value_or(0)));
}

template <class Id>
void write_ids(base::json_writer& out, std::string_view key, const std::vector<Id>& ids) {
  if (ids.empty()) return;
  out.key(key).begin_array();
  for (const Id each : ids) out.string(fmt::format("{}", each));
  out.end_array();
}

template <class Id = discord::user_id>
std::vector<Id> ids_at(const json::object& in, std::string_view key) {
  std::vector<Id> out;
  if (const json::array* all = reading::array_at(in, key)) {
    for (const json::value& each : *all) out.push_back({reading::id_of(each)});
  }
  return out;
}

overwrite_body& entry_of(std::vector<overwrite_body>& all, std::uint64_t id, overwrite_target kind) {
  const auto found = std::ranges::find(all, id, &overwrite_body::id);
  if (found != all.end()) return *found;
  all.push_back({.id = id, .target = kind});
  return all.back();
}

void grant(std::vector<overwrite_body>& all, discord::user_id user, permission_set what) {
  overwrite_body& entry = entry_of(all, user.value, overwrite_target::member);
  entry.allow = entry.allow | what;
  entry.deny = entry.deny.without(what);
}

// Of everybody, and of the roles that would be let in all the same.
void withhold(std::vector<overwrite_body>& all, discord::guild_id everyone, permission_set what) {
  overwrite_body& entry = entry_of(all, everyone.value, overwrite_target::role);
  entry.deny = entry.deny | what;
  for (overwrite_body& each : all) each.allow = each.allow.without(what);
}

// As many as fit in: a longer list would be refused as a whole.
void let_in(std::vector<overwrite_body>& all, const room& what) {
  for (const discord::user_id guest : what.guests) {
    const bool is_new = std::ranges::find(all, guest.value, &overwrite_body::id) == all.end();
    const bool kicked = std::ranges::find(what.kicked, guest) != what.kicked.end();
    if (!kicked && (!is_new || all.size() < most_overwrites)) grant(all, guest, to_enter);
  }
}

bool has_member_overwrite(const json::object& channel, discord::user_id member) {
  const json::array* all = reading::array_at(channel, "permission_overwrites");
  return all != nullptr && std::ranges::any_of(*all, [member](const json::value& each) {
           const json::object* one = each.if_object();
           return one != nullptr && reading::integer_at(*one, "type") == 1 &&
                  reading::id_at<discord::user_id>(*one, "id") == member;
         });
}

}  // namespace

std::string to_json(const room& what) {
  base::json_writer out;
  out.begin_object();
  out.key("owner").string(fmt::format("{}", what.owner));
  out.key("channel").string(fmt::format("{}", what.channel));
  out.key("trigger").string(fmt::format("{}", what.trigger));
  out.key("made").number(to_ms(what.made));
  out.key("locked").boolean(what.locked).key("hidden").boolean(what.hidden);
  write_ids(out, "guests", what.guests);
  write_ids(out, "kicked", what.kicked);
  write_ids(out, "applied", what.applied);
  out.key("renamed").begin_array();
  for (const base::wall_time each : what.renamed) out.number(to_ms(each));
  out.end_array().end_object();
  return out.take();
}

std::optional<room> parse_room(std::string_view text) {
  const auto root = discord::parse_object(text);
  if (!root) return std::nullopt;
  room out{.owner = reading::id_at<discord::user_id>(*root, "owner"),
           .channel = reading::id_at<discord::channel_id>(*root, "channel"),
           .trigger = reading::id_at<discord::channel_id>(*root, "trigger"),
           .made = time_at(*root, "made"),
           .locked = reading::boolean_at(*root, "locked"),
           .hidden = reading::boolean_at(*root, "hidden"),
           .guests = ids_at(*root, "guests"),
           .kicked = ids_at(*root, "kicked"),
           .applied = ids_at<discord::interaction_id>(*root, "applied")};
  if (const json::array* renamed = reading::array_at(*root, "renamed")) {
    for (const json::value& each : *renamed)
      out.renamed.emplace_back(milliseconds(reading::integer_of(each).value_or(0)));
  }
  if (out.owner.empty()) return std::nullopt;
  return out;
}

bool was_applied(const room& what, discord::interaction_id interaction) {
  return std::ranges::find(what.applied, interaction) != what.applied.end();
}

bool note_applied(room& what, discord::interaction_id interaction) {
  if (was_applied(what, interaction)) return false;
  if (what.applied.size() >= most_applied) what.applied.erase(what.applied.begin());
  what.applied.push_back(interaction);
  return true;
}

std::optional<base::wall_time> rename_possible_at(const room& what, base::wall_time now) {
  std::vector<base::wall_time> recent;
  for (const base::wall_time each : what.renamed) {
    if (each + rename_window > now) recent.push_back(each);
  }
  if (recent.size() < renames_allowed) return std::nullopt;
  std::ranges::sort(recent, std::greater<>());
  return recent[renames_allowed - 1] + rename_window;
}

void count_rename(room& what, base::wall_time now) {
  std::erase_if(what.renamed, [now](base::wall_time each) { return each + rename_window <= now; });
  what.renamed.push_back(std::chrono::floor<milliseconds>(now));
}

std::string room_name(std::string_view pattern, std::string_view name) {
  const placeholder values[] = {{"name", std::string(name), true}};
  std::string out = fill(pattern, values, longest_name);
  for (char& each : out) {
    if (static_cast<unsigned char>(each) < 0x20U || each == '\x7F') each = ' ';
  }
  const std::size_t first = out.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return out.substr(first, out.find_last_not_of(' ') - first + 1);
}

std::vector<overwrite_body> overwrites_of(const room& what, std::span<const discord::overwrite> trigger,
                                          room_people people) {
  std::vector<overwrite_body> out;
  for (const discord::overwrite& each : trigger) {
    const auto kind = each.is_member() ? overwrite_target::member : overwrite_target::role;
    out.push_back({.id = each.target(), .target = kind, .allow = each.allow, .deny = each.deny});
  }
  if (what.locked) withhold(out, people.everyone, permission::connect);
  if (what.hidden) withhold(out, people.everyone, permission::view_channel);
  for (const discord::user_id kicked : what.kicked) {
    overwrite_body& entry = entry_of(out, kicked.value, overwrite_target::member);
    entry.allow = entry.allow.without(permission::connect);
    entry.deny = entry.deny | permission::connect;
  }
  grant(out, what.owner, to_enter);
  grant(out, people.bot, of_bot);
  if (what.locked || what.hidden) let_in(out, what);
  const permission_set out_of_reach =
      discord::all_permissions.without(people.held) | permission::manage_roles;
  for (overwrite_body& each : out) {
    each.allow = each.allow.without(out_of_reach);
    each.deny = each.deny.without(out_of_reach);
  }
  return out;
}

std::optional<discord::channel_id> find_made(std::string_view channels, const room& what,
                                             discord::user_id bot,
                                             std::span<const discord::channel_id> known) {
  boost::system::error_code broken;
  const json::value all = json::parse(json::string_view(channels.data(), channels.size()), broken);
  if (broken || !all.is_array()) return std::nullopt;
  for (const json::value& each : all.get_array()) {
    const json::object* channel = each.if_object();
    constexpr int voice = static_cast<int>(discord::channel_type::voice);
    if (channel == nullptr || reading::integer_at(*channel, "type") != voice) continue;
    const auto id = reading::id_at<discord::channel_id>(*channel, "id");
    if (std::ranges::find(known, id) != known.end()) continue;
    const base::wall_time at = id.created_at();
    if (at + clocks_differ < what.made || at > what.made + made_within) continue;
    if (has_member_overwrite(*channel, what.owner) && has_member_overwrite(*channel, bot)) return id;
  }
  return std::nullopt;
}

std::optional<voice_change> read_voice(std::string_view data) {
  const auto root = discord::parse_object(data);
  if (!root) return std::nullopt;
  voice_change out{.user = reading::id_at<discord::user_id>(*root, "user_id"),
                   .channel = reading::id_at<discord::channel_id>(*root, "channel_id")};
  if (out.user.empty()) return std::nullopt;
  const json::object* member = reading::object_at(*root, "member");
  const json::object* user = member == nullptr ? nullptr : reading::object_at(*member, "user");
  if (user == nullptr) return out;
  out.bot = reading::boolean_at(*user, "bot");
  for (const std::string_view name :
       {reading::text_at(*member, "nick"), reading::text_at(*user, "global_name"),
        reading::text_at(*user, "username")}) {
    if (out.name.empty()) out.name = name;
  }
  return out;
}

std::vector<discord::user_id> members_in(const discord::guild_record& guild, discord::channel_id channel) {
  std::vector<discord::user_id> out;
  for (const discord::voice_record& each : guild.voice_states()) {
    if (each.channel == channel) out.push_back(each.user);
  }
  return out;
}

}  // namespace guildfleet::features::temp_voices
