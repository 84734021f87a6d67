#include "integration/handover/handover.hpp"

#include <algorithm>
#include <csignal>
#include <iostream>
#include <memory>
#include <optional>

#include "integration/command_calls.hpp"
#include "integration/fleet_harness.hpp"
#include "integration/fleet_node.hpp"
#include "integration/handled_messages.hpp"
#include "integration/lease_witness.hpp"

namespace guildfleet::handover {
namespace {

using namespace std::chrono_literals;
using integration::action_reader;
using integration::number_of;
using support::eventually;
namespace json = boost::json;
using clock = std::chrono::steady_clock;

sim::simulator_settings world_of(const options& wanted) {
  sim::simulator_settings settings;
  settings.gateway.identify_tolerance = {};
  settings.world.guilds = static_cast<int>(wanted.shards) * 4;
  settings.world.members = 10;
  settings.world.channels_per_guild = 8;
  settings.world.messages_per_channel = 5'000;
  sim::bot_spec bot;
  bot.name = "bot1";
  bot.max_concurrency = 16;
  settings.world.bot_specs.push_back(std::move(bot));
  return settings;
}

// A node and what it says.
struct running_node {
  std::string name;
  std::unique_ptr<support::child_process> process;
  std::unique_ptr<action_reader> reader;
};

struct times {
  std::vector<double> milliseconds;

  [[nodiscard]] double part(double share) const {
    if (milliseconds.empty()) return 0;
    const auto place = static_cast<std::size_t>(share * static_cast<double>(milliseconds.size() - 1));
    return milliseconds[place];
  }
};

class moving final {
 public:
  explicit moving(options wanted) : wanted_(std::move(wanted)), discord_(world_of(wanted_)) {
    if (wanted_.postgres) {
      server_.emplace();
      const std::string database = server_->make_database();
      witness_.emplace(*server_, database);
      database_url_ = server_->url(database);
    }
  }

  int run() {
    if (const auto started = discord_.start(); !started) return complain(started.error().message());
    watch_.emplace(fmt::format("http://127.0.0.1:{}", discord_.port()));
    handled_.begin_run(false);
    running_node owner = start("node-0");
    if (!eventually(180s, [this] { return watch_->connected_shards() == wanted_.shards; }))
      return complain("the shards did not connect\n" + owner.process->err());
    watch_->act("traffic", {{"rate", wanted_.events_per_second}, {"bytes", 300}});
    calls_.emplace(*watch_, 1);
    for (int round = 1; round <= wanted_.rounds; ++round) {
      running_node next = start("node-" + std::to_string(round));
      if (!eventually(60s, [&] { return next.process->err().contains("bot starts"); }))
        return complain("the next node did not start\n" + next.process->err());
      // Some shards are given to it before the other is told to stop.
      (void)eventually(20s, [&] { return next.process->err().contains("shard resumed"); });
      if (!move_all(owner, next)) return complain("the shards did not move\n" + next.process->err());
      owner = std::move(next);
    }
    watch_->act("traffic", {{"rate", 0}});
    settled_ = eventually(60s, [this] { return missing() == 0; });
    calls_->stop();
    owner.process->signal(SIGTERM);
    ended_well_ &= owner.process->wait(60s) == 0;
    owner.reader.reset();
    return judge();
  }

 private:
  running_node start(const std::string& name) {
    integration::node_plan plan;
    plan.name = name;
    plan.api_url = discord_.api_url();
    plan.token = discord_.bots().front().token;
    plan.folder = folder_.path().string();
    plan.database = database_url_;
    plan.shards = wanted_.shards;
    plan.echo_each = echo_each();
    plan.leases.renew_every = wanted_.renew_every;
    running_node out{name, nullptr, nullptr};
    out.process = std::make_unique<support::child_process>(
        support::child_settings{{wanted_.program, "--node", integration::text_of(plan)},
                                {},
                                folder_.path(),
                                folder_ / (name + ".out"),
                                folder_ / (name + ".err")});
    out.reader = std::make_unique<action_reader>(folder_ / (name + ".out"),
                                                 [this, name](const integration::node_action& what) {
                                                   handled_.add(what.bot, what.message);
                                                   account_.add(name, what);
                                                 });
    return out;
  }

  bool move_all(running_node& from, const running_node& to) {
    const auto begin = clock::now();
    from.process->signal(wanted_.how == way::kill ? SIGKILL : SIGTERM);
    if (wanted_.how == way::kill) {
      // What it had handled is counted before anybody can repeat it: its leases last a while longer.
      (void)from.process->wait(60s);
      from.reader.reset();
      handled_.begin_run(true);
    }
    const bool moved = eventually(60s, [&] { return resumed_by(to) >= wanted_.shards; });
    move_times_.milliseconds.push_back(
        std::chrono::duration<double, std::milli>(clock::now() - begin).count());
    if (wanted_.how == way::drain) {
      ended_well_ &= from.process->wait(60s) == 0;
      from.reader.reset();
    }
    for (const json::value& each : watch_->get("report").at("sessions").as_array()) {
      if (const json::value& gap = each.at("resume_gap_us"); gap.is_int64())
        gaps_.milliseconds.push_back(static_cast<double>(gap.as_int64()) / 1'000);
    }
    return moved && eventually(30s, [this] { return watch_->connected_shards() == wanted_.shards; });
  }

  // How many of its shards a node has resumed, each counted once.
  [[nodiscard]] std::size_t resumed_by(const running_node& node) const {
    const std::string log = node.process->err();
    std::set<std::string> shards;
    for (std::size_t at = log.find("shard resumed"); at != std::string::npos;
         at = log.find("shard resumed", at + 1)) {
      const std::size_t name = log.find("shard=", at);
      if (name != std::string::npos) shards.insert(log.substr(name, log.find(' ', name) - name));
    }
    return shards.size();
  }

  int judge() {
    tell_figures();
    const json::object report = watch_->get("report");
    const json::object& gateway = report.at("gateway").as_object();
    const std::int64_t identifies = number_of(gateway, "identifies");
    expect(settled_, fmt::format("every message was handled ({} missing)", missing()));
    expect(handled_.handled_twice() == 0,
           fmt::format("none was handled twice ({})", handled_.handled_twice()));
    expect(identifies == static_cast<std::int64_t>(wanted_.shards),
           fmt::format("no shard identified again ({} identifies)", identifies));
    expect(number_of(gateway, "window_violations") == 0, "no identify came too soon");
    expect(number_of(gateway, "resumes_refused") == 0, "no resume was refused");
    expect(ended_well_, "every node ended with 0 when it was told to");
    judge_effects();
    judge_commands();
    if (witness_) judge_ownership();
    return bad_ == 0 ? 0 : 1;
  }

  void tell_figures() {
    std::ranges::sort(gaps_.milliseconds);
    std::ranges::sort(move_times_.milliseconds);
    std::cout << fmt::format("messages {}  handled {}  repeated after kill -9 {}\n", watch_->messages_made(),
                             handled_.distinct("bot1"), handled_.repeated_after_kill());
    std::cout << fmt::format("all {} shards moved in {:.0f} ms (slowest of {} rounds {:.0f} ms)\n",
                             wanted_.shards, move_times_.part(0.5), wanted_.rounds, move_times_.part(1));
    std::cout << fmt::format(
        "a shard without a connection: half {:.1f} ms, 99 of 100 {:.1f} ms, longest {:.1f} ms\n",
        gaps_.part(0.5), gaps_.part(0.99), gaps_.part(1));
  }

  void judge_effects() {
    const auto seen = watch_->echoes();
    const auto asked = account_.messages_divisible_by(echo_each());
    const auto absent = std::ranges::count_if(asked, [&](std::uint64_t id) { return !seen.contains(id); });
    const auto twice = std::ranges::count_if(seen, [](const auto& each) { return each.second > 1; });
    expect(absent == 0, fmt::format("every effect is there ({} of {} are not)", absent, asked.size()));
    expect(twice == 0, fmt::format("none is there twice ({} are)", twice));
  }

  void judge_commands() {
    const auto tally = calls_->tally(account_, wanted_.shards);
    std::cout << fmt::format("commands: {} sent, {} answered, {} too old when their shard was taken over\n",
                             tally.sent, tally.answered, tally.late);
    expect(tally.unanswered == 0, fmt::format("every command that somebody could answer was answered ({} "
                                              "were not)",
                                              tally.unanswered));
    expect(tally.twice == 0, fmt::format("none was answered twice ({} were)", tally.twice));
  }

  void judge_ownership() {
    const auto changes = witness_->changes();
    const auto found = find_violations(changes, account_.actions(), integration::lease_witness::tolerance);
    expect(witness_->clocks_are_steady(), "no clock of this machine was set meanwhile");
    expect(found.empty(), fmt::format("each action was its shard's owner's ({} were not; {} changes of "
                                      "leases)",
                                      found.size(), changes.size()));
    if (!found.empty()) std::cout << "      the first: " << found.front().text << '\n';
  }

  void expect(bool good, std::string_view what) {
    if (!good) ++bad_;
    std::cout << (good ? "good  " : "BAD   ") << what << '\n';
  }

  // About ten effects a second.
  [[nodiscard]] std::uint64_t echo_each() const {
    return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(wanted_.events_per_second / 16));
  }

  [[nodiscard]] std::uint64_t missing() const {
    const std::uint64_t all = watch_->messages_made();
    return all - std::min<std::uint64_t>(all, handled_.distinct("bot1"));
  }

  static int complain(const std::string& what) {
    std::cout << what << '\n';
    return 1;
  }

  options wanted_;
  base::scratch_folder folder_;
  std::optional<support::postgres_server> server_;
  std::optional<integration::lease_witness> witness_;
  std::string database_url_;
  cli::simulator_host discord_;
  std::optional<integration::sim_watch> watch_;
  integration::handled_messages handled_;
  integration::action_account account_;
  std::optional<integration::command_calls> calls_;
  times gaps_;
  times move_times_;
  bool settled_ = false;
  bool ended_well_ = true;
  int bad_ = 0;
};

}  // namespace

int run(const options& wanted) {
  return moving(wanted).run();
}

}  // namespace guildfleet::handover
