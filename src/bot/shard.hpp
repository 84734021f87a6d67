// One gateway session of a bot: the shell around the session machine, the lease gate, the guild state and the
// features. Everything here happens on the shard's reactor, so nothing is locked.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "bot/claim_desk.hpp"
#include "bot/effect_desk.hpp"
#include "bot/event_router.hpp"
#include "bot/experiment_counts.hpp"
#include "bot/gateway_socket.hpp"
#include "bot/guild_departures.hpp"
#include "bot/guild_fetcher.hpp"
#include "bot/guild_roster.hpp"
#include "bot/handover_link.hpp"
#include "bot/identify_desk.hpp"
#include "bot/interaction_desk.hpp"
#include "bot/job_link.hpp"
#include "bot/lease_keeper.hpp"
#include "bot/ledger_writer.hpp"
#include "bot/moment_desk.hpp"
#include "bot/record_link.hpp"
#include "bot/rest_link.hpp"
#include "bot/settings_at_once.hpp"
#include "bot/shard_gauges.hpp"
#include "bot/shard_metrics.hpp"
#include "bot/two_sets.hpp"
#include "bot/use_counter.hpp"
#include "discord/gateway/session.hpp"
#include "features/feature.hpp"
#include "fleet/event_identity.hpp"
#include "fleet/guest_line.hpp"
#include "fleet/lease_gate.hpp"
#include "fleet/tail.hpp"
#include "fleet/watermark.hpp"
#include "peer/guest_words.hpp"

namespace guildfleet::bot {

struct shard_settings {
  store::bot_name bot;
  discord::session_settings session;
  net::tls_context tls;
  claim_settings claims;
  std::set<discord::guild_id> only_guilds;  // empty: the bot serves all
  lease_wish wish = lease_wish::share;
  std::chrono::milliseconds drain_limit{5'000};  // for handlers that run when the shard stops
  std::chrono::milliseconds guild_data_kept{};   // of guilds that the bot has left
};

// What may keep a shard from running, told apart so that the end of one hides no other.
enum class shard_problem { lease, ledger, gateway, identify };
[[nodiscard]] std::string_view name_of(shard_problem value);

// What a shard tells its bot; called on the shard's reactor.
struct shard_reports {
  std::function<void(const discord::act_session_started&)> on_ready;
  std::function<void()> on_resumed;
  std::function<void(const base::error&)> on_fatal;  // the shard has stopped; only a person can help
  // For /health; an empty text: this one is over.
  std::function<void(shard_problem, const std::string&)> on_problem;
  std::function<void(bool held)> on_hold_changed;  // of the lease
};

// To the node that has a shard; empty: this node knows no other.
using ask_as_guest =
    std::function<net::task<std::optional<peer::guest_answer>>(store::node_row, peer::guest_question)>;

// All of it outlives the shard.
struct shard_parts {
  const base::clock& clock;
  base::metrics& metrics;
  std::shared_ptr<store::store> store;
  store::store_executor& store_thread;
  lease_keeper& leases;
  identify_desk& identifies;
  rest_link rest;
  const features::bot_facts& facts;
  features::settings_port& settings;
  features::attachment_port& attachments;
  net::asio::any_io_executor home;  // the bot's, where its jobs are
  jobs::job_runner& jobs;
  store::environment_name environment;  // of jobs
  std::shared_ptr<store::data_store> data;
  store::store_executor& data_threads;
  const experiment_counts& experiments;
  std::vector<const features::feature_declaration*> features;
  store::node_identity self;
  ask_as_guest ask_owner;
  handover_link heirs;
  shard_reports reports;
  base::logger log;
};

class shard final : public lease_holder,
                    public identify_asker,
                    public socket_events,
                    public missing_guilds,
                    public guild_rights,
                    public std::enable_shared_from_this<shard> {
 public:
  shard(net::asio::any_io_executor executor, shard_settings settings, shard_parts parts);

  // Runs until stop() or a fatal close; then finishes handlers, saves, and gives the lease up.
  net::task<> run();
  // Keeps the session for a successor. On the shard's reactor.
  void stop();

  [[nodiscard]] const shard_gauges& gauges() const { return gauges_; }
  // The right to act for this shard; read it right before a write.
  [[nodiscard]] std::shared_ptr<const write_permit> permit() const { return permit_; }
  [[nodiscard]] net::asio::any_io_executor executor() const override { return executor_; }
  [[nodiscard]] std::uint32_t index() const { return settings_.session.shard.index; }
  [[nodiscard]] const store::lease_key& key() const { return key_; }
  // Any thread: whether something may be begun for this shard just now.
  [[nodiscard]] bool may_act() const { return permit_->permits(fleet::boot_now(parts_.clock)); }
  // On the shard's reactor: the handler of the feature that the job names.
  [[nodiscard]] net::task<jobs::job_outcome> run_job(store::claimed_job job);

  // On the shard's reactor: settings may have changed; the first, of this guild and feature.
  void note_settings(discord::guild_id guild, const std::string& feature);
  void note_all_settings() { roster_.note_all_settings(); }

  // On the shard's reactor: a node that acts for delegated guilds asks for their events. Bytes for it; empty:
  // it is not wanted. Waits as long as the question says.
  [[nodiscard]] net::task<std::string> serve_guest(peer::guest_question question);

  // On the shard's reactor: the node that gives this shard to this one says what it still ends there. False:
  // it is not wanted here.
  [[nodiscard]] net::task<bool> hear_note(peer::handover_note note);
  [[nodiscard]] net::task<bool> hear_word(peer::handover_word word);

  // While there are two sets; all on the shard's reactor. `cut`: guilds that went over already.
  void begin_retiring(std::vector<discord::guild_id> cut);
  // Before run(). `cuts`: this shard's. `open`: there is no old set any more.
  void begin_muted(const std::vector<store::guild_cut_row>& cuts, bool open);
  // There is one set from now on, and this shard is of it.
  void be_the_only_one();
  // Every guild that it knows, and that of what belongs to none.
  [[nodiscard]] std::vector<discord::guild_id> all_guilds() const;
  // Stops acting for these guilds once their handlers have ended; a guild that is offered with what was acted
  // on is due for resume_guilds() or let_go().
  [[nodiscard]] net::task<std::vector<guild_offer>> offer_guilds(std::vector<discord::guild_id> guilds);
  void resume_guilds(const std::vector<discord::guild_id>& guilds);
  // They went over. Ends when nothing that was written of them before can come late.
  net::task<> let_go(std::vector<discord::guild_id> guilds);
  // Ends for good, with its session, if every guild that it knows went over.
  bool retire();
  // Ends for good, with its session, whatever it has.
  void discard();
  // The new set's part: what is to be stored for each guild before it acts for it.
  [[nodiscard]] std::vector<cut_answer> plan_cuts(const std::vector<guild_offer>& offers, bool guess);
  void cancel_cuts(const std::vector<discord::guild_id>& guilds);
  void apply_cuts(const std::vector<store::guild_cut_row>& rows);
  // Now and then. `old_whole`: every shard of the old set shows everything.
  void tend_muted(bool old_whole);
  // It acts for every guild.
  void open_to_all();

  [[nodiscard]] bool misses(discord::guild_id guild) const override;
  [[nodiscard]] net::task<> bring(discord::guild_id guild) override;
  [[nodiscard]] bool may_act(discord::guild_id guild, std::size_t feature) const override;
  void on_lease(std::uint64_t epoch, fleet::boot_time until) override;
  void on_lease_lost() override;
  void on_lease_refused(const std::string& why) override;
  void on_give(const store::node_identity& to) override;
  void on_prepare() override;
  void on_delegation(std::shared_ptr<const fleet::delegation> what) override;
  void on_identify_granted(std::uint64_t ticket, const identify_grant& grant) override;
  void on_identify_delayed(const std::string& why) override;
  void on_socket_open() override;
  void on_socket_failed(const std::string& reason) override;
  void on_socket_message(const net::ws_event& message) override;
  void on_socket_batch_end() override;
  void on_socket_closed(std::uint16_t code, const std::string& reason) override;

 private:
  // Why the session machine is left.
  enum class session_end { none, stopping, lease_lost, from_ledger, given_away, fatal };

  // shard.cpp
  void make_features();
  net::task<bool> wait_for_lease();
  net::task<> drive();
  void rest_when_idle();
  [[nodiscard]] base::steady_time next_wakeup() const;
  net::task<> finish_handlers();
  void abandon_handlers();
  net::task<> settle();
  [[nodiscard]] bool owns_session() const;
  void end_session(session_end why);
  void set_held(bool held);
  void observe(const base::histogram& into, std::optional<base::steady_time>& since) const;
  [[nodiscard]] bool serves(discord::guild_id guild) const {
    return settings_.only_guilds.empty() || settings_.only_guilds.contains(guild);
  }
  // The bot acts for the feature of this number there; whether on this node is another question.
  [[nodiscard]] bool owns(discord::guild_id guild, std::size_t feature) const;
  // And this shard does, on this node.
  [[nodiscard]] bool acts_here(discord::guild_id guild, std::size_t feature) const;
  // What it knows of guilds is of now, and it may act for them.
  [[nodiscard]] bool is_live() const;
  // Somebody else may act from now on: what features have in memory goes.
  void forget_guilds();
  void update_gauges();
  net::task<> count_experiment_groups();
  net::task<> measure_memory();
  [[nodiscard]] base::steady_time now() const { return parts_.clock.steady_now(); }
  void wake_for_actions();

  // shard_handover.cpp
  [[nodiscard]] bool may_go() const;
  void leave_in_turn();
  net::task<> end_in_turn();
  net::task<> hand_over();
  net::task<> connect_ahead();
  net::task<> leave_ahead();
  net::task<> drain();
  [[nodiscard]] net::task<bool> give_to_heir();

  // shard_tail.cpp
  [[nodiscard]] std::vector<fleet::tail_event> running() const;
  void on_handler_end(std::uint64_t sequence);
  [[nodiscard]] net::task<bool> tell_heir(store::node_row heir);
  void mute();
  void unmute();
  net::task<> finish_tail(store::node_row heir);
  void cut_tail();
  net::task<> tell_tail(store::node_row heir);
  void inherit_from_itself();
  void begin_inherited(std::uint64_t epoch, const std::string& session_id);
  net::task<> watch_inherited();
  void free_inherited();
  [[nodiscard]] bool is_left_alone(discord::guild_id guild) const;
  net::task<> leave_alone(discord::guild_id guild);
  net::task<> outwait_inherited();

  // shard_guests.cpp
  [[nodiscard]] bool forward(discord::event_type type, const discord::envelope& message,
                             std::string_view text);
  void take_back_from_guest();
  net::task<> dismiss_guest();
  [[nodiscard]] bool wants_visit() const;
  net::task<> visit();
  net::task<> leave_visit(const fleet::delegation& what);
  [[nodiscard]] bool take(peer::guest_answer answer, const fleet::delegation& what);
  void take(fleet::guest_entry entry);
  [[nodiscard]] peer::guest_question guest_question(std::chrono::milliseconds wait) const;

  // shard_cut.cpp
  // False: it is the other set's, or was kept for later.
  [[nodiscard]] bool take_part(discord::event_type type, const discord::envelope& message,
                               std::string_view text);
  void note_wholeness();
  void break_wholeness();
  void begin_account(const std::string& session, std::uint64_t sequence);
  void handle_kept(const fleet::held_event& kept);
  void share_guilds();
  void note_settled();
  [[nodiscard]] bool has_muted_guilds() const;

  // shard_session.cpp
  net::task<bool> begin_session();
  net::task<> perform_actions();
  net::task<> perform(discord::session_action action);
  void start_session(const discord::act_session_started& started);
  void ask_to_identify();
  void give_grant_back();
  [[nodiscard]] bool may_not_send(const discord::act_send& send) const;
  void miss_turn();
  void fail(const discord::act_fatal& fatal);

  // shard_events.cpp, shard_rights.cpp
  [[nodiscard]] net::task<jobs::job_outcome> run_job_of(std::size_t feature, features::timer what,
                                                        const store::claimed_job& job);
  [[nodiscard]] net::task<bool> know_guild(discord::guild_id guild);
  net::task<> leave_guild(discord::guild_id guild);
  net::task<> find_departures();
  // Before a command or component of the feature is handled there. Does it act there?
  [[nodiscard]] net::task<bool> make_ready(discord::guild_id guild, std::size_t feature);
  // May the feature of this number run its timers there? Asks for the claim where it is not known yet.
  [[nodiscard]] net::task<bool> acts_for(discord::guild_id guild, std::size_t feature);
  void take_message(std::string_view text);
  void admit(const discord::envelope& message, std::string_view text);
  void act_on(const discord::envelope& message, std::string_view text);
  // Somebody here handles such events.
  [[nodiscard]] bool wants(discord::event_type type) const;
  void handle(discord::event_type type, const discord::envelope& message);
  void apply_to_guilds(discord::event_type type, const discord::envelope& message);
  void replay_held();
  [[nodiscard]] std::optional<std::chrono::nanoseconds> latency() const;

  net::asio::any_io_executor executor_;
  shard_settings settings_;
  shard_parts parts_;
  store::lease_key key_;
  base::random_source random_;
  shard_gauges gauges_;
  shard_metrics metrics_;

  net::task_group background_;
  net::task_group handlers_;
  net::async_event wake_;
  net::async_event lease_changed_;
  net::async_event session_begun_;

  discord::guild_state guilds_;
  fleet::watermark progress_;
  fleet::lease_gate gate_;
  std::shared_ptr<write_permit> permit_ = std::make_shared<write_permit>();
  // What handlers of events look at: as permit_, but they may go on for a moment after the shard has gone.
  std::shared_ptr<write_permit> handler_permit_ = std::make_shared<write_permit>();
  // What answers to interactions look at: no lease ends it, only the end of such a moment does.
  std::shared_ptr<write_permit> answer_permit_ = std::make_shared<write_permit>();
  ledger_writer ledger_;
  gateway_socket socket_;
  std::unique_ptr<discord::inflater> inflater_;
  effect_surroundings effects_;
  std::vector<std::unique_ptr<effect_desk>> effect_desks_;  // of the features, which use them
  std::vector<std::unique_ptr<job_link>> job_links_;        // the same
  std::vector<std::unique_ptr<record_link>> record_links_;  // the same
  std::vector<std::unique_ptr<moment_link>> moment_links_;  // the same
  guild_fetcher fetcher_;
  bool may_fetch_ = false;  // a RESUME brings no guilds
  claim_desk claims_;
  guild_roster roster_;
  settings_at_once guild_settings_;  // of the features
  moment_desk moments_;
  guild_departures departures_;
  net::async_event session_live_;                      // departures are to be looked for
  std::vector<std::optional<std::size_t>> exclusive_;  // of each feature: its place among the exclusive ones
  use_counter uses_;
  std::unique_ptr<event_router> router_;
  std::unique_ptr<interaction_desk> interactions_;

  std::unique_ptr<discord::session_machine> machine_;
  std::uint64_t session_epoch_ = 0;  // of the lease under which machine_ began
  session_end end_ = session_end::none;
  store::node_identity giving_to_;  // while end_ is given_away
  bool prepare_wanted_ = false;
  bool ahead_failed_ = false;  // that came to nothing
  bool ahead_ = false;         // machine_ connects ahead, for a session that another node still holds
  // Guilds that another node acts for, while the session is here.
  std::shared_ptr<const fleet::delegation> delegation_;
  fleet::guest_line guests_;
  net::async_event guest_news_;
  // Guilds that this node acts for, while the session is another's.
  std::uint64_t visit_epoch_ = 0;  // 0: this node is no guest
  fleet::guest_word visit_word_;
  std::string visit_session_;

  // Handlers that run on here after the shard has gone, or is about to.
  std::optional<fleet::tail_permit> tail_;
  net::async_event tail_news_;
  bool pausing_ = false;  // nothing that waits behind a handler is begun
  bool gone_ = false;     // handler_permit_ is the tail's
  // Handlers that run on the node that had the shard before.
  std::optional<fleet::inherited_tail> heard_tail_;  // of a lease that may come
  std::optional<fleet::inherited_tail> inherited_;   // of the lease that is here
  net::async_event inherited_free_;
  struct kept_interaction {
    std::uint64_t sequence = 0;
    std::string text{};
  };
  std::vector<kept_interaction> kept_interactions_;  // that run there

  // While there are two sets: at most one of these.
  std::unique_ptr<retiring_side> retiring_;
  std::unique_ptr<muted_side> muted_;
  std::unique_ptr<fleet::identity_reader> identities_;
  std::optional<std::uint64_t> settled_at_;  // of the new set: the sequence up to which accounts counted
  bool discards_session_ = false;            // nobody shall resume it

  std::optional<base::steady_time> given_at_;  // its session ended here, for another node
  std::optional<base::steady_time> taken_at_;  // its session begins here
  bool giving_ = false;   // the lease is being given away: what a renewal says now is older than that
  bool leaving_ = false;  // it waits for its turn to go
  std::optional<net::turns::turn> turn_;  // it goes
  bool stopping_ = false;
  bool identify_asked_ = false;
  std::uint64_t identify_ticket_ = 0;
  std::optional<identify_grant> grant_;  // that Discord has not answered
  std::set<std::uint64_t> refused_;      // sequences of held interactions that were answered "not now"
  std::optional<std::chrono::nanoseconds> measured_latency_;  // the newest that was counted
  base::steady_time batch_time_{};                            // read once for all messages of a read
  bool in_batch_ = false;
};

}  // namespace guildfleet::bot
