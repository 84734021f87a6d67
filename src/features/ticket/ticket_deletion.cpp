#include "features/ticket/ticket_deletion.hpp"

#include "features/answers.hpp"
#include "features/reasons.hpp"
#include "features/replies.hpp"
#include "features/ticket/ticket.hpp"
#include "features/ticket/ticket_texts.hpp"

namespace guildfleet::features {
namespace {

namespace texts = ticket_texts;

}  // namespace

ticket_deletion::ticket_deletion(ticket_office& office)
    : office_(office), flows_(ticket, office.services().records) {}

net::task<> ticket_deletion::ask(interaction_call call, ticket_record of) {
  const language user = call.user_language();
  if (of.state == ticket_state::open) co_return co_await say(call, std::string(texts::close_first.in(user)));
  if (of.state == ticket_state::deleting)
    co_return co_await say(call, std::string(texts::being_deleted_already.in(user)));
  const auto begun = co_await flows_.begin(call, "delete", fmt::format("{}", of.number));
  if (!begun) co_return co_await say(call, std::string(texts::unreadable.in(user)));
  discord::message_body message = private_message(texts::sure.format(user, fmt::arg("number", of.number)));
  message.rows.push_back(flows_.choice_of(*begun, {texts::yes_button.in(user), "sure-yes"},
                                          {texts::no_button.in(user), "sure-no"}));
  (void)co_await call.answers->reply(std::move(message));
}

// Answered before the channel goes, and the message that is answered with it.
net::task<> ticket_deletion::on_flow(interaction_call call, discord::custom_id id) {
  call.answers->prefer_update();
  const bool yes = id.action == "sure-yes";
  const auto under_way = co_await flows_.take(call, std::move(id));
  if (!under_way) co_return;
  const std::uint64_t number = discord::parse_snowflake(under_way->state).value_or(0);
  const text* outcome = &texts::kept;
  if (yes) outcome = co_await begin(call, number);
  discord::message_edit edit;
  edit.content = std::string(outcome->in(call.user_language()));
  edit.rows = std::vector<discord::action_row>{};
  (void)co_await call.answers->update(std::move(edit));
  if (outcome == &texts::being_deleted) co_await go_on(call, number);
  co_await flows_.end(*under_way);
}

net::task<const text*> ticket_deletion::begin(interaction_call call, std::uint64_t number) {
  const discord::guild_id guild = call.what->guild;
  const discord::interaction_id by = call.what->id;
  const auto begun = co_await office_.tickets().change(guild, number, [by](ticket_record& there) {
    if (there.state != ticket_state::closed || by <= there.changed_by) return false;
    there.state = ticket_state::deleting;
    there.changed_by = by;
    return true;
  });
  if (!begun) co_return &texts::unreadable;
  if (!begun->now) co_return &texts::being_deleted_already;
  if (begun->now->state != ticket_state::deleting) co_return &texts::close_first;
  if (begun->now->changed_by == by) co_return &texts::being_deleted;
  // Whose attempt may have come to nothing.
  (void)co_await office_.remove_at(guild, number,
                                   office_.services().clock.wall_now() + request_is_on_its_way);
  co_return &texts::being_deleted_already;
}

net::task<> ticket_deletion::go_on(interaction_call call, std::uint64_t number) {
  const discord::guild_id guild = call.what->guild;
  const auto done = co_await office_.remove(office_.services().effects, {call.sequence, 1}, guild, number);
  if (done) co_return;
  const base::wall_time later = office_.services().clock.wall_now() + request_is_on_its_way;
  if (!was_refused(done.error()) && co_await office_.remove_at(guild, number, later)) co_return;
  const language user = call.user_language();
  const std::string reason = reason_of(done.error(), user);
  (void)co_await call.answers->follow_up(
      private_message(texts::not_deleted.format(user, fmt::arg("reason", reason))));
}

}  // namespace guildfleet::features
