// Handlers that run while their shard goes over: the side that gives it away, and the side that gets it.
#include "bot/shard.hpp"

namespace guildfleet::bot {
namespace {

// Most handlers take less, and then there is nothing to tell.
constexpr std::chrono::milliseconds soon_over{20};
constexpr std::chrono::milliseconds say_again_after{100};
constexpr std::chrono::milliseconds say_until_after{1'000};  // the permit's end

}  // namespace

std::vector<fleet::tail_event> shard::running() const {
  std::vector<fleet::tail_event> out = router_->running();
  for (const auto& [sequence, guild] : interactions_->running()) out.push_back({sequence, guild});
  return out;
}

void shard::on_handler_end(std::uint64_t sequence) {
  if (!pausing_) return;
  if (tail_) tail_->ended(sequence, fleet::boot_now(parts_.clock));
  tail_news_.notify();
}

// Nothing that waits is begun any more, and the heir knows what has not ended. False: it is not to be told,
// so everything is to be finished here first.
net::task<bool> shard::tell_heir(store::node_row heir) {
  const auto session = machine_ ? machine_->current_resume_point() : std::nullopt;
  if (!session || heir.report.address.empty() || !parts_.heirs.say_note) co_return false;
  pausing_ = true;
  const net::deadline soon = net::deadline_in(soon_over);
  while (!running().empty()) {
    if (!co_await tail_news_.wait(soon)) break;
  }
  peer::handover_note note{.shard = key_};
  note.limits = co_await parts_.rest.known_limits();
  const fleet::boot_time asked_at = fleet::boot_now(parts_.clock);
  const fleet::boot_time until =
      fleet::tail_end(asked_at, fleet::own_deadline(asked_at, parts_.leases.timing()));
  note.tail = {.epoch = gate_.epoch(),
               .session_id = session->session_id,
               .highest = progress_.highest(),
               .open = progress_.unfinished(),
               .running = running(),
               .permit = until - asked_at};
  tail_.emplace(note.tail.epoch, note.tail.running, until);
  const bool needed = !note.tail.open.empty();
  const std::size_t handlers = note.tail.running.size();
  const bool worth_it = needed || !note.limits.empty();
  const bool heard = worth_it && co_await parts_.heirs.say_note(heir, std::move(note));
  if (heard && handlers > 0)
    parts_.log.info("handlers end here after the shard has gone", base::field("handlers", handlers),
                    base::field("to", heir.identity.name));
  if (heard || !needed) co_return true;
  tail_.reset();
  pausing_ = false;
  router_->go_on();
  co_return false;
}

// From here on only what runs already may act, and not for long.
void shard::mute() {
  giving_ = true;
  gate_.lost();
  permit_->revoke();
  gone_ = true;
  handler_permit_->until(tail_ ? tail_->until() : fleet::boot_time{});
  if (tail_) answer_permit_->until(tail_->until());
  set_held(false);
}

void shard::unmute() {
  gone_ = false;
  answer_permit_->until(fleet::boot_time::max());
  handler_permit_->until(gate_.permits(fleet::boot_now(parts_.clock)) ? gate_.deadline()
                                                                      : fleet::boot_time{});
}

net::task<> shard::finish_tail(store::node_row heir) {
  moments_.hurry();
  handlers_.close();
  net::task_group limit(executor_);
  limit.spawn("tail permit", [](shard& self, net::deadline until) -> net::task<> {
    if (co_await net::sleep_until(until)) self.cut_tail();
  }(*this, net::deadline_in(tail_->until() - fleet::boot_now(parts_.clock))));
  co_await tell_tail(std::move(heir));
  co_await handlers_.join();
  limit.close();
  limit.cancel();
  co_await limit.join();
  router_->drop_waiting();
  tail_.reset();
  pausing_ = false;
}

void shard::cut_tail() {
  if (handlers_.size() == 0) return;
  const std::size_t running = tail_->word().running.size();
  if (running > 0) {
    parts_.log.warn("handlers are cut off; the node that has the shard now handles their events",
                    base::field("handlers", running));
    metrics_.tails_cut_off.add(static_cast<double>(running));
  }
  progress_.freeze();
  tail_->cut_off();
  handlers_.cancel();
  tail_news_.notify();
}

// Until everything has ended and the heir knows it.
net::task<> shard::tell_tail(store::node_row heir) {
  while (true) {
    if (!tail_->has_news()) {
      if (tail_->is_over() || !co_await tail_news_.wait(net::no_deadline())) co_return;
      continue;
    }
    peer::handover_word word{.shard = key_};
    word.limits = co_await parts_.rest.known_limits();
    word.tail = tail_->word();
    const std::uint64_t changes = tail_->changes();
    if (co_await parts_.heirs.say_word(heir, std::move(word))) {
      tail_->told(changes);
      continue;
    }
    if (fleet::boot_now(parts_.clock) >= tail_->until() + say_until_after) co_return;
    (void)co_await net::sleep_until(net::deadline_in(say_again_after));
  }
}

// The shard did not go after all: what was handled here is not handled again when its session begins anew.
void shard::inherit_from_itself() {
  const auto session = machine_ ? machine_->current_resume_point() : std::nullopt;
  if (!session || session_epoch_ == 0) return;
  heard_tail_.emplace(fleet::tail_note{.epoch = session_epoch_ - 1,
                                       .session_id = session->session_id,
                                       .highest = progress_.highest(),
                                       .open = progress_.unfinished()},
                      fleet::boot_now(parts_.clock));
}

net::task<bool> shard::hear_note(peer::handover_note note) {
  const auto self = shared_from_this();
  if (stopping_ || end_ == session_end::fatal) co_return false;
  heard_tail_.emplace(std::move(note.tail), fleet::boot_now(parts_.clock));
  co_return true;
}

net::task<bool> shard::hear_word(peer::handover_word word) {
  const auto self = shared_from_this();
  std::size_t ended = heard_tail_ ? heard_tail_->hear(word.tail) : 0;
  if (inherited_) ended += inherited_->hear(word.tail);
  metrics_.tails_told.add(static_cast<double>(ended));
  if (ended > 0) free_inherited();
  co_return true;
}

// The session `session_id`, empty: a new one, begins under this lease.
void shard::begin_inherited(std::uint64_t epoch, const std::string& session_id) {
  kept_interactions_.clear();
  if (heard_tail_ && heard_tail_->belongs_to(epoch)) {
    inherited_ = std::move(heard_tail_);
    if (inherited_->waits()) background_.spawn("inherited tail", watch_inherited());
  } else if (inherited_ && !inherited_->belongs_to(epoch)) {
    inherited_.reset();
  }
  heard_tail_.reset();
  if (inherited_) inherited_->enter_session(session_id);
}

net::task<> shard::watch_inherited() {
  while (inherited_ && inherited_->waits()) {
    const fleet::boot_time boot_now = fleet::boot_now(parts_.clock);
    if (const std::size_t lapsed = inherited_->lapse(boot_now); lapsed > 0) {
      parts_.log.warn("the node before is not heard of any more; its events are handled here",
                      base::field("handlers", lapsed));
      metrics_.tails_lapsed.add(static_cast<double>(lapsed));
      free_inherited();
      co_return;
    }
    if (!co_await net::sleep_until(net::deadline_in(inherited_->ends_at() - boot_now))) co_return;
  }
}

// Something that ran on the node before has ended.
void shard::free_inherited() {
  inherited_free_.notify();
  if (!inherited_) return;
  std::vector<kept_interaction> kept = std::exchange(kept_interactions_, {});
  batch_time_ = now();
  for (kept_interaction& each : kept) {
    if (inherited_->runs(each.sequence)) {
      kept_interactions_.push_back(std::move(each));
      continue;
    }
    const auto message = discord::read_envelope(discord::pad_message(each.text));
    if (inherited_->was_done(each.sequence) || !message)
      progress_.finish(each.sequence);
    else
      handle(discord::event_type::interaction_create, *message);
  }
}

bool shard::is_left_alone(discord::guild_id guild) const {
  return inherited_ && inherited_->holds(guild);
}

net::task<> shard::leave_alone(discord::guild_id guild) {
  while (is_left_alone(guild)) {
    if (!co_await inherited_free_.wait(net::no_deadline())) co_return;
  }
}

net::task<> shard::outwait_inherited() {
  while (inherited_ && inherited_->waits()) {
    if (!co_await inherited_free_.wait(net::no_deadline())) co_return;
  }
}

}  // namespace guildfleet::bot
