// One interaction's answers: first within 3 s, once; later ones within 15 min (protocol sheet 3.2, traps 37,
// 38). Decides only; the caller sends.
#pragma once

#include <chrono>
#include <optional>

#include "base/clock.hpp"
#include "discord/interactions/interaction.hpp"

namespace guildfleet::discord {

struct responder_settings {
  std::chrono::milliseconds defer_after{2000};                 // from the arrival
  std::chrono::milliseconds token_life{14 * 60'000 + 55'000};  // 15 min less the time of a request
};

enum class answer_route {
  callback,       // POST callback with the answer: it is the first
  edit_original,  // PATCH @original: the deferred answer, or a change of the first
  followup,       // POST webhook: a further message
  refuse,         // too late, or the answer does not exist any more
};

class interaction_responder final {
 public:
  // `arrived`: when the dispatch was received.
  interaction_responder(interaction_type type, bool from_component, base::steady_time arrived,
                        responder_settings settings = {});

  // Said by the handler before it works: a component's answer changes its message (the automatic defer is one
  // with 6) or posts a new one (5, which only the user sees: what a late answer says may be for no one else).
  void prefer_update(bool update) { update_ = update; }

  // When to call on_timer; nullopt: nothing is pending.
  [[nodiscard]] std::optional<base::steady_time> defer_at() const;
  // The type of the defer to send now, 5 or 6. Marks it as under way: only one answer is ever first.
  [[nodiscard]] std::optional<int> on_timer(base::steady_time now);

  // Where the handler's answer goes: a message of its own, never in place of the one that holds the
  // component. callback marks the first answer as under way.
  [[nodiscard]] answer_route route_answer(base::steady_time now);
  // Where a change of the component's message goes. After a defer with 5, which was sent before the handler
  // said that it updates, the private answer takes its place.
  [[nodiscard]] answer_route route_update(base::steady_time now);
  [[nodiscard]] answer_route route_followup(base::steady_time now);
  // Modal and autocomplete can only be the first answer.
  [[nodiscard]] bool may_show_modal(base::steady_time now);

  // The first answer did not reach Discord: it may be tried again. An answer 40060 (already acknowledged) is
  // success.
  void on_first_answer_failed();

  [[nodiscard]] bool answered() const { return state_ != state::open; }
  // And nothing else was said yet.
  [[nodiscard]] bool deferred() const { return state_ == state::deferred; }

 private:
  enum class state { open, deferred, answered };
  [[nodiscard]] bool expired(base::steady_time now) const { return now >= arrived_ + settings_.token_life; }

  interaction_type type_;
  bool from_component_;
  base::steady_time arrived_;
  responder_settings settings_;
  state state_ = state::open;
  bool update_ = false;
  bool original_is_the_components_ = false;  // @original is the message that holds the component
};

}  // namespace guildfleet::discord
