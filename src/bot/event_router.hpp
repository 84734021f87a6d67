// Brings each event to the features that want it: in order within a guild, guilds side by side.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "bot/experiment_counts.hpp"
#include "bot/message_reader.hpp"
#include "discord/model/event_type.hpp"
#include "features/feature.hpp"
#include "fleet/tail.hpp"
#include "fleet/watermark.hpp"
#include "net/task_group.hpp"

namespace guildfleet::bot {

struct router_limits {
  std::size_t max_queued_per_guild = 1'000;
  std::size_t max_queued_bytes = 32U << 20U;  // of all guilds of a shard
};

// Which features act in which guilds.
class guild_rights {
 public:
  virtual ~guild_rights() = default;
  // Whether a feature of the bot, by its place in the router's list, may act there.
  [[nodiscard]] virtual bool may_act(discord::guild_id guild, std::size_t feature) const = 0;
};

struct router_metrics {
  base::counter handled;   // events that a feature wanted
  base::counter failures;  // handlers that threw
  base::counter overflow;  // events given up because a guild's queue was full
  base::gauge queued;      // events behind a handler of their guild
  base::histogram lag;     // seconds from a message's own time until its handlers begin
};
[[nodiscard]] router_metrics make_router_metrics(base::metrics& metrics, const std::string& bot);

// Guilds whose state is to be fetched before their events are handled.
class missing_guilds {
 public:
  virtual ~missing_guilds() = default;
  [[nodiscard]] virtual bool misses(discord::guild_id guild) const = 0;
  // Ends after some seconds at the latest, with or without the guild.
  [[nodiscard]] virtual net::task<> bring(discord::guild_id guild) = 0;
};

// One per shard, on its reactor. Handlers that wait run as members of `tasks`.
class event_router final {
 public:
  event_router(std::vector<std::unique_ptr<features::feature>> features, fleet::watermark& progress,
               net::task_group& tasks, const base::clock& clock, router_metrics metrics, base::logger log,
               router_limits limits = {});

  [[nodiscard]] bool wants(discord::event_type type) const { return wanted_[static_cast<std::size_t>(type)]; }

  // An event that somebody wants, begun at the watermark. `data` has 64 readable bytes behind it.
  void dispatch(discord::event_type type, std::uint64_t sequence, std::string_view data);

  // Of any event; empty: it is of no guild.
  [[nodiscard]] discord::guild_id guild_of(discord::event_type type, std::string_view data) {
    return reader_.guild_of(type, data);
  }
  // Of the events that wait.
  [[nodiscard]] std::size_t queued_bytes() const { return queued_bytes_; }
  // A handler of this guild runs, or events wait behind one.
  [[nodiscard]] bool is_busy(discord::guild_id guild) const { return busy_.contains(guild); }

  // Null, as at first: all guilds are there.
  void look_for_missing(missing_guilds* missing) { missing_ = missing; }

  // Null, as at first: every feature acts everywhere.
  void ask_for_rights(const guild_rights* rights) { rights_ = rights; }

  // Null, as at first: nothing is counted by experiment. It outlives the router.
  void count_for(const experiment_counts* experiments) { experiments_ = experiments; }

  // Asked before each event that waited behind a handler is begun; where it says no, the event waits on, and
  // its guild's others behind it, until go_on(). Empty, as at first: it may.
  void ask_before_waiting(std::function<bool()> may_begin) { may_begin_ = std::move(may_begin); }
  void go_on();

  // Asked for each event that waited, right before it would begin: whether another node has handled it.
  void ask_whether_done(std::function<bool(std::uint64_t)> was_done) { was_done_ = std::move(was_done); }
  // Events whose handlers run, and whom to tell when one of them has ended.
  [[nodiscard]] std::vector<fleet::tail_event> running() const;
  void tell_ends(std::function<void(std::uint64_t)> on_end) { on_end_ = std::move(on_end); }

  // What waits behind handlers is dropped; before the handlers are cancelled.
  void drop_waiting();

  [[nodiscard]] const std::vector<std::unique_ptr<features::feature>>& features() const { return features_; }

 private:
  struct queued_event {
    discord::event_type type;
    std::uint64_t sequence;
    std::string data;  // with padding behind it
    std::size_t size;
  };
  struct lane {
    std::deque<queued_event> waiting;
    std::uint64_t running = 0;  // sequence; 0: none, or its guild is fetched
    bool stands = false;        // nothing runs it until go_on()
  };
  struct handling {
    std::size_t feature;  // its place; of_no_feature: none's
    net::task<> task;
  };
  using task_list = std::vector<handling>;

  [[nodiscard]] bool wait_for_guild(discord::event_type type, std::uint64_t sequence, std::string_view data);
  [[nodiscard]] task_list begin_handling(discord::event_type type, std::uint64_t sequence,
                                         std::string_view data);
  [[nodiscard]] task_list handle_message(std::uint64_t sequence, std::string_view data);
  [[nodiscard]] task_list handle_raw(discord::event_type type, std::uint64_t sequence, std::string_view data);
  template <class Call>
  void guarded(task_list& tasks, std::size_t feature, discord::guild_id guild, Call call);
  void enqueue(lane& busy, discord::event_type type, std::uint64_t sequence, std::string_view data);
  net::task<> run_lane(discord::guild_id guild, std::uint64_t sequence, task_list tasks);
  net::task<> run_event(discord::guild_id guild, std::uint64_t sequence, task_list tasks);
  net::task<> await_all(discord::guild_id guild, task_list tasks);
  void note_failure(std::size_t feature, discord::guild_id guild, const char* what);
  [[nodiscard]] bool may_act(discord::guild_id guild, std::size_t feature) const {
    return rights_ == nullptr || guild.empty() || rights_->may_act(guild, feature);
  }

  std::vector<std::unique_ptr<features::feature>> features_;
  std::vector<std::size_t> message_readers_;  // places in features_
  std::array<bool, discord::event_type_count> wanted_{};
  fleet::watermark& progress_;
  net::task_group& tasks_;
  const base::clock& clock_;
  router_metrics metrics_;
  base::logger log_;
  router_limits limits_;
  message_reader reader_;
  std::unordered_map<discord::guild_id, lane> busy_;
  std::size_t queued_bytes_ = 0;
  missing_guilds* missing_ = nullptr;
  const guild_rights* rights_ = nullptr;
  std::function<bool()> may_begin_;
  std::function<bool(std::uint64_t)> was_done_;
  std::function<void(std::uint64_t)> on_end_;
  const experiment_counts* experiments_ = nullptr;
};

}  // namespace guildfleet::bot
