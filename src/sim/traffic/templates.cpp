#include "sim/traffic/templates.hpp"

#include <boost/json/serialize.hpp>

#include "sim/gateway/protocol.hpp"
#include "sim/world/world.hpp"

namespace guildfleet::sim {
namespace {

namespace json = boost::json;

// 19 digits, as all of today's snowflakes.
constexpr std::string_view placeholder = "1000000000000000001";
constexpr std::size_t most_authors = 20;

struct guild_cast {
  id guild = 0;
  std::vector<std::string> channels;
  std::vector<json::object> members;  // as MESSAGE_CREATE has them: with `user`
};

guild_cast cast_of(const world& owner, id guild) {
  guild_cast cast{guild, {}, owner.members(guild, {.prefix = {}, .user_ids = {}, .limit = most_authors})};
  std::erase_if(cast.members, [](const json::object& member) { return !member.contains("user"); });
  for (const bot_account& bot : owner.bots()) {
    const json::object created = owner.guild_create(guild, bot.application, intent::guilds);
    const json::value* channels = created.if_contains("channels");
    if (channels == nullptr || !channels->is_array()) continue;
    for (const json::value& channel : channels->get_array())
      if (channel.at("type") == 0) cast.channels.emplace_back(channel.at("id").as_string().c_str());
    break;
  }
  return cast;
}

std::string filler(std::size_t bytes, base::random_source& random) {
  constexpr std::string_view words[] = {
      "the ",   "fleet ",  "sails ", "at ", "dawn ",  "with ", "every ",
      "guild ", "aboard ", "and ",   "no ", "event ", "lost ", "\u65e5\u672c\u8a9e "};
  std::string text;
  while (text.size() < bytes) text += words[random.below(std::size(words))];
  return text;
}

json::object message(const guild_cast& cast, std::string content, base::random_source& random) {
  json::object member = cast.members[random.below(cast.members.size())];
  json::value author = member["user"];
  member.erase("user");
  return {{"id", json::string_view(placeholder.data(), placeholder.size())},
          {"type", 0},
          {"content", std::move(content)},
          {"channel_id", cast.channels[random.below(cast.channels.size())]},
          {"channel_type", 0},
          {"author", std::move(author)},
          {"attachments", json::array{}},
          {"embeds", json::array{}},
          {"mentions", json::array{}},
          {"mention_roles", json::array{}},
          {"pinned", false},
          {"mention_everyone", false},
          {"tts", false},
          {"timestamp", "2026-11-01T12:00:00.000000+00:00"},
          {"edited_timestamp", nullptr},
          {"flags", 0},
          {"components", json::array{}},
          {"nonce", json::string_view(placeholder.data(), placeholder.size())},
          {"member", std::move(member)},
          {"guild_id", std::to_string(cast.guild)}};
}

// Marks where the id of the single event stands.
void find_id(event_body& body, std::string_view key) {
  event_text text = *body.text;
  const std::string pattern = fmt::format(R"("{}":"{}")", key, placeholder);
  const std::size_t at = text.data.find(pattern);
  if (at != std::string::npos) text.id_offset = at + key.size() + 4;
  body.text = std::make_shared<const event_text>(std::move(text));
}

prepared_event prepare(const guild_cast& cast, std::string type, json::object data, std::uint64_t intents,
                       std::string_view id_key) {
  world_event event;
  event.holds_message_content = type == "MESSAGE_CREATE";
  event.type = std::move(type);
  event.data = std::move(data);
  event.guild = cast.guild;
  event.any_of_intents = intents;
  prepared_event prepared = prepare_event(std::move(event));
  find_id(prepared.full, id_key);
  if (prepared.blanked) find_id(*prepared.blanked, id_key);
  return prepared;
}

prepared_event message_template(const guild_cast& cast, std::size_t bytes, base::random_source& random) {
  json::object data = message(cast, {}, random);
  const std::size_t bare = json::serialize(data).size();
  data["content"] = filler(bytes > bare ? std::min<std::size_t>(bytes - bare, 1'900) : 16, random);
  return prepare(cast, "MESSAGE_CREATE", std::move(data), intent::guild_messages, "id");
}

void add_small_events(const guild_cast& cast, base::random_source& random, std::vector<prepared_event>& out) {
  const json::object& member = cast.members[random.below(cast.members.size())];
  const json::value& user = member.at("user").at("id");
  const std::string& channel = cast.channels[random.below(cast.channels.size())];
  const std::string guild = std::to_string(cast.guild);
  const json::object typing{{"channel_id", channel},
                            {"guild_id", guild},
                            {"user_id", user},
                            {"timestamp", 1'793'534'400},
                            {"member", member}};
  out.push_back(prepare(cast, "TYPING_START", typing, intent::guild_message_typing, "id"));
  out.push_back(out.back());
  json::object reaction{{"user_id", user},
                        {"channel_id", channel},
                        {"message_id", json::string_view(placeholder.data(), placeholder.size())},
                        {"guild_id", guild},
                        {"member", member},
                        {"emoji", {{"id", nullptr}, {"name", "\U0001F44D"}}},
                        {"burst", false},
                        {"type", 0}};
  out.push_back(prepare(cast, "MESSAGE_REACTION_ADD", std::move(reaction), intent::guild_message_reactions,
                        "message_id"));
  json::object presence{{"user", {{"id", user}}},
                        {"guild_id", guild},
                        {"status", "online"},
                        {"activities", json::array{}},
                        {"client_status", {{"desktop", "online"}}}};
  out.push_back(prepare(cast, "PRESENCE_UPDATE", std::move(presence), intent::guild_presences, "id"));
}

}  // namespace

std::vector<prepared_event> make_templates(const world& owner, std::span<const id> guilds,
                                           template_settings settings, base::random_source& random) {
  std::vector<prepared_event> out;
  for (const id guild : guilds.first(std::min(guilds.size(), settings.most_guilds))) {
    const guild_cast cast = cast_of(owner, guild);
    if (cast.channels.empty() || cast.members.empty()) continue;
    for (int copy = 0; copy < (settings.messages_only ? 1 : 6); ++copy)
      out.push_back(message_template(cast, settings.message_bytes, random));
    if (!settings.messages_only) add_small_events(cast, random, out);
  }
  return out;
}

std::optional<event_body> make_marker(const world& owner, std::span<const id> guilds,
                                      std::string_view content, id message_id) {
  base::random_source random(1);
  for (const id guild : guilds) {
    const guild_cast cast = cast_of(owner, guild);
    if (cast.channels.empty() || cast.members.empty()) continue;
    json::object data = message(cast, std::string(content), random);
    data["id"] = std::to_string(message_id);
    return make_event_body("MESSAGE_CREATE", data);
  }
  return std::nullopt;
}

}  // namespace guildfleet::sim
