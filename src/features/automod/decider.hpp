// Whether a message breaks a rule. Pure but for what it remembers of members; time is that of the messages.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "features/automod/member_history.hpp"
#include "features/automod/rule_set.hpp"

namespace guildfleet::features::automod_rules {

// A member is warned or timed out once in this time, however many messages of theirs are on their way.
inline constexpr std::chrono::seconds penalty_pause{10};

struct seen_message {
  discord::guild_id guild;
  discord::user_id author;
  discord::channel_id channel;
  discord::message_id id;
  std::string_view content;
  // It was looked at before, as it was: what counts messages does not count it again.
  std::optional<base::wall_time> edited_at{};
};

struct place_of_message {
  discord::channel_id channel;
  discord::message_id id;
  bool operator==(const place_of_message&) const = default;
};

struct verdict {
  rule broken = rule::flood;
  penalty what = penalty::remove;
  std::string detail{};                    // the word, the host, ...; empty: the rule says it all
  std::vector<place_of_message> remove{};  // this one, and those before it that broke the rule together
  bool penalize = false;                   // false: nothing beyond deleting, as it was done a moment ago
};

// What a text breaks by itself, of the rules that apply; of several the one with the greater penalty. Its
// `remove` is empty.
[[nodiscard]] std::optional<verdict> judge_text(const rule_set& rules, std::string_view content);

// One per shard.
class decider final {
 public:
  // nullopt: nothing is wrong with it.
  [[nodiscard]] std::optional<verdict> decide(const rule_set& rules, const seen_message& message);
  void forget(discord::guild_id guild) { history_.forget(guild); }
  [[nodiscard]] std::size_t members() const { return history_.members(); }

 private:
  member_history history_;
};

}  // namespace guildfleet::features::automod_rules
