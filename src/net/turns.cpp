#include "net/turns.hpp"

#include <deque>
#include <utility>

#include "net/on_reactor.hpp"

namespace guildfleet::net {
namespace {

struct waiter {
  explicit waiter(const asio::any_io_executor& home) : news(home) {}

  async_event news;
  bool granted = false;
  bool gone = false;
};

}  // namespace

struct turns::state {
  state(asio::any_io_executor at, std::size_t at_once) : home(std::move(at)), free(at_once) {}

  static task<std::optional<turn>> enter(std::shared_ptr<state> self, deadline until) {
    if (self->free > 0) {
      --self->free;
      co_return turn(std::move(self));
    }
    const auto place = std::make_shared<waiter>(self->home);
    self->line.push_back(place);
    while (!place->granted && co_await place->news.wait(until)) {
    }
    place->gone = true;
    if (!place->granted) co_return std::nullopt;
    co_return turn(std::move(self));
  }

  void pass_on() {
    while (!line.empty()) {
      const auto next = std::exchange(line.front(), nullptr);
      line.pop_front();
      if (next->gone) continue;
      next->granted = true;
      next->news.notify();
      return;
    }
    ++free;
  }

  asio::any_io_executor home;
  std::size_t free;
  std::deque<std::shared_ptr<waiter>> line;
};

turns::turns(asio::any_io_executor home, std::size_t at_once)
    : state_(std::make_shared<state>(std::move(home), at_once)) {}

task<std::optional<turns::turn>> turns::enter(deadline until) const {
  return on_reactor(state_->home, state::enter(state_, until));
}

turns::turn& turns::turn::operator=(turn&& other) noexcept {
  if (this != &other) {
    give_back();
    of_ = std::move(other.of_);
  }
  return *this;
}

void turns::turn::give_back() {
  if (!of_) return;
  const asio::any_io_executor home = of_->home;
  asio::post(home, [of = std::exchange(of_, nullptr)] { of->pass_on(); });
}

}  // namespace guildfleet::net
