// Writes a shard's progress and guild state together, in batches; what is stored is never older than the
// sequence beside it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "discord/gateway/session.hpp"
#include "discord/model/guild_state.hpp"
#include "fleet/watermark.hpp"
#include "net/async_event.hpp"
#include "store/store.hpp"
#include "store/store_executor.hpp"

namespace guildfleet::bot {

// What identifies the session beside its id.
struct ledger_identity {
  store::lease_key key;
  std::uint64_t intents = 0;
  std::string token_fingerprint;
};

// What a save reads at its beginning; nullopt: there is no session to save.
struct ledger_moment {
  discord::resume_point session;
  std::uint64_t epoch = 0;
};

// Lives on the shard's reactor; the references must outlive it.
class ledger_writer final {
 public:
  using moment_reader = std::function<std::optional<ledger_moment>()>;

  ledger_writer(net::asio::any_io_executor executor, ledger_identity identity,
                std::shared_ptr<store::store> store, store::store_executor& store_thread,
                discord::guild_state& guilds, const fleet::watermark& progress, moment_reader moment,
                std::function<void()> on_fenced, base::counter failures, base::logger log);

  // Something changed: it is written within flush_every. Cheap when that is known already.
  void note_change() {
    if (change_noted_) return;
    change_noted_ = true;
    changed_.notify();
  }
  // Writes soon instead of gathering: a new session.
  void note_new_session();

  // While another shard has the same guilds. `writes_guild`: whether this one writes down a guild's state.
  // `bound`: what may be stored of the session when it stands at the given sequence. Both empty, as at first:
  // everything.
  struct shared_guilds {
    std::function<bool(discord::guild_id)> writes_guild{};
    std::function<std::uint64_t(std::uint64_t)> bound{};
  };
  void share_guilds(shared_guilds with) { shared_ = std::move(with); }
  // Its state is this one's to write from now on.
  void add_guild(discord::guild_id guild);
  // What is under way now has ended, written or not.
  net::task<> settled();

  // As it was written last; 0: nothing of this session yet.
  [[nodiscard]] std::uint64_t stored_sequence(const std::string& session_id) const {
    return session_id == saved_session_ ? saved_sequence_ : 0;
  }

  // Memory of what waits to be written.
  [[nodiscard]] std::size_t bytes_approx() const {
    constexpr std::size_t of_a_node = 4 * sizeof(void*);
    return unsaved_.size() * (sizeof(discord::guild_id) + of_a_node);
  }

  // Writes in batches until cancelled.
  net::task<> run();
  // Writes what there is when it is called, after a save that is under way; false: it could not be written.
  net::task<bool> save();
  // The session can be resumed by nobody any more.
  net::task<> forget(std::uint64_t epoch);

  // A session begins from what the ledger holds: nothing of an earlier one counts.
  void restart(const std::string& session_id, std::uint64_t sequence);

 private:
  [[nodiscard]] std::vector<store::guild_change> next_changes();
  [[nodiscard]] bool writes(discord::guild_id guild) const {
    return !shared_.writes_guild || shared_.writes_guild(guild);
  }
  net::task<bool> write(store::session_row row, std::vector<store::guild_change> changes);
  void log_failure(const base::error& error);

  ledger_identity identity_;
  std::shared_ptr<store::store> store_;
  store::store_executor& store_thread_;
  discord::guild_state& guilds_;
  const fleet::watermark& progress_;
  moment_reader moment_;
  std::function<void()> on_fenced_;
  shared_guilds shared_;
  base::counter failures_;
  base::logger log_;
  net::async_event changed_;
  net::async_event hurry_;  // ends the gathering of changes
  net::async_event save_ended_;
  std::set<discord::guild_id> unsaved_;  // changed, and not written yet
  bool change_noted_ = false;
  bool at_once_ = false;
  bool saving_ = false;
  bool failing_ = false;
  std::string saved_session_;
  std::uint64_t saved_sequence_ = 0;
};

}  // namespace guildfleet::bot
