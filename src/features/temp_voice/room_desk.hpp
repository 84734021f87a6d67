// Temporary channels in the store and at Discord: the row is written before the channel is made, and a timer
// that goes with it sees to what a process that died left, and to rooms that are empty.
#pragma once

#include "features/feature.hpp"
#include "features/guild_reports.hpp"
#include "features/temp_voice/room_store.hpp"
#include "features/temp_voice/voice_options.hpp"

namespace guildfleet::features::temp_voices {

// What the bot needs for all of it.
inline constexpr discord::permission_set needed_permissions =
    discord::permission_set(discord::permission::view_channel) | discord::permission::connect |
    discord::permission::send_messages | discord::permission::manage_channels |
    discord::permission::manage_roles | discord::permission::move_members;

using opened_room = base::result<std::optional<numbered_room>>;

// One per shard, on its reactor; the services outlive it.
class room_desk final {
 public:
  explicit room_desk(const shard_services& services);

  // A member has joined a trigger: moved to the room they have, or to a new one. nullopt: there is none, and
  // what the server's managers can do about it was reported. Errors: the store's; to be called again.
  [[nodiscard]] net::task<opened_room> open(discord::guild_id guild, voice_change who, voice_options options,
                                            std::uint64_t sequence);
  // The room is looked at so much later, and deleted if nobody is in it then. kept: not so when it is being
  // looked at just now. Errors: the store's.
  [[nodiscard]] net::task<base::result<store::schedule_outcome>> check_in(discord::guild_id guild,
                                                                          std::string number,
                                                                          std::chrono::seconds wait,
                                                                          store::schedule_mode mode);
  // Its channel is gone: so is its row in the end, and its timer then. Errors: the store's; the timer stays.
  [[nodiscard]] net::task<base::result<void>> forget(discord::guild_id guild, std::string number);
  [[nodiscard]] net::task<jobs::job_outcome> on_job(job_call call);
  [[nodiscard]] room_store& rows() { return rows_; }
  // False: the room's own overwrites are all that tells who may enter.
  [[nodiscard]] bool knows_trigger(discord::guild_id guild, const room& what) const;

  // Gives the channel the overwrites that its row asks for, until the row is still as it was read: of several
  // at once, whoever writes last has read last. Errors: rest_error (unknown_channel when there is no such
  // room), the store's.
  [[nodiscard]] net::task<base::result<void>> apply(discord::guild_id guild, std::string number);
  [[nodiscard]] net::task<> report(base::error error, discord::guild_id guild, discord::channel_id about);

 private:
  [[nodiscard]] net::task<opened_room> existing(discord::guild_id guild, voice_change who);
  // With its timer.
  [[nodiscard]] net::task<opened_room> announce(discord::guild_id guild, voice_change who);
  // Its channel, and the member in it.
  [[nodiscard]] net::task<opened_room> furnish(discord::guild_id guild, numbered_room bare, voice_change who,
                                               voice_options options, std::uint64_t sequence);
  [[nodiscard]] net::task<std::optional<discord::channel_id>> make(discord::guild_id guild,
                                                                   numbered_room made, voice_change who,
                                                                   voice_options options,
                                                                   std::uint64_t sequence);
  [[nodiscard]] net::task<base::result<bool>> may_make(discord::guild_id guild, discord::channel_id parent);
  [[nodiscard]] net::task<base::result<std::optional<std::string>>> find_channel(discord::guild_id guild,
                                                                                 room what);
  // False: there is no such channel. What else went wrong was reported.
  [[nodiscard]] net::task<bool> move(discord::guild_id guild, discord::user_id user, discord::channel_id to);
  [[nodiscard]] net::task<jobs::job_outcome> repair(discord::guild_id guild, numbered_room broken);
  [[nodiscard]] net::task<jobs::job_outcome> clear(discord::guild_id guild, numbered_room empty);
  [[nodiscard]] net::task<jobs::job_outcome> drop(discord::guild_id guild, std::string number);
  [[nodiscard]] std::size_t children_of(discord::guild_id guild, discord::channel_id category) const;
  // As the trigger's, or the room's own once the trigger is gone: what was closed stays closed. nullopt:
  // neither is known.
  [[nodiscard]] std::optional<std::vector<discord::overwrite_body>> overwrites(discord::guild_id guild,
                                                                               const room& what) const;
  [[nodiscard]] discord::channel_id parent_of(discord::guild_id guild, const voice_options& options,
                                              discord::channel_id trigger) const;

  shard_services services_;
  guild_reporter reporter_;
  room_store rows_;
  base::steady_time started_;
};

}  // namespace guildfleet::features::temp_voices
