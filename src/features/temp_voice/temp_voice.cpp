#include "features/temp_voice/temp_voice.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "features/event_channel.hpp"
#include "features/keep_trying.hpp"
#include "features/temp_voice/room_desk.hpp"
#include "features/temp_voice/room_panel.hpp"
#include "features/temp_voice/temp_voice_texts.hpp"
#include "features/temp_voice/voice_commands.hpp"

namespace guildfleet::features {
namespace {

namespace texts = temp_voice_texts;
using discord::event_type;
using store::schedule_mode;
using temp_voices::numbered_room;
using temp_voices::voice_change;
using temp_voices::voice_options;

constexpr std::string_view own_name = "temp-voice";
constexpr std::array events{event_type::voice_state_update, event_type::channel_delete};
constexpr std::chrono::seconds after_start{60};  // then what a server is known to be is new
constexpr std::chrono::seconds until_set{2};     // a timer that could not be set

// Of one server that uses it.
struct kept_rooms {
  voice_options options;
  struct kept_room {
    std::string number;
    std::optional<base::steady_time> emptied{};  // when it was seen to be, and its timer is set
  };
  std::unordered_map<discord::channel_id, kept_room> by_channel;
};

class temp_voice_feature final : public feature {
 public:
  explicit temp_voice_feature(const shard_services& services)
      : services_(services), rooms_(services), panel_(services, rooms_), commands_(services, rooms_) {}

  [[nodiscard]] std::span<const event_type> subscriptions() const override { return events; }

  std::optional<net::task<>> on_event(const raw_event& event) override {
    const auto found = kept_.find(event.guild);
    if (found == kept_.end()) return std::nullopt;
    kept_rooms& here = found->second;
    if (event.type == event_type::channel_delete) return on_deleted(event, here);
    const auto change = temp_voices::read_voice(event.data);
    if (change && !change->bot && here.options.is_trigger(change->channel))
      return open(event.guild, *change, event.sequence);
    return on_moved(event.guild, here);
  }

  net::task<> on_command(interaction_call call) override {
    if (call.what->command()->path == texts::own.in(language::english)) {
      co_await panel_.on_command(std::move(call));
    } else {
      co_await commands_.on_command(std::move(call));
    }
  }
  net::task<> on_component(interaction_call call, discord::custom_id id) override {
    co_await panel_.on_component(std::move(call), std::move(id));
  }
  net::task<> on_autocomplete(interaction_call call) override {
    co_await commands_.on_autocomplete(std::move(call));
  }
  net::task<jobs::job_outcome> on_job(job_call call) override {
    const auto left = grace_left(call.what.guild, call.what.payload);
    if (left.count() > 0) co_return jobs::job_again{services_.clock.wall_now() + left};
    co_return co_await rooms_.on_job(std::move(call));
  }

  net::task<bool> on_guilds_gained(std::vector<discord::guild_id> guilds) override {
    const auto before = kept_;
    std::unordered_map<discord::guild_id, kept_rooms> read;
    for (const discord::guild_id guild : guilds) {
      const auto set = co_await services_.settings.get(guild, std::string(own_name));
      if (!set) co_return false;
      read[guild].options = temp_voices::options_of(set->values);
    }
    const auto rows = co_await rooms_.rows().all(std::move(guilds));
    if (!rows) co_return false;
    for (const store::record& each : *rows) {
      const auto what = temp_voices::parse_room(each.value);
      if (!what) continue;
      if (!what->channel.empty()) read[each.key.guild].by_channel[what->channel] = {.number = each.key.key};
      const auto set =
          co_await rooms_.check_in(each.key.guild, each.key.key, after_start, schedule_mode::keep);
      if (!set) co_return false;
    }
    for (auto& [guild, here] : read) {
      add_newer(guild, before, here);
      const bool used = !here.options.triggers.empty() || !here.by_channel.empty();
      if (used) {
        kept_[guild] = std::move(here);
      } else {
        kept_.erase(guild);
      }
    }
    for (const auto& [guild, here] : read) co_await look_at_empty(guild);
    co_return true;
  }
  void on_guild_lost(discord::guild_id guild) override { kept_.erase(guild); }

 private:
  // Rooms that were made while the others were read.
  void add_newer(discord::guild_id guild, const std::unordered_map<discord::guild_id, kept_rooms>& before,
                 kept_rooms& to) const {
    const auto now = kept_.find(guild);
    if (now == kept_.end()) return;
    const auto then = before.find(guild);
    for (const auto& [channel, room] : now->second.by_channel) {
      if (then == before.end() || !then->second.by_channel.contains(channel))
        to.by_channel.try_emplace(channel, room);
    }
  }

  // A timer that was due for another reason must not cut the grace time short.
  [[nodiscard]] std::chrono::milliseconds grace_left(discord::guild_id guild,
                                                     const std::string& number) const {
    const auto found = kept_.find(guild);
    if (found == kept_.end()) return {};
    for (const auto& [channel, room] : found->second.by_channel) {
      if (room.number == number && room.emptied)
        return std::chrono::ceil<std::chrono::milliseconds>(*room.emptied + found->second.options.grace -
                                                            services_.clock.steady_now());
    }
    return {};
  }

  net::task<> open(discord::guild_id guild, voice_change who, std::uint64_t sequence) {
    co_await keep_trying(services_.moments, guild, fmt::format("open {}", who.user),
                         [this, guild, who, sequence] { return open_room(guild, who, sequence); });
    co_await look_at_empty(guild);
  }

  // Rooms may have been left while nobody looked, and their timers be due much later.
  net::task<> look_at_empty(discord::guild_id guild) {
    const auto found = kept_.find(guild);
    if (found == kept_.end()) co_return;
    if (auto closing = on_moved(guild, found->second)) co_await std::move(*closing);
  }

  // Members who are in the trigger no more, as after a quick second join, have what they need. False: the
  // store failed.
  net::task<bool> open_room(discord::guild_id guild, voice_change who, std::uint64_t sequence) {
    const discord::guild_record* record = services_.guilds.find_guild(guild);
    auto found = kept_.find(guild);
    if (record == nullptr || found == kept_.end()) co_return true;
    if (record->voice_channel_of(who.user) != who.channel) co_return true;
    const voice_options options = found->second.options;
    const auto opened = co_await rooms_.open(guild, who, options, sequence);
    if (!opened) co_return false;
    if (!*opened) co_return true;
    const numbered_room& room = **opened;
    found = kept_.find(guild);
    if (found != kept_.end())
      found->second.by_channel.try_emplace(room.what.channel).first->second.number = room.number;
    if (room.is_new) co_await panel_.post(guild, room, options.grace, sequence);
    co_return true;
  }

  std::optional<net::task<>> on_moved(discord::guild_id guild, kept_rooms& here) {
    const discord::guild_record* record = services_.guilds.find_guild(guild);
    if (record == nullptr || here.by_channel.empty()) return std::nullopt;
    std::vector<std::string> emptied;
    for (auto& [channel, room] : here.by_channel) {
      const bool empty = std::ranges::find(record->voice_states(), channel,
                                           &discord::voice_record::channel) == record->voice_states().end();
      if (!empty) {
        room.emptied.reset();
      } else if (!room.emptied) {
        room.emptied = services_.clock.steady_now();
        emptied.push_back(room.number);
      }
    }
    if (emptied.empty()) return std::nullopt;
    return check_all(guild, std::move(emptied), here.options.grace);
  }

  net::task<> check_all(discord::guild_id guild, std::vector<std::string> numbers,
                        std::chrono::seconds grace) {
    for (const std::string& each : numbers) {
      const auto set = co_await rooms_.check_in(guild, each, grace, schedule_mode::replace);
      // A look that runs just now may have seen who was there a moment ago, and would come again late.
      if (set && *set != store::schedule_outcome::kept) continue;
      services_.moments.after(until_set, guild, fmt::format("check {}", each),
                              [this, guild, each, grace] { return check_all(guild, {each}, grace); });
    }
  }

  // By the bot, or by hand.
  std::optional<net::task<>> on_deleted(const raw_event& event, kept_rooms& here) {
    const auto found = here.by_channel.find(channel_of_event(event.data));
    if (found == here.by_channel.end()) return std::nullopt;
    std::string number = std::move(found->second.number);
    here.by_channel.erase(found);
    return forget(event.guild, std::move(number));
  }
  // What fails comes again with the room's timer.
  net::task<> forget(discord::guild_id guild, std::string number) {
    (void)co_await rooms_.forget(guild, std::move(number));
  }

  shard_services services_;
  temp_voices::room_desk rooms_;
  temp_voices::room_panel panel_;
  temp_voices::voice_commands commands_;
  std::unordered_map<discord::guild_id, kept_rooms> kept_;
};

}  // namespace

const feature_declaration temp_voice{.name = own_name,
                                     .by_default = false,
                                     .exclusive = true,
                                     .keeps_guilds = true,
                                     .intents = discord::intent::guilds | discord::intent::guild_voice_states,
                                     .permissions = temp_voices::needed_permissions,
                                     .commands = temp_voices::commands,
                                     .settings = &texts::schema,
                                     .make = [](const shard_services& services) -> std::unique_ptr<feature> {
                                       return std::make_unique<temp_voice_feature>(services);
                                     }};

}  // namespace guildfleet::features
