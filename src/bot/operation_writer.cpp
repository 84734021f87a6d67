#include "bot/operation_writer.hpp"

namespace guildfleet::bot {

operation_writer::operation_writer(std::string what, std::shared_ptr<store::store> store,
                                   store::store_executor& store_thread, std::function<void()> on_change,
                                   base::logger log)
    : what_(std::move(what)),
      store_(std::move(store)),
      store_thread_(store_thread),
      on_change_(std::move(on_change)),
      log_(std::move(log)) {}

net::task<bool> operation_writer::write(store::bot_name bot, std::string to, store::rollout_change change) {
  const auto changed =
      co_await store_thread_.run([store = store_, change] { return store->change_rollout(change); });
  if (!changed) warn_once(bot, changed.error().message());
  if (!changed || !*changed) co_return false;
  for (const store::rollout_event& each : change.events)
    log_.info(what_, base::field("bot", bot.value), base::field("to", to), base::field("what", each.text));
  on_change_();
  co_return true;
}

void operation_writer::warn_once(const store::bot_name& bot, const std::string& why) {
  if (std::exchange(warned_[bot], why) == why) return;
  log_.warn("a " + what_ + " does not go on", base::field("bot", bot.value), base::field("reason", why));
}

}  // namespace guildfleet::bot
