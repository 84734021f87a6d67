#include "base/code_pages.hpp"

#include <cstdint>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

namespace guildfleet::base {
namespace {

// Only segments that are executable and not writable: no page of theirs differs from the file.
int release_segments(dl_phdr_info* object, std::size_t /*size*/, void* total) {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  for (std::size_t i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = object->dlpi_phdr[i];
    const bool code = segment.p_type == PT_LOAD && (segment.p_flags & (PF_X | PF_W)) == PF_X;
    if (!code || object->dlpi_addr == 0) continue;
    const std::uintptr_t first = (object->dlpi_addr + segment.p_vaddr + page - 1) / page * page;
    const std::uintptr_t last = (object->dlpi_addr + segment.p_vaddr + segment.p_filesz) / page * page;
    if (last <= first) continue;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the loader tells addresses as integers.
    if (::madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED) == 0)
      *static_cast<std::size_t*>(total) += last - first;
  }
  return 0;
}

}  // namespace

std::size_t release_code_pages() {
  std::size_t total = 0;
  ::dl_iterate_phdr(release_segments, &total);
  return total;
}

}  // namespace guildfleet::base
