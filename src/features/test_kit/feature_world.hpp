// What a feature sees of the world, in memory: for unit tests of what it does when something there fails, or
// comes late. What waits for Discord or for time is tested with the real ones
// (tests/integration/feature_scenario.hpp).
#pragma once

#include <algorithm>
#include <map>
#include <set>

#include "features/test_kit/kept_records.hpp"
#include "features/test_kit/ports.hpp"
#include "features/test_kit/run.hpp"

namespace guildfleet::features::test_kit {

// Those of one feature in one server.
class edited_settings final : public no_settings {
 public:
  net::task<base::result<settings::current_settings>> get(discord::guild_id /*guild*/,
                                                          std::string feature) override {
    settings::current_settings out;
    if (feature == of) out.values = values;
    if (auto other = std::exchange(meanwhile, nullptr)) co_await other();
    co_return out;
  }
  net::task<base::result<settings::change_result>> edit(discord::guild_id /*guild*/, std::string /*feature*/,
                                                        store::change_author /*author*/,
                                                        settings::edit_function apply) override {
    auto edited = apply(values);
    if (!edited) co_return std::unexpected(edited.error());
    values = *std::move(edited);
    settings::changed out;
    out.changes.emplace_back();
    co_return out;
  }

  std::string of;
  boost::json::object values;
  std::function<net::task<>()> meanwhile{};  // happens once, after the next call has read them
};

class planned_jobs final : public job_port {
 public:
  net::task<base::result<store::schedule_outcome>> schedule(timer what, store::schedule_mode mode) override {
    if (failures > 0 && failures-- > 0) co_return base::fail(store::store_error::unreachable, "memory");
    if (auto other = std::exchange(meanwhile, nullptr)) co_await other();
    const auto there = std::ranges::find(planned, what.key, &timer::key);
    if (there == planned.end()) {
      planned.push_back(std::move(what));
      co_return store::schedule_outcome::scheduled;
    }
    if (mode == store::schedule_mode::keep || running.contains(what.key))
      co_return store::schedule_outcome::kept;
    *there = std::move(what);
    co_return store::schedule_outcome::replaced;
  }
  net::task<base::result<bool>> cancel(std::string key) override {
    if (running.contains(key)) co_return false;
    co_return std::erase_if(planned, [&key](const timer& each) { return each.key == key; }) > 0;
  }

  int failures = 0;                          // so many calls fail from now on
  std::function<net::task<>()> meanwhile{};  // happens once, within the next call
  std::vector<timer> planned;
  std::set<std::string> running;  // keys of those that are leased
};

class waiting_moments final : public no_moments {
 public:
  bool after(std::chrono::milliseconds, discord::guild_id, std::string name,
             std::function<net::task<>()> work) override {
    waiting.insert_or_assign(std::move(name), std::move(work));
    return true;
  }

  std::map<std::string, std::function<net::task<>()>> waiting;
};

class posted_effects final : public no_effects {
 public:
  net::task<base::result<discord::message_id>> post(effect_origin /*origin*/, discord::channel_id /*channel*/,
                                                    discord::message_body body) override {
    if (throws) throw std::runtime_error("for a test");
    if (refusal) co_return base::fail(*refusal, "for a test");
    posts.push_back(std::move(body));
    co_return discord::message_id{first + posts.size()};
  }

  net::task<base::result<std::string>> make(effect_origin /*origin*/, discord::request /*request*/,
                                            finder /*find*/) override {
    if (refusal) co_return base::fail(*refusal, "for a test");
    co_return fmt::format("{}", first + ++made);
  }
  net::task<base::result<std::string>> call(discord::request request) override {
    if (refusal && spared-- <= 0) co_return base::fail(*refusal, "for a test");
    called.push_back(fmt::format("{} {}", discord::name_of(request.route->method), request.path));
    if (auto other = std::exchange(meanwhile, nullptr)) co_await other();
    co_return answer;
  }

  std::string answer = "{}";
  std::uint64_t first = 900;  // ids of messages are above
  std::optional<discord::rest_error> refusal;
  int spared = 0;                            // so many calls are made before one is refused
  std::function<net::task<>()> meanwhile{};  // happens once, while the next call is made
  bool throws = false;                       // of posts
  std::uint64_t made = 0;
  std::vector<std::string> called;  // "DELETE /channels/20/messages/901"
  std::vector<discord::message_body> posts;
};

// A feature's surroundings, made of these fakes.
template <class Effects, class Settings, class Jobs, class Records, class Moments>
struct world_of {
  shard_services services_of(std::string_view feature, discord::shard_id shard = {0, 1}) {
    return {bot,      shard, clock,   guilds,  metrics,     effects,
            settings, jobs,  records, moments, attachments, variant_source(experiments, feature, clock)};
  }

  fleet::experiment_list experiments;
  base::manual_clock clock;
  Effects effects;
  Settings settings;
  Jobs jobs;
  Records records;
  Moments moments;
  no_attachments attachments;
  base::metrics metrics;
  discord::guild_state guilds;
  bot_facts bot{"music", "node-a", "1.4.0", clock.steady_now(), {}};
};

struct feature_world
    : world_of<posted_effects, edited_settings, planned_jobs, kept_records, waiting_moments> {
  // Whose settings are asked for.
  shard_services services_of(std::string_view feature) {
    settings.of = feature;
    return world_of::services_of(feature);
  }
  void let_moments_pass() {
    for (const auto& [name, work] : std::exchange(moments.waiting, {})) run(work());
  }
};

}  // namespace guildfleet::features::test_kit
