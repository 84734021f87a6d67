// Ops 3, 4, 8, 31 and 43: what a ready client may ask for.
#include <boost/json/serialize.hpp>

#include "sim/gateway/gateway_hub.hpp"
#include "sim/gateway/protocol.hpp"

namespace guildfleet::sim {
namespace {

namespace json = boost::json;

constexpr std::size_t members_per_chunk = 1000;
constexpr std::chrono::seconds everybody_interval(30);

std::string text(id number) {
  return std::to_string(number);
}

id member_user_id(const json::object& member) {
  const json::value* user = member.if_contains("user");
  if (user == nullptr || !user->is_object()) return 0;
  const json::value* number = user->get_object().if_contains("id");
  return number == nullptr ? 0 : to_id(*number).value_or(0);
}

json::array ids_not_found(const guild_members_request& request, const std::vector<json::object>& found) {
  json::array missing;
  for (const id user : request.user_ids)
    if (std::ranges::none_of(found,
                             [user](const json::object& member) { return member_user_id(member) == user; }))
      missing.emplace_back(text(user));
  return missing;
}

}  // namespace

void gateway_connection::on_request(const client_message& message, base::steady_time now) {
  switch (message.op) {
    case opcode::presence_update:
      return on_presence(message, now);
    case opcode::voice_state_update:
      return on_voice_state(message);
    case opcode::request_guild_members:
      return on_guild_members(message, now);
    case opcode::request_soundboard_sounds:
      return on_soundboard(message);
    default:
      return on_channel_info(message);
  }
}

void gateway_connection::on_presence(const client_message& message, base::steady_time now) {
  const auto request = parse_presence(message.data);
  if (!request) return refuse(request.error());
  if (!presence_budget_.take(now)) {
    ++hub_.counters().presences_dropped;
    return;
  }
  hub_.requests().set_presence(session_->application, *request);
}

void gateway_connection::on_voice_state(const client_message& message) {
  const auto request = parse_voice_state(message.data);
  if (!request) return refuse(request.error());
  if (session_->guilds.contains(request->guild))
    hub_.requests().set_voice_state(session_->application, *request);
}

void gateway_connection::on_guild_members(const client_message& message, base::steady_time now) {
  const auto request = parse_guild_members(message.data);
  if (!request) return refuse(request.error());
  if (!session_->guilds.contains(request->guild)) return;
  if (request->everybody()) {
    const auto asked = everybody_asked_.find(request->guild);
    if (asked != everybody_asked_.end() && now - asked->second < everybody_interval) {
      json::object meta{{"guild_id", text(request->guild)}};
      if (request->nonce) meta["nonce"] = *request->nonce;
      const std::chrono::duration<double> left = everybody_interval - (now - asked->second);
      session_->ring.push(make_event_body("RATE_LIMITED", {{"opcode", opcode::request_guild_members},
                                                           {"retry_after", left.count()},
                                                           {"meta", std::move(meta)}}));
      return output_.wake();
    }
    everybody_asked_[request->guild] = now;
  }
  send_members(*request);
}

void gateway_connection::send_members(guild_members_request request) {
  // The whole list needs the GUILD_MEMBERS intent; without it only the bot itself is told.
  if (request.everybody() && (session_->intents & intent::guild_members) == 0) {
    request.by_ids = true;
    request.user_ids = {session_->user};
  }
  const auto members = hub_.requests().members(request);
  const bool with_presences = request.presences && (session_->intents & intent::guild_presences) != 0;
  const std::size_t chunks =
      std::max<std::size_t>(1, (members.size() + members_per_chunk - 1) / members_per_chunk);
  for (std::size_t index = 0; index < chunks; ++index) {
    json::array part;
    json::array presences;
    for (std::size_t at = index * members_per_chunk;
         at < std::min(members.size(), (index + 1) * members_per_chunk); ++at) {
      part.emplace_back(members[at]);
      if (with_presences)
        presences.emplace_back(hub_.requests().presence(request.guild, member_user_id(members[at])));
    }
    json::object chunk{{"guild_id", text(request.guild)},
                       {"members", std::move(part)},
                       {"chunk_index", index},
                       {"chunk_count", chunks}};
    if (json::array missing = ids_not_found(request, members); !missing.empty() && index + 1 == chunks)
      chunk["not_found"] = std::move(missing);
    if (with_presences) chunk["presences"] = std::move(presences);
    if (request.nonce) chunk["nonce"] = *request.nonce;
    session_->ring.push(make_event_body("GUILD_MEMBERS_CHUNK", chunk));
  }
  output_.wake();
}

void gateway_connection::on_soundboard(const client_message& message) {
  const auto guilds = parse_soundboard(message.data);
  if (!guilds) return refuse(guilds.error());
  for (const id guild : *guilds) {
    if (!session_->guilds.contains(guild)) continue;
    json::object created = hub_.world().guild_create(guild, session_->application, session_->intents);
    json::value sounds = created.contains("soundboard_sounds") ? created["soundboard_sounds"] : json::array{};
    session_->ring.push(make_event_body(
        "SOUNDBOARD_SOUNDS", {{"soundboard_sounds", std::move(sounds)}, {"guild_id", text(guild)}}));
  }
  output_.wake();
}

void gateway_connection::on_channel_info(const client_message& message) {
  const auto request = parse_channel_info(message.data);
  if (!request) return refuse(request.error());
  if (!session_->guilds.contains(request->guild)) return;
  json::array channels;
  for (const json::value& known : hub_.requests().channel_info(request->guild)) {
    const json::object& channel = known.as_object();
    json::object told{{"id", channel.at("id")}};
    for (const std::string& field : request->fields)
      if (const json::value* value = channel.if_contains(field)) told[field] = *value;
    channels.push_back(std::move(told));
  }
  session_->ring.push(make_event_body(
      "CHANNEL_INFO", {{"guild_id", text(request->guild)}, {"channels", std::move(channels)}}));
  output_.wake();
}

}  // namespace guildfleet::sim
