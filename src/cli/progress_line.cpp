#include "cli/progress_line.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <ostream>

#include "base/published.hpp"
#include "net/async_event.hpp"
#include "net/reactor.hpp"
#include "net/task_group.hpp"

namespace guildfleet::cli {
namespace {

constexpr std::chrono::seconds appears_after{2};
constexpr std::chrono::milliseconds rewritten_every{200};

}  // namespace

struct progress_line::impl {
  explicit impl(const terminal& on) : to(on), loop("progress"), tasks(loop.executor()) {
    net::asio::post(loop.executor(), [this] { tasks.spawn("progress", show(*this)); });
  }
  ~impl() { net::asio::co_spawn(loop.executor(), end(*this), net::asio::use_future).get(); }
  impl(const impl&) = delete;
  impl& operator=(const impl&) = delete;

  static net::task<> end(impl& self) {
    self.tasks.close();
    self.tasks.cancel();
    co_await self.tasks.join();
  }
  static net::task<> show(impl& self) {
    if (!co_await net::sleep_until(net::deadline_in(appears_after))) co_return;
    do {
      self.to.err << "\r\x1b[K" << *self.what.get() << std::flush;
    } while (co_await net::sleep_until(net::deadline_in(rewritten_every)));
    self.to.err << "\r\x1b[K" << std::flush;
  }

  terminal to;
  base::published<std::string> what;
  net::reactor loop;
  net::task_group tasks;
};

progress_line::progress_line(const terminal& to) : impl_(to.colours ? std::make_unique<impl>(to) : nullptr) {}

progress_line::~progress_line() = default;

void progress_line::tell(std::string what) {
  if (impl_) impl_->what.set(std::move(what));
}

}  // namespace guildfleet::cli
