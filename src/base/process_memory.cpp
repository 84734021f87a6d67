#include "base/process_memory.hpp"

#include <fstream>
#include <unistd.h>

namespace guildfleet::base {

std::uint64_t resident_memory() {
  // proc(5): statm counts pages; the second number is the resident set.
  std::ifstream statm("/proc/self/statm");
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  if (!(statm >> total >> resident)) return 0;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace guildfleet::base
