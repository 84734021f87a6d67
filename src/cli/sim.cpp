// guildfleet sim: a Discord on this machine, to develop, test and rehearse against.
#include <CLI/CLI.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <memory>
#include <ostream>

#include "cli/command.hpp"
#include "cli/simulator_host.hpp"

namespace guildfleet::cli {
namespace {

struct sim_options {
  sim::simulator_settings settings;
  std::int64_t heartbeat_ms = 41'250;
  std::int64_t identify_ms = 5'000;
  int max_concurrency = 1;
  int shards = 1;
  int session_starts = 1'000;
  bool no_rate_limits = false;
  std::vector<std::string> tokens;
};

void apply(sim_options& options) {
  sim::simulator_settings& settings = options.settings;
  settings.gateway.heartbeat_interval = std::chrono::milliseconds(options.heartbeat_ms);
  settings.gateway.identify_interval = std::chrono::milliseconds(options.identify_ms);
  if (options.no_rate_limits) {
    settings.rest.bucket_limits = false;
    settings.rest.global_per_second = 0;
    settings.rest.invalid_limit = 0;
  }
  const auto named = options.tokens.size();
  settings.world.bots = std::max(settings.world.bots, static_cast<int>(named));
  for (int i = 0; i < settings.world.bots; ++i) {
    sim::bot_spec spec;
    spec.name = "bot" + std::to_string(i + 1);
    if (static_cast<std::size_t>(i) < named) spec.token = options.tokens[static_cast<std::size_t>(i)];
    spec.max_concurrency = options.max_concurrency;
    spec.recommended_shards = options.shards;
    spec.session_start_total = options.session_starts;
    settings.world.bot_specs.push_back(std::move(spec));
  }
}

exit_code run_simulator(const sim_options& options, const terminal& to) {
  net::asio::io_context context(1);
  simulator_host host(options.settings);
  const auto started = host.start([&context] { net::asio::post(context, [&context] { context.stop(); }); });
  if (!started) {
    to.err << "guildfleet: " << started.error().message() << '\n';
    return exit_code::failed;
  }
  to.out << "DISCORD_API_URL=" << host.api_url() << '\n';
  for (const sim::bot_account& bot : host.bots()) to.out << bot.name << "  " << bot.token << '\n';
  to.out << std::flush;
  net::asio::signal_set signals(context, SIGINT, SIGTERM);
  signals.async_wait([&context](const boost::system::error_code&, int) { context.stop(); });
  context.run();
  return exit_code::fine;
}

}  // namespace

command_action attach_sim(CLI::App& app, const program_facts& /*facts*/) {
  const auto options = std::make_shared<sim_options>();
  sim::simulator_settings& settings = options->settings;
  settings.port = 4000;
  app.add_option("--address", settings.address,
                 "address to listen on; it shows tokens to whoever asks: never one that others can reach")
      ->capture_default_str();
  app.add_option("--host", settings.host, "name that clients reach it by, where that is not the address");
  app.add_option("--port", settings.port, "port; 0: a free one")->check(CLI::Range(0, 65'535));
  app.add_flag("--tls", settings.tls, "serve TLS, with a throw-away authority");
  app.add_option("--ca-file", settings.ca_file, "where to write that authority's certificate (TLS_CA_FILE)");
  app.add_option("--bots", settings.world.bots, "number of bots")->check(CLI::Range(1, 10'000));
  app.add_option("--token", options->tokens, "token of the next bot (made up when not given)");
  app.add_option("--guilds", settings.world.guilds, "number of guilds")->check(CLI::Range(0, 100'000));
  app.add_flag("--spread", settings.world.spread, "each guild has one bot, in turn, instead of all");
  app.add_option("--channels", settings.world.channels_per_guild, "channels of each guild")
      ->check(CLI::Range(1, 500));
  app.add_option("--roles", settings.world.roles, "roles of each guild")->check(CLI::Range(1, 250));
  app.add_option("--members", settings.world.members, "members of each guild")->check(CLI::Range(0, 100'000));
  app.add_option("--emojis", settings.world.emojis, "emojis of each guild")->check(CLI::Range(0, 500));
  app.add_option("--seed", settings.world.seed, "same seed, same ids and names");
  app.add_option("--rate", settings.traffic.events_per_second, "events per second of made-up traffic");
  app.add_option("--shards", options->shards, "recommended shards of each bot")->check(CLI::Range(1, 10'000));
  app.add_option("--max-concurrency", options->max_concurrency, "identifies in parallel")
      ->check(CLI::Range(1, 10'000));
  app.add_option("--session-starts", options->session_starts, "identifies of each bot in a day")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--heartbeat-ms", options->heartbeat_ms, "heartbeat interval")
      ->check(CLI::Range(100, 600'000));
  app.add_option("--identify-ms", options->identify_ms, "time between identifies of one bucket")
      ->check(CLI::Range(0, 600'000));
  app.add_flag("--no-rate-limits", options->no_rate_limits, "REST without rate limits");
  return [options](const terminal& to) {
    apply(*options);
    return run_simulator(*options, to);
  };
}

}  // namespace guildfleet::cli
