#include "sim/world/world.hpp"

#include <algorithm>
#include <cctype>

#include "sim/world/members.hpp"
#include "sim/world/permissions.hpp"
#include "sim/world/render.hpp"
#include "sim/world/seed.hpp"

namespace guildfleet::sim {

world::world(const base::clock& clock, world_settings settings)
    : state_(std::make_unique<world_state>(clock, std::move(settings))) {
  seed_world(*state_);
}

world::~world() = default;

void world::connect(event_sink* sink) {
  state_->sink = sink;
}

const bot_account* world::find_bot_by_token(std::string_view token) const {
  const auto found = state_->tokens.find(std::string(token));
  return found == state_->tokens.end() ? nullptr : find_bot(found->second);
}

const bot_account* world::find_bot(id application) const {
  const auto found = state_->bots.find(application);
  return found == state_->bots.end() ? nullptr : &found->second.account;
}

std::vector<id> world::guilds_of(id application) const {
  std::vector<id> found;
  for (const auto& [which, guild] : state_->guilds) {
    if (std::ranges::binary_search(guild.bots, application)) found.push_back(which);
  }
  std::ranges::sort(found);
  return found;
}

boost::json::object world::guild_create(id guild, id application, std::uint64_t intents) const {
  const auto* const record = find_guild(std::as_const(*state_), guild);
  if (record == nullptr) return {{"id", id_text(guild)}, {"unavailable", true}};
  return guild_create_json(*state_, *record, application, intents);
}

bool world::guild_unavailable(id guild) const {
  const auto* const record = find_guild(std::as_const(*state_), guild);
  return record == nullptr || record->unavailable;
}

boost::json::object world::self_user(id application) const {
  const auto found = state_->bots.find(application);
  return found == state_->bots.end() ? boost::json::object() : self_json(*state_, found->second);
}

void world::reset_token(id application) {
  const auto found = state_->bots.find(application);
  if (found == state_->bots.end()) return;
  auto& account = found->second.account;
  state_->tokens.erase(account.token);
  account.token = make_token(*state_, application);
  state_->tokens[account.token] = application;
}

std::vector<bot_account> world::bots() const {
  std::vector<bot_account> out;
  for (const auto& [_, bot] : state_->bots) out.push_back(bot.account);
  return out;
}

std::vector<id> world::guilds() const {
  return state_->guild_order;
}

boost::json::array world::guild_summary() const {
  json::array out;
  for (const id which : state_->guild_order) {
    const auto* const guild = find_guild(std::as_const(*state_), which);
    json::array channels;
    for (const id inner : guild->channels) {
      const auto& channel = state_->channels.at(inner);
      channels.push_back(
          json::object{{"id", id_text(inner)}, {"name", channel.fields.at("name")}, {"type", channel.type}});
    }
    json::array bots;
    for (const id bot : guild->bots) bots.emplace_back(id_text(bot));
    out.push_back(json::object{{"id", id_text(which)},
                               {"name", guild->fields.at("name")},
                               {"owner_id", id_text(guild->owner)},
                               {"unavailable", guild->unavailable},
                               {"members", guild->members.size()},
                               {"bots", std::move(bots)},
                               {"channels", std::move(channels)}});
  }
  return out;
}

boost::json::array world::channel_messages(id channel) const {
  json::array out;
  const auto found = state_->channels.find(channel);
  if (found == state_->channels.end()) return out;
  for (const auto& [message, record] : found->second.messages) {
    out.push_back(json::object{{"id", id_text(message)},
                               {"author", id_text(record.author)},
                               {"content", record.fields.at("content")},
                               {"embeds", record.fields.at("embeds")}});
  }
  return out;
}

std::size_t world::member_count(id guild) const {
  const auto* const record = find_guild(std::as_const(*state_), guild);
  return record == nullptr ? 0 : record->members.size();
}

namespace {

bool starts_with_folded(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() &&
         std::equal(prefix.begin(), prefix.end(), text.begin(),
                    [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

bool matches(const world_state& state, const member_record& member, const world::member_query& query) {
  if (!query.user_ids.empty()) return std::ranges::find(query.user_ids, member.user) != query.user_ids.end();
  if (query.prefix.empty()) return true;
  const auto* const user = find_user(state, member.user);
  return (user != nullptr && starts_with_folded(user->username, query.prefix)) ||
         (member.nick && starts_with_folded(*member.nick, query.prefix));
}

}  // namespace

std::vector<boost::json::object> world::members(id guild, const member_query& query) const {
  std::vector<json::object> out;
  const auto* const record = find_guild(std::as_const(*state_), guild);
  if (record == nullptr) return out;
  for (const auto& [_, member] : record->members) {
    if (query.limit != 0 && out.size() >= query.limit) break;
    if (matches(*state_, member, query)) out.push_back(member_json(*state_, member));
  }
  return out;
}

boost::json::array world::channel_info(id guild) const {
  json::array out;
  const auto* const record = find_guild(std::as_const(*state_), guild);
  if (record == nullptr) return out;
  for (const id which : record->channels) {
    const auto& channel = state_->channels.at(which);
    if (channel.type != channel_type::voice) continue;
    json::object entry{{"id", id_text(which)}};
    if (channel.voice_status) entry["status"] = *channel.voice_status;
    out.push_back(std::move(entry));
  }
  return out;
}

boost::json::object world::presence(id guild, id user) const {
  return presence_json(*state_, guild, user);
}

bool world::set_bot_voice_state(id application, const voice_request& request) {
  auto* const guild = find_guild(*state_, request.guild);
  if (guild == nullptr || find_member(*guild, application) == nullptr) return false;
  voice_state_record voice{.user = application,
                           .channel = request.channel.value_or(0),
                           .session = {},
                           .self_mute = request.self_mute,
                           .self_deaf = request.self_deaf};
  if (request.channel) {
    const auto* const channel = find_channel(*state_, *request.channel);
    if (channel == nullptr || channel->guild != request.guild) return false;
    const bits granted = channel_permissions(*state_, *channel, application);
    if ((granted & permission::connect) == 0) return false;
    const auto limit = int_field(channel->fields, "user_limit");
    const auto inside = std::ranges::count_if(guild->voice_states, [&](const auto& entry) {
      return entry.second.channel == *request.channel && entry.first != application;
    });
    if (limit > 0 && inside >= limit && (granted & permission::move_members) == 0) return false;
  }
  const auto before = guild->voice_states.find(application);
  voice.session = before != guild->voice_states.end() ? before->second.session : random_token(*state_, 32);
  set_voice(*state_, *guild, voice);
  return true;
}

void world::set_bot_presence(id application, std::string_view status, const boost::json::array& activities) {
  const auto found = state_->bots.find(application);
  if (found == state_->bots.end()) return;
  found->second.status = status;
  found->second.activities = activities;
  for (const id guild : guilds_of(application)) {
    publish_guild(*state_, guild, "PRESENCE_UPDATE", presence_json(*state_, guild, application),
                  intent::guild_presences);
  }
}

bool world::begin_outage(id guild) {
  auto* const record = find_guild(*state_, guild);
  if (record == nullptr || record->unavailable) return false;
  publish_guild(*state_, guild, "GUILD_DELETE", {{"id", id_text(guild)}, {"unavailable", true}},
                intent::guilds);
  record->unavailable = true;
  return true;
}

bool world::end_outage(id guild) {
  auto* const record = find_guild(*state_, guild);
  if (record == nullptr || !record->unavailable) return false;
  record->unavailable = false;
  for (const id bot : record->bots) {
    publish_bot(*state_, bot, guild, "GUILD_CREATE", guild_create_json(*state_, *record, bot, 0),
                intent::guilds);
  }
  return true;
}

bool world::add_bot(id guild, id application) {
  auto* const record = find_guild(*state_, guild);
  if (record == nullptr || !state_->bots.contains(application) ||
      find_member(*record, application) != nullptr) {
    return false;
  }
  auto role = new_role(state_->bots.at(application).account.name, state_->settings.bot_permissions);
  role.managed = true;
  role.fields["tags"] = json::object{{"bot_id", id_text(application)}};
  const id granted = create_role(*state_, *record, std::move(role), {.user = record->owner}).role;
  auto& member = add_member(*state_, *record, application);
  set_roles(*state_, *record, member, {granted}, {.user = record->owner});
  return true;
}

bool world::set_application_flags(id application, std::uint64_t flags) {
  const auto found = state_->bots.find(application);
  if (found == state_->bots.end()) return false;
  found->second.account.application_flags = flags;
  return true;
}

bool world::remove_bot(id guild, id application) {
  auto* const record = find_guild(*state_, guild);
  if (record == nullptr || !std::ranges::binary_search(record->bots, application)) return false;
  remove_member(*state_, *record, application, departure::kicked, {.user = record->owner});
  return true;
}

}  // namespace guildfleet::sim
