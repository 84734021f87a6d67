#include "features/keep_trying.hpp"

#include "net/async_event.hpp"

namespace guildfleet::features {
namespace {

constexpr std::chrono::milliseconds first_pause{100};
constexpr std::chrono::seconds longest_pause{15};

}  // namespace

net::task<> keep_trying(moment_port& moments, discord::guild_id guild, std::string name,
                        std::function<net::task<bool>()> attempt) {
  for (auto pause = first_pause; pause < longest_pause; pause *= 2) {
    if (co_await attempt()) co_return;
    if (!co_await net::sleep_until(net::deadline_in(pause))) co_return;
  }
  moments.after(longest_pause, guild, name,
                [&moments, guild, name, attempt] { return keep_trying(moments, guild, name, attempt); });
}

}  // namespace guildfleet::features
