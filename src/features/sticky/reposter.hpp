// Posts a channel's sticky message again and takes the one before away, as a durable timer: once, whenever
// the process dies on the way.
#pragma once

#include "features/feature.hpp"
#include "features/guild_reports.hpp"
#include "features/sticky/posted_record.hpp"
#include "features/sticky/sticky_message.hpp"

namespace guildfleet::features {

// What came of a timer.
struct repost_result {
  enum class kind {
    stands,   // the sticky message is `message`, and says `digest`
    gone,     // the channel has none any more
    refused,  // Discord does not let the bot post it; the server's managers were told
    failed    // tried again
  };
  kind what = kind::failed;
  discord::message_id message{};
  std::string digest{};
  jobs::job_outcome outcome = jobs::job_done{};
};

// One per shard, on its reactor; the services outlive it. Goes by settings and records alone.
class reposter final {
 public:
  explicit reposter(const shard_services& services);

  // The timer's key is the channel. Its payload is the first message below the sticky one: where that stands
  // below it already, and says what it shall say, nothing is done. Throws nothing.
  [[nodiscard]] net::task<repost_result> run(job_call call);

  // The channel was deleted: told once, and its record goes.
  [[nodiscard]] net::task<> channel_gone(discord::guild_id guild, discord::channel_id channel);

 private:
  struct place;
  [[nodiscard]] net::task<repost_result> repost(job_call call);
  [[nodiscard]] net::task<repost_result> post(job_call call, place at, sticky_message message,
                                              discord::message_id below);
  [[nodiscard]] net::task<repost_result> keep(job_call call, place at, posted_sticky now);
  [[nodiscard]] net::task<repost_result> take_away(job_call call, place at);
  // Says in the record what is going to be tried; nullopt: nothing is posted. With the record's new version.
  [[nodiscard]] net::task<base::result<place>> note_tried(place at, std::optional<sticky_message> what);
  [[nodiscard]] net::task<repost_result> not_posted(place at, base::error why);
  [[nodiscard]] net::task<base::result<store::record_outcome>> write(place at,
                                                                     std::optional<std::string> value);
  // Those that are to be tried again.
  [[nodiscard]] net::task<std::vector<discord::message_id>> delete_all(
      job_call call, std::vector<discord::message_id> messages);

  shard_services services_;
  guild_reporter reporter_;
};

}  // namespace guildfleet::features
