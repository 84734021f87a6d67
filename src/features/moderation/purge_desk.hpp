// Purges: what would go is shown, and goes when who asked confirms it.
#pragma once

#include "features/flow.hpp"
#include "features/moderation/case_book.hpp"
#include "features/moderation/mod_log.hpp"
#include "features/moderation/purge_filter.hpp"

namespace guildfleet::features {

// One per shard, on its reactor; what it is given outlives it.
class purge_desk final {
 public:
  purge_desk(const feature_declaration& of, const shard_services& services, case_book& book, mod_log& log);

  net::task<> preview(interaction_call call);
  net::task<> on_component(interaction_call call, discord::custom_id id);
  // The old ones of a purge, one by one. An attempt that comes to a halt leaves what is left to a timer of
  // its own; one that died begins with the first again, and those that are gone cost a request each.
  [[nodiscard]] net::task<jobs::job_outcome> delete_old(job_call call);

 private:
  using messages = std::vector<stored_message>;
  // The newest that fit, in the order of their age.
  [[nodiscard]] net::task<base::result<messages>> search(discord::channel_id channel, purge_filter filter);
  net::task<> carry_out(interaction_call call, flow confirmed);
  struct deletion {
    std::size_t deleted = 0;
    std::optional<base::error> stopped{};  // before the rest was
    bool is_first = false;                 // no attempt before a crash can have deleted any
  };
  [[nodiscard]] net::task<deletion> delete_young(discord::channel_id channel,
                                                 std::vector<discord::message_id> young, std::string reason);
  // What became of it: to who asked, in the case, and in the log. `old` go one by one from here on.
  net::task<> tell(interaction_call call, mod_case opened, deletion done, std::size_t old);
  [[nodiscard]] net::task<jobs::job_outcome> go_on_later(discord::guild_id guild, discord::channel_id channel,
                                                         std::vector<discord::message_id> left);
  net::task<> answer(interaction_call call, std::string content);
  // True: it was told that it cannot be done.
  net::task<bool> is_hindered(interaction_call call);

  shard_services services_;
  flow_desk flows_;
  case_book& book_;
  mod_log& log_;
};

}  // namespace guildfleet::features
