#include "features/keep_trying.hpp"

#include "base/log.hpp"
#include "net/async_event.hpp"

namespace guildfleet::features {
namespace {

using attempt_function = std::function<net::task<bool>()>;

net::task<> try_once(moment_port& moments, discord::guild_id guild, std::string name,
                     attempt_function attempt, std::chrono::milliseconds pause);

void try_later(moment_port& moments, discord::guild_id guild, const std::string& name,
               const attempt_function& attempt, std::chrono::milliseconds pause) {
  const bool waits = moments.after(pause, guild, name, [&moments, guild, name, attempt, pause] {
    return try_once(moments, guild, name, attempt, pause);
  });
  if (!waits)
    base::logger::root().error("what an event brings about is given up: too much waits already",
                               base::field("guild", guild), base::field("what", name));
}

net::task<> try_once(moment_port& moments, discord::guild_id guild, std::string name,
                     attempt_function attempt, std::chrono::milliseconds pause) {
  if (!co_await attempt()) try_later(moments, guild, name, attempt, pause);
}

}  // namespace

net::task<> keep_trying(moment_port& moments, discord::guild_id guild, std::string name,
                        std::function<net::task<bool>()> attempt, trying_pauses pauses) {
  for (auto pause = pauses.first;; pause *= 2) {
    if (co_await attempt()) co_return;
    if (pause >= pauses.longest) break;
    if (!co_await net::sleep_until(net::deadline_in(pause))) co_return;
  }
  try_later(moments, guild, name, attempt, pauses.longest);
}

}  // namespace guildfleet::features
