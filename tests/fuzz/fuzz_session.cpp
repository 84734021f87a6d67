// Any order of inputs, messages and times: never more than 120 sends in 60 s on a connection, never an
// Identify without a grant, nothing sent without a connection, and nothing at all after the end.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <string>

#include "base/clock.hpp"
#include "discord/gateway/session.hpp"

using namespace guildfleet;
using namespace guildfleet::discord;

namespace {

class checked_session final {
 public:
  explicit checked_session(bool resumes)
      : machine_(settings(), resumes ? std::optional(resume_point{"abc", "wss://back", 3}) : std::nullopt,
                 random_) {}

  // One input, chosen by `what`, with `value` as its detail.
  void step(unsigned what, unsigned value) {
    const auto now = clock_.steady_now();
    switch (what % 12) {
      case 0:
        machine_.start(now);
        break;
      case 1:
        if (machine_.state() == session_state::connecting) connected_ = true;
        machine_.on_connected(now);
        break;
      case 2:
        machine_.on_connect_failed(now, "refused");
        break;
      case 3:
        grant(now);
        break;
      case 4:
        receive(value, now);
        break;
      case 5:
        close(static_cast<std::uint16_t>(value % 20 < 16 ? 4000 + value % 20 : 1000 + value % 2), now);
        break;
      case 6:
        clock_.advance(std::chrono::milliseconds(value * 37));
        break;
      case 7:
        machine_.on_tick(now);
        break;
      case 8:
        wake();
        break;
      case 9:
        for (unsigned i = 0; i < value; ++i) (void)machine_.send("{}", now);
        break;
      case 10:
        machine_.on_malformed("garbage", now);
        break;
      default:
        if (value == 255) machine_.stop(true, now);
        break;
    }
    perform();
  }

 private:
  static session_settings settings() {
    session_settings made;
    made.token = base::secret("token");
    made.gateway_url = "wss://main";
    return made;
  }

  void grant(base::steady_time now) {
    granted_ = asked_;
    machine_.on_identify_granted(now);
  }

  void close(std::uint16_t code, base::steady_time now) {
    machine_.on_closed(code, "", now);
    connected_ = false;
    asked_ = false;
    granted_ = false;
  }

  void wake() {
    const auto at = machine_.next_wakeup();
    if (at == base::steady_time::max()) return;
    if (at > clock_.steady_now())
      clock_.advance(std::chrono::ceil<std::chrono::milliseconds>(at - clock_.steady_now()));
    machine_.on_tick(clock_.steady_now());
  }

  void receive(unsigned value, base::steady_time now) {
    static constexpr std::string_view messages[] = {
        R"({"t":null,"s":null,"op":10,"d":{"heartbeat_interval":41250}})",
        R"({"t":null,"s":null,"op":10,"d":{"heartbeat_interval":700}})",
        R"({"t":null,"s":null,"op":10,"d":{}})",
        R"({"t":"READY","s":1,"op":0,"d":{"session_id":"s","resume_gateway_url":"wss://r","user":{"id":"1"}}})",
        R"({"t":"READY","s":1,"op":0,"d":{}})",
        R"({"t":"RESUMED","s":9,"op":0,"d":{}})",
        R"({"t":"MESSAGE_CREATE","s":10,"op":0,"d":{}})",
        R"({"t":null,"s":null,"op":1,"d":null})",
        R"({"t":null,"s":null,"op":7,"d":null})",
        R"({"t":null,"s":null,"op":9,"d":true})",
        R"({"t":null,"s":null,"op":9,"d":false})",
        R"({"t":null,"s":null,"op":11,"d":null})",
        R"({"t":null,"s":null,"op":99,"d":null})",
    };
    std::string padded(messages[value % std::size(messages)]);
    const std::size_t size = padded.size();
    padded.append(message_padding, '\0');
    const auto message = read_envelope(std::string_view(padded).substr(0, size));
    if (message) (void)machine_.on_message(*message, now);
  }

  void perform() {
    while (auto action = machine_.next_action()) {
      const bool is_log = std::holds_alternative<act_log>(*action);
      if (over_ && !is_log) std::abort();
      if (const auto* sent = std::get_if<act_send>(&*action)) sent_one(sent->payload.reveal());
      if (std::holds_alternative<act_request_identify>(*action)) asked_ = true;
      if (std::holds_alternative<act_cancel_identify>(*action)) asked_ = granted_ = false;
      if (std::holds_alternative<act_close>(*action)) connected_ = false;
      if (std::holds_alternative<act_connect>(*action)) {
        if (connected_) std::abort();
        sends_.clear();
      }
      if (std::holds_alternative<act_fatal>(*action)) over_ = true;
    }
    if (machine_.state() == session_state::stopped) over_ = true;
  }

  void sent_one(std::string_view payload) {
    if (!connected_) std::abort();
    if (payload.starts_with(R"({"op":2)")) {
      if (!granted_) std::abort();
      asked_ = granted_ = false;
    }
    const auto now = clock_.steady_now();
    while (!sends_.empty() && now - sends_.front() >= std::chrono::seconds(60)) sends_.pop_front();
    sends_.push_back(now);
    if (sends_.size() > 120) std::abort();
  }

  base::manual_clock clock_;
  base::random_source random_{1};
  session_machine machine_;
  std::deque<base::steady_time> sends_;
  bool connected_ = false;
  bool asked_ = false;
  bool granted_ = false;
  bool over_ = false;
};

}  // namespace

// Pairs of bytes: an input and its detail.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  checked_session session(data[0] % 2 == 1);
  for (std::size_t i = 1; i + 1 < size; i += 2) session.step(data[i], data[i + 1]);
  return 0;
}
