// guildfleet demo: three bots against the built-in simulator, without a token or a network.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <ostream>

#include "base/json_text.hpp"
#include "base/scratch_folder.hpp"
#include "cli/bot_state.hpp"
#include "cli/node.hpp"
#include "cli/simulator_host.hpp"
#include "net/async_event.hpp"
#include "net/http_client.hpp"

namespace guildfleet::cli {
namespace {

constexpr std::array bot_names{"management", "music", "game"};
constexpr std::array commands{"ping", "about", "help"};
constexpr std::chrono::seconds command_every{5};
constexpr std::chrono::seconds ready_limit{60};

struct demo_options {
  std::uint16_t port = 3001;
  std::chrono::seconds run_for{0};  // 0: until it is stopped
};

sim::simulator_settings simulator_settings_of_demo() {
  sim::simulator_settings settings;
  settings.world.guilds = 5;
  settings.traffic.events_per_second = 20;
  for (const char* name : bot_names) {
    sim::bot_spec bot;
    bot.name = name;
    settings.world.bot_specs.push_back(std::move(bot));
  }
  settings.world.bots = static_cast<int>(bot_names.size());
  return settings;
}

ops::fleet_config config_of(const demo_options& options, const simulator_host& simulator,
                            const program_facts& facts, const std::filesystem::path& folder) {
  ops::fleet_config config;
  config.fleet = "demo";
  config.address = "127.0.0.1";
  config.port = options.port;
  config.node.name = facts.host_name;
  config.node.release = facts.version;
  config.log.level = base::log_level::warn;
  config.discord.api_url = simulator.api_url();
  for (const sim::bot_account& account : simulator.bots()) {
    ops::bot_section bot;
    bot.name = account.name;
    bot.token = base::secret(account.token);
    bot.features = facts.default_features;
    bot.sqlite_path = (folder / (account.name + ".sqlite")).string();
    config.bots.push_back(std::move(bot));
  }
  return config;
}

// Plays a member who uses the bots' commands, and tells what they answered.
class demo_member final {
 public:
  demo_member(net::asio::any_io_executor executor, const std::string& api_url,
              std::vector<sim::bot_account> bots, std::chrono::seconds run_for, const terminal& to)
      : client_(executor, {.origin = *net::parse_url(api_url), .tls = {}}),
        bots_(std::move(bots)),
        run_for_(run_for),
        to_(to) {}

  net::task<std::optional<exit_code>> play(const bot::fleet_status& fleet) {
    const auto started = std::chrono::steady_clock::now();
    if (!co_await all_ready(fleet, net::deadline_in(ready_limit))) {
      to_.err << "guildfleet: the bots did not get ready within " << ready_limit.count() << " s\n";
      co_return exit_code::timed_out;
    }
    bool all_answered = true;
    for (std::size_t turn = 0; run_for_.count() == 0 || turn == 0 || running_since(started) < run_for_;
         ++turn) {
      for (const sim::bot_account& each : bots_) {
        all_answered = co_await use_command(each, commands[turn % commands.size()]) && all_answered;
      }
      auto pause = net::deadline_in(command_every);
      if (run_for_.count() != 0) pause = std::min(pause, started + run_for_);
      if (!co_await net::sleep_until(pause)) co_return std::nullopt;
    }
    co_return all_answered ? exit_code::fine : exit_code::failed;
  }

 private:
  static std::chrono::steady_clock::duration running_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::steady_clock::now() - start;
  }

  static net::task<bool> all_ready(const bot::fleet_status& fleet, net::deadline until) {
    while (std::chrono::steady_clock::now() < until) {
      const auto snapshot = fleet.snapshot();
      const auto ready = [](const bot::bot_health& each) { return state_of(each) == bot_state::ready; };
      if (!snapshot.bots.empty() && std::ranges::all_of(snapshot.bots, ready)) co_return true;
      if (!co_await net::sleep_until(net::deadline_in(std::chrono::milliseconds(100)))) co_return false;
    }
    co_return false;
  }

  // The command is known a moment after the bot is ready, when it has been registered.
  net::task<bool> use_command(sim::bot_account who, std::string command) {
    const auto until = net::deadline_in(std::chrono::seconds(15));
    net::http_response answer;
    do {
      base::json_writer body;
      body.begin_object().key("application").string(std::to_string(who.application));
      body.key("name").string(command).key("wait").number(3000).end_object();
      net::http_request request;
      request.method = "POST";
      request.target = "/_sim/command";
      request.fields.set("Content-Type", "application/json");
      request.body = body.take();
      auto sent = co_await client_.send(std::move(request), until);
      if (sent) answer = std::move(*sent);
      if (sent && sent->status == 200) break;
    } while (co_await net::sleep_until(std::min(until, net::deadline_in(std::chrono::milliseconds(200)))) &&
             std::chrono::steady_clock::now() < until);
    const bool answered = answer.status == 200 && answer.body.contains("\"callback_type\":4");
    to_.out << (answered ? painted(to_, colour::green, "answer") : painted(to_, colour::red, "silent"))
            << "   " << who.name << "  /" << command << '\n'
            << std::flush;
    co_return answered;
  }

  net::http_client client_;
  std::vector<sim::bot_account> bots_;
  std::chrono::seconds run_for_;
  terminal to_;
};

net::task<std::optional<exit_code>> play_demo(const simulator_host& simulator, const demo_options& options,
                                              const terminal& to, const bot::fleet_status& fleet) {
  demo_member member(co_await net::asio::this_coro::executor, simulator.api_url(), simulator.bots(),
                     options.run_for, to);
  co_return co_await member.play(fleet);
}

void greet(const demo_options& options, const simulator_host& simulator, const terminal& to) {
  to.out << "Three bots, a simulated Discord at " << simulator.api_url() << ".\n"
         << "  curl http://127.0.0.1:" << options.port << "/health\n"
         << "  curl http://127.0.0.1:" << options.port << "/metrics\n"
         << "  curl -d '{\"name\":\"ping\",\"application\":\"" << simulator.bots().front().application
         << "\",\"wait\":3000}' http://127.0.0.1:" << simulator.port() << "/_sim/command\n"
         << (options.run_for.count() == 0 ? "Ctrl-C ends it.\n" : "") << std::flush;
}

exit_code run_demo(const demo_options& options, const program_facts& facts, const terminal& to) {
  const base::scratch_folder folder;
  simulator_host simulator(simulator_settings_of_demo());
  if (const auto started = simulator.start(); !started) {
    to.err << "guildfleet: " << started.error().message() << '\n';
    return exit_code::failed;
  }
  greet(options, simulator, to);
  node_options node{config_of(options, simulator, facts, folder.path()), {}, {}};
  node.beside = [&](const bot::fleet_status& fleet) { return play_demo(simulator, options, to, fleet); };
  return run_node(std::move(node), to);
}

}  // namespace

command_action attach_demo(CLI::App& app, const program_facts& facts) {
  const auto options = std::make_shared<demo_options>();
  app.add_option("--port", options->port, "port of /health and /metrics on 127.0.0.1");
  app.add_option_function<std::string>(
         "--for",
         [options](const std::string& text) { options->run_for = std::chrono::seconds(std::stoi(text)); },
         "end by itself after so long, e.g. 20s")
      ->check([](const std::string& text) {
        const bool good = !text.empty() && text.size() <= 6 &&
                          text.find_first_not_of("0123456789") >= text.size() - 1 && text != "s" &&
                          (text.ends_with('s') || text.find_first_not_of("0123456789") == std::string::npos);
        return good ? std::string() : std::string("must be seconds, e.g. 20s");
      });
  return [options, &facts](const terminal& to) { return run_demo(*options, facts, to); };
}

}  // namespace guildfleet::cli
