// What a feature keeps of guilds: rows of its own in the store, which outlive the process and are there on
// whichever node acts for the guild next.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "net/io.hpp"
#include "store/record_rows.hpp"

namespace guildfleet::features {

// Whose records a feature's are.
enum class record_scope {
  fleet,  // the bot that acts for the feature in a guild goes on with what another bot left
  bot     // every bot has its own: what hangs on messages that only it can edit
};

// One per feature, from any reactor of the bot. Nothing is cached. The kinds "flow" (flow.hpp), "report"
// (guild_reports.hpp) and "origin" (origins.hpp) are taken. Errors: std::errc::invalid_argument with the
// limit of store/record_rows.hpp that was passed; those of the store. After outcome_unknown and timed_out the
// change may have been made: read again.
class record_port {
 public:
  virtual ~record_port() = default;

  // All of `changes`, at most 100 and each of another record, or none when one of them is not possible.
  [[nodiscard]] virtual net::task<base::result<store::record_outcome>> change(
      std::vector<store::record_change> changes) = 0;
  [[nodiscard]] virtual net::task<base::result<std::optional<store::record>>> get(store::record_key key) = 0;
  [[nodiscard]] virtual net::task<base::result<store::record_page>> list(store::record_query query) = 0;
  // 1, 2, 3, ... for each guild and counter: never the same twice, also when what it was for came to nothing.
  [[nodiscard]] virtual net::task<base::result<std::uint64_t>> next_number(discord::guild_id guild,
                                                                           std::string counter) = 0;
};

// Everything of a query, page after page. Errors as of list(), and std::errc::value_too_large when there are
// more than `most`: whoever takes up what it finds would leave the rest behind.
[[nodiscard]] net::task<base::result<std::vector<store::record>>> list_all(record_port& records,
                                                                           store::record_query query,
                                                                           std::size_t most = 100'000);

// True: the changes were made; false: another one was faster with one of them, or the store failed.
[[nodiscard]] bool was_written(const base::result<store::record_outcome>& outcome);

// Takes `of` away, unless it was changed since it was read.
[[nodiscard]] store::record_change removal(const store::record& of);

// What a record is to be: from what is there, nullopt when nothing is.
struct record_edit {
  std::optional<std::string> value;  // nullopt: no record
  std::optional<std::int64_t> sort{};
  std::optional<std::chrono::milliseconds> keep_for{};
};
// nullopt: it stays as it is.
using edit_record_function =
    std::function<std::optional<record_edit>(const std::optional<store::record>& now)>;

// Reads, applies, writes; again with what is there by then when somebody was faster. What is there in the
// end; nullopt: nothing. Errors: store_error::busy when others were faster every time; those of the port.
[[nodiscard]] net::task<base::result<std::optional<store::record>>> edit_record(record_port& records,
                                                                                store::record_key key,
                                                                                edit_record_function apply);

}  // namespace guildfleet::features
