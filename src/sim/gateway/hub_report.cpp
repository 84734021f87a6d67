// What the hub tells the control API.
#include <boost/json/array.hpp>

#include "sim/gateway/gateway_hub.hpp"

namespace guildfleet::sim {

namespace json = boost::json;

namespace {

json::object by_code(const std::map<std::uint16_t, std::uint64_t>& counts) {
  json::object out;
  for (const auto& [code, count] : counts) out[std::to_string(code)] = count;
  return out;
}

}  // namespace

json::object gateway_hub::report() const {
  const auto connected = std::ranges::count_if(
      sessions_, [](const gateway_session& session) { return session.connection != nullptr; });
  return {
      {"connections", counters_.connections},
      {"open_connections", connections_.size()},
      {"sessions", sessions_.size()},
      {"connected_sessions", connected},
      {"identifies", counters_.identifies},
      {"window_violations", counters_.window_violations},
      {"tokens_reset", counters_.tokens_reset},
      {"resumes_ok", counters_.resumes_ok},
      {"resumes_refused", counters_.resumes_refused},
      {"heartbeats", counters_.heartbeats},
      {"acks_withheld", counters_.acks_withheld},
      {"dispatches", counters_.dispatches},
      {"slow_consumers", counters_.slow_consumers},
      {"presences_dropped", counters_.presences_dropped},
      {"close_codes_sent", by_code(counters_.close_codes_sent)},
      {"close_codes_received", by_code(counters_.close_codes_received)},
  };
}

json::array gateway_hub::sessions_json() const {
  json::array out;
  for (const gateway_session& session : sessions_) {
    out.push_back(json::object{
        {"session_id", session.name},
        {"bot", session.bot_name},
        {"application_id", std::to_string(session.application)},
        {"shard", {session.shard, session.shard_count}},
        {"intents", session.intents},
        {"connected", session.connection != nullptr},
        {"compression", session.connection == nullptr ? "none" : session.connection->compression()},
        {"loaded", session.loaded()},
        {"feeding", session.source != nullptr},
        {"muted", session.muted},
        {"guilds", session.guilds.size()},
        {"pending_guilds", session.pending_guilds.size()},
        {"sequence", session.ring.newest()},
        {"last_heartbeat_sequence", session.last_heartbeat_sequence},
        {"sent", session.sent},
        {"replayed", session.replayed},
        {"resumes", session.resumes},
        {"reconnect_to_resume_us", session.reconnect_to_resume
                                       ? json::value(session.reconnect_to_resume->count())
                                       : json::value(nullptr)},
        {"resume_gap_us",
         session.resume_gap ? json::value(session.resume_gap->count()) : json::value(nullptr)},
        {"replay_events", session.ring.size()},
        {"replay_bytes", session.ring.bytes()},
    });
  }
  return out;
}

}  // namespace guildfleet::sim
