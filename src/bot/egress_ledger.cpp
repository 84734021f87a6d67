#include "bot/egress_ledger.hpp"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <new>
#include <span>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.hpp"

namespace guildfleet::bot {
namespace {

using window = discord::invalid_request_window;

constexpr std::size_t capacity = 1'024;
constexpr std::int64_t step_s = window::step.count();
constexpr std::int64_t runs_s = 600;                 // a bot seen within this time has a share
constexpr std::int64_t reused_s = 3'600;             // a record unseen for longer is free
constexpr std::uint64_t magic = 0x3173736572676667;  // "gfgress1"

// A count with the step that it is of, so that one word changes at once.
constexpr std::uint64_t word_of(std::int64_t step, std::uint64_t count) {
  return static_cast<std::uint64_t>(step) << 24U | count;
}
constexpr std::int64_t step_of(std::uint64_t word) {
  return static_cast<std::int64_t>(word >> 24U);
}
constexpr std::uint64_t most = (1U << 24U) - 1;

std::unexpected<base::error> system_failure(const std::string& path) {
  return base::fail(std::error_code(errno, std::generic_category()), path,
                    "The folder must be writable and on a disk with room.");
}

std::optional<std::uint64_t> key_of(const std::string& bot) {
  std::uint64_t key = 0;
  const auto read = std::from_chars(bot.data(), bot.data() + bot.size(), key, 16);
  if (read.ec != std::errc() || read.ptr != bot.data() + bot.size() || key == 0) return std::nullopt;
  return key;
}

std::string file_name(const std::string& name) {
  std::string safe = name.substr(0, 200);
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '@';
  };
  std::ranges::replace_if(safe, [&](char c) { return !plain(c); }, '_');
  return safe;
}

// Closes on every way out.
class descriptor final {
 public:
  explicit descriptor(int number) : number_(number) {}
  ~descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  [[nodiscard]] int get() const { return number_; }

 private:
  int number_;
};

class folder_lock final {
 public:
  explicit folder_lock(int folder) : folder_(folder) {
    while (::flock(folder_, LOCK_EX) != 0 && errno == EINTR) {
    }
  }
  ~folder_lock() { ::flock(folder_, LOCK_UN); }
  folder_lock(const folder_lock&) = delete;
  folder_lock& operator=(const folder_lock&) = delete;

 private:
  int folder_;
};

base::result<void> check_owner(int opened, const std::string& path) {
  struct stat facts{};
  if (::fstat(opened, &facts) != 0) return system_failure(path);
  if (facts.st_uid == ::geteuid() && (facts.st_mode & 022U) == 0) return {};
  return base::fail(std::make_error_code(std::errc::permission_denied), path,
                    "It belongs to another user, or others may write to it: remove it.");
}

}  // namespace

struct egress_ledger::record {
  std::atomic<std::uint64_t> key;  // 0: never used
  std::atomic<std::int64_t> seen_s;
  std::array<std::atomic<std::uint64_t>, window::steps> words;
  std::uint64_t spare;
};

struct egress_ledger::layout {
  std::uint64_t magic;
  std::uint64_t size;
  std::array<std::uint64_t, 6> spare;
  std::array<record, capacity> records;
};

static_assert(std::atomic<std::uint64_t>::is_always_lock_free, "the words are shared between processes");

std::string default_egress_folder() {
  return fmt::format("/var/tmp/guildfleet-{}", ::geteuid());
}

base::result<std::shared_ptr<egress_ledger>> egress_ledger::open(const std::string& folder,
                                                                 const std::string& name,
                                                                 const base::clock& clock) {
  static_assert(sizeof(record) == 512 && sizeof(layout) == 64 + 512 * capacity);
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return system_failure(folder);
  descriptor place(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (place.get() < 0) return system_failure(folder);
  if (auto ours = check_owner(place.get(), folder); !ours) return std::unexpected(std::move(ours).error());
  const std::string file = file_name(name);
  const std::string path = folder + "/" + file;
  const folder_lock lock(place.get());
  descriptor opened(::openat(place.get(), file.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (opened.get() < 0) return system_failure(path);
  if (auto ours = check_owner(opened.get(), path); !ours) return std::unexpected(std::move(ours).error());
  struct stat facts{};
  if (::fstat(opened.get(), &facts) != 0) return system_failure(path);
  const bool fresh = facts.st_size == 0;
  constexpr std::array<std::uint64_t, 2> head{bot::magic, sizeof(layout)};
  std::array<std::uint64_t, 2> found{};
  const bool fits = facts.st_size == sizeof(layout) &&
                    ::pread(opened.get(), found.data(), sizeof(found), 0) == sizeof(found) && found == head;
  if (!fits && !fresh) {
    base::logger::root().warn("the count of invalid requests is damaged and begins anew",
                              base::field("file", path));
    // Another process may have it mapped: it keeps the old file, which nobody else reads any more.
    if (::unlinkat(place.get(), file.c_str(), 0) != 0) return system_failure(path);
    opened = descriptor(
        ::openat(place.get(), file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (opened.get() < 0) return system_failure(path);
  }
  if (!fits) {
    // Room is taken now: writing to a mapped page of a full disk would kill the process.
    if (const int failed = ::posix_fallocate(opened.get(), 0, sizeof(layout)); failed != 0) {
      ::unlinkat(place.get(), file.c_str(), 0);
      errno = failed;
      return system_failure(path);
    }
    if (::pwrite(opened.get(), head.data(), sizeof(head), 0) != sizeof(head)) return system_failure(path);
  }
  void* mapped = ::mmap(nullptr, sizeof(layout), PROT_READ | PROT_WRITE, MAP_SHARED, opened.get(), 0);
  if (mapped == MAP_FAILED) return system_failure(path);
  return std::shared_ptr<egress_ledger>(
      new egress_ledger(::fcntl(place.get(), F_DUPFD_CLOEXEC, 0), static_cast<layout*>(mapped), clock));
}

egress_ledger::egress_ledger(int folder, layout* mapped, const base::clock& clock)
    : folder_(folder), mapped_(mapped), clock_(clock) {}

egress_ledger::~egress_ledger() {
  ::munmap(mapped_, sizeof(layout));
  ::close(folder_);
}

std::int64_t egress_ledger::now_s() const {
  return std::chrono::floor<std::chrono::seconds>(clock_.wall_now()).time_since_epoch().count();
}

egress_ledger::record* egress_ledger::find(std::uint64_t key) const {
  const auto found = std::ranges::find_if(mapped_->records, [key](const record& each) {
    return each.key.load(std::memory_order_acquire) == key;
  });
  return found == mapped_->records.end() ? nullptr : &*found;
}

egress_ledger::record* egress_ledger::find_or_make(std::uint64_t key) {
  if (record* found = find(key)) return found;
  const folder_lock lock(folder_);
  if (record* found = find(key)) return found;
  const std::int64_t now = now_s();
  for (record& each : mapped_->records) {
    if (each.key.load() != 0 && each.seen_s.load() >= now - reused_s) continue;
    each.key.store(0);
    for (auto& word : each.words) word.store(0);
    each.seen_s.store(now);
    each.key.store(key, std::memory_order_release);
    return &each;
  }
  return nullptr;
}

bool egress_ledger::enter(const std::string& bot) {
  const auto key = key_of(bot);
  record* found = key ? find_or_make(*key) : nullptr;
  if (found == nullptr) return false;
  found->seen_s.store(now_s());
  const std::lock_guard lock(mutex_);
  if (std::ranges::find(own_, found) == own_.end()) own_.push_back(found);
  return true;
}

bool egress_ledger::note(const std::string& bot) {
  const auto key = key_of(bot);
  record* found = key ? find_or_make(*key) : nullptr;
  if (found == nullptr) return false;
  const std::int64_t now = now_s();
  found->seen_s.store(now);
  const std::int64_t step = now / step_s;
  auto& word = found->words[static_cast<std::size_t>(step) % window::steps];
  std::uint64_t before = word.load();
  std::uint64_t after = 0;
  do {
    const bool same = step_of(before) == step;
    after = same ? word_of(step, std::min((before & most) + 1, most)) : word_of(step, 1);
  } while (!word.compare_exchange_weak(before, after));
  return true;
}

std::vector<discord::address_ledger::use> egress_ledger::read() {
  const std::int64_t now = now_s();
  {
    const std::lock_guard lock(mutex_);
    for (record* each : own_) each->seen_s.store(now);
  }
  std::vector<use> uses;
  for (const record& each : mapped_->records) {
    const std::uint64_t key = each.key.load(std::memory_order_acquire);
    if (key == 0) break;  // records are taken from the front
    if (each.seen_s.load() < now - runs_s) continue;
    use& out = uses.emplace_back();
    out.bot = fmt::format("{:016x}", key);
    for (const auto& word : each.words) {
      const std::uint64_t value = word.load(std::memory_order_relaxed);
      // A clock that was set back makes counts of the past look like future ones: they count as new.
      const std::int64_t age = std::max<std::int64_t>(0, now / step_s - step_of(value));
      if (value == 0 || age >= static_cast<std::int64_t>(window::steps)) continue;
      out.counts[static_cast<std::size_t>(age)] += static_cast<int>(value & most);
    }
  }
  return uses;
}

}  // namespace guildfleet::bot
