// What becomes of the data of a guild that the bot has left: it is kept for thirty days, in case the bot
// comes back, and then deleted by a timer. An outage is no departure.
#pragma once

#include <memory>

#include "base/log.hpp"
#include "bot/rest_link.hpp"
#include "jobs/job_runner.hpp"
#include "store/data_store.hpp"
#include "store/store_executor.hpp"

namespace guildfleet::bot {

// The timers of departures stand among those of features, under this name.
inline constexpr std::string_view departures_name = "guild-data";

// All of it outlives the departures.
struct departure_parts {
  store::environment_name environment;
  store::bot_name bot;
  std::chrono::milliseconds kept_for;
  std::shared_ptr<store::data_store> store;
  store::store_executor& store_threads;
  net::asio::any_io_executor home;  // where the jobs are
  jobs::job_runner& jobs;
  rest_link rest;
  const base::clock& clock;
  base::logger log;
};

// One per shard, on its reactor.
class guild_departures final {
 public:
  explicit guild_departures(departure_parts parts) : parts_(std::move(parts)) {}

  // The bot has left, from now on counts the time. Tries until the store takes it, or until cancelled.
  [[nodiscard]] net::task<> begin(discord::guild_id guild);
  // The bot is there again.
  [[nodiscard]] net::task<> end(discord::guild_id guild);
  // Finds guilds that were left while nobody looked: the bot was in them as far as it has told, and is not
  // among `now`, all that the shard has.
  [[nodiscard]] net::task<> find(discord::shard_id shard, std::vector<discord::guild_id> now);

  // The timer is due: deletes what is the bot's, and what is the fleet's where none of its bots is in the
  // guild. Discord is asked first: nothing is deleted of a guild that the bot is in.
  [[nodiscard]] net::task<jobs::job_outcome> run(discord::guild_id guild,
                                                 std::shared_ptr<const write_permit> permit);

 private:
  [[nodiscard]] store::job_key key_of(discord::guild_id guild) const;
  [[nodiscard]] net::task<base::result<std::uint64_t>> purge(discord::guild_id guild);

  departure_parts parts_;
};

}  // namespace guildfleet::bot
