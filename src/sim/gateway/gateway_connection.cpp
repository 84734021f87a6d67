#include "sim/gateway/gateway_connection.hpp"

#include "sim/gateway/gateway_hub.hpp"
#include "sim/gateway/protocol.hpp"

namespace guildfleet::sim {

using std::chrono::milliseconds;

gateway_connection::gateway_connection(gateway_hub& hub, connection_output& output, connect_query query,
                                       std::uint64_t number)
    : hub_(hub), output_(output), query_(std::move(query)), number_(number) {
  hub_.joined(*this);
}

gateway_connection::~gateway_connection() {
  if (session_ != nullptr) hub_.detach(*session_, true, hub_.clock().steady_now());
  hub_.left(*this);
}

void gateway_connection::open(base::steady_time now) {
  ++hub_.counters().connections;
  if (const auto checked = check_connect_query(query_); !checked) return refuse(checked.error());
  if (hub_.armed().reconnect_before_hello > 0) {
    --hub_.armed().reconnect_before_hello;
    return send_reconnect(now);
  }
  const auto interval = hub_.settings().heartbeat_interval;
  send_control(
      opcode::hello,
      fmt::format(R"({{"heartbeat_interval":{},"_trace":["[\"guildfleet-sim\",{{}}]"]}})", interval.count()));
  heartbeat_due_ = now + std::max<milliseconds>(2 * interval, milliseconds(1000));
}

void gateway_connection::on_text(std::string_view text, base::steady_time now) {
  if (state_ == state::closed || half_open_) return;
  if (!budget_.take(now)) return refuse({close_code::rate_limited, "more than 120 messages in 60 s"});
  const auto message = parse_client_message(text);
  if (!message) return refuse(message.error());
  handle(*message, now);
}

void gateway_connection::handle(const client_message& message, base::steady_time now) {
  switch (message.op) {
    case opcode::heartbeat:
      return on_heartbeat(message, now);
    case opcode::identify:
      return on_identify(message, now);
    case opcode::resume:
      return on_resume(message, now);
    case opcode::presence_update:
    case opcode::voice_state_update:
    case opcode::request_guild_members:
    case opcode::request_soundboard_sounds:
    case opcode::request_channel_info:
      if (state_ != state::ready) return refuse({close_code::not_authenticated, "request before READY"});
      return on_request(message, now);
    default:
      return refuse({close_code::unknown_opcode, "unknown opcode"});
  }
}

std::string_view gateway_connection::compression() const {
  if (!query_.compress.empty()) return query_.compress;
  return payloads_compressed_ ? "payload" : "none";
}

void gateway_connection::on_heartbeat(const client_message& message, base::steady_time now) {
  const auto sequence = parse_heartbeat(message.data);
  if (!sequence) return refuse(sequence.error());
  ++hub_.counters().heartbeats;
  heartbeat_due_ = now + std::max<milliseconds>(2 * hub_.settings().heartbeat_interval, milliseconds(1000));
  if (session_ != nullptr && *sequence) session_->last_heartbeat_sequence = **sequence;
  if (acks_stopped_) {
    ++hub_.counters().acks_withheld;
    return;
  }
  send_control(opcode::heartbeat_ack, "null");
}

void gateway_connection::on_identify(const client_message& message, base::steady_time now) {
  if (state_ == state::ready) return refuse({close_code::already_authenticated, "second IDENTIFY"});
  const auto request = parse_identify(message.data);
  if (!request) return refuse(request.error());
  const bot_account* bot = hub_.world().find_bot_by_token(request->token);
  if (bot == nullptr) return refuse({close_code::authentication_failed, "unknown token"});
  if (disallowed_intents(request->intents, bot->application_flags) != 0)
    return refuse({close_code::disallowed_intents, "privileged intents that are not switched on"});
  std::size_t guilds = 0;
  for (const id guild : hub_.world().guilds_of(bot->application))
    if (shard_of(guild, request->shard_count) == request->shard) ++guilds;
  if (guilds > hub_.settings().max_guilds_per_shard)
    return refuse({close_code::sharding_required, "more than 2500 guilds in one shard"});

  const auto outcome = hub_.identify(*bot, *request, now);
  if (outcome.verdict == identify_verdict::exhausted) {
    hub_.reset_token(bot->application);
    return refuse({close_code::authentication_failed, "more identifies than a day allows"});
  }
  if (outcome.verdict == identify_verdict::too_soon) {
    invalid_at_ = now + hub_.settings().violation_delay;
    return output_.wake();
  }
  payloads_compressed_ = request->compress;
  if (request->compress) output_.compress_payloads();
  if (hub_.armed().slow_ready.count() > 0) hold_until_ = now + hub_.armed().slow_ready;
  attach(*outcome.session, 0);
}

void gateway_connection::on_resume(const client_message& message, base::steady_time now) {
  if (state_ == state::ready) return refuse({close_code::already_authenticated, "RESUME of a live session"});
  const auto request = parse_resume(message.data);
  if (!request) return refuse(request.error());
  const auto session = hub_.resume(*request, now);
  if (!session) return refuse(session.error());
  if (*session == nullptr) return send_control(opcode::invalid_session, "false");
  replay_end_ = (*session)->ring.newest();
  (*session)->ring.push(make_event_body("RESUMED", {{"_trace", {"[\"guildfleet-sim\",{}]"}}}));
  if (const auto asked = std::exchange((*session)->reconnect_sent, std::nullopt))
    (*session)->reconnect_to_resume = std::chrono::duration_cast<std::chrono::microseconds>(now - *asked);
  attach(**session, request->sequence);
}

void gateway_connection::attach(gateway_session& session, std::uint64_t sent_up_to) {
  session_ = &session;
  session.connection = this;
  cursor_ = sent_up_to;
  invalid_at_ = base::steady_time::max();
  state_ = state::ready;
  output_.wake();
}

void gateway_connection::on_tick(base::steady_time now) {
  if (state_ == state::closed) return;
  if (now >= close_at_)
    return server_close(close_code::unknown_error, close_reason(close_code::unknown_error));
  if (now >= invalid_at_) {
    invalid_at_ = base::steady_time::max();
    send_control(opcode::invalid_session, "false");
  }
  if (now >= hold_until_ && hold_until_ != base::steady_time::min()) {
    hold_until_ = base::steady_time::min();
    output_.wake();
  }
  if (session_ != nullptr) hub_.show_late(*session_, now);
  if (now < heartbeat_due_) return;
  // Nobody reads from a half-open connection, so a missing heartbeat is no news; its session ends by age.
  if (half_open_) return server_drop();
  refuse({close_code::session_timed_out, "no heartbeat"});
}

base::steady_time gateway_connection::next_due() const {
  const auto ready_due = hold_until_ == base::steady_time::min() ? base::steady_time::max() : hold_until_;
  const bool has_late = session_ != nullptr && !session_->late.empty();
  const auto late_due = has_late ? session_->late.begin()->first : base::steady_time::max();
  return std::min({heartbeat_due_, invalid_at_, close_at_, ready_due, late_due});
}

void gateway_connection::pull() {
  while (state_ == state::ready && session_ != nullptr && !silent_ && !half_open_ &&
         hold_until_ == base::steady_time::min() &&
         output_.queued_bytes() < hub_.settings().outbox_refill_bytes) {
    if (!pull_one()) return;
  }
}

bool gateway_connection::pull_one() {
  gateway_session& session = *session_;
  if (cursor_ < session.ring.newest()) {
    const event_body* body = session.ring.find(cursor_ + 1);
    if (body == nullptr) {  // the ring went on without us: too slow
      ++hub_.counters().slow_consumers;
      server_drop();
      return false;
    }
    send_dispatch(*body, ++cursor_);
    if (cursor_ <= replay_end_) ++session.replayed;
    return true;
  }
  if (!session.pending_guilds.empty()) {
    hub_.create_next_guild(session);
    return true;
  }
  if (!session.source) return false;
  const auto body = session.source->next();
  if (!body) {
    session.source.reset();
    return true;
  }
  if (session.source->keeps_replay()) {
    session.ring.push(*body);
    return true;
  }
  cursor_ = session.ring.skip();
  send_dispatch(*body, cursor_);
  return true;
}

void gateway_connection::send_dispatch(const event_body& body, std::uint64_t sequence) {
  scratch_.clear();
  append_dispatch(scratch_, body, sequence, hub_.armed().unknown_fields);
  output_.send(scratch_);
  ++session_->sent;
  ++hub_.counters().dispatches;
}

void gateway_connection::send_control(int op, std::string_view data) {
  if (half_open_) return;
  output_.send(fmt::format(R"({{"t":null,"s":null,"op":{},"d":{}}})", op, data));
  output_.wake();
}

void gateway_connection::refuse(const refusal& why) {
  server_close(why.code, close_reason(why.code));
}

void gateway_connection::server_close(std::uint16_t code, std::string_view reason) {
  if (state_ == state::closed) return;
  ++hub_.counters().close_codes_sent[code];
  output_.close(code, reason);
  end(keeps_session_when_server_closes(code));
}

void gateway_connection::server_drop() {
  if (state_ == state::closed) return;
  output_.drop();
  end(true);
}

void gateway_connection::on_peer_gone(std::uint16_t code, base::steady_time) {
  if (state_ == state::closed) return;
  ++hub_.counters().close_codes_received[code];
  end(keeps_session_when_client_closes(code));
}

void gateway_connection::end(bool keep_session) {
  state_ = state::closed;
  heartbeat_due_ = invalid_at_ = close_at_ = base::steady_time::max();
  hold_until_ = base::steady_time::min();
  gateway_session* session = std::exchange(session_, nullptr);
  if (session != nullptr) hub_.detach(*session, keep_session, hub_.clock().steady_now());
  output_.wake();
}

}  // namespace guildfleet::sim
