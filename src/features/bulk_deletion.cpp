#include "features/bulk_deletion.hpp"

#include "discord/rest/endpoints.hpp"

namespace guildfleet::features {
namespace {
constexpr std::size_t most_together = 100;
}

std::vector<std::vector<discord::message_id>> deletion_batches(
    const std::vector<discord::message_id>& messages, base::wall_time now) {
  std::vector<std::vector<discord::message_id>> out;
  for (const discord::message_id each : messages) {
    if (!is_deleted_at_once(each, now)) out.push_back({each});
  }
  std::vector<discord::message_id> batch;
  for (const discord::message_id each : messages) {
    if (!is_deleted_at_once(each, now)) continue;
    batch.push_back(each);
    if (batch.size() == most_together) out.push_back(std::exchange(batch, {}));
  }
  if (!batch.empty()) out.push_back(std::move(batch));
  return out;
}

base::result<discord::request> deletion_of(discord::channel_id channel,
                                           const std::vector<discord::message_id>& batch,
                                           const std::string& reason) {
  if (batch.size() == 1) return discord::endpoints::delete_message(channel, batch.front(), reason);
  return discord::endpoints::bulk_delete(channel, batch, reason);
}

}  // namespace guildfleet::features
