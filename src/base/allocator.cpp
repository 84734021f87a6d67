#include "base/allocator.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <fmt/format.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

namespace guildfleet::base {
namespace {

// jemalloc(3). The library is not linked: it is there when the process was started with it.
using mallctl_function = int (*)(const char*, void*, std::size_t*, void*, std::size_t);
using stats_function = void (*)(void (*)(void*, const char*), void*, const char*);

template <class Function>
Function symbol(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_DEFAULT, name));  // NOLINT: dlsym's way
}

template <class T>
T read_value(const char* name) {
  const auto mallctl = symbol<mallctl_function>("mallctl");
  T value{};
  std::size_t size = sizeof value;
  if (mallctl == nullptr || mallctl(name, &value, &size, nullptr, 0) != 0) return T{};
  return value;
}

allocator_use jemalloc_use() {
  const auto mallctl = symbol<mallctl_function>("mallctl");
  std::uint64_t epoch = 1;  // statistics are those of the last time that it was written
  std::size_t size = sizeof epoch;
  mallctl("epoch", &epoch, &size, &epoch, size);
  const auto allocated = read_value<std::size_t>("stats.allocated");
  const auto resident = read_value<std::size_t>("stats.resident");
  return {allocated, resident - std::min(resident, allocated)};
}

// A file in memory that has no name anywhere.
class nameless_file final {
 public:
  nameless_file() : file_(::memfd_create("heap", MFD_CLOEXEC)) {}
  nameless_file(const nameless_file&) = delete;
  nameless_file& operator=(const nameless_file&) = delete;
  ~nameless_file() {
    if (file_ >= 0) ::close(file_);
  }
  [[nodiscard]] bool good() const { return file_ >= 0; }
  [[nodiscard]] std::string path() const { return fmt::format("/proc/self/fd/{}", file_); }
  [[nodiscard]] std::string text() const {
    std::string out;
    char chunk[16384];  // NOLINT: a buffer for read
    ::lseek(file_, 0, SEEK_SET);
    for (ssize_t got = 0; (got = ::read(file_, chunk, sizeof chunk)) > 0;)
      out.append(chunk, static_cast<std::size_t>(got));
    return out;
  }

 private:
  int file_;
};

result<heap_report> profile() {
  const nameless_file file;
  const std::string path = file.path();
  const char* name = path.c_str();
  const auto mallctl = symbol<mallctl_function>("mallctl");
  const int refused =
      file.good() ? mallctl("prof.dump", nullptr, nullptr, static_cast<void*>(&name), sizeof name) : errno;
  if (refused != 0)
    return fail(std::error_code(refused, std::generic_category()), "the allocator's profile",
                "Is /proc mounted, and is there memory left?");
  return heap_report{heap_report_kind::profile, without_data_files(file.text()), {}};
}

heap_report statistics() {
  heap_report out{heap_report_kind::statistics, {}, {}};
  symbol<stats_function>("malloc_stats_print")(
      [](void* into, const char* text) { static_cast<std::string*>(into)->append(text); }, &out.text, "J");
  out.hint =
      read_value<bool>("config.prof")
          ? "jemalloc keeps no profile in this process: start the node with `guildfleet run --heap-profile`."
          : "this jemalloc was built without --enable-prof, so it can keep no profile; Debian's can: apt-get "
            "install libjemalloc2.";
  return out;
}

result<heap_report> arenas() {
  char* text = nullptr;
  std::size_t size = 0;
  std::FILE* into = ::open_memstream(&text, &size);
  if (into == nullptr)
    return fail(std::error_code(errno, std::generic_category()), "the allocator's statistics");
  const int refused = ::malloc_info(0, into);
  std::fclose(into);
  heap_report out{heap_report_kind::arenas, std::string(text, size), {}};
  std::free(text);  // NOLINT: open_memstream's
  if (refused != 0)
    return fail(std::make_error_code(std::errc::not_enough_memory), "the allocator's statistics");
  out.hint =
      "this node runs on glibc's allocator, which tells sizes only: start it with `guildfleet run "
      "--heap-profile`, "
      "which needs jemalloc (apt-get install libjemalloc2).";
  return out;
}

}  // namespace

std::string_view name_of(heap_report_kind value) {
  switch (value) {
    case heap_report_kind::profile:
      return "profile";
    case heap_report_kind::statistics:
      return "statistics";
    case heap_report_kind::arenas:
      return "arenas";
  }
  return "unknown";
}

bool runs_on_jemalloc() {
  return symbol<mallctl_function>("mallctl") != nullptr;
}

bool heap_is_profiled() {
  return read_value<bool>("opt.prof") && read_value<bool>("prof.active");
}

allocator_use allocator_use_now() {
  if (runs_on_jemalloc()) return jemalloc_use();
  const struct mallinfo2 now = ::mallinfo2();
  return {now.uordblks + now.hblkhd, now.fordblks};
}

result<heap_report> report_heap() {
  if (heap_is_profiled()) return profile();
  if (runs_on_jemalloc()) return statistics();
  return arenas();
}

std::string without_data_files(std::string_view profile) {
  constexpr std::string_view heading = "MAPPED_LIBRARIES:\n";
  const std::size_t begin = profile.find(heading);
  if (begin == std::string_view::npos) return std::string(profile);
  std::string out(profile.substr(0, begin + heading.size()));
  std::string_view rest = profile.substr(begin + heading.size());
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    // "7f15-7f16 r-xp 00033000 fe:00 332383   /usr/lib/..."
    const std::size_t rights = line.find(' ');
    const bool runs = rights != std::string_view::npos && line.substr(rights + 1, 4).contains('x');
    if (runs) out.append(line).append("\n");
  }
  return out;
}

}  // namespace guildfleet::base
