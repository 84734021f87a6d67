// Temporary channels in the store and at Discord: the row is written before the channel is made, and a timer
// that goes with it sees to what a process that died left, and to rooms that are empty.
#pragma once

#include <map>

#include "features/feature.hpp"
#include "features/guild_reports.hpp"
#include "features/temp_voice/room.hpp"
#include "features/temp_voice/voice_options.hpp"

namespace guildfleet::features::temp_voices {

// What the bot needs for all of it.
inline constexpr discord::permission_set needed_permissions =
    discord::permission_set(discord::permission::view_channel) | discord::permission::connect |
    discord::permission::send_messages | discord::permission::manage_channels |
    discord::permission::manage_roles | discord::permission::move_members;

struct numbered_room {
  std::string number{};  // of the row, unique in the server
  room what{};
  bool is_new = false;
};

// One per shard, on its reactor; the services outlive it.
class room_desk final {
 public:
  explicit room_desk(const shard_services& services);

  // A member has joined a trigger: moved to the room they have, or to a new one. nullopt: there is none, and
  // what the server's managers can do about it was reported. Throws what the store says.
  [[nodiscard]] net::task<std::optional<numbered_room>> open(discord::guild_id guild, voice_change who,
                                                             voice_options options, std::uint64_t sequence);
  // The room is looked at so much later, and deleted if nobody is in it then.
  [[nodiscard]] net::task<> check_in(discord::guild_id guild, std::string number, std::chrono::seconds wait,
                                     store::schedule_mode mode);
  // Its channel is gone.
  [[nodiscard]] net::task<> forget(discord::guild_id guild, std::string number);
  // nullopt: the store could not be read.
  [[nodiscard]] net::task<std::optional<std::vector<store::record>>> rooms_of(
      std::vector<discord::guild_id> guilds);
  [[nodiscard]] net::task<jobs::job_outcome> on_job(job_call call);

  [[nodiscard]] net::task<base::result<std::optional<room>>> read(discord::guild_id guild,
                                                                  std::string number);
  // The room of this member.
  [[nodiscard]] net::task<base::result<std::optional<numbered_room>>> room_of(discord::guild_id guild,
                                                                              discord::user_id owner);
  // `change` runs again when somebody else was faster; false: it stays. nullopt: there is no such room.
  using change_function = std::function<bool(room& what)>;
  [[nodiscard]] net::task<base::result<std::optional<room>>> edit(discord::guild_id guild, std::string number,
                                                                  change_function change);
  // False: the new owner has a room already, or somebody else was faster.
  [[nodiscard]] net::task<base::result<bool>> transfer(discord::guild_id guild, std::string number,
                                                       discord::user_id to);
  // Gives the channel the overwrites that the room asks for.
  [[nodiscard]] net::task<base::result<void>> apply(discord::guild_id guild, room what);
  [[nodiscard]] net::task<> report(base::error error, discord::guild_id guild, discord::channel_id about);

 private:
  [[nodiscard]] net::task<std::optional<numbered_room>> existing(discord::guild_id guild, voice_change who);
  [[nodiscard]] net::task<std::optional<numbered_room>> announce(discord::guild_id guild, voice_change who);
  [[nodiscard]] net::task<std::optional<discord::channel_id>> make(discord::guild_id guild,
                                                                   numbered_room made, voice_change who,
                                                                   voice_options options,
                                                                   std::uint64_t sequence);
  [[nodiscard]] net::task<bool> may_make(discord::guild_id guild, discord::channel_id parent);
  [[nodiscard]] net::task<base::result<std::optional<std::string>>> find_channel(discord::guild_id guild,
                                                                                 room what);
  // False: there is no such channel. What else went wrong was reported.
  [[nodiscard]] net::task<bool> move(discord::guild_id guild, discord::user_id user, discord::channel_id to);
  [[nodiscard]] net::task<jobs::job_outcome> repair(discord::guild_id guild, numbered_room broken);
  [[nodiscard]] net::task<jobs::job_outcome> clear(discord::guild_id guild, numbered_room empty);
  [[nodiscard]] std::size_t children_of(discord::guild_id guild, discord::channel_id category) const;
  [[nodiscard]] std::vector<discord::overwrite_body> overwrites(discord::guild_id guild,
                                                                const room& what) const;
  [[nodiscard]] discord::channel_id parent_of(discord::guild_id guild, const voice_options& options,
                                              discord::channel_id trigger) const;

  shard_services services_;
  guild_reporter reporter_;
  base::steady_time started_;
};

}  // namespace guildfleet::features::temp_voices
