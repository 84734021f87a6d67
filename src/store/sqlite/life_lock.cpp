#include "store/sqlite/life_lock.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

#include "store/error.hpp"

namespace guildfleet::store {
namespace {

constexpr off_t setup_byte = 0;

off_t byte_of(std::uint64_t incarnation) {
  return static_cast<off_t>(1 + (incarnation >> 2U));
}

constexpr off_t to_the_end = 0;

int command(int file, int what, short type, off_t byte, off_t length = 1) {
  struct flock request{};
  request.l_type = type;
  request.l_whence = SEEK_SET;
  request.l_start = byte;
  request.l_len = length;
  if (fcntl(file, what, &request) != 0) return -1;
  return request.l_type;
}

base::error explain(const std::string& path, int number) {
  return base::error(store_error::cannot_open,
                     fmt::format("{}: {}", path, std::generic_category().message(number)),
                     "The file must be writable and on a local file system that supports locks.");
}

}  // namespace

base::result<life_lock> life_lock::hold(const std::string& path, std::uint64_t incarnation) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return std::unexpected(explain(path, errno));
  life_lock lock(file, path);
  if (command(file, F_OFD_SETLK, F_WRLCK, byte_of(incarnation)) < 0)
    return std::unexpected(explain(path, errno));
  return lock;
}

life_lock::life_lock(life_lock&& other) noexcept
    : file_(std::exchange(other.file_, -1)), path_(std::move(other.path_)) {}

life_lock::~life_lock() {
  if (file_ >= 0) close(file_);
}

bool life_lock::held_by_other(std::uint64_t incarnation) const {
  return command(file_, F_OFD_GETLK, F_WRLCK, byte_of(incarnation)) != F_UNLCK;
}

bool life_lock::has_company() const {
  return command(file_, F_OFD_GETLK, F_WRLCK, byte_of(0), to_the_end) != F_UNLCK;
}

base::result<void> life_lock::enter_setup(std::chrono::milliseconds patience) {
  constexpr std::chrono::milliseconds step{10};
  for (auto left = patience;; left -= step) {
    if (command(file_, F_OFD_SETLK, F_WRLCK, setup_byte) >= 0) return {};
    if (errno != EAGAIN && errno != EACCES) return std::unexpected(explain(path_, errno));
    if (left <= std::chrono::milliseconds(0)) {
      return base::fail(store_error::busy, path_,
                        "Another process is opening or migrating this store; wait for it or end it.");
    }
    std::this_thread::sleep_for(step);
  }
}

void life_lock::leave_setup() {
  command(file_, F_OFD_SETLK, F_UNLCK, setup_byte);
}

}  // namespace guildfleet::store
