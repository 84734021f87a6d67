// Messages of the gateway and what they change.
#include <fmt/format.h>

#include "base/json_text.hpp"
#include "discord/gateway/ready_payload.hpp"
#include "discord/gateway/session.hpp"

namespace guildfleet::discord {
namespace {

// Protocol sheet 1.3, the ones a bot meets.
enum opcode : int {
  op_dispatch = 0,
  op_heartbeat = 1,
  op_reconnect = 7,
  op_invalid_session = 9,
  op_hello = 10,
  op_heartbeat_ack = 11,
};

constexpr std::chrono::milliseconds shortest_invalid_pause{1000};
constexpr std::chrono::milliseconds longest_invalid_pause{5000};

}  // namespace

session_machine::verdict session_machine::on_message(const envelope& message, base::steady_time now) {
  if (!has_connection()) return verdict::handled;
  switch (message.op) {
    case op_dispatch:
      return on_dispatch(message, now);
    case op_heartbeat:
      send_requested_heartbeat(now);
      break;
    case op_reconnect:
      log(base::log_level::info, "the gateway asks to reconnect");
      reconnect("asked to reconnect", reconnect_pace::quick, now);
      break;
    case op_invalid_session:
      on_invalid_session(message.d == "true", now);
      break;
    case op_hello:
      return on_hello(message, now);
    case op_heartbeat_ack:
      heartbeat_.acked(now);
      break;
    default:
      break;  // new opcodes must not break old clients
  }
  return verdict::handled;
}

session_machine::verdict session_machine::on_hello(const envelope& message, base::steady_time now) {
  if (state_ != session_state::awaiting_hello) return verdict::handled;
  const auto interval = read_hello_interval(message.d);
  if (!interval) {
    on_malformed("Hello without a heartbeat interval", now);
    return verdict::malformed;
  }
  heartbeat_.start(*interval, random_.unit(), now);
  budget_.set_heartbeat_interval(*interval);
  if (session_ && held_back_) {
    enter(session_state::standing_by, now);
  } else if (session_) {
    enter(session_state::resuming, now);
    send_resume(now);
  } else {
    enter(session_state::awaiting_grant, now);
    actions_.emplace_back(act_request_identify{});
  }
  return verdict::handled;
}

void session_machine::on_identify_granted(base::steady_time now) {
  if (state_ != session_state::awaiting_grant) return;
  // Only a gateway that asks for heartbeats without end can have used it up.
  if (!budget_.allows(send_kind::handshake, now)) {
    log(base::log_level::warn, "the send budget leaves no room for Identify, connecting anew");
    reconnect("send budget used up", reconnect_pace::backed_off, now);
    return;
  }
  enter(session_state::identifying, now);
  send_identify(now);
}

session_machine::verdict session_machine::on_dispatch(const envelope& message, base::steady_time now) {
  if (state_ == session_state::awaiting_hello || state_ == session_state::standing_by ||
      state_ == session_state::awaiting_grant)
    return verdict::handled;
  last_dispatch_ = now;
  ++dispatches_;
  if (message.t == "READY") {
    if (!on_ready(message, now)) {
      on_malformed("READY without its session", now);
      return verdict::malformed;
    }
    return verdict::dispatch;
  }
  if (session_ && message.s) session_->sequence = *message.s;
  if (message.t == "RESUMED" && state_ == session_state::resuming) {
    become_live(now);
    actions_.emplace_back(act_resumed{});
    flush_queue(now);
  }
  return verdict::dispatch;
}

void session_machine::note_identify_answer() {
  if (state_ == session_state::identifying) actions_.emplace_back(act_identify_answered{});
}

bool session_machine::on_ready(const envelope& message, base::steady_time now) {
  auto ready = read_ready(message.d);
  if (!ready || !message.s) return false;
  session_ = resume_point{ready->session_id, ready->resume_url, *message.s};
  resume_url_works_ = true;
  note_identify_answer();
  become_live(now);
  actions_.emplace_back(act_session_started{std::move(ready->session_id), std::move(ready->resume_url),
                                            ready->self, ready->application, ready->guilds});
  flush_queue(now);
  return true;
}

void session_machine::become_live(base::steady_time now) {
  was_live_ = true;
  failed_resumes_ = 0;
  backoff_.reset();
  dispatches_ = 0;  // what came until here is no measure of the traffic
  enter(session_state::live, now);
}

// Discord asks for a new connection after an op 9; a pause keeps throttled clients from hammering it.
void session_machine::on_invalid_session(bool resumable, base::steady_time now) {
  log(base::log_level::info, "the gateway calls the session invalid",
      resumable ? "resumable" : "not resumable");
  note_identify_answer();
  if (!resumable) {
    lose_session("invalid session");
  } else if (session_ && ++failed_resumes_ >= settings_.resume_attempts) {
    lose_session("invalid session, again and again");
  }
  close_connection(close_keeping_session, "invalid session");
  connect_after(random_.between(shortest_invalid_pause, longest_invalid_pause), now);
}

void session_machine::send_identify(base::steady_time now) {
  // Reserved at once: a growing string would leave pieces of the token behind.
  std::string text;
  text.reserve(settings_.presence_json.size() + settings_.token.reveal().size() * 6 + 256);
  text += R"({"op":2,"d":{"token":)";
  base::append_json_string(text, settings_.token.reveal());
  fmt::format_to(std::back_inserter(text),
                 R"(,"intents":{},"shard":[{},{}],"properties":{{"os":"linux","browser":"guildfleet",)"
                 R"("device":"guildfleet"}})",
                 settings_.intents.bits(), settings_.shard.index, settings_.shard.count);
  constexpr std::string_view presence_key = R"(,"presence":)";
  if (text.size() + presence_key.size() + settings_.presence_json.size() + 2 > largest_gateway_payload) {
    log(base::log_level::warn, "the presence is too long and is left out");
  } else if (!settings_.presence_json.empty()) {
    text += presence_key;
    text += settings_.presence_json;
  }
  text += "}}";
  send_now(base::secret(std::move(text)), send_kind::handshake, now);
}

void session_machine::send_resume(base::steady_time now) {
  std::string text;
  text.reserve((settings_.token.reveal().size() + session_->session_id.size()) * 6 + 128);
  text += R"({"op":6,"d":{"token":)";
  base::append_json_string(text, settings_.token.reveal());
  text += R"(,"session_id":)";
  base::append_json_string(text, session_->session_id);
  fmt::format_to(std::back_inserter(text), R"(,"seq":{}}}}})", session_->sequence);
  send_now(base::secret(std::move(text)), send_kind::handshake, now);
}

void session_machine::send_heartbeat(base::steady_time now) {
  const std::string sequence = session_ ? fmt::format("{}", session_->sequence) : "null";
  send_now(base::secret(fmt::format(R"({{"op":1,"d":{}}})", sequence)), send_kind::heartbeat, now);
}

void session_machine::send_requested_heartbeat(base::steady_time now) {
  // Beyond what the budget reserves the periodic beats matter more than the answer.
  if (!heartbeat_.running() || !budget_.allows(send_kind::heartbeat, now)) return;
  send_heartbeat(now);
  heartbeat_.sent_on_request(now);
}

void session_machine::send_now(base::secret payload, send_kind kind, base::steady_time now) {
  budget_.record(now);
  actions_.emplace_back(act_send{std::move(payload), kind});
}

void session_machine::flush_queue(base::steady_time now) {
  while (state_ == session_state::live && !queue_.empty() && budget_.allows(send_kind::ordinary, now)) {
    send_now(base::secret(std::move(queue_.front())), send_kind::ordinary, now);
    queue_.pop_front();
  }
}

}  // namespace guildfleet::discord
