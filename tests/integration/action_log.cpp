#include "integration/action_log.hpp"

#include <array>
#include <charconv>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace guildfleet::integration {
namespace {

// What stands before the next blank, which is taken too.
std::string_view take_word(std::string_view& from) {
  const std::size_t end = std::min(from.find(' '), from.size());
  const std::string_view word = from.substr(0, end);
  from.remove_prefix(std::min(end + 1, from.size()));
  return word;
}

template <class Number>
bool take_number(std::string_view& from, Number& to) {
  const std::string_view word = take_word(from);
  const auto read = std::from_chars(word.data(), word.data() + word.size(), to);
  return read.ec == std::errc() && read.ptr == word.data() + word.size();
}

}  // namespace

void printed_messages::handled(const handled_message& what) {
  const std::string line = fmt::format("{} {} {} {}\n", what.bot, what.shard.index, what.message,
                                       what.begun.time_since_epoch().count());
  if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) ::_exit(1);
}

std::optional<node_action> read_action(std::string_view line) {
  node_action out;
  out.bot = take_word(line);
  std::int64_t begun = 0;
  if (!take_number(line, out.shard) || !take_number(line, out.message) || !take_number(line, begun))
    return std::nullopt;
  out.begun = base::steady_time(std::chrono::nanoseconds(begun));
  return out;
}

action_reader::action_reader(const std::string& path, receiver to)
    : file_(::open(path.c_str(), O_RDONLY | O_CREAT | O_CLOEXEC, 0600), "open"),
      end_(::eventfd(0, EFD_CLOEXEC), "eventfd"),
      to_(std::move(to)) {
  growth_.add(path);
  thread_ = std::thread([this] { follow(); });
}

action_reader::~action_reader() {
  ::eventfd_write(end_.get(), 1);
  thread_.join();
}

void action_reader::follow() {
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

bool action_reader::read_more() {
  std::array<char, 65'536> buffer;
  const ssize_t count = ::read(file_.get(), buffer.data(), buffer.size());
  if (count <= 0) return false;
  rest_.append(buffer.data(), static_cast<std::size_t>(count));
  std::size_t begin = 0;
  for (std::size_t end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n', begin)) {
    if (auto action = read_action(std::string_view(rest_).substr(begin, end - begin)))
      to_(std::move(*action));
    begin = end + 1;
  }
  rest_.erase(0, begin);
  return true;
}

}  // namespace guildfleet::integration
