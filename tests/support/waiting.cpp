#include "support/waiting.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>
#include <sys/inotify.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace guildfleet::support {

handle::handle(int number, const char* what) : number_(number) {
  if (number < 0) throw std::system_error(errno, std::generic_category(), what);
}

handle::~handle() {
  ::close(number_);
}

bool wait_readable(std::initializer_list<const handle*> any_of, wait_end until) {
  std::vector<pollfd> asked;
  for (const handle* each : any_of) asked.push_back({each->get(), POLLIN, 0});
  while (true) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
    const int ready = ::poll(asked.data(), asked.size(), static_cast<int>(std::clamp(left, 0L, 3'600'000L)));
    if (ready > 0) return true;
    if (ready == 0 && left <= 0) return false;
    if (ready < 0 && errno != EINTR) throw std::system_error(errno, std::generic_category(), "poll");
  }
}

file_watch::file_watch() : news_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC), "inotify_init1") {}

void file_watch::add(const std::filesystem::path& file) {
  if (::inotify_add_watch(news_.get(), file.c_str(), IN_MODIFY) < 0)
    throw std::system_error(errno, std::generic_category(), file);
}

void file_watch::take() {
  alignas(inotify_event) std::array<char, 4096> events;
  while (::read(news_.get(), events.data(), events.size()) > 0) {
  }
}

}  // namespace guildfleet::support
