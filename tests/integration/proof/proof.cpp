#include "integration/proof/proof.hpp"

#include <algorithm>
#include <array>
#include <iostream>
#include <ranges>

#include "integration/command_calls.hpp"
#include "integration/fleet_harness.hpp"
#include "integration/proof/rounds.hpp"

namespace guildfleet::proof {
namespace {

using namespace std::chrono_literals;
using integration::eventually;
using integration::number_of;
namespace json = boost::json;

constexpr std::array<std::string_view, fault_count> names{"drain",   "kill", "freeze", "store",
                                                          "discord", "both", "clock",  "store-restart"};

constexpr int nothing_to_do = 77;

class proof_run final {
 public:
  proof_run(const options& wanted, const abilities& here)
      : wanted_(wanted), here_(here), random_(wanted.seed), cluster_(wanted, here) {}

  int run() {
    std::cout << fmt::format("seed {}\n", wanted_.seed);
    if (chosen().empty()) return nothing_to_do;
    for (int node = 0; node < cluster_.nodes(); ++node) cluster_.start(node);
    if (!cluster_.settled(120s)) return complain("the shards did not connect");
    if (!eventually(60s, [this] { return !use_command().empty(); }))
      return complain("the bot did not register its command");
    (void)cluster_.discord().act("traffic", {{"rate", wanted_.events_per_second}, {"bytes", 300}});
    calls_.emplace(cluster_.discord(), wanted_.seed);
    for (int round = 1; round <= wanted_.rounds; ++round) {
      for (const fault each : chosen()) play(round, each);
    }
    end();
    return judge();
  }

 private:
  [[nodiscard]] json::object use_command() const {
    return cluster_.discord().act("command", {{"bot", "bot1"}, {"name", "echo"}});
  }

  // Without those that cannot be made here, which is told once.
  std::vector<fault> chosen() {
    std::vector<fault> out = wanted_.faults;
    for (std::size_t i = 0; wanted_.faults.empty() && i < fault_count; ++i)
      out.push_back(static_cast<fault>(i));
    std::erase_if(out, [this](fault each) {
      const bool cuts = each == fault::store || each == fault::discord || each == fault::both;
      const std::string& why = cuts ? here_.no_networks : here_.no_clock;
      const bool skipped = (cuts || each == fault::clock) && !why.empty();
      if (skipped && !told_) std::cout << fmt::format("skipped  {}: {}\n", name_of(each), why);
      return skipped;
    });
    told_ = true;
    return out;
  }

  void play(int round, fault what) {
    round_result result = rounds(cluster_, wanted_, random_).run(what);
    takeovers_.insert(takeovers_.end(), result.takeovers.begin(), result.takeovers.end());
    const auto slowest = result.takeovers.empty() ? 0ms : std::ranges::max(result.takeovers);
    std::cout << fmt::format("{}  round {} {} {}: {} shards taken over, slowest {} ms\n",
                             result.complaints.empty() ? "good" : "BAD ", round, name_of(what), result.node,
                             result.takeovers.size(), slowest.count());
    for (const std::string& each : result.complaints) std::cout << "      " << each << '\n';
    bad_ += result.complaints.empty() ? 0 : 1;
    played_.push_back(std::move(result));
    std::cout << std::flush;
  }

  void end() {
    (void)cluster_.discord().act("traffic", {{"rate", 0}});
    expect(eventually(60s, [this] { return cluster_.missing() == 0; }),
           fmt::format("every message was handled ({} missing)", cluster_.missing()));
    calls_->stop();
    for (int node = 0; node < cluster_.nodes(); ++node) cluster_.drain(node);
    bool ended = true;
    for (int node = 0; node < cluster_.nodes(); ++node) ended &= cluster_.wait_for_end(node);
    expect(ended, "every node ended with 0 when it was told to");
  }

  int judge() {
    judge_ownership();
    judge_effects();
    judge_commands();
    judge_discord();
    tell_takeovers();
    if (bad_ > 0) tell_logs();
    return bad_ == 0 ? 0 : 1;
  }

  void judge_ownership() {
    const auto changes = cluster_.witness().changes();
    const auto actions = cluster_.account().actions();
    auto found = find_violations(changes, actions, integration::lease_witness::tolerance);
    const std::size_t halted = std::erase_if(found, [this](const auto& each) { return was_halted(each); });
    std::cout << fmt::format("{} actions, {} of them repeats; {} changes of leases; tolerance {} ms\n",
                             actions.size(), cluster_.account().repeated(), changes.size(),
                             integration::lease_witness::tolerance.count());
    expect(cluster_.witness().clocks_are_steady(), "no clock of this machine was set meanwhile");
    expect(halted <= freezes(),
           fmt::format("{} handlers had been permitted when the freeze hit them", halted));
    expect(found.empty(), fmt::format("each action was its shard's owner's ({} were not)", found.size()));
    constexpr std::size_t most = 20;
    for (const auto& each : found | std::views::take(most))
      std::cout << fmt::format("      {}, {}\n", each.text, moment_of(each.at));
  }

  // SIGSTOP may hit a node between the look at its lease and the time stamp of the handler that it permits,
  // so that the stamp is of the thaw: one handler a freeze, as a node begins one at a time. What it then
  // wants to write asks for the lease again.
  [[nodiscard]] bool was_halted(const integration::violation& what) const {
    constexpr auto at_once = 20ms;
    return std::ranges::any_of(played_, [&](const round_result& round) {
      return round.thawed && what.at >= *round.thawed && what.at <= *round.thawed + at_once &&
             what.text.starts_with(round.node + " handled");
    });
  }
  [[nodiscard]] std::size_t freezes() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(played_, [](const round_result& round) { return round.thawed.has_value(); }));
  }

  // In which round.
  [[nodiscard]] std::string moment_of(base::steady_time at) const {
    const auto next = std::ranges::upper_bound(played_, at, {}, &round_result::begun);
    if (next == played_.begin()) return "before the first round";
    const round_result& round = *std::prev(next);
    return fmt::format("{} ms after {} of {} began",
                       std::chrono::duration_cast<std::chrono::milliseconds>(at - round.begun).count(),
                       name_of(round.what), round.node);
  }

  void judge_effects() {
    const auto seen = cluster_.discord().echoes();
    const auto wanted = cluster_.account().messages_divisible_by(cluster::echo_each);
    const auto missing = std::ranges::count_if(wanted, [&](std::uint64_t id) { return !seen.contains(id); });
    const auto twice = std::ranges::count_if(seen, [](const auto& each) { return each.second > 1; });
    expect(missing == 0, fmt::format("every effect is there ({} of {} are not)", missing, wanted.size()));
    expect(twice == 0, fmt::format("none is there twice ({} are)", twice));
    expect(seen.size() <= wanted.size(), "there is none that nobody asked for");
  }

  void judge_commands() {
    const auto tally = calls_->tally(cluster_.account(), wanted_.shards);
    std::cout << fmt::format("commands: {} sent, {} answered, {} too old when their shard was taken over\n",
                             tally.sent, tally.answered, tally.late);
    expect(
        tally.unanswered == 0,
        fmt::format("every command that somebody could answer was answered ({} were not)", tally.unanswered));
    expect(tally.twice == 0, fmt::format("none was answered twice ({} were)", tally.twice));
  }

  void judge_discord() {
    const json::object report = cluster_.discord().get("report");
    const json::object& gateway = report.at("gateway").as_object();
    const std::int64_t identifies = number_of(gateway, "identifies");
    expect(identifies == static_cast<std::int64_t>(wanted_.shards),
           fmt::format("no shard identified again ({} identifies)", identifies));
    expect(number_of(gateway, "window_violations") == 0, "no identify came too soon");
    expect(number_of(gateway, "resumes_refused") == 0, "no resume was refused");
  }

  void tell_takeovers() {
    if (takeovers_.empty()) return;
    std::ranges::sort(takeovers_);
    const auto part = [this](double share) {
      return takeovers_[static_cast<std::size_t>(share * static_cast<double>(takeovers_.size() - 1))].count();
    };
    std::cout << fmt::format("{} shards taken over, leases of {} ms: p50 {} ms, p99 {} ms, longest {} ms\n",
                             takeovers_.size(), wanted_.leases.ttl.count(), part(0.5), part(0.99), part(1));
  }

  void tell_logs() const {
    for (int node = 0; node < cluster_.nodes(); ++node)
      std::cout << "---- " << cluster::name_of(node) << '\n' << cluster_.log_of(node);
  }

  void expect(bool good, std::string_view what) {
    if (!good) ++bad_;
    std::cout << (good ? "good  " : "BAD   ") << what << '\n';
  }

  int complain(const std::string& what) const {
    std::cout << what << '\n';
    tell_logs();
    return 1;
  }

  const options& wanted_;
  const abilities& here_;
  base::random_source random_;
  cluster cluster_;
  std::optional<integration::command_calls> calls_;
  std::vector<round_result> played_;
  std::vector<std::chrono::milliseconds> takeovers_;
  bool told_ = false;
  int bad_ = 0;
};

}  // namespace

std::string_view name_of(fault value) {
  return names[static_cast<std::size_t>(value)];
}

std::optional<fault> fault_of(std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<fault>(found - names.begin());
}

int run(const options& wanted, const abilities& here) {
  return proof_run(wanted, here).run();
}

}  // namespace guildfleet::proof
