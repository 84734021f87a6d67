#include "features/sticky/channel_pace.hpp"

#include <algorithm>
#include <utility>

namespace guildfleet::features {

std::optional<channel_pace::step> channel_pace::on_message(discord::message_id id, bool of_bot,
                                                           base::steady_time now, const pace_limits& limits) {
  if (id <= sticky_) return std::nullopt;
  if (posting_) {
    newest_while_posting_ = std::max(newest_while_posting_, id);
    return std::nullopt;
  }
  const bool begins = first_.empty();
  if (begins) {
    first_ = id;
    since_ = now;
    due_ = now + limits.longest;
  }
  if (!of_bot) due_ = std::min(now + limits.delay, since_ + limits.longest);
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(due_ - now);
  return step{begins, std::max(wait, std::chrono::milliseconds(0))};
}

void channel_pace::stands(discord::message_id id) {
  sticky_ = std::max(sticky_, id);
  if (first_ <= sticky_) first_ = {};
}

discord::message_id channel_pace::end_posting(discord::message_id posted) {
  posting_ = false;
  if (!posted.empty()) stands(posted);
  const discord::message_id newest = std::exchange(newest_while_posting_, {});
  return newest > sticky_ ? newest : discord::message_id{};
}

}  // namespace guildfleet::features
