// Hears of changed settings as soon as they are committed, by LISTEN.
#pragma once

#include <functional>
#include <memory>
#include <thread>
#include <variant>

#include "base/backoff.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "store/data_rows.hpp"

namespace guildfleet::store {

// Notes may have been missed: everything in use is to be read again (settings_store::changes_since).
struct resync_needed {
  bool operator==(const resync_needed&) const = default;
};
using change_note = std::variant<changed_settings, resync_needed>;

struct listener_settings {
  base::secret url;  // of the server itself: a pooler in transaction mode cannot LISTEN
  std::string application_name;
  // A connection on which nothing was heard for so long is tried with a question.
  std::chrono::milliseconds check_every{10'000};
  std::chrono::milliseconds answer_within{3000};
  base::backoff_settings pauses{.first = std::chrono::milliseconds(200),
                                .cap = std::chrono::milliseconds(3000)};
};

// One connection and one thread of its own; connects again for as long as it lives. `tell` is called on that
// thread, with resync_needed after each connecting, and shall only post to the reactor of whoever needs it.
class change_listener final {
 public:
  using listener = std::function<void(change_note)>;

  // Error cannot_open: the URL is none.
  [[nodiscard]] static base::result<std::unique_ptr<change_listener>> start(const listener_settings& settings,
                                                                            listener tell,
                                                                            base::random_source random,
                                                                            base::logger log);
  ~change_listener();  // joins; no call of `tell` afterwards
  change_listener(const change_listener&) = delete;
  change_listener& operator=(const change_listener&) = delete;

  // Whether changes are heard at present. From any thread.
  [[nodiscard]] bool connected() const;

 private:
  struct impl;
  explicit change_listener(std::unique_ptr<impl> made);

  std::unique_ptr<impl> impl_;
  std::thread thread_;
};

}  // namespace guildfleet::store
