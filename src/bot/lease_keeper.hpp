// Gets, renews and hands over the leases of one store for this node: one statement a renewal, however many
// shards. Where several nodes serve a bot, each takes its part of the shards (fleet::plan_leases).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "fleet/guest_choice.hpp"
#include "fleet/lease_plan.hpp"
#include "fleet/lease_time.hpp"
#include "net/async_event.hpp"
#include "net/io.hpp"
#include "net/task_group.hpp"
#include "net/turns.hpp"
#include "store/store.hpp"
#include "store/store_executor.hpp"

namespace guildfleet::bot {

// A shard that wants its lease. The calls come on executor(), in the order of the store's answers.
class lease_holder {
 public:
  virtual ~lease_holder() = default;
  [[nodiscard]] virtual net::asio::any_io_executor executor() const = 0;
  // Acquired, renewed or handed over by another node; usable until `until`.
  virtual void on_lease(std::uint64_t epoch, fleet::boot_time until) = 0;
  // Another node owns it now.
  virtual void on_lease_lost() = 0;
  // Not ours yet; `why` is for people, empty where that is as it should be: another node's part.
  virtual void on_lease_refused(const std::string& why) = 0;
  // Another node shall run it: to be handed over with transfer(), as soon as what runs has ended.
  virtual void on_give(const store::node_identity& to) = 0;
  // It is about to be handed to this node: what can be done ahead may be done.
  virtual void on_prepare() = 0;
  // Who acts for some guilds of it, and for which, from now on; null: who has the shard.
  virtual void on_delegation(std::shared_ptr<const fleet::delegation> what) = 0;
};

// Words to other nodes that spare them a second; may be empty. On the keeper's reactor.
struct lease_words {
  std::function<void(store::node_row)> say_look;
  std::function<void(store::node_row, store::lease_key)> say_prepare;
};

enum class lease_wish {
  any,   // as soon as it is free, whoever else might want it
  share  // when it is this node's part of the bot's shards
};

struct lease_keeper_settings {
  store::node_identity self;
  fleet::lease_timing timing;
  store::node_report about;                       // this node; what it serves is filled in by want()
  std::chrono::milliseconds look_every{1'000};    // at the other nodes, where there are some
  std::chrono::milliseconds look_alone{5'000};    // whether there are some
  std::chrono::milliseconds grace{3'000};         // for others to come back, where all were away
  std::chrono::milliseconds give_within{15'000};  // then it is asked for again
  lease_words words{};
  // What the store said, and what follows from it; on the keeper's reactor.
  std::function<void(const store::fleet_picture&, const fleet::release_rules&)> on_look{};
  std::uint32_t moves_per_minute = 60;           // to balance; a draining node gives everything
  std::chrono::milliseconds turn_within{5'000};  // while the store is away none ends
  std::size_t handovers_at_once = 8;  // as many as the store works on at once, and some that are told of
};

// Lives on one reactor. The store is used through the executor only.
class lease_keeper final {
 public:
  lease_keeper(net::asio::any_io_executor executor, std::shared_ptr<store::store> store,
               store::store_executor& store_thread, const base::clock& clock, lease_keeper_settings settings,
               base::logger log);

  // Keeps asking for this lease until it is given up; `intents`: what a new session would ask for. Call on
  // any thread.
  void want(store::lease_key key, lease_wish wish, std::uint64_t intents, std::weak_ptr<lease_holder> holder);
  // After on_give(): the lease is the other node's from now on. False: it is not, and may be ours still. Call
  // on any reactor.
  [[nodiscard]] net::task<bool> transfer(store::lease_key key, std::uint64_t epoch, store::node_identity to);
  // As it was seen last; nullopt: it does not live, or none was seen. Call on any reactor.
  [[nodiscard]] net::task<std::optional<store::node_row>> node_of(store::node_identity node);
  // To whom the shard goes when this node, which stops, gives it up; nullopt: nobody is known. Call on any
  // reactor.
  [[nodiscard]] net::task<std::optional<store::node_row>> heir_of(store::lease_key key);
  // A shard that goes ends its session when it is its turn, so that it is not without one for as long as all
  // the others before it take. nullopt: it has waited long enough, or the caller was cancelled. Call on any
  // reactor.
  [[nodiscard]] net::task<std::optional<net::turns::turn>> handover_turn() const {
    return handovers_.enter(net::deadline_in(settings_.turn_within));
  }
  // Of leases that are asked for by this node. Any thread.
  [[nodiscard]] const fleet::lease_timing& timing() const { return settings_.timing; }
  // Gives the lease up at once, to whose part it is when that is known. Call on any reactor.
  net::task<> give_up(store::lease_key key);
  // This node takes nothing any more, and its shards become the others' parts. Call on any thread.
  void drain();
  // Another node is about to hand this one over. Call on any thread.
  void prepare(store::lease_key key);
  // Another node says that something changed. Call on any thread.
  void look_now();
  // An operation of a bot goes on, which this node is to see although it may be alone. Call on any thread.
  void look_at_operations();
  // Something changed that all nodes are to act on soon. Call on any thread.
  void tell_others_to_look();

  // Acquires, renews and hands over until cancelled; then the others learn that this node is gone.
  net::task<> run();

 private:
  struct entry {
    std::weak_ptr<lease_holder> holder;
    lease_wish wish = lease_wish::any;
    bool held = false;
    std::uint64_t epoch = 0;
    std::optional<std::string> refusal{};  // as it was last told
    base::steady_time ask_at{};
    fleet::boot_time answers_from{};  // what was asked before says nothing of it: it was given away since
    std::optional<fleet::delegation> delegation{};  // as it was last told
    base::steady_time given_until{};                // asked to give it away, and not to be asked again before
  };

  net::task<bool> transfer_here(store::lease_key key, std::uint64_t epoch, store::node_identity to);
  net::task<bool> give_up_here(store::lease_key key);
  net::task<std::optional<store::node_row>> node_here(store::node_identity node);
  net::task<std::optional<store::node_row>> heir_here(store::lease_key key);
  net::task<> others_know();
  [[nodiscard]] std::optional<store::node_identity> heir_by_plan(const store::lease_key& key) const;
  void forget_served(const store::lease_key& key);
  void tell_news();
  void patch_own(store::fleet_picture& seen) const;
  net::task<bool> release(store::lease_key key);
  static net::task<> renew(lease_keeper& self);
  net::task<> renew_due();
  net::task<> acquire_due();
  net::task<> look_due();
  net::task<> look_at_others();
  [[nodiscard]] store::fleet_picture with_grace(store::fleet_picture seen) const;
  net::task<> take(std::vector<store::lease_key> keys);
  net::task<> ask_namesake();
  void follow_wish(const store::fleet_picture& seen);
  net::task<> confirm(const std::vector<store::lease_key>& keys);
  void tell_delegations();
  void tell_why_waiting();
  [[nodiscard]] bool has_operation() const;
  void ask_to_give(const std::vector<fleet::lease_gift>& gifts);
  net::task<> leave();

  void apply_renewal(const std::vector<store::lease_key>& asked, const std::vector<store::lease>& kept,
                     fleet::boot_time asked_at);
  void apply_acquired(const store::lease_key& key, const base::result<store::acquire_outcome>& outcome,
                      fleet::boot_time asked_at);
  void grant(entry& item, std::uint64_t epoch, fleet::boot_time asked_at);
  void refuse(const store::lease_key& key, entry& item, const std::string& why);
  void refuse_all_waiting(const std::string& why);
  void refill_moves();
  [[nodiscard]] std::vector<store::lease_key> keys_where(bool held, std::optional<lease_wish> wish) const;
  [[nodiscard]] const store::node_row* seen_node(const store::node_identity& node) const;
  [[nodiscard]] bool shares() const;
  [[nodiscard]] base::steady_time next_due() const;
  [[nodiscard]] base::steady_time steady_at(fleet::boot_time time) const;
  static void tell(const entry& whom, std::function<void(lease_holder&)> word);

  net::asio::any_io_executor executor_;
  std::shared_ptr<store::store> store_;
  store::store_executor& store_thread_;
  const base::clock& clock_;
  lease_keeper_settings settings_;
  base::logger log_;
  std::uint32_t weight_;
  net::turns handovers_;
  net::async_event changed_;
  net::async_event renewals_;
  std::map<store::lease_key, entry> entries_;
  fleet::boot_time renew_at_ = fleet::boot_time::max();
  int failures_ = 0;
  base::steady_time look_at_{};
  bool stopping_ = false;     // drain() was called
  bool drained_ = false;      // a person asked for it
  bool had_company_ = false;  // when it looked last, or it is to look as if
  bool attended_ = false;     // others may have seen this node
  std::uint64_t news_ = 0;    // changes of `about`
  std::uint64_t told_ = 0;    // those that the store knows
  net::async_event news_told_;
  std::optional<store::fleet_picture> seen_;
  fleet::release_rules rules_;                         // of what was seen
  base::steady_time seen_at_{};                        // when it was asked for
  base::steady_time back_since_{};                     // it attends without a gap
  std::map<store::bot_name, std::string> waited_for_;  // the release that runs the bot, as it was told
  double moves_ = 0;                                   // that may be made now
  base::steady_time moves_at_{};
};

}  // namespace guildfleet::bot
