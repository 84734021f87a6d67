// The shard's part while its bot changes the number of shards: of the old set, it lets guilds go one by one;
// of the new set, it keeps events and acts on none until their guild is its own.
#include "bot/shard.hpp"
#include "fleet/guild_cut_json.hpp"

namespace guildfleet::bot {

using discord::event_type;

namespace {

// Handlers that last longer are waited for another time: their guild's events are not held for so long.
constexpr std::chrono::milliseconds handlers_within{300};
constexpr std::chrono::milliseconds handlers_looked_at_every{5};

constexpr discord::guild_id of_no_guild{};

}  // namespace

void shard::begin_retiring(std::vector<discord::guild_id> cut) {
  if (retiring_) return;
  retiring_ = std::make_unique<retiring_side>(cut, progress_);
  identities_ = std::make_unique<fleet::identity_reader>();
  gauges_.role = set_role::retiring;
  gauges_.whole = false;
  share_guilds();
  note_wholeness();
}

void shard::begin_muted(const std::vector<store::guild_cut_row>& cuts, bool open) {
  muted_ = std::make_unique<muted_side>(cuts, open);
  identities_ = std::make_unique<fleet::identity_reader>();
  gauges_.role = open ? set_role::only : set_role::muted;
  share_guilds();
}

// Each guild's state is written down by the set that acts for it.
void shard::share_guilds() {
  if (retiring_) {
    ledger_.share_guilds({[this](discord::guild_id guild) { return !retiring_->feed.is_cut(guild); }, {}});
  } else if (muted_) {
    ledger_.share_guilds(
        {[this](discord::guild_id guild) { return muted_->acts_for(guild); },
         [this](std::uint64_t low) { return muted_->storable(now(), low, has_muted_guilds()); }});
  } else {
    ledger_.share_guilds({});
  }
}

bool shard::has_muted_guilds() const {
  if (muted_->is_open()) return false;
  return std::ranges::any_of(guilds_.guild_ids(),
                             [this](discord::guild_id guild) { return !muted_->acts_for(guild); });
}

void shard::be_the_only_one() {
  if (retiring_) {
    for (const discord::guild_id guild : all_guilds()) resume_guilds({guild});
    retiring_.reset();
  }
  if (muted_) {
    open_to_all();
    muted_.reset();
  }
  identities_.reset();
  gauges_.role = set_role::only;
  gauges_.unsettled = false;
  share_guilds();
  ledger_.note_change();
}

std::vector<discord::guild_id> shard::all_guilds() const {
  std::vector<discord::guild_id> guilds = guilds_.guild_ids();
  if (key_.shard.index == 0) guilds.push_back(of_no_guild);
  return guilds;
}

bool shard::take_part(event_type type, const discord::envelope& message, std::string_view text) {
  if (!retiring_ && !muted_) return true;
  const std::uint64_t sequence = message.s.value_or(0);
  const discord::guild_id guild = router_->guild_of(type, message.d);
  auto verdict = fleet::retiring_verdict::drop;
  auto muted = fleet::muted_verdict::drop;
  if (guild == of_no_guild && key_.shard.index != 0) {
    // Every shard is told, as that a user changed; one set's answer is enough, until the old one ends.
    if (retiring_ || muted_->is_open()) return true;
  } else {
    const fleet::feed_event event{guild, sequence, identities_->read(type, message.d), text};
    if (retiring_) verdict = retiring_->take(event, batch_time_);
    if (muted_) muted = muted_->take(event, batch_time_);
  }
  if (verdict == fleet::retiring_verdict::act || muted == fleet::muted_verdict::act) return true;
  if (verdict == fleet::retiring_verdict::hold || muted == fleet::muted_verdict::keep)
    (void)progress_.begin(sequence);
  else
    (void)progress_.pass(sequence);
  return false;
}

void shard::begin_account(const std::string& session, std::uint64_t sequence) {
  gauges_.whole = false;
  settled_at_.reset();
  if (retiring_) retiring_->begin_anew();
  if (muted_) muted_->begin_session(session, sequence);
}

void shard::note_wholeness() {
  if (!retiring_ && !muted_) return;
  const bool whole = machine_ && !ahead_ && machine_->state() == discord::session_state::live &&
                     guilds_.loading_count() == 0 && gate_.permits(fleet::boot_now(parts_.clock));
  if (gauges_.whole == whole) return;
  if (!whole) return break_wholeness();
  gauges_.whole = true;
  if (retiring_) retiring_->feed.whole(now());
  if (muted_) muted_->feed.whole(now());
}

void shard::break_wholeness() {
  gauges_.whole = false;
  if (retiring_) retiring_->feed.broken();
  if (muted_) muted_->feed.broken();
}

// Begun at the watermark already, when it was kept.
void shard::handle_kept(const fleet::held_event& kept) {
  if (!gate_.permits(fleet::boot_now(parts_.clock))) {
    // It stays open, so that it comes again.
    end_session(session_end::from_ledger);
    return;
  }
  std::string copy = kept.text;
  const auto message = discord::read_envelope(discord::pad_message(copy));
  const event_type type = message ? discord::event_type_of(message->t) : event_type::unknown;
  if (message && wants(type) && !refused_.contains(kept.sequence))
    handle(type, *message);
  else
    progress_.finish(kept.sequence);
}

net::task<std::vector<guild_offer>> shard::offer_guilds(std::vector<discord::guild_id> guilds) {
  const auto self = shared_from_this();
  std::vector<guild_offer> offers;
  if (!retiring_) co_return offers;
  for (const discord::guild_id guild : guilds) (void)retiring_->feed.pause(guild, now());
  const auto is_busy = [this](discord::guild_id guild) { return retiring_ && retiring_->is_busy(guild); };
  const net::deadline until = net::deadline_in(handlers_within);
  // The end of a handler tells nobody; few guilds have one that runs.
  while (std::ranges::any_of(guilds, is_busy) && std::chrono::steady_clock::now() < until) {
    if (!co_await net::sleep_until(net::deadline_in(handlers_looked_at_every))) break;
  }
  if (!retiring_) co_return offers;
  for (const discord::guild_id guild : guilds) {
    guild_offer offer{.guild = guild, .shard = key_, .epoch = gate_.epoch()};
    if (is_busy(guild) || retiring_->feed.is_full()) {
      offer.acted = std::unexpected(fleet::cut_delay::busy);
    } else if (auto acted = retiring_->feed.acted(guild)) {
      offer.acted = std::move(*acted);
    }
    if (!offer.acted) resume_guilds({guild});
    offers.push_back(std::move(offer));
  }
  co_return offers;
}

void shard::resume_guilds(const std::vector<discord::guild_id>& guilds) {
  if (!retiring_) return;
  batch_time_ = now();
  for (const discord::guild_id guild : guilds) {
    for (const fleet::held_event& each : retiring_->feed.resume(guild)) {
      retiring_->begun(guild, each.sequence);
      handle_kept(each);
    }
  }
}

net::task<> shard::let_go(std::vector<discord::guild_id> guilds) {
  const auto self = shared_from_this();
  if (!retiring_) co_return;
  for (const discord::guild_id guild : guilds) {
    for (const std::uint64_t sequence : retiring_->feed.cut(guild)) progress_.finish(sequence);
    roster_.forget(guild);
  }
  ledger_.note_change();
  co_await ledger_.settled();
}

bool shard::retire() {
  const auto stays = [this](discord::guild_id guild) { return retiring_ && !retiring_->feed.is_cut(guild); };
  if (std::ranges::any_of(all_guilds(), stays)) return false;
  discard();
  return true;
}

void shard::discard() {
  discards_session_ = true;
  stop();
}

std::vector<cut_answer> shard::plan_cuts(const std::vector<guild_offer>& offers, bool guess) {
  std::vector<cut_answer> answers;
  const auto session = machine_ ? machine_->current_resume_point() : std::nullopt;
  for (const guild_offer& offer : offers) {
    cut_answer answer{.guild = offer.guild};
    if (muted_ && session && offer.acted && gate_.permits(fleet::boot_now(parts_.clock))) {
      if (auto cut = muted_->feed.plan(offer.guild, *offer.acted, guess))
        answer.cut = std::move(*cut);
      else
        answer.cut = std::unexpected(fleet::delay_of(cut.error()));
    }
    if (answer.cut) {
      answer.write = {.cut = {offer.guild, key_, session->session_id, fleet::to_json(*answer.cut)},
                      .epoch = gate_.epoch(),
                      .old_shard = offer.shard,
                      .old_epoch = offer.epoch};
    }
    answers.push_back(std::move(answer));
  }
  return answers;
}

void shard::cancel_cuts(const std::vector<discord::guild_id>& guilds) {
  if (!muted_) return;
  for (const discord::guild_id guild : guilds) muted_->feed.cancel(guild);
}

void shard::apply_cuts(const std::vector<store::guild_cut_row>& rows) {
  if (!muted_) return;
  batch_time_ = now();
  const auto session = machine_ ? machine_->current_resume_point() : std::nullopt;
  for (const store::guild_cut_row& row : rows) {
    const fleet::taken_over taken = muted_->apply(row, session ? session->session_id : "", batch_time_);
    for (const std::uint64_t sequence : taken.passed) progress_.finish(sequence);
    for (const fleet::held_event& each : taken.act) handle_kept(each);
    ledger_.add_guild(row.guild);
  }
  gauges_.unsettled = true;
  roster_.look();
}

void shard::tend_muted(bool old_whole) {
  if (!muted_) return;
  muted_->old_set_is_whole(old_whole);
  note_wholeness();
  muted_->feed.settle(now(), progress_.low());
  for (const std::uint64_t sequence : muted_->feed.take_passed()) progress_.finish(sequence);
  note_settled();
  ledger_.note_change();
}

// Once the accounts are told, and the ledger has passed all that they told: they go with the operation.
void shard::note_settled() {
  if (muted_->feed.floor()) {
    settled_at_.reset();
  } else if (!settled_at_) {
    settled_at_ = progress_.low();
  }
  const auto session = machine_ ? machine_->current_resume_point() : std::nullopt;
  gauges_.unsettled = !settled_at_ || !session || ledger_.stored_sequence(session->session_id) < *settled_at_;
}

// The old set ended after every guild that it knew went over; what is left never was its own.
void shard::open_to_all() {
  if (!muted_ || muted_->is_open()) return;
  muted_->open();
  gauges_.role = set_role::only;
  batch_time_ = now();
  for (const discord::guild_id guild : guilds_.guild_ids()) ledger_.add_guild(guild);
  roster_.look();
  for (const fleet::held_event& each : muted_->feed.take_kept()) handle_kept(each);
  for (const std::uint64_t sequence : muted_->feed.take_passed()) progress_.finish(sequence);
}

}  // namespace guildfleet::bot
