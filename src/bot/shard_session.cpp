// The shard's side of the session machine: what to resume from, and performing its actions.
#include "bot/shard.hpp"
#include "fleet/resume_check.hpp"

namespace guildfleet::bot {
namespace {

struct stored_shard {
  std::optional<store::session_row> session;
  std::vector<store::guild_blob> guilds;
};

base::result<stored_shard> load(store::store& from, const store::lease_key& key) {
  stored_shard out;
  auto session = from.load(key);
  if (!session) return std::unexpected(std::move(session).error());
  out.session = std::move(*session);
  auto guilds = from.load_guilds(key);
  if (!guilds) return std::unexpected(std::move(guilds).error());
  out.guilds = std::move(*guilds);
  return out;
}

constexpr std::chrono::seconds load_again_after{5};

}  // namespace

net::task<bool> shard::begin_session() {
  const std::uint64_t epoch = gate_.epoch();
  auto stored =
      co_await parts_.store_thread.run([store = parts_.store, key = key_] { return load(*store, key); });
  if (!stored) {
    parts_.log.error("session ledger could not be read", base::field("reason", stored.error().message()));
    parts_.reports.on_problem(shard_problem::ledger, stored.error().message());
    (void)co_await lease_changed_.wait(net::deadline_in(load_again_after));
    co_return false;
  }
  parts_.reports.on_problem(shard_problem::ledger, {});
  // What was read may be older than what another node wrote since.
  if (gate_.epoch() != epoch || !gate_.permits(fleet::boot_now(parts_.clock))) co_return false;
  session_epoch_ = epoch;
  taken_at_ = now();
  forget_guilds();
  guilds_ = discord::guild_state(guilds_.self());
  std::size_t damaged = 0;
  for (const store::guild_blob& blob : stored->guilds) damaged += guilds_.restore(blob.state) ? 0U : 1U;
  if (damaged > 0) parts_.log.warn("stored guilds could not be read", base::field("guilds", damaged));

  std::optional<discord::resume_point> resume;
  auto obstacle = fleet::resume_obstacle::no_session;
  if (stored->session) {
    const store::session_row& row = *stored->session;
    const std::string fingerprint = settings_.session.token.fingerprint();
    obstacle = fleet::obstacle_to_resume(row, {settings_.session.intents.bits(), fingerprint});
    // A guild that cannot be read would be missing: RESUME brings no GUILD_CREATE.
    if (obstacle == fleet::resume_obstacle::none && damaged == 0) {
      resume = discord::resume_point{row.session_id, row.resume_url, row.sequence};
    }
  }
  parts_.log.info(resume ? "shard resumes its stored session" : "shard starts a new session",
                  base::field("obstacle", fleet::name_of(obstacle)),
                  base::field("guilds", guilds_.guild_count()),
                  base::field("sequence", resume ? resume->sequence : 0));
  begin_inherited(epoch, resume ? resume->session_id : std::string());
  // After READY every guild is there, and every event need not be looked at for its guild.
  may_fetch_ = resume.has_value();
  router_->look_for_missing(may_fetch_ || claims_.may_ask() || roster_.keeps_any() ? this : nullptr);
  refused_.clear();
  (void)gate_.take_held();
  progress_.restart(resume ? resume->sequence : 0);
  ledger_.restart(resume ? resume->session_id : std::string(), resume ? resume->sequence : 0);
  begin_account(resume ? resume->session_id : std::string(), resume ? resume->sequence : 0);
  end_ = stopping_ ? session_end::stopping : session_end::none;
  if (ahead_) co_await perform_actions();
  if (ahead_ && (!resume || ahead_failed_ || machine_->is_over())) co_await leave_ahead();
  if (std::exchange(ahead_, false)) {
    machine_->resume_from(std::move(*resume), now());
  } else {
    machine_ = std::make_unique<discord::session_machine>(settings_.session, std::move(resume), random_);
    machine_->start(now());
  }
  update_gauges();
  session_begun_.notify();
  co_return end_ == session_end::none;
}

net::task<> shard::perform_actions() {
  while (auto action = machine_->next_action()) co_await perform(std::move(*action));
}

net::task<> shard::perform(discord::session_action action) {
  if (auto* connect = std::get_if<discord::act_connect>(&action)) {
    inflater_->reset();
    socket_.open(connect->url, settings_.session.connect_timeout);
  } else if (auto* send = std::get_if<discord::act_send>(&action)) {
    if (may_not_send(*send))
      miss_turn();
    else
      (void)co_await socket_.send(std::move(send->payload));
  } else if (auto* close = std::get_if<discord::act_close>(&action)) {
    if (end_ == session_end::none && !ahead_) metrics_.count_close(close->reason);
    socket_.close(close->code, close->reason);
    grant_.reset();  // without an answer the last moment counts at which it may have arrived
  } else if (std::holds_alternative<discord::act_request_identify>(action)) {
    // A session that is lost is the other node's to begin anew.
    if (ahead_)
      ahead_failed_ = true;
    else
      ask_to_identify();
  } else if (std::holds_alternative<discord::act_cancel_identify>(action)) {
    identify_asked_ = false;
    parts_.identifies.withdraw(key_.shard);
  } else if (std::holds_alternative<discord::act_identify_answered>(action)) {
    if (const auto grant = std::exchange(grant_, std::nullopt))
      parts_.identifies.answered(key_.shard, *grant, now());
  } else if (const auto* started = std::get_if<discord::act_session_started>(&action)) {
    start_session(*started);
  } else if (const auto* lost = std::get_if<discord::act_session_lost>(&action)) {
    if (ahead_) {
      ahead_failed_ = true;
      co_return;
    }
    metrics_.sessions_lost.add();
    guests_.dismiss();  // what it has belongs to the session
    parts_.log.warn("gateway session lost", base::field("reason", lost->reason));
    co_await ledger_.forget(session_epoch_);
  } else if (std::holds_alternative<discord::act_resumed>(action)) {
    metrics_.resumes.add();
    observe(metrics_.takeover_seconds, taken_at_);
    parts_.log.info("shard resumed", base::field("guilds", guilds_.guild_count()));
    parts_.reports.on_resumed();
    roster_.look();
    session_live_.notify();
    update_gauges();
  } else if (const auto* fatal = std::get_if<discord::act_fatal>(&action)) {
    fail(*fatal);
  } else if (const auto* line = std::get_if<discord::act_log>(&action)) {
    parts_.log.log(line->level, line->sentence, base::field("detail", line->detail));
  }
}

void shard::ask_to_identify() {
  identify_asked_ = true;
  parts_.identifies.ask(key_.shard, ++identify_ticket_, weak_from_this());
  update_gauges();
}

void shard::on_identify_granted(std::uint64_t ticket, const identify_grant& grant) {
  if (!identify_asked_ || ticket != identify_ticket_ || !machine_) {
    parts_.identifies.not_sent(key_.shard, grant);
    return;
  }
  if (fleet::boot_now(parts_.clock) > grant.send_by) {
    parts_.identifies.not_sent(key_.shard, grant);
    ask_to_identify();
    return;
  }
  identify_asked_ = false;
  grant_ = grant;
  machine_->on_identify_granted(now());
  if (machine_->state() != discord::session_state::identifying)
    give_grant_back();
  else
    metrics_.identifies.add();
  parts_.reports.on_problem(shard_problem::identify, {});
  wake_for_actions();
}

void shard::give_grant_back() {
  if (const auto grant = std::exchange(grant_, std::nullopt)) parts_.identifies.not_sent(key_.shard, *grant);
}

// Read right before the write: this process may have been held up since it was granted, or the session may be
// over.
bool shard::may_not_send(const discord::act_send& send) const {
  const discord::session_state state = machine_->state();
  if (!grant_ || send.kind != discord::send_kind::handshake || state == discord::session_state::resuming)
    return false;
  return state != discord::session_state::identifying || fleet::boot_now(parts_.clock) > grant_->send_by;
}

void shard::miss_turn() {
  give_grant_back();
  if (machine_->state() != discord::session_state::identifying) return;
  parts_.log.warn("identify was held up and is not sent; connecting anew");
  socket_.close(discord::close_keeping_session, "identify was held up");
  machine_->on_closed(0, "identify was held up", now());
}

void shard::on_identify_delayed(const std::string& why) {
  parts_.log.warn("identify is delayed", base::field("reason", why));
  parts_.reports.on_problem(shard_problem::identify, why);
}

void shard::start_session(const discord::act_session_started& started) {
  parts_.log.info("shard ready", base::field("guilds", started.guilds), base::field("user", started.self));
  observe(metrics_.takeover_seconds, taken_at_);
  may_fetch_ = false;
  const bool left_alone = inherited_ && inherited_->waits();
  router_->look_for_missing(left_alone || claims_.may_ask() || roster_.keeps_any() ? this : nullptr);
  parts_.reports.on_ready(started);
  ledger_.note_new_session();
  session_live_.notify();
  update_gauges();
}

void shard::fail(const discord::act_fatal& fatal) {
  parts_.log.error("shard stopped for good", base::field("close_code", fatal.close_code),
                   base::field("reason", fatal.error.message()));
  end_ = session_end::fatal;
  gauges_.state = shard_state::stopped;
  parts_.reports.on_fatal(fatal.error);
}

}  // namespace guildfleet::bot
