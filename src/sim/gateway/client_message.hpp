// What clients send over the gateway, checked as strictly as Discord's documents allow (protocol
// sheet 1.6, 1.8, 1.12, 1.16). Pure functions; any thread.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/ports.hpp"

namespace guildfleet::sim {

inline constexpr std::size_t max_client_message_bytes = 4096;

// The connection is to be closed with this code; `what` is for the log and the report.
struct refusal {
  std::uint16_t code = 0;
  std::string_view what;
};

struct client_message {
  int op = 0;
  boost::json::value data;
};
// 4002 for anything that is not a JSON object with an integer `op`, and over 4096 bytes.
[[nodiscard]] std::expected<client_message, refusal> parse_client_message(std::string_view text);

// What stands in a URL's query at connect.
struct connect_query {
  std::string version;
  std::string encoding;
  std::string compress;
};
enum class transport_compression { none, zlib_stream, zstd_stream };
// 4012 unless v=10; 4002 for an encoding or compression that is not served.
[[nodiscard]] std::expected<transport_compression, refusal> check_connect_query(const connect_query& query);

struct presence_request {
  std::string status = "online";
  boost::json::array activities;
};

struct identify_request {
  std::string token;
  std::uint64_t intents = 0;
  int shard = 0;
  int shard_count = 1;
  bool sharded = false;  // `shard` was given: READY repeats it
  bool compress = false;
  std::optional<presence_request> presence;
};
[[nodiscard]] std::expected<identify_request, refusal> parse_identify(const boost::json::value& data);

struct resume_request {
  std::string token;
  std::string session;
  std::uint64_t sequence = 0;
};
[[nodiscard]] std::expected<resume_request, refusal> parse_resume(const boost::json::value& data);

// null: nothing received yet.
[[nodiscard]] std::expected<std::optional<std::uint64_t>, refusal> parse_heartbeat(
    const boost::json::value& data);

[[nodiscard]] std::expected<presence_request, refusal> parse_presence(const boost::json::value& data);

struct voice_state_request {
  id guild = 0;
  std::optional<id> channel;
  bool self_mute = false;
  bool self_deaf = false;
};
[[nodiscard]] std::expected<voice_state_request, refusal> parse_voice_state(const boost::json::value& data);

struct guild_members_request {
  id guild = 0;
  std::string query;
  std::vector<id> user_ids;
  bool by_ids = false;
  std::size_t limit = 0;
  bool presences = false;
  std::optional<std::string> nonce;  // longer than 32 bytes: dropped
  // Everybody: what is limited to one per guild and 30 s.
  [[nodiscard]] bool everybody() const { return !by_ids && query.empty() && limit == 0; }
};
[[nodiscard]] std::expected<guild_members_request, refusal> parse_guild_members(
    const boost::json::value& data);

[[nodiscard]] std::expected<std::vector<id>, refusal> parse_soundboard(const boost::json::value& data);

struct channel_info_request {
  id guild = 0;
  std::vector<std::string> fields;
};
[[nodiscard]] std::expected<channel_info_request, refusal> parse_channel_info(const boost::json::value& data);

// A snowflake in a string or a number.
[[nodiscard]] std::optional<id> to_id(const boost::json::value& value);
[[nodiscard]] std::optional<id> to_id(std::string_view text);

}  // namespace guildfleet::sim
