#include "integration/proof/rounds.hpp"

#include <algorithm>

#include "integration/fleet_harness.hpp"

namespace guildfleet::proof {
namespace {

using namespace std::chrono_literals;
using integration::eventually;
using std::chrono::milliseconds;
using side = support::network_lab::side;

constexpr milliseconds patience = 30s;
constexpr milliseconds takeover_allowance = 2s;  // beyond the lease
constexpr std::chrono::seconds clock_shift = 1h;

base::steady_time now() {
  return std::chrono::steady_clock::now();
}

}  // namespace

round_result rounds::run(fault what) {
  result_ = {};
  result_.what = what;
  const int node = choose(what);
  result_.node = cluster::name_of(node);
  // So that a fault finds leases of any age: they are renewed once a second.
  let_handle(random_.below(messages_a_second()));
  result_.begun = now();
  make(what, node);
  expect(cluster_.settled(patience), fmt::format("the nodes did not settle ({} messages missing, {} shards "
                                                 "connected)",
                                                 cluster_.missing(), cluster_.discord().connected_shards()));
  return std::move(result_);
}

void rounds::make(fault what, int node) {
  switch (what) {
    case fault::drain:
      return drain(node);
    case fault::kill:
      return kill(node);
    case fault::freeze:
      return freeze(node);
    case fault::store:
      return cut(node, {side::store});
    case fault::discord:
      return cut_from_discord(node);
    case fault::both:
      return cut(node, {side::store, side::discord});
    case fault::clock:
      return shift_clock(node);
    case fault::store_restart:
      return restart_store(node);
  }
}

int rounds::choose(fault what) {
  if (what == fault::clock) return cluster_.shifting_node();
  return static_cast<int>(random_.below(static_cast<std::uint64_t>(cluster_.nodes())));
}

void rounds::kill(int node) {
  const auto shards = cluster_.witness().owned_by(cluster::name_of(node));
  result_.begun = now();
  cluster_.kill(node);
  expect_takeover(node, shards);
  cluster_.start(node);
}

void rounds::freeze(int node) {
  const auto shards = cluster_.witness().owned_by(cluster::name_of(node));
  result_.begun = now();
  expect(cluster_.freeze(node), "the node did not stand still");
  // The others act for all of them, so its own term is long over.
  expect_takeover(node, shards);
  result_.thawed = now();
  cluster_.thaw(node);
}

void rounds::cut(int node, std::initializer_list<side> from) {
  const auto shards = cluster_.witness().owned_by(cluster::name_of(node));
  result_.begun = now();
  for (const side each : from) cluster_.cut(node, each);
  expect_takeover(node, shards);
  for (const side each : from) cluster_.mend(node, each);
}

// It keeps its shards; what they missed comes when it is back.
void rounds::cut_from_discord(int node) {
  cluster_.cut(node, side::discord);
  expect(eventually(patience, [&] { return cluster_.missing() >= 2 * messages_a_second(); }),
         "nothing was missed while it was cut off");
  cluster_.mend(node, side::discord);
}

void rounds::shift_clock(int node) {
  cluster_.shift_clock(clock_shift);
  let_renew(node);
  const int other = (node + 1) % cluster_.nodes();
  drain(other);
  cluster_.shift_clock(-clock_shift);
  let_renew(node);
  cluster_.shift_clock(0s);
}

void rounds::restart_store(int node) {
  const std::size_t before = cluster_.witness().owned_by(cluster::name_of(node)).size();
  const std::size_t left = random_.below(before + 1);
  cluster_.drain(node);
  expect(eventually(patience,
                    [&] { return cluster_.witness().owned_by(cluster::name_of(node)).size() <= left; }),
         "it did not begin to hand over");
  cluster_.database().kill();
  // What is made and cannot be handled shows that the nodes are without it.
  let_make(messages_a_second() / 2 + random_.below(messages_a_second()));
  cluster_.database().start();
  expect(cluster_.wait_for_end(node), "the node did not end with 0");
  cluster_.start(node);
}

// Messages of a second, as the traffic has them among its events.
std::uint64_t rounds::messages_a_second() const {
  return static_cast<std::uint64_t>(wanted_.events_per_second / 2);
}

void rounds::let_handle(std::uint64_t messages) {
  const std::size_t goal = cluster_.account().distinct() + messages;
  expect(eventually(patience, [&] { return cluster_.account().distinct() >= goal; }), "nothing is handled");
}

void rounds::let_make(std::uint64_t messages) {
  const std::uint64_t goal = cluster_.discord().messages_made() + messages;
  expect(eventually(patience, [&] { return cluster_.discord().messages_made() >= goal; }), "nothing is made");
}

// Twice, so that one whole renewal was asked for and answered in between.
void rounds::let_renew(int node) {
  const auto renewals = [&] {
    const auto changes = cluster_.witness().changes();
    return std::ranges::count(changes, cluster::name_of(node), &integration::lease_change::node);
  };
  const auto shards = static_cast<std::ptrdiff_t>(cluster_.witness().owned_by(cluster::name_of(node)).size());
  const std::ptrdiff_t goal = renewals() + 2 * shards;
  expect(shards > 0 && eventually(patience, [&] { return renewals() >= goal; }), "it does not renew");
}

void rounds::drain(int node) {
  cluster_.drain(node);
  expect(cluster_.wait_for_end(node), "the node did not end with 0");
  cluster_.start(node);
}

void rounds::expect_takeover(int node, const std::vector<std::uint32_t>& shards) {
  const std::string name = cluster::name_of(node);
  const milliseconds limit = wanted_.leases.ttl + takeover_allowance;
  milliseconds slowest{0};
  for (const std::uint32_t shard : shards) {
    std::optional<base::steady_time> taken;
    (void)eventually(patience, [&] {
      taken = cluster_.account().taken_over(shard, name, result_.begun);
      return taken.has_value();
    });
    expect(taken.has_value(), fmt::format("shard {} was not taken over", shard));
    if (!taken) continue;
    result_.takeovers.push_back(std::chrono::ceil<milliseconds>(*taken - result_.begun));
    slowest = std::max(slowest, result_.takeovers.back());
  }
  expect(slowest <= limit, fmt::format("a shard was taken over after {} ms only", slowest.count()));
}

void rounds::expect(bool good, std::string_view what) {
  if (!good) result_.complaints.emplace_back(what);
}

}  // namespace guildfleet::proof
