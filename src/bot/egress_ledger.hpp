// Invalid requests of all processes of this host that share one address towards Discord (protocol sheet 2.5):
// a file in shared memory, so that neither a restart nor a second process forgets.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "discord/rest/invalid_request_guard.hpp"

namespace guildfleet::bot {

// /var/tmp/guildfleet-<uid>: it outlives a reboot, and belongs to the user alone.
[[nodiscard]] std::string default_egress_folder();

// Counts are single atomic words, so a process may die at any moment. Any thread.
class egress_ledger final : public discord::address_ledger {
 public:
  // Makes the folder (0700) and the file when they are not there. A file that is damaged is replaced by an
  // empty one, with a warning in the log. `clock` outlives the ledger. Errors: of the system, and a folder or
  // file that belongs to somebody else.
  [[nodiscard]] static base::result<std::shared_ptr<egress_ledger>> open(const std::string& folder,
                                                                         const std::string& name,
                                                                         const base::clock& clock);
  ~egress_ledger() override;
  egress_ledger(const egress_ledger&) = delete;
  egress_ledger& operator=(const egress_ledger&) = delete;

  // A bot of this process: counted among those of the address from now on. `bot`: 16 hexadecimal digits.
  // False when there is no room: more than 1,024 bots of this address ran within the last hour.
  bool enter(const std::string& bot);
  bool note(const std::string& bot) override;
  [[nodiscard]] std::vector<use> read() override;

 private:
  struct record;
  struct layout;
  egress_ledger(int folder, layout* mapped, const base::clock& clock);

  [[nodiscard]] record* find(std::uint64_t key) const;
  [[nodiscard]] record* find_or_make(std::uint64_t key);
  [[nodiscard]] std::int64_t now_s() const;

  int folder_;  // locked while a record is made
  layout* mapped_;
  const base::clock& clock_;
  std::mutex mutex_;
  std::vector<record*> own_;
};

}  // namespace guildfleet::bot
