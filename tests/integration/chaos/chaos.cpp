#include "integration/chaos/chaos.hpp"

#include <boost/json/serialize.hpp>
#include <csignal>
#include <fmt/ranges.h>
#include <iostream>

#include "base/random.hpp"
#include "integration/action_log.hpp"
#include "integration/fleet_harness.hpp"
#include "integration/handled_messages.hpp"

namespace guildfleet::chaos {
namespace {

using namespace std::chrono_literals;
using integration::number_of;
using support::eventually;
namespace json = boost::json;

constexpr int bots = 4;
constexpr int shards = 5;
constexpr int guilds = 40;
constexpr std::chrono::milliseconds fault_every = 700ms;
constexpr std::size_t settling_bytes = 8U << 20U;  // what may still be added after the first minute

// A session that Discord ends takes the events with it that were not delivered yet; so these faults are for
// the last bot, of which it is only asked that nothing is handled twice.
const std::string unlucky = "bot4";

struct planned_fault {
  json::object body;
  int weight = 1;
};

std::vector<planned_fault> faults_of_connections() {
  return {{{{"kind", "reconnect"}}, 4},
          {{{"kind", "invalid_session"}, {"resumable", true}}, 2},
          {{{"kind", "close"}, {"code", 4000}}, 2},
          {{{"kind", "close"}, {"code", 4008}}, 1},
          {{{"kind", "close"}, {"code", 1001}}, 1},
          {{{"kind", "drop"}}, 4},
          {{{"kind", "half_open"}}, 2},
          {{{"kind", "stop_acks"}}, 2},
          {{{"kind", "corrupt_message"}}, 2},
          {{{"kind", "garbage_frame"}}, 2},
          {{{"kind", "heartbeat_request"}}, 2},
          {{{"kind", "unknown_event"}}, 2},
          {{{"kind", "duplicate"}, {"count", 20}}, 3},
          {{{"kind", "slow_network"}, {"bytes_per_second", 20'000}}, 1},
          {{{"kind", "slow_network"}, {"bytes_per_second", 0}}, 2}};
}

std::vector<planned_fault> faults_of_discord() {
  return {{{{"kind", "refuse_connections"}, {"count", 2}}, 1},
          {{{"kind", "reconnect_before_hello"}, {"count", 2}}, 1},
          {{{"kind", "unknown_fields"}}, 1},
          {{{"kind", "outage_begin"}}, 1},
          {{{"kind", "outage_end"}}, 2},
          // Only where an answer without headers hides no bucket from the bot.
          {{{"kind", "user_429"}, {"delay", 400}, {"count", 2}, {"route", "/webhooks"}}, 2},
          {{{"kind", "shared_429"}, {"delay", 400}, {"count", 2}, {"route", "/webhooks"}}, 1},
          {{{"kind", "global_429"}, {"delay", 400}}, 1},
          {{{"kind", "server_error"}, {"status", 503}, {"count", 3}, {"route", "/callback"}}, 2},
          {{{"kind", "latency"}, {"delay", 800}, {"count", 5}, {"route", "/callback"}}, 1},
          {{{"kind", "reset"}, {"count", 2}, {"route", "/callback"}}, 1},
          {{{"kind", "reset_after"}, {"count", 2}, {"route", "/callback"}}, 1},
          {{{"kind", "events_late"}, {"count", 5}}, 1}};
}

const json::object& choose(const std::vector<planned_fault>& from, base::random_source& random) {
  int sum = 0;
  for (const planned_fault& each : from) sum += each.weight;
  auto left = static_cast<int>(random.below(static_cast<std::uint64_t>(sum)));
  for (const planned_fault& each : from) {
    left -= each.weight;
    if (left < 0) return each.body;
  }
  return from.back().body;
}

sim::simulator_settings world_of(const chaos_options& options) {
  sim::simulator_settings settings;
  settings.gateway.identify_tolerance = {};
  settings.world.guilds = guilds;
  settings.world.members = 10;
  settings.world.seed = options.seed;
  settings.world.bots = bots;
  for (int i = 1; i <= bots; ++i) {
    sim::bot_spec bot;
    bot.name = "bot" + std::to_string(i);
    bot.max_concurrency = shards;
    settings.world.bot_specs.push_back(std::move(bot));
  }
  settings.gateway.heartbeat_interval = 2s;
  return settings;
}

class chaos_run final {
 public:
  explicit chaos_run(chaos_options options)
      : options_(std::move(options)), random_(options_.seed), discord_(world_of(options_)) {}

  int run() {
    if (const auto started = discord_.start(); !started) return complain(started.error().message());
    start_node(false);
    follow(folder_ / "node.out");
    if (!eventually(120s, [this] { return connected_shards() == bots * shards; }))
      return complain("the shards did not connect\n" + node_->err());
    act("traffic", {{"rate", options_.events_per_second}, {"bytes", 300}});
    make_trouble();
    settle();
    return judge();
  }

 private:
  // Faults for the whole time; the node is restarted and killed in the first half, so that its memory can be
  // watched in the second.
  void make_trouble() {
    const auto begin = std::chrono::steady_clock::now();
    const auto end = begin + options_.run_for;
    const auto restart_at = begin + options_.run_for / 6;
    const auto kill_at = begin + options_.run_for / 3;
    bool restarted = false;
    bool killed = false;
    for (auto next = begin; next < end; next += fault_every) {
      std::this_thread::sleep_until(next);
      // A successor cannot know what its predecessor has used of a bucket.
      const auto soon = [&](auto when) { return next < when + 1s && next > when - 4s; };
      one_fault(!soon(restart_at) && !soon(kill_at));
      if (next > begin + options_.run_for / 2 && !sampled_from_) sampled_from_ = node_->resident_bytes();
      if (!restarted && next > restart_at) restarted = stop_node() && start_node(false);
      if (!killed && next > kill_at) killed = kill_node() && start_node(true);
    }
  }

  void one_fault(bool may_burst) {
    const std::string bot = "bot" + std::to_string(random_.below(bots) + 1);
    json::object fault =
        choose(random_.below(4) == 0 ? faults_of_discord() : faults_of_connections(), random_);
    fault["bot"] = bot;
    fault["shard"] = random_.below(shards);
    act("fault", std::move(fault));
    if (losses_ < 4 && random_.below(20) == 0) {
      ++losses_;
      act("fault", {{"kind", losses_ % 2 == 0 ? "invalid_session" : "expire_sessions"},
                    {"bot", unlucky},
                    {"shard", losses_ % shards}});
    }
    // Not every bot knows its commands yet, or hears of them just now: the answer is looked at no further.
    act("command", {{"bot", bot}, {"name", may_burst && random_.below(2) == 0 ? "burst" : "ping"}});
  }

  // An end to the faults: everything that was sent is to arrive.
  void settle() {
    resident_at_end_ = node_->resident_bytes();
    act("fault", {{"kind", "outage_end"}});
    act("fault", {{"kind", "clear"}});
    act("traffic", {{"rate", 0}});
    settled_ = eventually(90s, [this] { return connected_shards() == bots * shards && missing() == 0; });
    ended_well_ = stop_node();
    reader_.reset();
  }

  int judge() {
    const json::object report = get("report");
    const json::object& gateway = report.at("gateway").as_object();
    const json::object& rest = report.at("rest").as_object();
    std::cout << "messages " << made() << "  handled by bot1 " << handled_.distinct("bot1") << ", bot2 "
              << handled_.distinct("bot2") << ", bot3 " << handled_.distinct("bot3") << ", bot4 "
              << handled_.distinct("bot4") << "\nresumes " << number_of(gateway, "resumes_ok")
              << "  identifies " << number_of(gateway, "identifies") << "  repeated after kill -9 "
              << handled_.repeated_after_kill() << "\nREST requests " << number_of(rest, "requests")
              << "  resident bytes " << sampled_from_.value_or(0) << " -> " << resident_at_end_ << '\n';
    int bad = 0;
    const auto expect = [&bad](bool good, std::string_view what) {
      if (!good) ++bad;
      std::cout << (good ? "good  " : "BAD   ") << what << '\n';
    };
    expect(settled_,
           fmt::format("every message of a bot that kept its sessions was handled ({} missing)", missing()));
    expect(handled_.handled_twice() == 0,
           fmt::format("none was handled twice ({})", handled_.handled_twice()));
    expect(number_of(gateway, "window_violations") == 0, "no identify came too soon");
    expect(number_of(gateway, "slow_consumers") == 0, "no connection fell behind");
    expect(number_of(rest, "while_limited") == 0,
           fmt::format("no request was sent while limited ({} {})", number_of(rest, "while_limited"),
                       json::serialize(rest.at("first_limited"))));
    expect(number_of(rest, "duplicate_nonces") == 0, "no message was sent twice");
    expect(ended_well_, "the node ended with 0 when it was told to");
    if (options_.run_for >= 100s)
      expect(resident_at_end_ < sampled_from_.value_or(0) * 5 / 4 + settling_bytes, "memory stayed flat");
    if (bad > 0) std::cout << fmt::format("nodes were started at {}\n", fmt::join(started_at_, ", "));
    if (bad > 0) std::cout << node_->err().substr(0, 20'000);
    return bad == 0 ? 0 : 1;
  }

  bool start_node(bool after_kill) {
    handled_.begin_run(after_kill);
    started_at_.push_back(clock_.wall_now().time_since_epoch().count());
    std::vector<std::string> command = {options_.program, "--node", discord_.api_url(),
                                        folder_.path().string(), std::to_string(shards)};
    for (int i = 1; i <= bots; ++i) {
      for (const sim::bot_account& bot : discord_.bots())
        if (bot.name == "bot" + std::to_string(i)) command.push_back(bot.token);
    }
    node_ = std::make_unique<support::child_process>(support::child_settings{
        std::move(command), {}, folder_.path(), folder_ / "node.out", folder_ / "node.err"});
    return true;
  }

  bool stop_node() {
    node_->signal(SIGTERM);
    const auto code = node_->wait(60s);
    drain_lines();
    return code == 0;
  }

  bool kill_node() {
    node_->signal(SIGKILL);
    (void)node_->wait(60s);
    drain_lines();
    return true;
  }

  // What one run has written is counted before the next begins.
  void drain_lines() {
    reader_.reset();
    const std::string path = folder_ / "node.out";
    std::filesystem::resize_file(path, 0);
    follow(path);
  }

  void follow(const std::string& path) {
    reader_ = std::make_unique<integration::action_reader>(
        path, [this](const integration::node_action& what) { handled_.add(what.bot, what.message); });
  }

  [[nodiscard]] std::uint64_t made() {
    const json::object traffic = get("report").at("traffic").as_object();
    return static_cast<std::uint64_t>(number_of(traffic.at("by_type").as_object(), "MESSAGE_CREATE"));
  }

  [[nodiscard]] std::uint64_t missing() {
    const std::uint64_t all = made();
    std::uint64_t sum = 0;
    for (int i = 1; i <= bots; ++i) {
      const std::string bot = "bot" + std::to_string(i);
      if (bot != unlucky) sum += all - std::min<std::uint64_t>(all, handled_.distinct(bot));
    }
    return sum;
  }

  [[nodiscard]] int connected_shards() {
    const auto listed = support::answer_to({.origin = origin(), .path = "/_sim/report"});
    int count = 0;
    const json::object report = support::object_of(listed);
    if (!report.contains("sessions")) return 0;
    for (const json::value& each : report.at("sessions").as_array())
      if (each.at("connected").as_bool() && each.at("loaded").as_bool()) ++count;
    return count;
  }

  void act(const std::string& what, json::object body) {
    (void)support::answer_to({.origin = origin(),
                              .path = "/_sim/" + what,
                              .method = "POST",
                              .body = std::move(body),
                              .limit = 30s});
  }
  [[nodiscard]] json::object get(const std::string& what) {
    return support::object_of(support::answer_to({.origin = origin(), .path = "/_sim/" + what}));
  }
  [[nodiscard]] std::string origin() const { return fmt::format("http://127.0.0.1:{}", discord_.port()); }

  static int complain(const std::string& what) {
    std::cout << what << '\n';
    return 1;
  }

  chaos_options options_;
  base::random_source random_;
  base::scratch_folder folder_;
  cli::simulator_host discord_;
  integration::handled_messages handled_;
  std::unique_ptr<support::child_process> node_;
  std::unique_ptr<integration::action_reader> reader_;
  base::system_clock clock_;
  std::vector<std::int64_t> started_at_;  // each node, in milliseconds since 1970
  int losses_ = 0;
  std::optional<std::size_t> sampled_from_;
  std::size_t resident_at_end_ = 0;
  bool settled_ = false;
  bool ended_well_ = false;
};

}  // namespace

int run_chaos(const chaos_options& options) {
  return chaos_run(options).run();
}

}  // namespace guildfleet::chaos
