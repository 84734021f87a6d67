// The state of the simulated Discord: bots, guilds, users, and what the gateway asks of them. Everything that
// changes it publishes the events that Discord would send (protocol sheet 3.9) to the connected sink, in
// order, before the call returns. One reactor owns a world and everything made from it; nothing here is
// thread-safe.
#pragma once

#include <boost/json/array.hpp>
#include <memory>
#include <span>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "sim/ports.hpp"

namespace guildfleet::sim {

struct world_state;

// One bot of the world. Empty fields are generated from the seed.
struct bot_spec {
  std::string name{};
  std::string token{};  // "<base64 of the application id>.<6 characters>.<27 characters>"
  id application = 0;   // 0: from the token's first part, else generated; the bot user has the same id
  // Indices of the seeded guilds; absent: as `world_settings::spread`.
  std::optional<std::vector<int>> guilds{};
  // GATEWAY_PRESENCE, GATEWAY_GUILD_MEMBERS, GATEWAY_MESSAGE_CONTENT.
  std::uint64_t application_flags = 0x45000;
  int max_concurrency = 1;
  int recommended_shards = 1;
  int session_start_total = 1000;
};

struct world_settings {
  int bots = 1;                       // at least as many as `bot_specs` has
  std::vector<bot_spec> bot_specs{};  // the first bots; the others are generated
  bool spread = false;                // false: every bot in every guild; true: guild i has only bot i % bots
  int guilds = 1;
  int channels_per_guild = 20;  // categories and voice channels included
  int roles = 15;               // @everyone and one managed role per bot included, at least those
  int members = 50;             // humans; bots come on top
  int emojis = 10;
  std::uint64_t seed = 1;                            // same seed, same ids and names
  std::uint64_t bot_permissions = 8866461766385655;  // of the managed roles: all but ADMINISTRATOR
  std::size_t messages_per_channel = 200;            // older ones are forgotten
  std::size_t interactions_kept = 10'000;
};

class world final : public world_view {
 public:
  // `clock` outlives the world.
  world(const base::clock& clock, world_settings settings);
  ~world() override;

  // Events published without a sink are dropped. `sink` outlives the world or is replaced by nullptr.
  void connect(event_sink* sink);

  [[nodiscard]] const bot_account* find_bot_by_token(std::string_view token) const override;
  [[nodiscard]] const bot_account* find_bot(id application) const override;
  [[nodiscard]] std::vector<id> guilds_of(id application) const override;
  [[nodiscard]] boost::json::object guild_create(id guild, id application,
                                                 std::uint64_t intents) const override;
  [[nodiscard]] bool guild_unavailable(id guild) const override;
  [[nodiscard]] boost::json::object self_user(id application) const override;
  void reset_token(id application) override;

  // What the control API lists.
  [[nodiscard]] std::vector<bot_account> bots() const;  // ascending by application id
  [[nodiscard]] std::vector<id> guilds() const;         // in the order of seeding, later ones after
  [[nodiscard]] boost::json::array guild_summary()
      const;  // id, name, bots, members, channels [{id, name, type}]
  // Those that are kept, the oldest first; empty: there is no such channel.
  [[nodiscard]] boost::json::array channel_messages(id channel) const;
  [[nodiscard]] std::size_t member_count(id guild) const;

  // Answers to gateway requests (ops 4, 8, 31, 43). Members ascend by user id.
  struct member_query {
    std::string prefix{};        // of the username or nick, without case; empty: all
    std::vector<id> user_ids{};  // when not empty, `prefix` is not looked at
    std::size_t limit = 0;       // 0: all
  };
  [[nodiscard]] std::vector<boost::json::object> members(id guild, const member_query& query) const;
  [[nodiscard]] boost::json::array channel_info(
      id guild) const;  // [{id, status?, voice_start_time?}] of voice channels
  [[nodiscard]] boost::json::object presence(id guild, id user) const;

  // Op 4 of a bot: false when the channel is full, unknown or not permitted (Discord does not answer then).
  // Publishes VOICE_STATE_UPDATE and VOICE_SERVER_UPDATE.
  struct voice_request {
    id guild = 0;
    std::optional<id> channel{};  // absent: leave
    bool self_mute = false;
    bool self_deaf = false;
  };
  bool set_bot_voice_state(id application, const voice_request& request);
  // Op 3, and a session that comes or goes ("offline"): PRESENCE_UPDATE in every guild of the bot.
  void set_bot_presence(id application, std::string_view status, const boost::json::array& activities);

  // A guild becomes unavailable and comes back (GUILD_DELETE unavailable, GUILD_CREATE); false: unknown or
  // already so. The GUILD_CREATE event's `data` is for unprivileged intents: a session with more asks
  // guild_create itself.
  bool begin_outage(id guild);
  bool end_outage(id guild);
  // The bot is invited or kicked; GUILD_CREATE or GUILD_DELETE for it, member events for the others.
  bool add_bot(id guild, id application);
  bool remove_bot(id guild, id application);
  // The developer portal's switches; false: there is no such bot.
  bool set_application_flags(id application, std::uint64_t flags);

  [[nodiscard]] world_state& state() { return *state_; }
  [[nodiscard]] const world_state& state() const { return *state_; }

 private:
  std::unique_ptr<world_state> state_;
};

}  // namespace guildfleet::sim
