// One bot: its REST client, its identify queue, its shards. Bots of one process share nothing but the
// threads, the stores that are configured to be shared, and the address's budget of invalid requests.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/backoff.hpp"
#include "base/published.hpp"
#include "bot/attachment_fetcher.hpp"
#include "bot/experiment_counts.hpp"
#include "bot/fleet_stores.hpp"
#include "bot/gateway_info.hpp"
#include "bot/job_desk.hpp"
#include "bot/release_counts.hpp"
#include "bot/reshard_desk.hpp"
#include "bot/settings_link.hpp"
#include "bot/shard.hpp"
#include "bot/shared_rate.hpp"

namespace guildfleet::bot {

// Shards that this node may run: `count` of them from `first` on.
struct shard_range {
  std::uint32_t first = 0;
  std::uint32_t count = 1;
};

struct bot_settings {
  store::bot_name name;
  base::secret token;
  std::optional<discord::application_id> application;  // as configured; READY's counts
  std::vector<const features::feature_declaration*> features;
  std::vector<fleet::experiment> experiments;  // with those features; the first of two that disagree counts
  std::optional<std::uint32_t> shards;         // nullopt: what Discord recommends
  std::set<discord::guild_id> only_guilds;     // empty: all
  std::int32_t priority = 0;                   // against other bots of the fleet; higher wins
  fleet::claim_timing claims;
  fleet::identify_settings identifies;
  std::optional<shard_range> range;  // nullopt: any
  std::optional<discord::guild_id> command_guild;
  discord::compression transport = discord::compression::none;
  std::string presence_json;
  std::chrono::seconds silent_after{600};  // without a dispatch a shard reconnects; 0: never
  net::url api;
  net::tls_context tls;
  std::string node;
  std::string release;
  jobs::job_limits jobs;
  std::chrono::milliseconds guild_data_kept{std::chrono::days(30)};  // of guilds that it has left
};

// All of it outlives the bot.
struct bot_parts {
  const base::clock& clock;
  base::metrics& metrics;
  discord::invalid_request_guard& guard;
  bot_stores stores;
  settings_link settings;
  ask_as_guest ask_owner;  // on any reactor; empty: there is no link to other nodes
  handover_link heirs;
  std::vector<net::asio::any_io_executor>
      reactors;  // shards are spread over them; the first is the bot's home
};

class bot_runtime final {
 public:
  bot_runtime(bot_settings settings, bot_parts parts);
  ~bot_runtime();

  // On the home reactor. Runs until stop(), or until the bot has stopped for good.
  net::task<> run();
  // Any thread. Sessions are kept for a successor.
  void stop();
  [[nodiscard]] net::asio::any_io_executor home() const { return parts_.reactors.front(); }

  // Any reactor: shard::serve_guest of the shard that is asked for.
  [[nodiscard]] net::task<std::string> serve_guest(peer::guest_question question);

  // Any reactor: another node gives a shard to this one (shard::hear_note, hear_word).
  [[nodiscard]] net::task<bool> hear_note(peer::handover_note note);
  [[nodiscard]] net::task<bool> hear_word(peer::handover_word word);

  // Any thread. While its number of shards is changed: the node that runs both sets follows it, others leave
  // the bot to that one.
  void take_up(reshard_order order);
  // Any thread. Other nodes run the bot with another number of shards than one of this node's sets: ends all
  // that it has here, and asks anew what it is to do.
  void step_aside(std::uint32_t count);
  [[nodiscard]] std::optional<fleet::reshard_figures> reshard_figures(std::uint64_t operation,
                                                                      fleet::reshard_state state) const {
    return reshards_.figures(operation, state);
  }

  // Any thread; does not wait. For rollouts.
  [[nodiscard]] fleet::release_figures figures();

  // Any thread; does not wait.
  [[nodiscard]] bot_health health(base::steady_time now) const;
  // The same, of memory.
  void add_memory(memory_parts& to) const;

 private:
  [[nodiscard]] std::shared_ptr<shard> shard_of(const store::lease_key& key) const;
  net::task<bool> adopt(discord::known_limits limits);

  // What the bot begins with.
  struct shard_start {
    std::uint32_t count = 1;  // of the set that acts
    bool runs = true;         // false: that set has not begun, `reshard` has it made
    std::optional<reshard_order> reshard{};
    std::vector<discord::guild_id> cut{};  // guilds that went over before
  };

  // bot_start.cpp
  net::task<base::result<gateway_info>> ask_gateway();
  net::task<base::result<fleet::session_start_limit>> ask_limit();
  net::task<std::optional<gateway_info>> reach_discord();
  net::task<bool> open_identifies(gateway_info info);
  net::task<std::optional<shard_start>> agree_on_shards(std::uint32_t recommended);
  void note_other_count(std::uint32_t count, std::uint32_t recommended) const;
  [[nodiscard]] static shard_start start_amid(reshard_order order, std::vector<discord::guild_id> cut);

  // bot_shards.cpp
  void begin_shards(const shard_start& start);
  [[nodiscard]] shard_list make_shards(std::uint32_t count);
  [[nodiscard]] std::shared_ptr<shard> make_shard(discord::shard_id id);
  [[nodiscard]] shard_settings settings_of(discord::shard_id id) const;
  [[nodiscard]] shard_reports reports_of(discord::shard_id id);
  void on_fatal(const base::error& error, discord::shard_id shard);
  void add_set(shard_list added);
  void begin_set(std::uint32_t count, std::span<const store::guild_cut_row> cuts, bool open);
  void forget_set(std::uint32_t count);
  void act_with(std::uint32_t count);
  [[nodiscard]] shard_list members(std::uint32_t count) const;
  [[nodiscard]] reshard_ports ports_for_reshards();
  net::task<> run_shard(std::shared_ptr<shard> member);

  net::task<> serve(gateway_info info);
  net::task<> leave_shards();
  void stop_here();
  void fail(const base::error& error);
  void on_ready(const discord::act_session_started& started, discord::shard_id shard);
  net::task<> introduce();
  void publish_when_ready();
  net::task<> publish(discord::application_id application, std::shared_ptr<const write_permit> permit);
  // `source` tells the causes apart: "" is the bot itself, else a shard and what it lacks. An empty text ends
  // that one.
  void set_problem(const std::string& source, const std::string& text);
  void share_rate();
  // What features keep of guilds follows their settings.
  void follow_settings();
  void on_hold(discord::shard_id shard, bool held);

  bot_settings settings_;
  bot_parts parts_;
  base::logger log_;
  features::bot_facts facts_;
  experiment_counts experiments_;
  base::random_source random_;
  attachment_fetcher attachments_;
  rest_client rest_;
  release_counts counts_;
  std::optional<shared_rate> rate_;           // only where other nodes may run shards of this bot
  std::map<std::uint32_t, int> shards_held_;  // by shard count
  std::uint32_t acting_count_ = 1;
  identify_desk identifies_;
  job_desk jobs_;
  reshard_desk reshards_;
  net::task_group tasks_;  // shards
  net::task_group desk_tasks_;
  net::task_group job_tasks_;
  net::task_group background_;  // the identify queue, publishing of commands
  net::async_event stop_wanted_;
  std::string gateway_url_;
  bool stopping_ = false;
  bool aside_ = false;  // others run the bot with another number of shards
  bool first_shard_live_ = false;
  bool published_ = false;

  std::atomic<bool> stopped_for_good_{false};
  std::atomic<std::uint64_t> application_{0};
  std::map<std::string, std::string> problems_;  // on home, by source
  base::published<std::string> problem_;         // the first of them
  base::published<std::string> user_name_;
  base::published<shard_list> shards_;
};

}  // namespace guildfleet::bot
