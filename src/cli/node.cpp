#include "cli/node.hpp"

#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdlib>
#include <malloc.h>
#include <ostream>
#include <set>
#include <sys/resource.h>

#include "api/api_server.hpp"
#include "api/health_json.hpp"
#include "api/health_server.hpp"
#include "base/code_pages.hpp"
#include "base/count_text.hpp"
#include "base/process_memory.hpp"
#include "cli/bot_state.hpp"
#include "cli/service_manager.hpp"
#include "net/async_event.hpp"
#include "net/task_group.hpp"

namespace guildfleet::cli {
namespace {

constexpr std::chrono::milliseconds progress_every{200};
constexpr std::chrono::seconds http_stop_limit{2};

// A core dump would hold every token.
void forbid_core_dumps() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
}

// Each arena of the allocator keeps its own free memory; the loops share few objects, so two are enough.
void keep_memory_small() {
  ::mallopt(M_ARENA_MAX, 2);
}

std::size_t guilds_of(const bot::bot_health& bot) {
  std::size_t count = 0;
  for (const auto& shard : bot.shards) count += shard.guilds;
  return count;
}

api::api_server_settings settings_of(const ops::api_section& section) {
  api::api_server_settings out{section.address, *section.port, {}};
  for (const std::string& each : section.trusted_proxies) out.trusted.push_back(*base::network::parse(each));
  return out;
}

class node_process final {
 public:
  node_process(bot::fleet_settings settings, node_options options, const terminal& to)
      : options_(std::move(options)),
        to_(to),
        signals_(context_, SIGINT, SIGTERM),
        fleet_(context_.get_executor(), std::move(settings), clock_, metrics_),
        http_(context_.get_executor(), {options_.config.address, options_.config.port, {}, &memory_}, fleet_,
              metrics_),
        manager_(context_.get_executor(), options_.variables),
        tasks_(context_.get_executor()) {}

  exit_code run() {
    wait_for_signal();
    if (!open_stores()) return exit_code::failed;
    if (const auto started = http_.start(); !started) {
      to_.err << "guildfleet: " << started.error().message() << '\n';
      return exit_code::failed;
    }
    if (!start_api()) return exit_code::failed;
    base::logger::root().info("node starts", base::field("bots", options_.config.bots.size()),
                              base::field("port", http_.port()),
                              base::field("release", options_.config.node.release));
    tasks_.spawn("fleet", run_fleet());
    tasks_.spawn("progress", show_progress());
    tasks_.spawn("memory", sample_memory());
    if (options_.beside) tasks_.spawn("companion", run_companion());
    manager_.look(fleet_.snapshot());
    tasks_.spawn("service manager", manager_.watch(fleet_));
    context_.run();
    return result_;
  }

 private:
  void wait_for_signal() {
    signals_.async_wait([this](const boost::system::error_code& failed, int number) {
      if (failed) return;
      if (stopping_) std::_Exit(static_cast<int>(exit_code::failed));
      base::logger::root().info("node stops", base::field("signal", number));
      stop();
      wait_for_signal();
    });
  }

  bool open_stores() {
    fleet_.tell_peers([this] { return api::health_json(fleet_.snapshot(), true, base::resident_memory()); });
    const auto errors = fleet_.open_stores();
    for (const base::error& each : errors) to_.err << "guildfleet: " << each.message() << '\n';
    return errors.empty();
  }

  bool start_api() {
    const ops::api_section& at = options_.config.api;
    if (!at.port) return true;
    api_ = std::make_unique<api::api_server>(context_.get_executor(), settings_of(at),
                                             fleet_.stores_of_bots(), clock_, metrics_);
    const auto started = api_->start();
    if (!started) {
      to_.err << "guildfleet: " << started.error().message() << '\n';
      return false;
    }
    base::logger::root().info("API listens", base::field("address", at.address),
                              base::field("api_port", api_->port()));
    return true;
  }

  void stop() {
    stopping_ = true;
    fleet_.stop();
    manager_.look(fleet_.snapshot());
  }

  net::task<> run_fleet() {
    co_await fleet_.run();
    if (!stopping_) {
      base::logger::root().error("every bot has stopped for good");
      result_ = exit_code::failed;
    }
    if (api_) co_await api_->stop(net::deadline_in(http_stop_limit));
    co_await http_.stop(net::deadline_in(http_stop_limit));
    signals_.cancel();
    tasks_.close();
    tasks_.cancel();
  }

  net::task<> run_companion() {
    const auto code = co_await options_.beside(fleet_);
    if (!code) co_return;
    result_ = *code;
    stop();
  }

  // One line per bot when all that this node has of it is ready, or when it has stopped for good.
  net::task<> show_progress() {
    std::set<std::string> told;
    while (told.size() < options_.config.bots.size()) {
      for (const bot::bot_health& each : fleet_.snapshot().bots) {
        if (!told.contains(each.name) && tell(each)) told.insert(each.name);
      }
      to_.out.flush();
      if (!co_await net::sleep_until(net::deadline_in(progress_every))) co_return;
    }
    base::release_code_pages();
    co_await return_memory();
  }

  // What the start needed, and later what bursts did, goes back to the system.
  static net::task<> return_memory() {
    for (std::chrono::seconds pause{10};; pause = std::chrono::minutes(5)) {
      if (!co_await net::sleep_until(net::deadline_in(pause))) co_return;
      ::malloc_trim(0);
    }
  }

  net::task<> sample_memory() {
    do {
      memory_.add(api::sample_memory(fleet_.memory(), clock_.wall_now()));
    } while (co_await net::sleep_until(net::deadline_in(api::memory_history::sampled_every)));
  }

  bool tell(const bot::bot_health& each) const {
    if (each.stopped) {
      to_.out << painted(to_, colour::red, "stopped") << "  " << each.name << "  " << each.problem << '\n';
      return true;
    }
    if (state_of(each) != bot_state::ready) return false;
    const std::size_t held = held_shards(each);
    to_.out << painted(to_, colour::green, "ready") << "    " << each.name << "  "
            << (held < each.shards.size() ? fmt::format("{} of ", held) : std::string())
            << base::count_text(each.shards.size(), "shard") << ", "
            << base::count_text(guilds_of(each), "guild") << '\n';
    return true;
  }

  node_options options_;
  terminal to_;
  net::asio::io_context context_{1};
  net::asio::signal_set signals_;
  base::system_clock clock_;
  base::metrics metrics_;
  bot::fleet_runtime fleet_;
  api::memory_history memory_;
  api::health_server http_;
  std::unique_ptr<api::api_server> api_;
  service_manager manager_;
  net::task_group tasks_;
  bool stopping_ = false;
  exit_code result_ = exit_code::fine;
};

}  // namespace

exit_code run_node(node_options options, const terminal& to) {
  forbid_core_dumps();
  keep_memory_small();
  base::log_settings log;
  log.level = options.config.log.level;
  log.format = options.config.log.format;
  log.node = options.config.node.name;
  base::configure_logging(std::move(log));
  auto settings = fleet_settings_of(options.config);
  if (!settings) {
    to.err << "guildfleet: " << settings.error().message() << '\n';
    return exit_code::usage;
  }
  return node_process(std::move(*settings), std::move(options), to).run();
}

}  // namespace guildfleet::cli
