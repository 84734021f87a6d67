#include "settings/change_feed.hpp"

#include <boost/asio/post.hpp>

#include "net/cancellation.hpp"

namespace guildfleet::settings {

change_feed::change_feed(net::asio::any_io_executor executor, feed_settings settings, feed_parts parts)
    : executor_(executor),
      settings_(std::move(settings)),
      parts_(std::move(parts)),
      hurry_(executor),
      noted_(parts_.metrics.counter_of("guildfleet_settings_notes_total",
                                       "Changed settings heard of, by the way they were told",
                                       {{"way", "note"}})),
      found_(parts_.metrics.counter_of("guildfleet_settings_notes_total",
                                       "Changed settings heard of, by the way they were told",
                                       {{"way", "check"}})),
      failures_(parts_.metrics.counter_of("guildfleet_settings_check_failures_total",
                                          "Checks for changed settings that the store did not answer", {})) {}

net::task<> change_feed::run() {
  while (!co_await net::is_cancelled()) {
    if (active_) co_await check();
    (void)co_await hurry_.wait(active_ ? net::deadline_in(settings_.check_every) : net::no_deadline());
  }
}

net::task<> change_feed::check() {
  bool more = true;
  while (more) {
    const bool first = cursor_ == 0;
    const auto page = co_await parts_.store_thread.run(
        [store = parts_.store, environment = settings_.environment, cursor = cursor_,
         limit = settings_.page] { return store->changes_since(environment, cursor, limit); });
    if (!page) {
      failures_.add();
      if (!failing_)
        parts_.log.warn("the store does not tell what changed; settings are as last known",
                        base::field("reason", page.error().message()));
      failing_ = true;
      co_return;
    }
    if (failing_) parts_.log.info("the store tells what changed again");
    failing_ = false;
    cursor_ = page->cursor;
    if (first) tell_gap();
    for (const store::changed_settings& change : page->changes) {
      found_.add();
      tell(change);
    }
    more = page->changes.size() >= settings_.page;
  }
}

void change_feed::note(store::changed_settings change) {
  net::asio::post(executor_, [this, change = std::move(change)] {
    noted_.add();
    tell(change);
  });
}

void change_feed::note_gap() {
  net::asio::post(executor_, [this] { hurry_.notify(); });
}

void change_feed::tell(const store::changed_settings& change) {
  if (change.key.environment != settings_.environment) return;
  for (const follower& each : followers_) each.on_change(change);
}

void change_feed::tell_gap() {
  for (const follower& each : followers_) each.on_gap();
}

}  // namespace guildfleet::settings
