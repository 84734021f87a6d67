#include "sim/gateway/gateway_hub.hpp"

#include "sim/gateway/protocol.hpp"

namespace guildfleet::sim {

namespace json = boost::json;

gateway_hub::gateway_hub(const base::clock& clock, world_view& world, request_port& requests,
                         gateway_settings settings, std::uint64_t seed)
    : clock_(clock), world_(world), requests_(requests), settings_(std::move(settings)), random_(seed) {}

gateway_hub::~gateway_hub() = default;

event_sink::start_limit gateway_hub::session_start_limit(id application) const {
  const bot_account* bot = world_.find_bot(application);
  if (bot == nullptr) return {0, 0, 0, 1};
  const auto limits = limits_.find(application);
  if (limits == limits_.end())
    return {bot->session_start_total, bot->session_start_total, 0, bot->max_concurrency};
  return limits->second.limit(bot->max_concurrency, bot->session_start_total, clock_.steady_now());
}

gateway_hub::identify_outcome gateway_hub::identify(const bot_account& bot, const identify_request& request,
                                                    base::steady_time now) {
  ++counters_.identifies;
  auto& limits =
      limits_.try_emplace(bot.application, settings_.identify_interval, settings_.identify_tolerance)
          .first->second;
  const auto verdict = limits.identify(request.shard, bot.max_concurrency, bot.session_start_total, now);
  if (verdict == identify_verdict::too_soon) ++counters_.window_violations;
  if (verdict != identify_verdict::allowed) return {verdict, nullptr};

  forget_expired(now);
  // Before the session exists: its own coming online is no news to it.
  requests_.set_presence(bot.application, request.presence.value_or(presence_request{}));
  gateway_session& session =
      sessions_.emplace_back(new_session_name(), settings_.replay_events, settings_.replay_bytes);
  session.application = bot.application;
  session.user = bot.user;
  session.bot_name = bot.name;
  session.token = bot.token;
  session.intents = request.intents;
  session.shard = request.shard;
  session.shard_count = request.shard_count;
  session.detached_at = now;
  make_room_for(session);
  std::vector<id> guilds = world_.guilds_of(bot.application);
  std::erase_if(guilds,
                [&request](id guild) { return shard_of(guild, request.shard_count) != request.shard; });
  session.guilds.insert(guilds.begin(), guilds.end());
  session.ring.push(ready_of(session, request, bot, guilds));
  if ((session.intents & intent::guilds) != 0) session.pending_guilds.assign(guilds.begin(), guilds.end());
  if (session.loaded()) session_loaded(session);
  return {verdict, &session};
}

void gateway_hub::make_room_for(gateway_session& added) {
  if (settings_.on_second_session == second_session::both) return;
  for (auto other = sessions_.begin(); other != sessions_.end();) {
    gateway_session& session = *other++;
    if (&session == &added || session.application != added.application || session.shard != added.shard ||
        session.shard_count != added.shard_count)
      continue;
    if (settings_.on_second_session == second_session::mute_second) {
      added.muted = added.muted || session.connection != nullptr;
      continue;
    }
    if (session.connection != nullptr)
      session.connection->server_close(close_code::unknown_error, "Session replaced.");
    end_session(session);
  }
}

event_body gateway_hub::ready_of(const gateway_session& session, const identify_request& request,
                                 const bot_account& bot, const std::vector<id>& guilds) const {
  json::array listed;
  for (const id guild : guilds)
    listed.push_back(json::object{{"id", std::to_string(guild)}, {"unavailable", true}});
  json::object ready{
      {"v", 10},
      {"user", world_.self_user(bot.application)},
      {"guilds", std::move(listed)},
      {"session_id", session.name},
      {"resume_gateway_url", armed_.resume_url.value_or(settings_.resume_url)},
      {"application", {{"id", std::to_string(bot.application)}, {"flags", bot.application_flags}}},
      {"session_type", "normal"},
      {"user_settings", json::object{}},
      {"relationships", json::array{}},
      {"private_channels", json::array{}},
      {"presences", json::array{}},
      {"guild_join_requests", json::array{}},
      {"geo_ordered_rtc_regions", json::array{"japan", "us-west"}},
      {"auth", json::object{}},
      {"explicit_content_scan_version", 0},
      {"_trace", json::array{"[\"guildfleet-sim\",{\"micros\":0}]"}},
  };
  if (request.sharded) ready["shard"] = {request.shard, request.shard_count};
  return make_event_body("READY", ready);
}

std::expected<gateway_session*, refusal> gateway_hub::resume(const resume_request& request,
                                                             base::steady_time now) {
  forget_expired(now);
  if (world_.find_bot_by_token(request.token) == nullptr) {
    ++counters_.resumes_refused;
    return std::unexpected(refusal{close_code::authentication_failed, "unknown token"});
  }
  const auto found = std::ranges::find(sessions_, request.session, &gateway_session::name);
  if (found == sessions_.end() || found->token != request.token) {
    ++counters_.resumes_refused;
    return nullptr;
  }
  show_late(*found, now);
  if (request.sequence > found->ring.newest()) {
    ++counters_.resumes_refused;
    drop_session(*found);
    return std::unexpected(refusal{close_code::invalid_sequence, "sequence from the future"});
  }
  if (!found->ring.holds_all_after(request.sequence)) {
    ++counters_.resumes_refused;
    drop_session(*found);
    return nullptr;
  }
  if (found->connection != nullptr)
    found->connection->server_close(close_code::unknown_error, "Session resumed elsewhere.");
  else
    found->resume_gap = std::chrono::duration_cast<std::chrono::microseconds>(now - found->detached_at);
  ++counters_.resumes_ok;
  ++found->resumes;
  return &*found;
}

void gateway_hub::detach(gateway_session& session, bool keep, base::steady_time now) {
  session.connection = nullptr;
  session.detached_at = now;
  if (!keep) end_session(session);
}

void gateway_hub::drop_session(gateway_session& session) {
  if (session.connection != nullptr)
    session.connection->invalidate(false);
  else
    end_session(session);
}

void gateway_hub::end_session(gateway_session& session) {
  if (session.connection != nullptr) session.connection->lose_session();
  const id application = session.application;
  sessions_.remove_if([&session](const gateway_session& other) { return &other == &session; });
  if (std::ranges::none_of(sessions_,
                           [application](const auto& other) { return other.application == application; }))
    requests_.set_presence(application, {"offline", {}});
}

void gateway_hub::forget_expired(base::steady_time now) {
  for (auto next = sessions_.begin(); next != sessions_.end();) {
    gateway_session& session = *next++;
    if (session.connection == nullptr && now - session.detached_at >= settings_.session_keep)
      end_session(session);
  }
}

void gateway_hub::reset_token(id application) {
  ++counters_.tokens_reset;
  for (gateway_connection* connection : find_connections(application, -1, {}))
    connection->server_close(close_code::authentication_failed,
                             close_reason(close_code::authentication_failed));
  for (gateway_session* session : find_sessions(application, -1, {})) end_session(*session);
  world_.reset_token(application);
}

std::vector<gateway_session*> gateway_hub::find_sessions(id application, int shard, std::string_view name) {
  std::vector<gateway_session*> found;
  for (gateway_session& session : sessions_)
    if ((application == 0 || session.application == application) && (shard < 0 || session.shard == shard) &&
        (name.empty() || session.name == name))
      found.push_back(&session);
  return found;
}

std::vector<gateway_connection*> gateway_hub::find_connections(id application, int shard,
                                                               std::string_view name) {
  std::vector<gateway_connection*> found;
  if (application == 0 && shard < 0 && name.empty()) {
    found.assign(connections_.begin(), connections_.end());
    std::erase_if(found, [](const gateway_connection* connection) { return connection->ended(); });
    return found;
  }
  for (gateway_session* session : find_sessions(application, shard, name))
    if (session->connection != nullptr) found.push_back(session->connection);
  return found;
}

std::string gateway_hub::new_session_name() {
  return fmt::format("{:016x}{:016x}", random_.next(), random_.next());
}

}  // namespace guildfleet::sim
