// Takes interactions to the feature they are for, and sees to it that every one gets an answer.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "bot/experiment_counts.hpp"
#include "bot/live_answers.hpp"
#include "features/feature.hpp"
#include "fleet/watermark.hpp"
#include "net/task_group.hpp"

namespace guildfleet::bot {

struct interaction_metrics {
  base::counter handled;
  base::counter failed;          // a handler threw, or the answer did not reach Discord
  base::histogram answer_time;   // seconds from the dispatch to the end of the handler
  base::histogram first_answer;  // seconds from the dispatch to the first answer, a deferral or more
};
[[nodiscard]] interaction_metrics make_interaction_metrics(base::metrics& metrics, const std::string& bot);

// What the desk asks of its shard.
struct interaction_rules {
  std::function<bool(discord::guild_id)> serves;         // the bot is meant for this guild
  std::function<void(std::string_view feature)> on_use;  // one of its handlers begins
  const experiment_counts* experiments = nullptr;        // outlives the desk; null: nothing is counted
  // Waits until no other node acts for the guild any more. Empty: none ever does.
  std::function<net::task<>(discord::guild_id)> leave_alone{};
  std::shared_ptr<const write_permit> permit{};  // of answers; null: always
  std::function<void(std::uint64_t)> on_end{};   // of the handler of this event
  // Whether the bot acts for the feature, by its place, in this guild; brings what the feature knows of it
  // first. Of exclusive features and those that keep guilds. Empty: everywhere.
  std::function<net::task<bool>(discord::guild_id, std::size_t)> acts{};
};

struct desk_entry {
  const features::feature_declaration* declaration = nullptr;
  features::feature* instance = nullptr;
};

// One per shard, on its reactor.
class interaction_desk final {
 public:
  // `entries`: all features of the bot, in their order.
  interaction_desk(net::asio::any_io_executor executor, const std::vector<desk_entry>& entries,
                   rest_link rest, fleet::watermark& progress, net::task_group& tasks,
                   const base::clock& clock, interaction_metrics metrics, base::logger log,
                   interaction_rules rules = {});

  // `data`: the `d` of INTERACTION_CREATE, begun at the watermark. `again`: another process may have handled
  // it; what that has answered is over.
  void handle(std::uint64_t sequence, std::string_view data, base::steady_time arrived,
              std::optional<std::chrono::nanoseconds> gateway_latency, bool again);

  // Answers "not available now" without acting: the shard's lease has run out for the moment.
  void refuse_for_now(std::string_view data, base::steady_time arrived);

  // Events whose handlers run.
  [[nodiscard]] const std::map<std::uint64_t, discord::guild_id>& running() const { return running_; }

 private:
  struct route {
    const features::feature_declaration* declaration;
    features::feature* instance;
    discord::permission_set needed;  // of the member; empty: none
    std::size_t place;               // among the bot's features
  };
  using begun_feature = std::optional<std::size_t>;  // its place; nullopt: no handler began

  [[nodiscard]] std::shared_ptr<const discord::interaction> read(std::string_view data);
  net::task<> run(std::uint64_t sequence, features::interaction_call call,
                  std::shared_ptr<live_answers> answers, bool again);
  net::task<> serve(features::interaction_call call, std::shared_ptr<live_answers> answers, bool again);
  net::task<> run_handler(features::interaction_call call, begun_feature& begun);
  net::task<> run_autocomplete(features::interaction_call call);
  net::task<> run_component(features::interaction_call call, std::string_view custom_id,
                            begun_feature& begun);
  net::task<> begin(const route& target, features::interaction_call& call, begun_feature& begun);
  void note_end(begun_feature begun, discord::guild_id guild, bool went_wrong, base::steady_time arrived);
  // Discord asks for the permission too, but by the definition as it was last published, and not for
  // components. False: the member lacks it and was told so.
  [[nodiscard]] net::task<bool> admit(features::interaction_call call, discord::permission_set needed);
  [[nodiscard]] std::shared_ptr<live_answers> make_answers(std::shared_ptr<const discord::interaction> what,
                                                           base::steady_time arrived);
  net::task<> keep_deferred(std::shared_ptr<live_answers> answers);
  // When its handler has ended: whoever saw that it works, or waits for suggestions, is told something. True:
  // the handler had left them without an answer.
  [[nodiscard]] net::task<bool> see_to_an_answer(features::interaction_call call,
                                                 std::shared_ptr<live_answers> answers, bool threw);
  net::task<> answer_briefly(std::shared_ptr<live_answers> answers, features::text what);

  net::asio::any_io_executor executor_;
  std::map<std::string, route, std::less<>> by_command_;
  std::map<std::string, route, std::less<>> by_feature_;
  rest_link rest_;
  fleet::watermark& progress_;
  net::task_group& tasks_;
  const base::clock& clock_;
  interaction_metrics metrics_;
  base::logger log_;
  interaction_rules rules_;
  std::map<std::uint64_t, discord::guild_id> running_;  // by sequence
};

}  // namespace guildfleet::bot
