#include "integration/proof/cluster.hpp"

#include <csignal>
#include <fstream>
#include <stdexcept>

#include "integration/fleet_harness.hpp"
#include "integration/fleet_node.hpp"

namespace guildfleet::proof {
namespace {

using namespace std::chrono_literals;
using integration::eventually;
using support::network_lab;
using side = network_lab::side;

constexpr const char* clock_library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
constexpr const char* loopback = "127.0.0.1";

sim::simulator_settings world_of(const options& wanted, const abilities& here) {
  sim::simulator_settings settings;
  settings.gateway.identify_tolerance = {};
  settings.world.guilds = static_cast<int>(wanted.shards) * 8;
  settings.world.members = 10;
  settings.world.channels_per_guild = 8;
  settings.world.seed = wanted.seed;
  settings.world.messages_per_channel = 20'000;
  settings.world.interactions_kept = 100'000;
  sim::bot_spec bot;
  bot.name = "bot1";
  bot.max_concurrency = 16;
  settings.world.bot_specs.push_back(std::move(bot));
  settings.gateway.heartbeat_interval = 20s;
  if (here.no_networks.empty()) settings.address = network_lab::own_address(side::discord);
  return settings;
}

std::string lines_of_server(const abilities& here) {
  if (!here.no_networks.empty()) return {};
  return fmt::format("listen_addresses = '{},{}'\n", loopback, network_lab::own_address(side::store));
}

std::unique_ptr<network_lab> networks_of(const options& wanted, const abilities& here) {
  return here.no_networks.empty() ? std::make_unique<network_lab>(wanted.nodes) : nullptr;
}

}  // namespace

std::string obstacle_to_clocks() {
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
  return "the sanitizer's library must be loaded first";
#else
  return std::filesystem::exists(clock_library) ? "" : "faketime is missing: scripts/install-deps build test";
#endif
}

cluster::cluster(const options& wanted, const abilities& here)
    : wanted_(wanted),
      here_(here),
      networks_(networks_of(wanted, here)),
      server_(lines_of_server(here)),
      database_(server_.make_database()),
      discord_(world_of(wanted, here)),
      members_(static_cast<std::size_t>(wanted.nodes)) {
  if (networks_) server_.admit(network_lab::addresses(side::store));
  witness_ = std::make_unique<integration::lease_witness>(server_, database_);
  if (const auto started = discord_.start(); !started) throw std::runtime_error(started.error().message());
  const std::string& api = discord_.api_url();
  watch_ = std::make_unique<integration::sim_watch>(api.substr(0, api.rfind("/api")));
}

std::filesystem::path cluster::file(int node, std::string_view kind) const {
  const std::filesystem::path folder =
      wanted_.logs.empty() ? folder_.path() : std::filesystem::path(wanted_.logs);
  return folder / fmt::format("{}-{}.{}", name_of(node), members_[index(node)].life, kind);
}

std::string cluster::plan_of(int node) const {
  integration::node_plan plan;
  plan.name = name_of(node);
  plan.api_url = discord_.api_url();
  plan.token = discord_.bots().front().token;
  plan.folder = folder_.path().string();
  plan.database = server_.url(database_);
  plan.shards = wanted_.shards;
  plan.echo_each = echo_each;
  plan.leases = wanted_.leases;
  if (networks_) {
    plan.address = network_lab::address_of_host(node + 1, side::store);
    plan.database =
        support::postgres_server::url(database_, server_.port(), network_lab::own_address(side::store));
  }
  return integration::text_of(plan);
}

void cluster::start(int node) {
  member& item = members_[index(node)];
  ++item.life;
  std::vector<std::string> command{wanted_.program, "--node", plan_of(node)};
  if (networks_) command = network_lab::on_host(node + 1, command);
  std::map<std::string, std::string> environment;
  if (node == shifting_node() && here_.no_clock.empty()) {
    shift_clock(0s);
    environment = {{"LD_PRELOAD", clock_library},
                   {"FAKETIME_TIMESTAMP_FILE", (folder_ / "clock").string()},
                   {"FAKETIME_CACHE_DURATION", "1"},
                   {"FAKETIME_DONT_FAKE_MONOTONIC", "1"}};
  }
  item.process = std::make_unique<support::child_process>(support::child_settings{
      std::move(command), std::move(environment), folder_.path(), file(node, "out"), file(node, "err")});
  item.reader = std::make_unique<integration::action_reader>(
      file(node, "out"),
      [this, name = name_of(node)](const integration::node_action& what) { account_.add(name, what); });
}

void cluster::kill(int node) {
  member& item = members_[index(node)];
  item.process->signal(SIGKILL);
  (void)item.process->wait(60s);
  item.reader.reset();
}

void cluster::drain(int node) const {
  members_[index(node)].process->signal(SIGTERM);
}

bool cluster::wait_for_end(int node) {
  member& item = members_[index(node)];
  const auto code = item.process->wait(60s);
  item.reader.reset();
  return code == 0;
}

void cluster::thaw(int node) const {
  members_[index(node)].process->signal(SIGCONT);
}

// A whole new file: the library must not read half of one.
void cluster::shift_clock(std::chrono::seconds by) const {
  std::ofstream(folder_ / "clock.new") << fmt::format("{:+}\n", by.count());
  std::filesystem::rename(folder_ / "clock.new", folder_ / "clock");
}

bool cluster::settled(std::chrono::milliseconds limit) const {
  const auto has_some = [this](int node) { return !witness_->owned_by(name_of(node)).empty(); };
  return eventually(limit, [&] {
    if (watch_->connected_shards() != wanted_.shards || missing() != 0) return false;
    for (int node = 0; node < nodes(); ++node) {
      if (!has_some(node)) return false;
    }
    return true;
  });
}

std::uint64_t cluster::missing() const {
  const std::uint64_t made = watch_->messages_made();
  return made - std::min<std::uint64_t>(made, account_.distinct());
}

std::string cluster::log_of(int node) const {
  constexpr std::size_t most = 6'000;
  const std::string all = members_[index(node)].process->err();
  return all.substr(all.size() - std::min(all.size(), most));
}

}  // namespace guildfleet::proof
