// What the process' allocator tells of itself: glibc's, or jemalloc where the process was started with it
// (LD_PRELOAD=libjemalloc.so.2).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace guildfleet::base {

struct allocator_use {
  std::uint64_t live = 0;  // bytes that the program has
  std::uint64_t free = 0;  // that the allocator took from the system beyond it
};
[[nodiscard]] allocator_use allocator_use_now();

enum class heap_report_kind {
  profile,     // jemalloc's: where the memory that is in use was taken; for jeprof
  statistics,  // jemalloc's, as JSON
  arenas       // glibc's, as XML
};
[[nodiscard]] std::string_view name_of(heap_report_kind value);

// Holds addresses, sizes and the paths of the program and its libraries; nothing of what lies in the memory.
struct heap_report {
  heap_report_kind kind = heap_report_kind::arenas;
  std::string text{};
  std::string hint{};  // why it is not a profile, and how to get one; empty: it is one
};
// The best there is. Blocks, with a large heap for a second. Error: the allocator refused, with its reason.
[[nodiscard]] result<heap_report> report_heap();

// Of a memory map in /proc's form, at the end of a profile: only what is executed and needed to tell
// functions by addresses. Files that are mapped for reading, such as a store's, are left out.
[[nodiscard]] std::string without_data_files(std::string_view profile);

// The environment that makes a process a profiled one.
struct profiling_environment {
  static constexpr const char* preload = "libjemalloc.so.2";
  // A sample of every 512 KiB that are taken: about one in a thousand allocations, a few per cent of time.
  static constexpr const char* options = "prof:true,prof_active:true,lg_prof_sample:19";
};
// jemalloc is there and keeps a profile.
[[nodiscard]] bool heap_is_profiled();
// jemalloc is there.
[[nodiscard]] bool runs_on_jemalloc();

}  // namespace guildfleet::base
