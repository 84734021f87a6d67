// The panels of servers as records: of the bot that posts them, as only it can edit its messages.
#pragma once

#include <functional>

#include "features/records.hpp"
#include "features/role_panel/panel.hpp"

namespace guildfleet::features {

// One per feature and shard. Errors: those of the records.
class panel_store final {
 public:
  explicit panel_store(record_port& records) : records_(records) {}

  // nullopt: there is none of this number.
  [[nodiscard]] net::task<base::result<std::optional<panel>>> get(discord::guild_id guild,
                                                                  std::uint64_t number);
  // By number.
  [[nodiscard]] net::task<base::result<std::vector<panel>>> all(discord::guild_id guild);
  // All of them or none, numbered; once for each `by`. The number of the first one; nullopt: there would be
  // more than most_panels, also of what others make at the same time.
  [[nodiscard]] net::task<base::result<std::optional<std::uint64_t>>> create(discord::guild_id guild,
                                                                             std::vector<panel> drafts,
                                                                             discord::interaction_id by);
  // `apply` may run more than once, each time on the panel as it is by then; false: it stays as it is. The
  // panel as it is in the end; nullopt: there is none. What `by` changed already is not changed again.
  using edit_function = std::function<bool(panel&)>;
  [[nodiscard]] net::task<base::result<std::optional<panel>>> edit(discord::guild_id guild,
                                                                   std::uint64_t number,
                                                                   discord::interaction_id by,
                                                                   edit_function apply);
  // As it was; nullopt: there was none.
  [[nodiscard]] net::task<base::result<std::optional<panel>>> erase(discord::guild_id guild,
                                                                    std::uint64_t number);

 private:
  record_port& records_;
};

}  // namespace guildfleet::features
