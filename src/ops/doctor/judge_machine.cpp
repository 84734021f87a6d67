// GD5xx: the machine, or the container, on which the doctor runs.
#include <fmt/format.h>

#include "ops/doctor/judgement.hpp"
#include "ops/doctor/notebook.hpp"
#include "ops/doctor/thresholds.hpp"
#include "ops/plan/figure_text.hpp"

namespace guildfleet::ops::doctor {
namespace {

void judge_space(const std::string& path, const base::folder_space& of, notebook& notes) {
  const double share = of.total == 0 ? 1 : static_cast<double>(of.free) / static_cast<double>(of.total);
  const std::string seen = fmt::format("{} of {} free ({})", bytes_text(static_cast<double>(of.free)),
                                       bytes_text(static_cast<double>(of.total)), share_text(share));
  const bool none = of.free < never_enough_disk || (share < no_disk && of.free < plenty_of_disk);
  const bool little = share < little_disk && of.free < plenty_of_disk;
  if (!none && !little) {
    notes.fine(check::disk_space, path, seen);
    return;
  }
  notes.say(
      check::disk_space, path,
      {.how = none ? grade::error : grade::warning,
       .seen = seen,
       .meaning = "When nothing can be written, leases cannot be renewed there and the bot acts for nobody.",
       .todo = fmt::format(
           "See what fills it: du -xh '{}' | sort -h | tail. Then make room or a larger disk.", path)});
}

void judge_inodes(const std::string& path, const base::folder_space& of, notebook& notes) {
  if (of.total_files == 0) return;
  const double share = static_cast<double>(of.free_files) / static_cast<double>(of.total_files);
  const std::string seen = fmt::format("{} of {} free", grouped(of.free_files), grouped(of.total_files));
  if (share >= no_disk) {
    notes.fine(check::disk_files, path, seen);
    return;
  }
  notes.say(check::disk_files, path,
            {.how = grade::warning,
             .seen = seen,
             .meaning = "No file can be made any more, though there is space: SQLite's log is one.",
             .todo = fmt::format("Find the many small files: du --inodes -x '{}' | sort -n | tail.", path)});
}

void judge_folder(const std::string& path, const answer<base::folder_space>& of, notebook& notes) {
  const auto* space = notes.read(check::folder, path, of,
                                 {.how = grade::warning,
                                  .seen = {},
                                  .meaning = "How much room there is is not known.",
                                  .todo = "Run the doctor as the user that the bots run as."});
  if (space == nullptr) return;
  if (space->writable) {
    notes.fine(check::folder, path, "can be written to");
  } else {
    notes.say(
        check::folder, path,
        {.how = grade::error,
         .seen = "this user may not write there",
         .meaning = "A bot that runs as this user cannot keep its data.",
         .todo = fmt::format("chown -R \"$(id -u):$(id -g)\" '{}' as root, or run as its owner.", path)});
  }
  judge_space(path, *space, notes);
  judge_inodes(path, *space, notes);
}

void judge_open_files(const machine_facts& of, notebook& notes) {
  const auto* files = notes.read(check::open_files, "", of.open_files,
                                 {.how = grade::warning,
                                  .seen = {},
                                  .meaning = "Whether there are enough is not known.",
                                  .todo = "ulimit -n"});
  if (files == nullptr) return;
  const auto wanted =
      static_cast<std::uint64_t>(static_cast<double>(of.open_files_needed) * open_files_headroom);
  const std::string seen =
      fmt::format("{} allowed (at most {}), about {} needed by a node with all of these bots",
                  grouped(files->soft), grouped(files->hard), grouped(of.open_files_needed));
  if (files->soft >= wanted) {
    notes.fine(check::open_files, "", seen);
    return;
  }
  notes.say(
      check::open_files, "",
      {.how = files->soft < of.open_files_needed ? grade::error : grade::warning,
       .seen = seen,
       .meaning = "Shards and requests that come when it is reached get no connection.",
       .todo = fmt::format(
           "LimitNOFILE={0} in the unit, `ulimits: nofile: {0}` in Compose, or ulimit -n {0}.", wanted)});
}

void judge_limit(const machine_facts& of, notebook& notes) {
  const auto* memory = notes.read(check::memory_limit, "", of.memory,
                                  {.how = grade::note,
                                   .seen = {},
                                   .meaning = "How much memory is left is not known.",
                                   .todo = "free -m"});
  if (memory == nullptr) return;
  const double full =
      memory->limit == 0 ? 1 : static_cast<double>(memory->used) / static_cast<double>(memory->limit);
  std::string seen =
      fmt::format("{} of {} used ({}, by {})", bytes_text(static_cast<double>(memory->used)),
                  bytes_text(static_cast<double>(memory->limit)), share_text(full), memory->by);
  if (memory->killed_for_it > 0)
    seen += fmt::format("; processes killed for want of memory so far: {}", memory->killed_for_it);
  if (full < memory_tight && memory->killed_for_it == 0) {
    notes.fine(check::memory_limit, "", seen);
    return;
  }
  notes.say(
      check::memory_limit, "",
      {.how = full >= memory_full ? grade::error : grade::warning,
       .seen = seen,
       .meaning = "A process that needs more is killed, and everything on it begins anew.",
       .todo =
           "Raise deploy.memory_mib and render again, or the machine's memory; `guildfleet doctor memory` "
           "tells what grows, `guildfleet plan` what is needed."});
}

}  // namespace

void judge_machine(const machine_facts& of, diagnosis& into) {
  notebook notes(into);
  for (const auto& [path, space] : of.folders) judge_folder(path, space, notes);
  judge_open_files(of, notes);
  judge_limit(of, notes);
}

}  // namespace guildfleet::ops::doctor
