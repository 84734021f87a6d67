#include <array>
#include <condition_variable>
#include <deque>
#include <gmock/gmock.h>
#include <mutex>

#include "store/error.hpp"
#include "store/postgres/change_listener.hpp"
#include "store/postgres/postgres_store.hpp"
#include "store/postgres/settings_channel.hpp"
#include "support/frozen_database.hpp"
#include "support/pgbouncer.hpp"

namespace guildfleet::store {
namespace {

using namespace std::chrono_literals;

const settings_key key{.environment = {"test"}, .guild = {9}, .feature = "welcome"};

// What a listener was told, in order.
class inbox final {
 public:
  void put(change_note note) {
    const std::lock_guard lock(mutex_);
    notes_.push_back(std::move(note));
    changed_.notify_all();
  }
  std::optional<change_note> next(std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, limit, [this] { return !notes_.empty(); })) return std::nullopt;
    change_note note = notes_.front();
    notes_.pop_front();
    return note;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<change_note> notes_;
};

std::unique_ptr<change_listener> listen(const std::string& url, inbox& to) {
  return change_listener::start(
             {.url = base::secret(url),
              .application_name = "listener",
              .check_every = 200ms,
              .answer_within = 500ms},
             [&to](change_note note) { to.put(std::move(note)); }, base::random_source(1),
             base::logger::root())
      .value();
}

opened_store open_at(const std::string& url, const base::clock& clock) {
  auto opened =
      open_postgres_store({.url = base::secret(url), .node = {"alpha", 1}, .application_name = "writer"},
                          clock, base::random_source(1));
  if (!opened) throw std::runtime_error(opened.error().message());
  return *std::move(opened);
}

void change(data_store& store, std::uint64_t version) {
  const std::array wanted{settings_change{key, version, "{}"}};
  const auto done = store.change_settings(wanted, {});
  ASSERT_TRUE(done) << done.error().message();
}

TEST(settings_note, is_read_back) {
  const changed_settings changed{.key = key, .version = 7};
  EXPECT_EQ(parse_settings_note(settings_note(changed)), changed);
  for (const char* other :
       {"", "7", "7\t9\ttest", "7\t9\ttest\t", "x\t9\ttest\twelcome", "7\t-9\ttest\twelcome"})
    EXPECT_EQ(parse_settings_note(other), std::nullopt) << other;
}

TEST(change_listener, hears_what_is_written_directly_and_through_a_pooler) {
  const support::frozen_database database;
  const base::system_clock clock;
  inbox heard;
  const auto listener = listen(database.url(), heard);
  ASSERT_EQ(heard.next(5s), change_note(resync_needed{}));
  change(*open_at(database.url(), clock).data, 0);
  EXPECT_EQ(heard.next(1s), change_note(changed_settings{key, 1}));
  change(*open_at(support::shared_pgbouncer().url(database.name()), clock).data, 1);
  EXPECT_EQ(heard.next(1s), change_note(changed_settings{key, 2}));
}

TEST(change_listener, hears_nothing_of_a_change_that_was_refused) {
  const support::frozen_database database;
  const base::system_clock clock;
  inbox heard;
  const auto listener = listen(database.url(), heard);
  ASSERT_EQ(heard.next(5s), change_note(resync_needed{}));
  const auto store = open_at(database.url(), clock);
  const std::array wanted{settings_change{key, 0, "{}"},
                          settings_change{{key.environment, {10}, "x"}, 4, "{}"}};
  ASSERT_TRUE(std::holds_alternative<settings_conflict>(store.data->change_settings(wanted, {}).value()));
  change(*store.data, 0);
  EXPECT_EQ(heard.next(1s), change_note(changed_settings{key, 1}));
}

TEST(change_listener, asks_to_read_again_after_its_connection_was_lost) {
  const support::frozen_database database;
  inbox heard;
  const auto listener = listen(database.url(), heard);
  ASSERT_EQ(heard.next(5s), change_note(resync_needed{}));
  support::shared_postgres().run(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'listener'");
  EXPECT_EQ(heard.next(5s), change_note(resync_needed{}));
}

TEST(change_listener, refuses_what_is_no_url) {
  const auto refused = change_listener::start(
      {.url = base::secret("nonsense"), .application_name = "x"}, [](const change_note&) {},
      base::random_source(1), base::logger::root());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), store_error::cannot_open);
}

}  // namespace
}  // namespace guildfleet::store
