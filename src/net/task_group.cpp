#include "net/task_group.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <exception>
#include <list>
#include <utility>

#include "base/log.hpp"
#include "net/async_event.hpp"

namespace guildfleet::net {
namespace {

struct member_record {
  std::string name;
  asio::cancellation_signal signal;
  bool cancelled = false;
};

task<> run_member(task<> member) {
  co_await asio::this_coro::throw_if_cancelled(false);
  // co_spawn may start inside spawn(); a member never runs before its spawner goes on.
  co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
  co_await std::move(member);
}

// What a crashed member threw; empty when it ended as it should.
std::string crash_text(const std::exception_ptr& thrown, bool cancelled) {
  if (!thrown) return {};
  try {
    std::rethrow_exception(thrown);
  } catch (const boost::system::system_error& error) {
    if (cancelled && error.code() == asio::error::operation_aborted) return {};
    return error.what();
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "an exception of unknown type";
  }
}

}  // namespace

struct task_group::impl : std::enable_shared_from_this<impl> {
  impl(asio::any_io_executor on, crash_handler handler)
      : executor(on), on_crash(std::move(handler)), ended(std::move(on)) {}

  void spawn(std::string name, task<> member) {
    if (closed) {
      base::logger::root().debug("task refused by a closed group", base::field("task", name));
      return;
    }
    const auto position = members.emplace(members.end());
    position->name = std::move(name);
    asio::co_spawn(
        executor, run_member(std::move(member)),
        asio::bind_cancellation_slot(position->signal.slot(),
                                     [self = shared_from_this(), position](std::exception_ptr thrown) {
                                       self->finish(position, thrown);
                                     }));
  }

  void finish(std::list<member_record>::iterator position, const std::exception_ptr& thrown) {
    const std::string what = crash_text(thrown, position->cancelled);
    const std::string name = std::move(position->name);
    members.erase(position);
    if (!what.empty()) {
      base::logger::root().error("a task crashed", base::field("task", name), base::field("what", what));
      if (on_crash) on_crash(name, what);
    }
    if (members.empty()) ended.notify();
  }

  void cancel() {
    for (member_record& member : members) {
      member.cancelled = true;
      member.signal.emit(asio::cancellation_type::terminal);
    }
  }

  asio::any_io_executor executor;
  crash_handler on_crash;
  std::list<member_record> members;
  async_event ended;
  bool closed = false;
};

task_group::task_group(asio::any_io_executor executor, crash_handler on_crash)
    : impl_(std::make_shared<impl>(std::move(executor), std::move(on_crash))) {}

task_group::~task_group() {
  impl_->closed = true;
  impl_->on_crash = nullptr;
  if (!impl_->members.empty()) cancel();
}

void task_group::spawn(std::string name, task<> member) {
  impl_->spawn(std::move(name), std::move(member));
}

void task_group::cancel() {
  asio::post(impl_->executor, [kept = impl_] { kept->cancel(); });
}

void task_group::close() {
  impl_->closed = true;
}

task<> task_group::join() {
  const std::shared_ptr<impl> kept = impl_;
  while (!kept->members.empty()) co_await kept->ended.wait_uncancelled(no_deadline());
}

void task_group::reopen() {
  impl_->closed = false;
}

std::size_t task_group::size() const {
  return impl_->members.size();
}

}  // namespace guildfleet::net
