#include "store/postgres/change_listener.hpp"

#include <array>
#include <atomic>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "store/postgres/connection_watch.hpp"
#include "store/postgres/note_session.hpp"
#include "store/postgres/settings_channel.hpp"
#include "store/postgres/sql_error.hpp"

namespace guildfleet::store {

struct change_listener::impl {
  impl(listener_settings wanted, connection_target where, listener tell_whom, base::random_source source,
       base::logger to)
      : settings(std::move(wanted)),
        target(std::move(where)),
        tell(std::move(tell_whom)),
        random(source),
        pauses(settings.pauses),
        log(std::move(to)),
        stop(::eventfd(0, EFD_CLOEXEC)) {}
  ~impl() { ::close(stop); }
  impl(const impl&) = delete;
  impl& operator=(const impl&) = delete;

  void run();
  void listen_until_broken(note_session& session);
  template <class F>
  void ask(note_session& session, F question);
  // Waits for the socket (-1: for none); true: there is something to read.
  bool wait(int socket, std::chrono::milliseconds limit);

  listener_settings settings;
  connection_target target;
  listener tell;
  base::random_source random;
  base::backoff pauses;
  base::logger log;
  connection_watch watch;
  int stop;  // readable when the thread shall end
  bool stopping = false;
  std::atomic<bool> connected = false;
};

bool change_listener::impl::wait(int socket, std::chrono::milliseconds limit) {
  std::array<pollfd, 2> sources{pollfd{.fd = stop, .events = POLLIN, .revents = 0},
                                pollfd{.fd = socket, .events = POLLIN, .revents = 0}};
  ::poll(sources.data(), sources.size(), static_cast<int>(limit.count()));
  stopping = stopping || sources[0].revents != 0;
  return sources[1].revents != 0;
}

// Runs a question to the server, which must answer in time.
template <class F>
void change_listener::impl::ask(note_session& session, F question) {
  const connection_watch::guard guard(watch, session.socket_handle(),
                                      std::chrono::steady_clock::now() + settings.answer_within);
  question();
}

void change_listener::impl::listen_until_broken(note_session& session) {
  ask(session, [&] { session.listen(std::string(settings_channel)); });
  pauses.reset();
  connected = true;
  tell(resync_needed{});
  while (true) {
    const bool silent = !wait(session.socket_handle(), settings.check_every);
    if (stopping) return;
    if (silent) ask(session, [&] { session.check(); });
    for (const std::string& note : session.take_notes()) {
      if (auto changed = parse_settings_note(note)) tell(*std::move(changed));
    }
  }
}

void change_listener::impl::run() {
  while (!stopping) {
    std::string why;
    if (auto session = note_session::connect(target)) {
      try {
        listen_until_broken(**session);
        return;
      } catch (const sql_failure& failure) {
        connected = false;
        why = failure.error().message();
      }
    } else {
      why = session.error().message();
    }
    if (pauses.attempts() == 0) log.warn("changes of settings are not heard", base::field("reason", why));
    wait(-1, pauses.next(random));
  }
}

change_listener::change_listener(std::unique_ptr<impl> made)
    : impl_(std::move(made)), thread_([work = impl_.get()] { work->run(); }) {}

change_listener::~change_listener() {
  const std::uint64_t one = 1;
  (void)::write(impl_->stop, &one, sizeof(one));
  thread_.join();
}

bool change_listener::connected() const {
  return impl_->connected;
}

base::result<std::unique_ptr<change_listener>> change_listener::start(const listener_settings& settings,
                                                                      listener tell,
                                                                      base::random_source random,
                                                                      base::logger log) {
  auto target = connection_target::parse(settings.url, settings.application_name);
  if (!target) return std::unexpected(std::move(target).error());
  return std::unique_ptr<change_listener>(new change_listener(
      std::make_unique<impl>(settings, *std::move(target), std::move(tell), random, std::move(log))));
}

}  // namespace guildfleet::store
