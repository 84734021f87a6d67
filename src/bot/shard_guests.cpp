// Guilds that a node of another release acts for: their events go to it, or come from the node that has the
// session.
#include "bot/shard.hpp"

namespace guildfleet::bot {

using discord::event_type;

namespace {

constexpr std::size_t bytes_an_answer = 1U << 20U;
constexpr std::chrono::milliseconds idle_wait{1'000};
constexpr std::chrono::milliseconds busy_wait{50};  // what has ended is told soon
constexpr std::chrono::milliseconds ask_again_after{200};

}  // namespace

void shard::on_delegation(std::shared_ptr<const fleet::delegation> what) {
  // What it had is to end before somebody else's guilds, or other ones, are its own.
  if (guests_.guest()) guests_.dismiss();
  delegation_ = std::move(what);
  guest_news_.notify();
  lease_changed_.notify();
}

net::task<std::string> shard::serve_guest(peer::guest_question question) {
  const auto self = shared_from_this();
  const bool known = guests_.guest() == question.guest && question.epoch == guests_.epoch();
  if (known) {
    for (const std::uint64_t sequence : guests_.hear(question.word)) progress_.finish(sequence);
    ledger_.note_change();
    wake_for_actions();
    if (question.word.quits) co_return std::string();
  } else {
    if (guests_.guest() == question.guest) guests_.dismiss();  // it has begun anew
    const bool wanted = delegation_ && delegation_->guest == question.guest && machine_ && !ahead_ &&
                        end_ == session_end::none && machine_->current_resume_point() &&
                        gate_.permits(fleet::boot_now(parts_.clock));
    if (!wanted || !guests_.admit(question.guest)) co_return std::string();
    parts_.log.info("another node acts for some guilds", base::field("node", question.guest.name),
                    base::field("release", question.release));
  }
  const std::uint64_t epoch = guests_.epoch();
  const net::deadline until = net::deadline_in(question.wait);
  while (known && guests_.guest() && !guests_.has_unsent() && !guests_.dismissed()) {
    if (!co_await guest_news_.wait(until)) break;
  }
  const fleet::boot_time boot_now = fleet::boot_now(parts_.clock);
  if (guests_.guest() != question.guest || guests_.epoch() != epoch || !machine_) co_return std::string();
  const auto session = machine_->current_resume_point();
  if (!session || !gate_.permits(boot_now)) co_return std::string();
  const std::chrono::milliseconds grant = guests_.grant(boot_now, gate_.deadline());
  const auto entries =
      grant.count() > 0 ? guests_.unsent(bytes_an_answer) : std::vector<const fleet::guest_entry*>();
  co_return peer::to_bytes(epoch, grant, session->session_id, entries);
}

// False: it is this node's own to handle.
bool shard::forward(event_type type, const discord::envelope& message, std::string_view text) {
  const discord::guild_id guild = router_->guild_of(type, message.d);
  const bool introduced = guests_.knows(guild);
  if (guild.empty() || (!introduced && (!delegation_ || !delegation_->covers(guild) || guests_.dismissed())))
    return false;
  // What runs for the guild, here or on the node before, ends first.
  if (!introduced && (router_->is_busy(guild) || is_left_alone(guild))) return false;
  const std::uint64_t sequence = message.s.value_or(0);
  if (guests_.introduce(guild)) {
    guests_.add_state(guild, guilds_.serialize(guild));
    roster_.forget(guild);
  }
  apply_to_guilds(type, message);
  if (guests_.add_event(sequence, text)) {
    (void)progress_.begin(sequence);
    metrics_.guest_events_sent.add();
  } else {
    (void)progress_.pass(sequence);
    metrics_.guest_events_dropped.add();
    parts_.log.error("event given up: too many wait for the node that acts for this guild",
                     base::field("sequence", sequence), base::field("type", message.t));
  }
  guest_news_.notify();
  return true;
}

// What the guest had not ended is handled here, once it cannot act any more.
void shard::take_back_from_guest() {
  const fleet::boot_time boot_now = fleet::boot_now(parts_.clock);
  if (!guests_.guest() || !guests_.is_over(boot_now) || !gate_.permits(boot_now)) return;
  parts_.log.info("this node acts for all guilds again", base::field("events", guests_.events()));
  batch_time_ = now();
  for (fleet::returned_event& each : guests_.take_back()) {
    const auto message = discord::read_envelope(discord::pad_message(each.message));
    const event_type type = message ? discord::event_type_of(message->t) : event_type::unknown;
    if (message && wants(type))
      handle(type, *message);
    else
      progress_.finish(each.sequence);
  }
  roster_.look();
}

// Before the shard goes to another node, or begins again from the ledger: nobody else acts for it.
net::task<> shard::dismiss_guest() {
  if (!guests_.guest()) co_return;
  guests_.dismiss();
  guest_news_.notify();
  while (true) {
    const fleet::boot_time boot_now = fleet::boot_now(parts_.clock);
    if (guests_.is_over(boot_now)) break;
    (void)co_await wake_.wait(now() + (guests_.granted_until() - boot_now));
  }
  (void)guests_.take_back();  // they are replayed
}

bool shard::wants_visit() const {
  return !stopping_ && !prepare_wanted_ && delegation_ && delegation_->guest == parts_.self &&
         parts_.ask_owner;
}

peer::guest_question shard::guest_question(std::chrono::milliseconds wait) const {
  return {key_, parts_.self, parts_.facts.release, visit_epoch_, visit_word_, wait};
}

net::task<> shard::visit() {
  const std::shared_ptr<const fleet::delegation> what = delegation_;
  forget_guilds();
  guilds_ = discord::guild_state(guilds_.self());
  progress_.restart(0);
  may_fetch_ = true;
  router_->look_for_missing(this);
  visit_word_ = {};
  while (wants_visit() && delegation_ == what && !gate_.permits(fleet::boot_now(parts_.clock))) {
    const fleet::boot_time asked_at = fleet::boot_now(parts_.clock);
    const auto wait = progress_.in_flight() > 0 ? busy_wait : idle_wait;
    auto answer = co_await parts_.ask_owner(what->owner, guest_question(wait));
    if (!answer) {
      if (visit_epoch_ != 0 && !permit_->permits(fleet::boot_now(parts_.clock))) break;
      (void)co_await lease_changed_.wait(net::deadline_in(ask_again_after));
      continue;
    }
    if (answer->grant.count() > 0) {
      permit_->until(asked_at + answer->grant);
      handler_permit_->until(asked_at + answer->grant);
      router_->go_on();
    }
    if (!take(std::move(*answer), *what)) break;
  }
  co_await leave_visit(*what);
}

// False: this visit is over.
bool shard::take(peer::guest_answer answer, const fleet::delegation& what) {
  const bool first = visit_epoch_ == 0;
  if (first) {
    visit_epoch_ = answer.epoch;
    visit_session_ = std::move(answer.session_id);
    gauges_.visits = true;
    if (!answer.entries.empty()) visit_word_.received = answer.entries.front().place - 1;
    parts_.log.info("this node acts for some guilds of another's shard",
                    base::field("node", what.owner.identity.name));
  }
  if (answer.epoch != visit_epoch_ || answer.grant.count() == 0) return false;
  batch_time_ = now();
  for (fleet::guest_entry& each : answer.entries) {
    if (each.place != visit_word_.received + 1) continue;  // it came before
    visit_word_.received = each.place;
    take(std::move(each));
  }
  visit_word_.finished = progress_.low();
  return true;
}

void shard::take(fleet::guest_entry entry) {
  if (entry.what == fleet::guest_entry::kind::guild) {
    if (!entry.bytes.empty() && !guilds_.restore(entry.bytes))
      parts_.log.warn("the state of a delegated guild could not be read", base::field("guild", entry.guild));
    roster_.look();
    return;
  }
  const auto message = discord::read_envelope(discord::pad_message(entry.bytes));
  const event_type type = message ? discord::event_type_of(message->t) : event_type::unknown;
  if (message) apply_to_guilds(type, *message);
  if (message && wants(type) && progress_.begin(entry.sequence)) {
    metrics_.guest_events_handled.add();
    handle(type, *message);
  } else {
    (void)progress_.pass(entry.sequence);
  }
}

net::task<> shard::leave_visit(const fleet::delegation& what) {
  co_await finish_handlers();
  handlers_.reopen();
  forget_guilds();
  permit_->revoke();
  handler_permit_->revoke();
  if (visit_epoch_ != 0) {
    visit_word_.finished = progress_.low();
    visit_word_.quits = true;
    (void)co_await parts_.ask_owner(what.owner, guest_question(std::chrono::milliseconds(0)));
  }
  visit_epoch_ = 0;
  visit_session_.clear();
  gauges_.visits = false;
  // The shard may have become this node's own meanwhile.
  if (!gate_.permits(fleet::boot_now(parts_.clock))) co_return;
  permit_->until(gate_.deadline());
  handler_permit_->until(gate_.deadline());
}

}  // namespace guildfleet::bot
