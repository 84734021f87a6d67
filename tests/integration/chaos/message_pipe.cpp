#include "integration/chaos/message_pipe.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace guildfleet::chaos {

void handled_messages::begin_run(bool forgiven) {
  const std::lock_guard lock(mutex_);
  ++run_;
  if (forgiven) after_kill_.insert(run_);
}

void handled_messages::add(const std::string& bot, std::uint64_t message) {
  const std::lock_guard lock(mutex_);
  const auto [found, fresh] = last_run_[bot].try_emplace(message, run_);
  if (fresh) return;
  const bool forgiven = found->second == run_ - 1 && after_kill_.contains(run_);
  ++(forgiven ? repeated_ : twice_);
  found->second = run_;
}

std::size_t handled_messages::distinct(const std::string& bot) const {
  const std::lock_guard lock(mutex_);
  const auto found = last_run_.find(bot);
  return found == last_run_.end() ? 0 : found->second.size();
}

std::size_t handled_messages::handled_twice() const {
  const std::lock_guard lock(mutex_);
  return twice_;
}

std::size_t handled_messages::repeated_after_kill() const {
  const std::lock_guard lock(mutex_);
  return repeated_;
}

line_reader::line_reader(const std::string& path, handled_messages& to)
    : file_(::open(path.c_str(), O_RDONLY | O_CREAT | O_CLOEXEC, 0600), "open"),
      end_(::eventfd(0, EFD_CLOEXEC), "eventfd"),
      to_(to) {
  growth_.add(path);
  thread_ = std::thread([this] { follow(); });
}

line_reader::~line_reader() {
  ::eventfd_write(end_.get(), 1);
  thread_.join();
}

void line_reader::follow() {
  const auto now = [] { return std::chrono::steady_clock::now(); };
  while (true) {
    const bool last = support::wait_readable({&end_}, now());
    while (read_more()) {
    }
    if (last) return;
    (void)support::wait_readable({&growth_.news(), &end_}, now() + std::chrono::hours(1));
    growth_.take();
  }
}

bool line_reader::read_more() {
  std::array<char, 65'536> buffer;
  const ssize_t count = ::read(file_.get(), buffer.data(), buffer.size());
  if (count <= 0) return false;
  rest_.append(buffer.data(), static_cast<std::size_t>(count));
  std::size_t begin = 0;
  for (std::size_t end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n', begin)) {
    const std::size_t blank = rest_.find(' ', begin);
    std::uint64_t message = 0;
    std::from_chars(rest_.data() + blank + 1, rest_.data() + end, message);
    to_.add(rest_.substr(begin, blank - begin), message);
    begin = end + 1;
  }
  rest_.erase(0, begin);
  return true;
}

}  // namespace guildfleet::chaos
