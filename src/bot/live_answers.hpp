// The answers to one interaction, sent for real: the first within 3 s, deferred by itself at 2 s.
#pragma once

#include <memory>

#include "base/clock.hpp"
#include "bot/rest_link.hpp"
#include "discord/interactions/responder.hpp"
#include "features/feature.hpp"
#include "net/async_event.hpp"

namespace guildfleet::bot {

// What becomes of the answers.
struct answer_reports {
  std::function<void(std::chrono::duration<double>)> on_first;  // Discord has the first one, this long after
  std::function<void(const base::error&)> on_lost;              // one did not reach Discord
};

// Lives on the shard's reactor. `clock` must outlive it. `permit` is read right before each write; null:
// always permitted.
class live_answers final : public features::interaction_answers {
 public:
  live_answers(net::asio::any_io_executor executor, std::shared_ptr<const discord::interaction> what,
               base::steady_time arrived, rest_link rest, std::shared_ptr<const write_permit> permit,
               const base::clock& clock, answer_reports reports);

  [[nodiscard]] net::task<base::result<void>> reply_with_files(discord::message_body message,
                                                               std::vector<discord::upload> files) override;
  [[nodiscard]] net::task<base::result<void>> update(discord::message_edit edit) override;
  [[nodiscard]] net::task<base::result<void>> show(discord::modal form) override;
  [[nodiscard]] net::task<base::result<void>> follow_up(discord::message_body message) override;
  [[nodiscard]] net::task<base::result<void>> suggest(std::vector<discord::choice> choices) override;
  void prefer_update() override { responder_.prefer_update(true); }

  [[nodiscard]] features::language user_language() const { return features::language_of(what_->locale); }

  // Another process has answered it, and said more than that it thinks: by Discord's own record. False where
  // that cannot be told: of a component's message that may have been changed, or while Discord does not
  // answer.
  [[nodiscard]] net::task<bool> is_over();

  // Defers when the time has come; ends when an answer was given or the handler is done. The errors of the
  // deferral are returned.
  [[nodiscard]] net::task<base::result<void>> defer_when_due();
  // The handler ended: nothing needs deferring any more.
  void handler_done();
  [[nodiscard]] bool answered() const { return responder_.answered(); }
  // It was deferred and nothing was said since: what is said now is seen.
  [[nodiscard]] bool deferred() const { return responder_.deferred(); }

 private:
  [[nodiscard]] std::unexpected<base::error> lost(base::error why) const;
  [[nodiscard]] net::task<base::result<void>> send_first(std::string callback_json,
                                                         std::vector<discord::upload> files);
  [[nodiscard]] net::task<base::result<void>> send_only(std::string callback_json);
  [[nodiscard]] net::task<base::result<std::string>> original();
  [[nodiscard]] net::task<base::result<void>> finish_earlier(discord::message_body message,
                                                             std::vector<discord::upload> files);
  [[nodiscard]] net::task<base::result<void>> send_edit(discord::message_edit edit,
                                                        std::vector<discord::upload> files);
  [[nodiscard]] net::task<base::result<void>> send_follow_up(discord::message_body message,
                                                             std::vector<discord::upload> files);
  [[nodiscard]] net::task<base::result<void>> send_later(discord::request request);
  [[nodiscard]] net::task<base::result<void>> send(discord::request request);
  net::task<> first_answer_settled();

  std::shared_ptr<const discord::interaction> what_;
  base::steady_time arrived_;
  rest_link rest_;
  std::shared_ptr<const write_permit> permit_;
  const base::clock& clock_;
  answer_reports reports_;
  discord::interaction_responder responder_;
  net::async_event changed_;
  bool first_under_way_ = false;
  bool handler_done_ = false;
};

}  // namespace guildfleet::bot
