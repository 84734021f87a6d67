// A small language for tests of the session machine: feed an input, read the actions as one line of text.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "discord/gateway/envelope.hpp"
#include "discord/gateway/session.hpp"

namespace guildfleet::discord {

// What the machine says when it goes to the main address, and to that of the session "abc".
inline constexpr const char* main_url = "connect wss://main/?v=10&encoding=json";
inline constexpr const char* resume_url = "connect wss://back/?v=10&encoding=json";

inline session_settings script_settings() {
  session_settings settings;
  settings.token = base::secret("the-token");
  settings.intents = intent_set(intent::guilds) | intent::guild_messages;
  settings.shard = {1, 4};
  settings.gateway_url = "wss://main";
  return settings;
}

inline std::string line_of(const session_action& action) {
  struct printer {
    std::string operator()(const act_connect& a) const { return "connect " + a.url; }
    std::string operator()(const act_send& a) const { return "send " + std::string(a.payload.reveal()); }
    std::string operator()(const act_close& a) const { return fmt::format("close {} {}", a.code, a.reason); }
    std::string operator()(const act_request_identify&) const { return "ask gate"; }
    std::string operator()(const act_cancel_identify&) const { return "leave gate"; }
    std::string operator()(const act_identify_answered&) const { return "answered"; }
    std::string operator()(const act_session_started& a) const {
      return fmt::format("started {} {} self {} app {} guilds {}", a.session_id, a.resume_url, a.self,
                         a.application, a.guilds);
    }
    std::string operator()(const act_session_lost& a) const { return "lost " + a.reason; }
    std::string operator()(const act_resumed&) const { return "resumed"; }
    std::string operator()(const act_fatal& a) const { return fmt::format("fatal {}", a.close_code); }
    std::string operator()(const act_log&) const { return ""; }
  };
  return std::visit(printer{}, action);
}

class session_script final {
 public:
  using verdict = session_machine::verdict;

  explicit session_script(session_settings settings = script_settings(),
                          std::optional<resume_point> resume = {})
      : machine(std::move(settings), std::move(resume), random_) {}

  // All actions since the last call, logs left out, parted by "; ".
  std::string actions() {
    std::string text;
    while (auto action = machine.next_action()) {
      if (const auto* fatal = std::get_if<act_fatal>(&*action)) fatal_text = fatal->error.message();
      const std::string line = line_of(*action);
      if (line.empty()) continue;
      if (!text.empty()) text += "; ";
      text += line;
    }
    return text;
  }

  verdict receive(std::string_view json) {
    std::string padded(json);
    padded.append(message_padding, '\0');
    const auto message = read_envelope(std::string_view(padded).substr(0, json.size()));
    if (message) return machine.on_message(*message, now());
    machine.on_malformed("not JSON", now());
    return verdict::malformed;
  }
  verdict hello(int interval_ms = 40'000) {
    return receive(
        fmt::format(R"({{"t":null,"s":null,"op":10,"d":{{"heartbeat_interval":{}}}}})", interval_ms));
  }
  verdict ready(int sequence = 1) {
    return receive(fmt::format(
        R"({{"t":"READY","s":{},"op":0,"d":{{"v":10,"user":{{"id":"11"}},"guilds":[{{"id":"5","unavailable":true}}],)"
        R"("session_id":"abc","resume_gateway_url":"wss://back","application":{{"id":"12","flags":0}}}}}})",
        sequence));
  }
  verdict event(int sequence, std::string_view name = "TYPING_START") {
    return receive(fmt::format(R"({{"t":"{}","s":{},"op":0,"d":{{}}}})", name, sequence));
  }
  void ack() { (void)receive(R"({"t":null,"s":null,"op":11,"d":null})"); }
  void closed(std::uint16_t code) { machine.on_closed(code, "", now()); }
  void connected() { machine.on_connected(now()); }

  // From nothing to Hello: what resumes has asked for it, what identifies asks the gate.
  void go_to_hello() {
    machine.start(now());
    connected();
    (void)hello();
  }
  // From nothing to an Identify that is not answered yet.
  void go_identifying() {
    go_to_hello();
    machine.on_identify_granted(now());
  }
  // From nothing to a live session, its actions dropped.
  void go_live() {
    go_identifying();
    (void)ready();
    (void)actions();
  }
  // The same for a connection that resumes.
  void resume_live(int sequence) {
    connected();
    (void)hello();
    (void)event(sequence, "RESUMED");
    (void)actions();
  }

  // Lets time pass, waking the machine when it wants.
  void pass(std::chrono::milliseconds duration) {
    const base::steady_time end = now() + duration;
    while (machine.next_wakeup() <= end) {
      const auto wait = machine.next_wakeup() - now();
      if (wait.count() > 0) clock_.advance(std::chrono::ceil<std::chrono::milliseconds>(wait));
      machine.on_tick(now());
      if (answers_heartbeats && machine.state() != session_state::waiting) ack();
    }
    if (now() < end) clock_.advance(std::chrono::ceil<std::chrono::milliseconds>(end - now()));
  }

  [[nodiscard]] base::steady_time now() const { return clock_.steady_now(); }

 private:
  base::manual_clock clock_;
  base::random_source random_{42};

 public:
  bool answers_heartbeats = false;
  std::string fatal_text;
  session_machine machine;
};

}  // namespace guildfleet::discord
