// What a bot hears of a shard that another node gives to this one.
#include "bot/bot_runtime.hpp"
#include "net/on_reactor.hpp"

namespace guildfleet::bot {

// Null: this node has no such shard.
std::shared_ptr<shard> bot_runtime::shard_of(const store::lease_key& key) const {
  const auto members = shards_.get();
  const auto found = std::ranges::find(*members, key, [](const auto& each) { return each->key(); });
  return found == members->end() ? nullptr : *found;
}

// On home.
net::task<bool> bot_runtime::adopt(discord::known_limits limits) {
  rest_.adopt(limits);
  co_return true;
}

net::task<bool> bot_runtime::hear_note(peer::handover_note note) {
  const std::shared_ptr<shard> member = shard_of(note.shard);
  if (member == nullptr) co_return false;
  // Before the shard is here: it sends nothing into a bucket that is empty.
  (void)co_await net::on_reactor(home(), adopt(std::move(note.limits)));
  co_return co_await net::on_reactor(member->executor(), member->hear_note(std::move(note)));
}

net::task<bool> bot_runtime::hear_word(peer::handover_word word) {
  const std::shared_ptr<shard> member = shard_of(word.shard);
  if (member == nullptr) co_return false;
  (void)co_await net::on_reactor(home(), adopt(std::move(word.limits)));
  co_return co_await net::on_reactor(member->executor(), member->hear_word(std::move(word)));
}

}  // namespace guildfleet::bot
