#include "bot/ledger_writer.hpp"

namespace guildfleet::bot {
namespace {

constexpr std::chrono::seconds flush_every{1};
constexpr std::chrono::seconds retry_after{5};
constexpr std::size_t guilds_a_write = 64;  // keeps a start with thousands of guilds small in memory
constexpr std::uint64_t sequence_of_ready = 1;

}  // namespace

ledger_writer::ledger_writer(net::asio::any_io_executor executor, ledger_identity identity,
                             std::shared_ptr<store::store> store, store::store_executor& store_thread,
                             discord::guild_state& guilds, const fleet::watermark& progress,
                             moment_reader moment, std::function<void()> on_fenced, base::counter failures,
                             base::logger log)
    : identity_(std::move(identity)),
      store_(std::move(store)),
      store_thread_(store_thread),
      guilds_(guilds),
      progress_(progress),
      moment_(std::move(moment)),
      on_fenced_(std::move(on_fenced)),
      failures_(failures),
      log_(std::move(log)),
      changed_(executor),
      hurry_(executor),
      save_ended_(executor) {}

void ledger_writer::note_new_session() {
  at_once_ = true;
  change_noted_ = true;
  changed_.notify();
  hurry_.notify();
}

net::task<> ledger_writer::run() {
  while (co_await changed_.wait(net::no_deadline())) {
    // READY notes a change before its session is known here, so the gathering may be under way already.
    if (!at_once_) (void)co_await hurry_.wait(net::deadline_in(flush_every));
    const auto cancellation = co_await net::asio::this_coro::cancellation_state;
    if (cancellation.cancelled() != net::asio::cancellation_type::none) co_return;
    at_once_ = false;
    change_noted_ = false;
    if (co_await save()) continue;
    if (!co_await net::sleep_until(net::deadline_in(retry_after))) co_return;
    note_change();
  }
}

net::task<bool> ledger_writer::save() {
  while (saving_) (void)co_await save_ended_.wait_uncancelled(net::no_deadline());
  saving_ = true;
  bool written = true;
  for (bool more = true; more && written;) {
    const auto moment = moment_();
    if (!moment) break;
    if (moment->session.session_id != saved_session_) saved_sequence_ = sequence_of_ready;
    // Read before the guilds are: their state may be newer than the sequence, never older.
    const std::uint64_t low = shared_.bound ? shared_.bound(progress_.low()) : progress_.low();
    std::vector<store::guild_change> changes = next_changes();
    more = !unsaved_.empty();
    if (changes.empty() && low == saved_sequence_ && moment->session.session_id == saved_session_) break;
    // Until the last guild is written the sequence stays where it was.
    const std::uint64_t sequence = more ? saved_sequence_ : low;
    store::session_row row{moment->session.session_id, moment->session.resume_url,  sequence,
                           identity_.intents,          identity_.token_fingerprint, moment->epoch};
    written = co_await write(std::move(row), std::move(changes));
    if (written) {
      saved_session_ = moment->session.session_id;
      saved_sequence_ = sequence;
    }
  }
  saving_ = false;
  save_ended_.notify();
  co_return written;
}

void ledger_writer::add_guild(discord::guild_id guild) {
  unsaved_.insert(guild);
  note_change();
}

net::task<> ledger_writer::settled() {
  while (saving_) (void)co_await save_ended_.wait_uncancelled(net::no_deadline());
}

std::vector<store::guild_change> ledger_writer::next_changes() {
  for (const discord::dirty_guild& item : guilds_.take_dirty()) unsaved_.insert(item.guild);
  std::erase_if(unsaved_, [this](discord::guild_id guild) { return !writes(guild); });
  std::vector<store::guild_change> changes;
  for (auto next = unsaved_.begin(); next != unsaved_.end() && changes.size() < guilds_a_write;) {
    std::string state = guilds_.serialize(*next);
    changes.push_back({*next, state.empty() ? std::nullopt : std::optional(std::move(state))});
    next = unsaved_.erase(next);
  }
  return changes;
}

net::task<bool> ledger_writer::write(store::session_row row, std::vector<store::guild_change> changes) {
  std::vector<discord::guild_id> ids;
  for (const store::guild_change& item : changes) ids.push_back(item.guild);
  const auto outcome =
      co_await store_thread_.run([store = store_, key = identity_.key, row = std::move(row),
                                  changes = std::move(changes)] { return store->save(key, row, changes); });
  if (!outcome) {
    unsaved_.insert(ids.begin(), ids.end());
    log_failure(outcome.error());
    co_return false;
  }
  if (failing_) log_.info("session ledger is written again");
  failing_ = false;
  if (*outcome == store::write_outcome::fenced) on_fenced_();
  co_return true;
}

net::task<> ledger_writer::forget(std::uint64_t epoch) {
  saved_session_.clear();
  const auto outcome = co_await store_thread_.run(
      [store = store_, key = identity_.key, epoch] { return store->forget(key, epoch); });
  if (!outcome) log_failure(outcome.error());
}

void ledger_writer::restart(const std::string& session_id, std::uint64_t sequence) {
  unsaved_.clear();
  saved_session_ = session_id;
  saved_sequence_ = sequence;
}

void ledger_writer::log_failure(const base::error& error) {
  failures_.add();
  if (failing_) return;
  failing_ = true;
  log_.error("session ledger could not be written; a restart may replay events until it is",
             base::field("reason", error.message()));
}

}  // namespace guildfleet::bot
