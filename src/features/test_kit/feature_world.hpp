// What a feature sees of the world, in memory: for unit tests of what it does when something there fails, or
// comes late. What waits for Discord or for time is tested with the real ones
// (tests/integration/feature_scenario.hpp).
#pragma once

#include <boost/asio/io_context.hpp>
#include <map>

#include "features/test_kit/kept_records.hpp"
#include "features/test_kit/ports.hpp"
#include "net/task_group.hpp"

namespace guildfleet::features::test_kit {

// Those of one feature in one server.
class edited_settings final : public no_settings {
 public:
  net::task<base::result<settings::current_settings>> get(discord::guild_id /*guild*/,
                                                          std::string feature) override {
    settings::current_settings out;
    if (feature == of) out.values = values;
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
};

class planned_jobs final : public no_jobs {
 public:
  net::task<base::result<store::schedule_outcome>> schedule(timer what, store::schedule_mode) override {
    if (failures > 0 && failures-- > 0) co_return base::fail(store::store_error::unreachable, "memory");
    planned.push_back(std::move(what));
    co_return store::schedule_outcome::scheduled;
  }

  int failures = 0;  // so many calls fail from now on
  std::vector<timer> planned;
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
    if (refusal) co_return base::fail(*refusal, "for a test");
    posts.push_back(std::move(body));
    co_return discord::message_id{first + posts.size()};
  }

  net::task<base::result<std::string>> call(discord::request /*request*/) override {
    if (refusal) co_return base::fail(*refusal, "for a test");
    co_return std::string("{}");
  }

  std::uint64_t first = 900;  // ids of messages are above
  std::optional<discord::rest_error> refusal;
  std::vector<discord::message_body> posts;
};

inline void run(net::task<> task) {
  net::asio::io_context context;
  net::task_group group(context.get_executor());
  group.spawn("test", std::move(task));
  context.run();
}
template <class T>
T run(net::task<T> task) {
  std::optional<T> out;
  run([](net::task<T> it, std::optional<T>& into) -> net::task<> { into = co_await std::move(it); }(
                                                      std::move(task), out));
  return *std::move(out);
}

struct feature_world {
  shard_services services_of(std::string_view feature) {
    settings.of = feature;
    return {bot,      {0, 1}, clock,   guilds,  metrics,     effects,
            settings, jobs,   records, moments, attachments, variant_source(experiments, feature, clock)};
  }
  void let_moments_pass() {
    for (const auto& [name, work] : std::exchange(moments.waiting, {})) run(work());
  }

  fleet::experiment_list experiments;
  base::manual_clock clock;
  posted_effects effects;
  edited_settings settings;
  planned_jobs jobs;
  kept_records records;
  waiting_moments moments;
  no_attachments attachments;
  base::metrics metrics;
  discord::guild_state guilds;
  bot_facts bot{"music", "node-a", "1.4.0", clock.steady_now(), {}};
};

}  // namespace guildfleet::features::test_kit
