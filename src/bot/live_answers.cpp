#include "bot/live_answers.hpp"

#include "discord/interactions/callback.hpp"
#include "discord/interactions/interaction_json.hpp"
#include "discord/rest/error.hpp"

namespace guildfleet::bot {
namespace {

constexpr std::chrono::seconds first_answer_limit{3};  // after that Discord forgets the interaction

// A component's interaction names the message that holds it; so does a modal that was opened from one.
bool from_component(const discord::interaction& what) {
  return !what.message.empty();
}

// An answer that edits the deferred one: what the message says, nothing else is kept.
discord::message_edit edit_of(discord::message_body message) {
  discord::message_edit edit;
  edit.content = std::move(message.content);
  edit.embeds = std::move(message.embeds);
  edit.rows = std::move(message.rows);
  edit.mentions = std::move(message.mentions);
  edit.attachments = std::move(message.attachments);
  return edit;
}

struct original_message {
  discord::message_id id{};
  bool loading = false;  // a deferral that nothing followed
};
original_message read_original(std::string_view message) {
  boost::system::error_code failed;
  const boost::json::value parsed = boost::json::parse({message.data(), message.size()}, failed);
  const boost::json::object* all = failed ? nullptr : parsed.if_object();
  if (all == nullptr) return {};
  const auto flags = static_cast<std::uint32_t>(discord::reading::integer_at(*all, "flags"));
  return {.id = {discord::parse_snowflake(discord::reading::text_at(*all, "id")).value_or(0)},
          .loading = (flags & discord::message_flags::loading) != 0};
}

base::error too_late() {
  return base::error(discord::rest_error::unknown_interaction, "answer to an interaction",
                     "Its token has expired; nothing can be answered any more.");
}

}  // namespace

live_answers::live_answers(net::asio::any_io_executor executor,
                           std::shared_ptr<const discord::interaction> what, base::steady_time arrived,
                           rest_link rest, std::shared_ptr<const write_permit> permit,
                           const base::clock& clock, answer_reports reports)
    : what_(std::move(what)),
      arrived_(arrived),
      rest_(std::move(rest)),
      permit_(std::move(permit)),
      clock_(clock),
      reports_(std::move(reports)),
      responder_(what_->type, from_component(*what_), arrived),
      changed_(executor) {}

// What breaks a limit is refused before it counts as an answer: another one may be given then.
net::task<base::result<void>> live_answers::reply_with_files(discord::message_body message,
                                                             std::vector<discord::upload> files) {
  auto first = discord::callback::reply(message);
  if (!first) co_return std::unexpected(std::move(first).error());
  co_await first_answer_settled();
  switch (responder_.route_answer(clock_.steady_now())) {
    case discord::answer_route::refuse:
      co_return lost(too_late());
    case discord::answer_route::followup:
      co_return co_await send_follow_up(std::move(message), std::move(files));
    case discord::answer_route::edit_original:
      co_return co_await send_edit(edit_of(std::move(message)), std::move(files));
    case discord::answer_route::callback:
      break;
  }
  auto sent = co_await send_first(*std::move(first), files);
  const bool is_first = sent || sent.error().code() != discord::rest_error::already_acknowledged;
  if (is_first) co_return sent;
  co_return co_await finish_earlier(std::move(message), std::move(files));
}

net::task<base::result<void>> live_answers::update(discord::message_edit edit) {
  auto first = discord::callback::update(edit);
  if (!first) co_return std::unexpected(std::move(first).error());
  co_await first_answer_settled();
  responder_.prefer_update(true);
  const discord::answer_route route = responder_.route_update(clock_.steady_now());
  if (route == discord::answer_route::refuse) co_return lost(too_late());
  if (route == discord::answer_route::callback) co_return co_await send_only(*std::move(first));
  co_return co_await send_edit(std::move(edit), {});
}

// Not counted where it comes too late: who serves the interaction sees that nothing was said.
net::task<base::result<void>> live_answers::show(discord::modal form) {
  auto first = discord::callback::show(form);
  if (!first) co_return std::unexpected(std::move(first).error());
  if (!responder_.may_show_modal(clock_.steady_now())) co_return std::unexpected(too_late());
  co_return co_await send_only(*std::move(first));
}

net::task<base::result<void>> live_answers::follow_up(discord::message_body message) {
  auto fits = discord::to_json(message);
  if (!fits) co_return std::unexpected(std::move(fits).error());
  co_await first_answer_settled();
  if (responder_.route_followup(clock_.steady_now()) == discord::answer_route::refuse)
    co_return lost(too_late());
  co_return co_await send_follow_up(std::move(message), {});
}

net::task<base::result<void>> live_answers::suggest(std::vector<discord::choice> choices) {
  if (responder_.route_answer(clock_.steady_now()) != discord::answer_route::callback)
    co_return std::unexpected(too_late());
  co_return co_await send_only(discord::callback::autocomplete(choices));
}

std::unexpected<base::error> live_answers::lost(base::error why) const {
  reports_.on_lost(why);
  return std::unexpected(std::move(why));
}

net::task<base::result<void>> live_answers::defer_when_due() {
  while (!handler_done_ && !responder_.answered()) {
    const auto due = responder_.defer_at();
    if (!due) break;
    if (const auto defer = responder_.on_timer(clock_.steady_now())) {
      co_return co_await send_only(*defer == 6 ? discord::callback::defer_update()
                                               : discord::callback::defer_reply());
    }
    (void)co_await changed_.wait(*due);
    const auto cancellation = co_await net::asio::this_coro::cancellation_state;
    if (cancellation.cancelled() != net::asio::cancellation_type::none) break;
  }
  co_return base::result<void>{};
}

void live_answers::handler_done() {
  handler_done_ = true;
  changed_.notify();
}

// Errors: already_acknowledged too, which is no loss: an interaction comes again that another process has
// answered, or deferred.
net::task<base::result<void>> live_answers::send_first(std::string callback_json,
                                                       std::vector<discord::upload> files) {
  first_under_way_ = true;
  auto request = discord::make_request(discord::routes::create_callback,
                                       {fmt::format("{}", what_->id), what_->token.reveal()});
  request.json = std::move(callback_json);
  request.files = std::move(files);
  request.deadline = arrived_ + first_answer_limit;
  auto sent = co_await send(std::move(request));
  first_under_way_ = false;
  if (sent) {
    reports_.on_first(clock_.steady_now() - arrived_);
  } else if (sent.error().code() != discord::rest_error::already_acknowledged) {
    responder_.on_first_answer_failed();
    reports_.on_lost(sent.error());
  }
  changed_.notify();
  co_return sent;
}

net::task<base::result<void>> live_answers::send_only(std::string callback_json) {
  auto sent = co_await send_first(std::move(callback_json), {});
  if (!sent && sent.error().code() == discord::rest_error::already_acknowledged)
    co_return base::result<void>{};
  co_return sent;
}

// The process that deferred it may have died before it had an answer: the user sees that the bot thinks.
net::task<base::result<void>> live_answers::finish_earlier(discord::message_body message,
                                                           std::vector<discord::upload> files) {
  const auto there = co_await original();
  if (!there) co_return lost(there.error());
  if (!read_original(*there).loading) co_return base::result<void>{};
  co_return co_await send_edit(edit_of(std::move(message)), std::move(files));
}

net::task<base::result<std::string>> live_answers::original() {
  auto request = discord::make_request(discord::routes::get_original,
                                       {fmt::format("{}", what_->application), what_->token.reveal()});
  auto answer = co_await rest_.request(std::move(request), permit_);
  if (!answer) co_return std::unexpected(answer.error());
  co_return std::move(answer->body);
}

net::task<bool> live_answers::is_over() {
  if (what_->type == discord::interaction_type::autocomplete) co_return false;
  const auto there = co_await original();
  if (!there) co_return false;
  const original_message message = read_original(*there);
  co_return !message.id.empty() && !message.loading && message.id != what_->message;
}

net::task<base::result<void>> live_answers::send_edit(discord::message_edit edit,
                                                      std::vector<discord::upload> files) {
  auto body = discord::to_json(edit);
  if (!body) co_return std::unexpected(std::move(body).error());
  auto request = discord::make_request(discord::routes::edit_original,
                                       {fmt::format("{}", what_->application), what_->token.reveal()});
  request.json = *std::move(body);
  request.files = std::move(files);
  co_return co_await send_later(std::move(request));
}

net::task<base::result<void>> live_answers::send_follow_up(discord::message_body message,
                                                           std::vector<discord::upload> files) {
  auto body = discord::to_json(message);
  if (!body) co_return std::unexpected(std::move(body).error());
  auto request = discord::make_request(discord::routes::create_followup,
                                       {fmt::format("{}", what_->application), what_->token.reveal()});
  request.json = *std::move(body);
  request.files = std::move(files);
  co_return co_await send_later(std::move(request));
}

net::task<base::result<void>> live_answers::send_later(discord::request request) {
  auto sent = co_await send(std::move(request));
  if (!sent) reports_.on_lost(sent.error());
  co_return sent;
}

net::task<base::result<void>> live_answers::send(discord::request request) {
  const auto answer = co_await rest_.request(std::move(request), permit_);
  if (!answer) co_return std::unexpected(answer.error());
  co_return base::result<void>{};
}

net::task<> live_answers::first_answer_settled() {
  while (first_under_way_) {
    if (!co_await changed_.wait(net::no_deadline())) co_return;
  }
}

}  // namespace guildfleet::bot
