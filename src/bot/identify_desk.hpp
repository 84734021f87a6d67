// One queue for the identifies of a bot's shards on this node: asks the gate, records in the store, where the
// other nodes do the same, then says go.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "fleet/identify_gate.hpp"
#include "fleet/lease_time.hpp"
#include "net/async_event.hpp"
#include "net/io.hpp"
#include "store/store.hpp"
#include "store/store_executor.hpp"

namespace guildfleet::bot {

// The right to send one Identify by `send_by`; later another may send one.
struct identify_grant {
  std::int64_t id = 0;  // in the store
  fleet::boot_time send_by{};
};

// A shard that waits for its turn. The calls come on executor().
class identify_asker {
 public:
  virtual ~identify_asker() = default;
  [[nodiscard]] virtual net::asio::any_io_executor executor() const = 0;
  // `ticket` is the one of ask(): an answer to a withdrawn question is told apart by it. Answered by
  // answered() or not_sent() of the desk.
  virtual void on_identify_granted(std::uint64_t ticket, const identify_grant& grant) = 0;
  // Not now, and why; asked again by itself.
  virtual void on_identify_delayed(const std::string& why) = 0;
};

// How often the desk looks around. A person who gave a permission waits for it.
struct identify_desk_pace {
  std::chrono::milliseconds learn_for_new{1'000};  // the store, when a shard asks anew
  std::chrono::milliseconds learn_while_asked{15'000};
  std::chrono::milliseconds learn_idle{300'000};    // for the metrics
  std::chrono::milliseconds permission{2'000};      // while identifies are refused, and while one is used
  std::chrono::milliseconds limit_refused{30'000};  // GET /gateway/bot: 2 in 5 s are allowed
  std::chrono::milliseconds limit_at_most{3'600'000};
  std::chrono::milliseconds tell_again{600'000};  // that it is still refused
};

// What all of it lives on outlives the desk.
struct identify_desk_parts {
  std::shared_ptr<store::store> store;
  store::store_executor& store_thread;
  const base::clock& clock;
  base::metrics& metrics;
};

// Lives on the bot's reactor.
class identify_desk final {
 public:
  // Reads the limit from GET /gateway/bot.
  using limit_reader = std::function<net::task<base::result<fleet::session_start_limit>>()>;

  identify_desk(net::asio::any_io_executor executor, store::bot_name bot, identify_desk_parts parts,
                const fleet::identify_settings& settings, limit_reader read_limit, base::logger log,
                const identify_desk_pace& pace = {});

  // Before run(): what Discord said when it was asked at `asked_at`, and what the store knows. May be tried
  // again after an error of the store.
  [[nodiscard]] net::task<base::result<void>> open(fleet::session_start_limit limit,
                                                   base::steady_time asked_at);

  // Call on any thread.
  void ask(discord::shard_id shard, std::uint64_t ticket, std::weak_ptr<identify_asker> asker);
  void withdraw(discord::shard_id shard);
  // Discord answered it at `at`: only then it is sure that it is not on its way any more.
  void answered(discord::shard_id shard, const identify_grant& grant, base::steady_time at);
  void not_sent(discord::shard_id shard, const identify_grant& grant);

  // Answers until cancelled.
  net::task<> run();

 private:
  struct question {
    std::uint64_t ticket = 0;
    std::weak_ptr<identify_asker> asker;
    base::steady_time ask_at{};
    base::steady_time tell_at{};  // why it waits
  };
  using questions = std::map<discord::shard_id, question>;
  // What became of a grant.
  struct outcome {
    discord::shard_id shard;
    std::int64_t id = 0;
    std::optional<base::steady_time> answered_at;  // nullopt: it was not sent
  };

  // What is called with a shard may find that its question is gone meanwhile.
  net::task<> consider(discord::shard_id shard);
  net::task<> grant(discord::shard_id shard, fleet::identify_permit permit);
  net::task<> refused(discord::shard_id shard, fleet::identify_refusal refusal);
  void slowed(question& item, discord::shard_id shard, const fleet::identify_wait& wait);
  void tell(question& item, const std::string& why);

  void hand_out(questions::iterator to, const identify_grant& grant);
  void tell_outcome(outcome what);
  net::task<> note_outcomes();
  net::task<> note(outcome what);
  net::task<> learn_if_due(bool asked);
  net::task<base::result<store::identify_history>> read_history();
  net::task<> read_limit();
  net::task<base::result<void>> note_limit(fleet::session_start_limit limit, base::steady_time asked_at);
  net::task<> look_for_permission();
  void end_permission();
  void show();
  [[nodiscard]] base::steady_time next_due() const;

  net::asio::any_io_executor executor_;
  store::bot_name bot_;
  identify_desk_parts parts_;
  fleet::identify_settings settings_;
  limit_reader read_limit_;
  base::logger log_;
  identify_desk_pace pace_;
  base::gauge remaining_;
  base::gauge floor_;
  base::counter refused_;
  base::counter slowed_;
  net::async_event changed_;
  std::unique_ptr<fleet::identify_gate> gate_;
  questions questions_;
  std::vector<outcome> outcomes_;  // that the store has not been told
  std::uint32_t shard_count_ = 1;
  base::steady_time learned_at_{};
  base::steady_time learn_at_{};
  base::steady_time limit_at_{};  // when Discord was asked last
  base::steady_time permission_at_{};
  std::optional<store::identify_permission_row> permission_;  // while it lasts
};

}  // namespace guildfleet::bot
