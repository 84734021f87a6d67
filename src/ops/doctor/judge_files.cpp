// GD32x: SQLite files; GD307: the tables in them and on a server.
#include <fmt/format.h>

#include "ops/doctor/judgement.hpp"
#include "ops/doctor/notebook.hpp"
#include "ops/doctor/schema_judgement.hpp"
#include "ops/doctor/thresholds.hpp"
#include "ops/plan/figure_text.hpp"

namespace guildfleet::ops::doctor {
namespace {

using store::schema_state;
using store::sqlite_health;

void judge_soundness(const sqlite_health& of, notebook& notes) {
  if (of.damage) {
    notes.say(check::sqlite_file, of.path,
              {.how = grade::error,
               .seen = fmt::format("it is damaged: {}", *of.damage),
               .meaning = "The bot refuses to start with it, for it would make the damage worse.",
               .todo = fmt::format(
                   "Stop the bot, keep a copy, then take what can be read: sqlite3 '{0}' .recover | "
                   "sqlite3 '{0}.new'; or put a backup in its place.",
                   of.path)});
    return;
  }
  notes.fine(check::sqlite_file, of.path,
             of.sound ? fmt::format("sound, {}", bytes_text(static_cast<double>(of.bytes)))
                      : fmt::format("{}; too large to be checked here: sqlite3 '{}' 'PRAGMA quick_check'",
                                    bytes_text(static_cast<double>(of.bytes)), of.path));
}

void judge_place(const sqlite_health& of, notebook& notes) {
  if (of.shared) {
    notes.say(
        check::sqlite_place, of.path,
        {.how = grade::error,
         .seen = fmt::format("on {}", of.file_system),
         .meaning = "SQLite's locks and its shared memory do not work over a network: two nodes may hold one "
                    "lease, and the file may be damaged.",
         .todo = "Put the file on a disk of this machine, or use PostgreSQL: `guildfleet db copy`."});
    return;
  }
  notes.fine(check::sqlite_place, of.path, fmt::format("on {}", of.file_system));
}

void judge_log(const sqlite_health& of, notebook& notes) {
  const std::string size = bytes_text(static_cast<double>(of.log_bytes));
  if (of.journal_mode != "wal") {
    notes.say(
        check::sqlite_log, of.path,
        {.how = grade::note,
         .seen = fmt::format("journal mode {}", of.journal_mode),
         .meaning = "Readers and the writer wait for one another. The bot switches it to wal when it starts.",
         .todo = "Nothing, if the bot has not run with this file yet; else see what else opens it."});
  } else if (of.log_bytes >= large_log) {
    notes.say(
        check::sqlite_log, of.path,
        {.how = grade::warning,
         .seen = fmt::format("the log has {}", size),
         .meaning =
             "A reader that never ends keeps the log from being written back: it grows until the disk is "
             "full.",
         .todo = fmt::format("Find who has it open (`fuser '{}'`) and end what is not the bot.", of.path)});
  } else {
    notes.fine(check::sqlite_log, of.path, fmt::format("{} in the log", size));
  }
}

}  // namespace

void judge_schema(const std::string& place, const answer<store::schema_look>& of, notebook& notes) {
  const auto* look = notes.read(check::schema, place, of,
                                {.how = grade::error,
                                 .seen = {},
                                 .meaning = "Whether its tables fit this release is not known.",
                                 .todo = "Look with `guildfleet db status`."});
  if (look == nullptr) return;
  const std::string seen = fmt::format("version {} of {}", look->found, look->known);
  switch (look->state) {
    case schema_state::current:
      notes.fine(check::schema, place, seen);
      break;
    case schema_state::absent:
      notes.say(check::schema, place,
                {.how = grade::note,
                 .seen = "there are none yet",
                 .meaning = "The first start of a bot makes them.",
                 .todo = "`guildfleet run`, or `guildfleet db migrate`."});
      break;
    case schema_state::older:
      notes.say(
          check::schema, place,
          {.how = grade::warning,
           .seen = fmt::format("{}: {} to go", seen, look->known - look->found),
           .meaning =
               "The next start of this release takes these steps, and waits for locks where others hold "
               "them.",
           .todo = "`guildfleet db migrate` takes them now, while somebody looks."});
      break;
    case schema_state::newer:
      notes.say(check::schema, place,
                {.how = grade::note,
                 .seen = seen,
                 .meaning = "A later release made them; this one can work with them.",
                 .todo = "Run the later release everywhere when its rollout is over."});
      break;
    case schema_state::unreadable:
      notes.say(check::schema, place,
                {.how = grade::error,
                 .seen = seen,
                 .meaning = "A later release took something away that this one needs: it refuses to start.",
                 .todo = "Run the later release, or put a backup in its place."});
      break;
  }
}

void judge_file(const file_facts& of, diagnosis& into) {
  notebook notes(into);
  const auto* file = notes.read(check::sqlite_file, of.path, of.file,
                                {.how = grade::error,
                                 .seen = {},
                                 .meaning = "The bot that has its data there cannot start.",
                                 .todo = "Run the doctor as the user that the bots run as."});
  if (file == nullptr) return;
  judge_place(*file, notes);
  if (!file->there) {
    notes.say(
        check::sqlite_file, of.path,
        {.how = grade::note,
         .seen = "it is not there",
         .meaning = "The first start of the bot makes it.",
         .todo = "If the bot has run before, look whether the path and the working directory are right."});
    return;
  }
  judge_soundness(*file, notes);
  judge_log(*file, notes);
  judge_schema(of.path, of.schema, notes);
}

}  // namespace guildfleet::ops::doctor
