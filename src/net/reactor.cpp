#include "net/reactor.hpp"

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <pthread.h>

#include "base/log.hpp"

namespace guildfleet::net {
namespace {

constexpr std::chrono::milliseconds heartbeat_interval{500};

std::int64_t steady_milliseconds() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// An exception that leaves a handler is a bug of that handler alone: the loop goes on.
void run_until_stopped(asio::io_context& context) {
  while (!context.stopped()) {
    try {
      context.run();
    } catch (const std::exception& error) {
      base::logger::root().error("a handler threw on the event loop", base::field("what", error.what()));
    }
  }
}

}  // namespace

struct reactor::heartbeat {
  explicit heartbeat(asio::io_context& context) : work(context.get_executor()), timer(context) { beat(); }

  void beat() {
    last_turn.store(steady_milliseconds(), std::memory_order_relaxed);
    timer.expires_after(heartbeat_interval);
    timer.async_wait([this](const boost::system::error_code& code) {
      if (!code) beat();
    });
  }

  asio::executor_work_guard<asio::io_context::executor_type> work;
  asio::steady_timer timer;
  std::atomic<std::int64_t> last_turn{0};
};

reactor::reactor(std::string thread_name) : heartbeat_(std::make_unique<heartbeat>(context_)) {
  constexpr std::size_t longest_name = 15;  // pthread_setname_np refuses more
  thread_name.resize(std::min(thread_name.size(), longest_name));
  thread_ = std::thread([this, name = std::move(thread_name)] {
    pthread_setname_np(pthread_self(), name.c_str());
    run_until_stopped(context_);
  });
}

reactor::~reactor() {
  stop();
  if (thread_.joinable()) thread_.join();
}

asio::any_io_executor reactor::executor() {
  return context_.get_executor();
}

std::chrono::milliseconds reactor::last_turn_age() const {
  return std::chrono::milliseconds(steady_milliseconds() -
                                   heartbeat_->last_turn.load(std::memory_order_relaxed));
}

void reactor::stop() {
  context_.stop();
}

}  // namespace guildfleet::net
