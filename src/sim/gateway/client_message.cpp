#include "sim/gateway/client_message.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <charconv>

#include "sim/gateway/protocol.hpp"

namespace guildfleet::sim {
namespace {

namespace json = boost::json;

constexpr std::string_view bad_data = "the opcode's data has the wrong shape";

std::unexpected<refusal> bad_payload(std::string_view what = bad_data) {
  return std::unexpected(refusal{close_code::unknown_opcode, what});
}

const json::value* find(const json::object& object, std::string_view key) {
  return object.if_contains(key);
}

std::optional<std::string> text_of(const json::object& object, std::string_view key) {
  const json::value* value = find(object, key);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string(std::string_view(value->get_string()));
}

std::optional<std::int64_t> integer(const json::value* value) {
  if (value == nullptr) return std::nullopt;
  if (value->is_int64()) return value->get_int64();
  if (value->is_uint64() && value->get_uint64() <= INT64_MAX)
    return static_cast<std::int64_t>(value->get_uint64());
  return std::nullopt;
}

// Absent counts as false; anything but a boolean is an error.
std::optional<bool> flag(const json::object& object, std::string_view key) {
  const json::value* value = find(object, key);
  if (value == nullptr || value->is_null()) return false;
  if (!value->is_bool()) return std::nullopt;
  return value->get_bool();
}

// Discord takes the token with and without the prefix that REST wants; several libraries send it.
std::optional<std::string> token_of(const json::object& object) {
  constexpr std::string_view prefix = "Bot ";
  auto token = text_of(object, "token");
  if (token && token->starts_with(prefix)) token->erase(0, prefix.size());
  return token;
}

std::expected<void, refusal> read_shard(const json::object& object, identify_request& out) {
  const json::value* shard = find(object, "shard");
  if (shard == nullptr || shard->is_null()) return {};
  if (!shard->is_array() || shard->get_array().size() != 2) return bad_payload("shard is not a pair");
  const auto number = integer(&shard->get_array()[0]);
  const auto count = integer(&shard->get_array()[1]);
  if (!number || !count || *number < 0 || *count < 1 || *number >= *count || *count > 1'000'000)
    return std::unexpected(refusal{close_code::invalid_shard, "shard id is not below the shard count"});
  out.shard = static_cast<int>(*number);
  out.shard_count = static_cast<int>(*count);
  out.sharded = true;
  return {};
}

}  // namespace

std::optional<id> to_id(std::string_view text) {
  id number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<id> to_id(const json::value& value) {
  if (value.is_string()) return to_id(std::string_view(value.get_string()));
  if (value.is_uint64()) return value.get_uint64();
  if (value.is_int64() && value.get_int64() >= 0) return static_cast<id>(value.get_int64());
  return std::nullopt;
}

std::expected<client_message, refusal> parse_client_message(std::string_view text) {
  if (text.size() > max_client_message_bytes)
    return std::unexpected(refusal{close_code::decode_error, "message over 4096 bytes"});
  json::error_code error;
  json::value document = json::parse(json::string_view(text.data(), text.size()), error);
  if (error || !document.is_object())
    return std::unexpected(refusal{close_code::decode_error, "not a JSON object"});
  const auto op = integer(document.get_object().if_contains("op"));
  if (!op || *op < 0 || *op > 1000)
    return std::unexpected(refusal{close_code::decode_error, "no integer op"});
  client_message message{static_cast<int>(*op), nullptr};
  if (json::value* data = document.get_object().if_contains("d")) message.data = std::move(*data);
  return message;
}

std::expected<transport_compression, refusal> check_connect_query(const connect_query& query) {
  if (query.version != "10") return std::unexpected(refusal{close_code::invalid_version, "v is not 10"});
  if (!query.encoding.empty() && query.encoding != "json")
    return std::unexpected(refusal{close_code::decode_error, "only encoding=json is served"});
  if (query.compress.empty()) return transport_compression::none;
  if (query.compress == "zlib-stream") return transport_compression::zlib_stream;
  if (query.compress == "zstd-stream") return transport_compression::zstd_stream;
  return std::unexpected(refusal{close_code::decode_error, "unknown compress"});
}

std::expected<identify_request, refusal> parse_identify(const json::value& data) {
  if (!data.is_object()) return bad_payload();
  const json::object& object = data.get_object();
  identify_request out;
  const auto token = token_of(object);
  if (!token) return bad_payload("no token");
  out.token = *token;
  const json::value* properties = find(object, "properties");
  if (properties == nullptr || !properties->is_object()) return bad_payload("no properties");
  if (const auto shard = read_shard(object, out); !shard) return std::unexpected(shard.error());
  // Discord lets a name pass here: Oceanic sends "zlib-stream" next to that transport.
  out.compress = flag(object, "compress").value_or(false);
  if (const json::value* threshold = find(object, "large_threshold")) {
    const auto number = integer(threshold);
    if (!number || *number < 50 || *number > 250) return bad_payload("large_threshold is not 50 to 250");
  }
  const auto intents = integer(find(object, "intents"));
  if (!intents || *intents < 0 || (static_cast<std::uint64_t>(*intents) & ~intent::all) != 0)
    return std::unexpected(refusal{close_code::invalid_intents, "intents missing or with unknown bits"});
  out.intents = static_cast<std::uint64_t>(*intents);
  if (const json::value* presence = find(object, "presence"); presence != nullptr && !presence->is_null()) {
    auto parsed = parse_presence(*presence);
    if (!parsed) return std::unexpected(parsed.error());
    out.presence = std::move(*parsed);
  }
  return out;
}

std::expected<resume_request, refusal> parse_resume(const json::value& data) {
  if (!data.is_object()) return bad_payload();
  const json::object& object = data.get_object();
  const auto token = token_of(object);
  const auto session = text_of(object, "session_id");
  const auto sequence = integer(find(object, "seq"));
  if (!token || !session || !sequence || *sequence < 0) return bad_payload();
  return resume_request{*token, *session, static_cast<std::uint64_t>(*sequence)};
}

std::expected<std::optional<std::uint64_t>, refusal> parse_heartbeat(const json::value& data) {
  if (data.is_null()) return std::nullopt;
  const auto sequence = integer(&data);
  if (!sequence || *sequence < 0) return bad_payload("heartbeat without a sequence");
  return static_cast<std::uint64_t>(*sequence);
}

std::expected<presence_request, refusal> parse_presence(const json::value& data) {
  if (!data.is_object()) return bad_payload();
  const json::object& object = data.get_object();
  presence_request out;
  if (find(object, "status") != nullptr) {
    const auto status = text_of(object, "status");
    if (!status) return bad_payload("unknown status");
    out.status = *status;
  }
  constexpr std::string_view known[] = {"online", "dnd", "idle", "invisible", "offline"};
  if (std::ranges::find(known, out.status) == std::end(known)) return bad_payload("unknown status");
  if (const json::value* activities = find(object, "activities");
      activities != nullptr && !activities->is_null()) {
    if (!activities->is_array()) return bad_payload("activities is not an array");
    for (const json::value& activity : activities->get_array())
      if (!activity.is_object() || !text_of(activity.get_object(), "name"))
        return bad_payload("activity without name");
    out.activities = activities->get_array();
  }
  return out;
}

std::expected<voice_state_request, refusal> parse_voice_state(const json::value& data) {
  if (!data.is_object()) return bad_payload();
  const json::object& object = data.get_object();
  voice_state_request out;
  const json::value* guild = find(object, "guild_id");
  const auto guild_number = guild == nullptr ? std::nullopt : to_id(*guild);
  const auto mute = flag(object, "self_mute");
  const auto deaf = flag(object, "self_deaf");
  if (!guild_number || !mute || !deaf) return bad_payload();
  const json::value* channel = find(object, "channel_id");
  if (channel != nullptr && !channel->is_null()) {
    out.channel = to_id(*channel);
    if (!out.channel) return bad_payload("channel_id is not a snowflake");
  }
  out.guild = *guild_number;
  out.self_mute = *mute;
  out.self_deaf = *deaf;
  return out;
}

std::expected<guild_members_request, refusal> parse_guild_members(const json::value& data) {
  if (!data.is_object()) return bad_payload();
  const json::object& object = data.get_object();
  const json::value* guild = find(object, "guild_id");
  if (guild == nullptr) return bad_payload("no guild_id");
  // Old clients wrap the one guild into an array.
  const json::value* one =
      guild->is_array() && guild->get_array().size() == 1 ? &guild->get_array()[0] : guild;
  const auto guild_number = to_id(*one);
  if (!guild_number) return bad_payload("guild_id is not one snowflake");
  guild_members_request out;
  out.guild = *guild_number;
  const auto presences = flag(object, "presences");
  if (!presences) return bad_payload();
  out.presences = *presences;
  if (auto nonce = text_of(object, "nonce"); nonce && nonce->size() <= 32) out.nonce = std::move(nonce);
  if (const json::value* ids = find(object, "user_ids"); ids != nullptr && !ids->is_null()) {
    out.by_ids = true;
    const json::array list = ids->is_array() ? ids->get_array() : json::array{*ids};
    if (list.size() > 100) return bad_payload("more than 100 user_ids");
    for (const json::value& entry : list) {
      const auto user = to_id(entry);
      if (!user) return bad_payload("user_ids holds something else than snowflakes");
      out.user_ids.push_back(*user);
    }
    return out;
  }
  const auto query = text_of(object, "query");
  const auto limit = integer(find(object, "limit"));
  if (!query || !limit || *limit < 0) return bad_payload("neither user_ids nor query with limit");
  out.query = *query;
  out.limit = static_cast<std::size_t>(*limit);
  if (!out.query.empty()) out.limit = out.limit == 0 ? 100 : std::min<std::size_t>(out.limit, 100);
  return out;
}

std::expected<std::vector<id>, refusal> parse_soundboard(const json::value& data) {
  if (!data.is_object()) return bad_payload();
  const json::value* guilds = find(data.get_object(), "guild_ids");
  if (guilds == nullptr || !guilds->is_array()) return bad_payload("no guild_ids");
  std::vector<id> out;
  for (const json::value& entry : guilds->get_array()) {
    const auto guild = to_id(entry);
    if (!guild) return bad_payload("guild_ids holds something else than snowflakes");
    out.push_back(*guild);
  }
  return out;
}

std::expected<channel_info_request, refusal> parse_channel_info(const json::value& data) {
  if (!data.is_object()) return bad_payload();
  const json::value* guild = find(data.get_object(), "guild_id");
  const auto guild_number = guild == nullptr ? std::nullopt : to_id(*guild);
  const json::value* fields = find(data.get_object(), "fields");
  if (!guild_number || fields == nullptr || !fields->is_array()) return bad_payload();
  channel_info_request out{*guild_number, {}};
  for (const json::value& field : fields->get_array()) {
    if (!field.is_string()) return bad_payload("fields holds something else than strings");
    out.fields.emplace_back(std::string_view(field.get_string()));
  }
  return out;
}

}  // namespace guildfleet::sim
