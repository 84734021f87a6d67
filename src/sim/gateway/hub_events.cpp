// How the hub hands the world's events to sessions.
#include "sim/gateway/gateway_hub.hpp"
#include "sim/gateway/protocol.hpp"

namespace guildfleet::sim {

namespace json = boost::json;

namespace {

// Routing alone: bot, guild and shard. Intents come later.
bool addressed(const gateway_session& session, const std::optional<id>& guild,
               const std::optional<id>& only_bot) {
  if (session.muted || (only_bot && session.application != *only_bot)) return false;
  if (!guild) return session.shard == 0;
  if (shard_of(*guild, session.shard_count) != session.shard) return false;
  return only_bot.has_value() || session.guilds.contains(*guild);
}

}  // namespace

void gateway_hub::publish(world_event event) {
  if (event.type == "GUILD_CREATE") return publish_guild_create(event);
  const bool is_delete = event.type == "GUILD_DELETE" && event.guild;
  const bool removed = is_delete && !event.data.contains("unavailable");
  const auto guild = event.guild;
  const auto only_bot = event.only_bot;
  std::vector<gateway_session*> takers;
  for (gateway_session& session : sessions_) {
    if (!addressed(session, guild, only_bot)) continue;
    takers.push_back(&session);
    if (is_delete) session.stop_pending(*guild);
  }
  // Intents are looked at before the text is written: most events of a big world interest nobody.
  const bool wanted = std::ranges::any_of(takers, [&event](const gateway_session* session) {
    return event.any_of_intents == 0 || (session->intents & event.any_of_intents) != 0 ||
           event.type == "GUILD_MEMBER_UPDATE";
  });
  if (wanted) {
    const prepared_event prepared = prepare_event(std::move(event));
    for (gateway_session* session : takers) deliver(*session, prepared);
  }
  if (!removed) return;
  for (gateway_session* session : takers) {
    session->guilds.erase(*guild);
    if (session->loaded()) session_loaded(*session);
  }
}

std::size_t gateway_hub::publish_prepared(const prepared_event& event) {
  std::size_t taken = 0;
  for (gateway_session& session : sessions_)
    if (addressed(session, event.guild, event.only_bot) && deliver(session, event)) ++taken;
  return taken;
}

bool gateway_hub::deliver(gateway_session& session, const prepared_event& event) {
  const event_body* body = body_for(event, session.user, session.intents);
  if (body == nullptr) return false;
  // A guild's first event brings its GUILD_CREATE forward, so that no client hears of an unknown guild.
  if (event.guild && session.stop_pending(*event.guild)) {
    create_guild(session, *event.guild);
    if (session.loaded()) session_loaded(session);
  }
  // Behind late ones of its guild, even when nothing is late any more.
  if (armed_.delay.most.count() > 0 || !session.late.empty())
    session.late.emplace(shown_at(session, event.guild), *body);
  else
    session.ring.push(*body);
  if (session.connection != nullptr) session.connection->output().wake();
  return true;
}

base::steady_time gateway_hub::shown_at(gateway_session& session, const std::optional<id>& guild) {
  const base::steady_time at =
      clock_.steady_now() + random_.between(std::chrono::milliseconds(0), armed_.delay.most);
  if (!armed_.delay.keeps_order) return at;
  base::steady_time& last = session.late_of_guild[guild.value_or(0)];
  return last = std::max(last, at);
}

void gateway_hub::show_late(gateway_session& session, base::steady_time now) {
  while (!session.late.empty() && session.late.begin()->first <= now) {
    session.ring.push(std::move(session.late.begin()->second));
    session.late.erase(session.late.begin());
  }
}

void gateway_hub::publish_guild_create(const world_event& event) {
  const id guild = event.guild.value_or(0);
  for (gateway_session& session : sessions_) {
    if (!addressed(session, guild, event.only_bot)) continue;
    session.guilds.insert(guild);
    session.stop_pending(guild);
    if ((session.intents & intent::guilds) == 0) continue;
    // What a session sees of a guild depends on its intents, so each gets a text of its own.
    create_guild(session, guild);
    if (session.connection != nullptr) session.connection->output().wake();
    if (session.loaded()) session_loaded(session);
  }
}

void gateway_hub::create_next_guild(gateway_session& session) {
  const id guild = session.pending_guilds.front();
  session.pending_guilds.pop_front();
  create_guild(session, guild);
  if (session.loaded()) session_loaded(session);
}

void gateway_hub::create_guild(gateway_session& session, id guild) {
  if (world_.guild_unavailable(guild)) {
    session.ring.push(
        make_event_body("GUILD_DELETE", {{"id", std::to_string(guild)}, {"unavailable", true}}));
    return;
  }
  session.ring.push(
      make_event_body("GUILD_CREATE", world_.guild_create(guild, session.application, session.intents)));
}

void gateway_hub::session_loaded(gateway_session& session) {
  if (loaded_observer_ && !session.source) loaded_observer_(session);
}

}  // namespace guildfleet::sim
