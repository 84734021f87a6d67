// A large bot starts on several nodes at once, as fast as Discord lets it and never faster:
// start [--shards NUMBER] [--nodes NUMBER] [--concurrency NUMBER] [--total NUMBER] [--slack SECONDS]
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <thread>
#include <vector>

#include "base/log.hpp"
#include "cli/simulator_host.hpp"
#include "integration/fleet_harness.hpp"
#include "integration/fleet_node.hpp"
#include "integration/sim_watch.hpp"
#include "support/postgres_server.hpp"

namespace guildfleet::start {
namespace {

using integration::number_of;
using steady = std::chrono::steady_clock;
namespace json = boost::json;

constexpr int spacing_s = 5;  // protocol sheet 1.6

struct options {
  std::string program;
  std::uint32_t shards = 64;
  int nodes = 4;
  int concurrency = 16;
  int total = 25'000;
  double slack_s = 15;  // for processes, leases and a busy machine

  // What Discord's own limit takes.
  [[nodiscard]] double limit_s() const {
    const auto rounds = (static_cast<int>(shards) + concurrency - 1) / concurrency;
    return rounds * spacing_s;
  }
};

sim::simulator_settings world_of(const options& wanted) {
  sim::simulator_settings settings;
  settings.gateway.identify_tolerance = {};
  settings.world.guilds = static_cast<int>(wanted.shards);
  settings.world.members = 2;
  settings.world.channels_per_guild = 2;
  sim::bot_spec bot;
  bot.name = "bot1";
  bot.max_concurrency = wanted.concurrency;
  bot.session_start_total = wanted.total;
  settings.world.bot_specs.push_back(std::move(bot));
  return settings;
}

class large_start final {
 public:
  explicit large_start(options wanted)
      : wanted_(std::move(wanted)), database_(server_.make_database()), discord_(world_of(wanted_)) {}

  int run() {
    if (const auto started = discord_.start(); !started) return complain(started.error().message());
    watch_.emplace(fmt::format("http://127.0.0.1:{}", discord_.port()));
    const auto begin = steady::now();
    for (int node = 0; node < wanted_.nodes; ++node) nodes_.push_back(start(node));
    const bool complete = follow(begin);
    const json::object gateway = gateway_now();
    for (const auto& node : nodes_) node->signal(SIGTERM);
    bool ended_well = true;
    for (const auto& node : nodes_) ended_well &= node->wait(std::chrono::seconds(120)) == 0;
    return judge(complete && ended_well, gateway);
  }

 private:
  [[nodiscard]] std::unique_ptr<support::child_process> start(int node) const {
    integration::node_plan plan;
    plan.name = fmt::format("node-{}", node + 1);
    plan.api_url = discord_.api_url();
    plan.token = discord_.bots().front().token;
    plan.folder = folder_.path().string();
    plan.database = server_.url(database_);
    plan.shards = wanted_.shards;
    // As a node has them by itself: hundreds of leases are renewed at a time.
    plan.leases = fleet::lease_timing{};
    return std::make_unique<support::child_process>(
        support::child_settings{{wanted_.program, "--node", integration::text_of(plan)},
                                {},
                                folder_.path(),
                                folder_ / (plan.name + ".out"),
                                folder_ / (plan.name + ".err")});
  }
  [[nodiscard]] json::object gateway_now() const {
    const json::object report = watch_->get("report");
    const json::value* gateway = report.if_contains("gateway");
    return gateway != nullptr && gateway->is_object() ? gateway->as_object() : json::object();
  }

  // Until all shards are connected; false: not within the limit and the slack.
  bool follow(steady::time_point begin) {
    const auto since = [](steady::time_point then) {
      return std::chrono::duration<double>(steady::now() - then).count();
    };
    std::optional<steady::time_point> first;
    double told = 0;
    const std::chrono::duration<double> limit(wanted_.limit_s() * 1.1 + wanted_.slack_s + 60);
    return support::eventually(std::chrono::duration_cast<std::chrono::milliseconds>(limit), [&] {
      const json::object gateway = gateway_now();
      const std::int64_t identified = number_of(gateway, "identifies");
      if (identified > 0 && !first) first = steady::now();
      if (static_cast<std::uint32_t>(number_of(gateway, "connected_sessions")) == wanted_.shards) {
        from_begin_s_ = since(begin);
        from_first_s_ = since(*first);
        return true;
      }
      if (since(begin) - told > 30) {
        told = since(begin);
        std::cout << fmt::format("{:.0f} s: {} of {} identified", told, identified, wanted_.shards)
                  << std::endl;
      }
      return false;
    });
  }

  int judge(bool well, const json::object& gateway) const {
    const std::int64_t identified = number_of(gateway, "identifies");
    const std::int64_t violations = number_of(gateway, "window_violations");
    std::cout << fmt::format(
        "{} shards, {} nodes, max_concurrency {}: the limit's own time {:.0f} s, from the first identify to "
        "the "
        "last shard {:.1f} s, from the start of the processes {:.1f} s, {} identifies, {} window "
        "violations\n",
        wanted_.shards, wanted_.nodes, wanted_.concurrency, wanted_.limit_s(), from_first_s_, from_begin_s_,
        identified, violations);
    if (!well) return complain("not all shards connected, or a node did not end well");
    if (violations != 0) return complain("an identify came too early");
    if (identified != static_cast<std::int64_t>(wanted_.shards)) return complain("some identified twice");
    if (from_first_s_ > wanted_.limit_s() * 1.1 + wanted_.slack_s) return complain("slower than the limit");
    return 0;
  }

  int complain(const std::string& what) const {
    std::cerr << what << '\n';
    for (const auto& node : nodes_) {
      const std::string log = node->err();
      std::cerr << log.substr(log.size() - std::min<std::size_t>(log.size(), 4'000)) << '\n';
    }
    return 1;
  }

  options wanted_;
  base::scratch_folder folder_;
  support::postgres_server server_;
  std::string database_;
  cli::simulator_host discord_;
  std::optional<integration::sim_watch> watch_;
  std::vector<std::unique_ptr<support::child_process>> nodes_;
  double from_begin_s_ = 0;
  double from_first_s_ = 0;
};

}  // namespace
}  // namespace guildfleet::start

int main(int count, char** values) {
  using namespace guildfleet;
  const std::vector<std::string> arguments(values + 1, values + count);
  if (arguments.size() == 2 && arguments.front() == "--node") return integration::run_node(arguments[1]);
  base::configure_logging({.level = base::log_level::error, .node = "start"});
  start::options options;
  options.program = std::filesystem::canonical("/proc/self/exe").string();
  for (std::size_t i = 0; i + 1 < arguments.size(); i += 2) {
    const std::string& value = arguments[i + 1];
    if (arguments[i] == "--shards") options.shards = static_cast<std::uint32_t>(std::stoul(value));
    if (arguments[i] == "--nodes") options.nodes = std::stoi(value);
    if (arguments[i] == "--concurrency") options.concurrency = std::stoi(value);
    if (arguments[i] == "--total") options.total = std::stoi(value);
    if (arguments[i] == "--slack") options.slack_s = std::stod(value);
  }
  if (arguments.size() % 2 != 0) {
    std::cerr << "every option of start has a value\n";
    return 2;
  }
  return start::large_start(options).run();
}
