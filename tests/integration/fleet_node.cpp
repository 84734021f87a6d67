#include "integration/fleet_node.hpp"

#include <boost/asio/signal_set.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <csignal>
#include <gtest/gtest.h>
#include <ranges>

#include "features/registry.hpp"
#include "integration/action_log.hpp"
#include "integration/hosted_fleet.hpp"

namespace guildfleet::integration {
namespace {

constexpr std::uint32_t as_many_as_needed = 100'000;

node_plan read_plan(const std::string& text) {
  const json::value parsed = json::parse(text);
  const json::object& from = parsed.as_object();
  node_plan plan;
  plan.name = text_of(from, "name");
  plan.api_url = text_of(from, "api_url");
  plan.token = text_of(from, "token");
  plan.folder = text_of(from, "folder");
  plan.database = text_of(from, "database");
  plan.address = text_of(from, "address");
  plan.shards = static_cast<std::uint32_t>(number_of(from, "shards"));
  plan.echo_each = static_cast<std::uint64_t>(number_of(from, "echo_each"));
  plan.release = text_of(from, "release");
  plan.flaw = text_of(from, "flaw");
  plan.features = text_of(from, "features");
  plan.job_lease = std::chrono::milliseconds(number_of(from, "job_lease"));
  plan.leases = {.ttl = std::chrono::milliseconds(number_of(from, "ttl")),
                 .renew_every = std::chrono::milliseconds(number_of(from, "renew_every")),
                 .margin = std::chrono::milliseconds(number_of(from, "margin"))};
  return plan;
}

std::vector<const features::feature_declaration*> features_of(const node_plan& plan) {
  if (plan.features.empty()) return {&recorder, &echo, &flawed};
  std::vector<const features::feature_declaration*> out;
  for (const auto& name : std::views::split(plan.features, ','))
    out.push_back(features::find_feature(std::string_view(name)));
  return out;
}

bot::fleet_settings settings_of(const node_plan& plan) {
  bot::fleet_settings settings;
  settings.fleet = "moving";
  settings.node = plan.name;
  settings.release = plan.release;
  settings.leases = plan.leases;
  settings.moves_per_minute = as_many_as_needed;
  settings.peers = peer::peer_settings{
      .listen = plan.address, .host = plan.address, .fleet_key = base::secret("of a test whose shards move")};
  settings.database.url = base::secret(plan.database);
  auto bot = plan_of("bot1", plan.token, plan.api_url, plan.folder, features_of(plan));
  bot.settings.release = plan.release;
  bot.settings.shards = plan.shards;
  bot.settings.node = plan.name;
  bot.settings.jobs.lease = plan.job_lease;
  settings.bots.push_back(std::move(bot));
  return settings;
}

}  // namespace

std::string text_of(const node_plan& plan) {
  return json::serialize(json::object{{"name", plan.name},
                                      {"api_url", plan.api_url},
                                      {"token", plan.token},
                                      {"folder", plan.folder},
                                      {"database", plan.database},
                                      {"address", plan.address},
                                      {"shards", plan.shards},
                                      {"echo_each", plan.echo_each},
                                      {"release", plan.release},
                                      {"flaw", plan.flaw},
                                      {"features", plan.features},
                                      {"job_lease", plan.job_lease.count()},
                                      {"ttl", plan.leases.ttl.count()},
                                      {"renew_every", plan.leases.renew_every.count()},
                                      {"margin", plan.leases.margin.count()}});
}

int run_node(const std::string& text) {
  const node_plan plan = read_plan(text);
  base::configure_logging({.level = base::log_level::info, .node = plan.name});
  printed_messages log;
  record_messages_in(&log);
  echo_each(plan.echo_each);
  choose_flaw(plan.flaw);
  net::asio::io_context context{1};
  net::asio::signal_set signals(context, SIGTERM);
  hosted_fleet fleet(settings_of(plan));
  signals.async_wait([](const boost::system::error_code&, int) {});
  context.run();
  fleet.stop();
  return 0;
}

int tests_or_node(int count, char** values, int (*run)(const std::string& plan)) {
  if (count == 3 && std::string_view(values[1]) == "--node") return run(values[2]);
  testing::InitGoogleTest(&count, values);
  return RUN_ALL_TESTS();
}

}  // namespace guildfleet::integration
