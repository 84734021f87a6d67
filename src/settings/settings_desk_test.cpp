#include "settings/settings_desk.hpp"

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

#include "base/scratch_folder.hpp"
#include "net/task_group.hpp"
#include "settings/change_feed.hpp"
#include "settings/test_schema.hpp"
#include "settings/transfer.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace guildfleet::settings {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr discord::guild_id guild{500};
const store::change_author ann{"ann", store::change_origin::command};
const store::change_author ben{"ben", store::change_origin::api};

constexpr const feature_schema* schemas[] = {&testing_schema::welcome, &testing_schema::other};

// The real store, which can be taken away.
class store_at_risk final : public store::settings_store {
 public:
  explicit store_at_risk(std::unique_ptr<store::data_store> real) : real_(std::move(real)) {}
  std::atomic<bool> away{false};

  base::result<store::settings_row> read_settings(const store::settings_key& key) override {
    if (away) return gone();
    return real_->read_settings(key);
  }
  base::result<std::vector<store::settings_row>> read_guild_settings(
      const store::environment_name& environment, discord::guild_id of) override {
    if (away) return gone();
    return real_->read_guild_settings(environment, of);
  }
  base::result<store::change_outcome> change_settings(std::span<const store::settings_change> changes,
                                                      const store::change_author& author) override {
    if (away) return gone();
    return real_->change_settings(changes, author);
  }
  base::result<std::vector<store::audit_row>> settings_history(const store::audit_filter& filter) override {
    if (away) return gone();
    return real_->settings_history(filter);
  }
  base::result<std::optional<store::audit_row>> read_audit(const store::environment_name& environment,
                                                           std::uint64_t id) override {
    if (away) return gone();
    return real_->read_audit(environment, id);
  }
  base::result<store::change_page> changes_since(const store::environment_name& environment,
                                                 std::int64_t cursor, std::uint32_t limit) override {
    if (away) return gone();
    return real_->changes_since(environment, cursor, limit);
  }

 private:
  static std::unexpected<base::error> gone() { return base::fail(store::store_error::failed, "away"); }
  std::unique_ptr<store::data_store> real_;
};

// One process: a store, its thread and a desk.
struct process {
  process(net::asio::io_context& context, const std::string& file, const base::clock& clock,
          std::uint64_t incarnation) {
    store::sqlite_settings at;
    at.path = file;
    at.node = {"node", incarnation << 4U};  // as far apart as random ones
    auto opened = store::open_sqlite_store(std::move(at), clock);
    if (!opened) throw std::runtime_error(opened.error().message());
    store = std::make_shared<store_at_risk>(std::move(opened->data));
    desk =
        std::make_unique<settings_desk>(context.get_executor(), desk_parts{store,
                                                                           thread,
                                                                           nullptr,
                                                                           catalogue,
                                                                           {},
                                                                           make_settings_metrics(metrics),
                                                                           base::random_source(incarnation),
                                                                           base::logger::root()});
  }
  ~process() { thread.stop(); }

  base::metrics metrics;
  schema_catalogue catalogue{schemas};
  std::shared_ptr<store_at_risk> store;
  store::store_executor thread;
  std::unique_ptr<settings_desk> desk;
};

class settings_desks : public testing::Test {
 protected:
  template <class T>
  T run(net::task<base::result<T>> work) {
    auto answer = attempt(std::move(work));
    EXPECT_TRUE(answer) << answer.error().message();
    return std::move(answer).value_or(T{});
  }
  template <class T>
  base::result<T> attempt(net::task<base::result<T>> work) {
    auto future = net::asio::co_spawn(context, std::move(work), net::asio::use_future);
    context.restart();
    while (future.wait_for(0s) != std::future_status::ready && context.run_one_for(10s) > 0) {
    }
    return future.get();
  }
  changed edit(json::object patch, const store::change_author& who = ann) {
    auto outcome = run(first.desk->edit(guild, "welcome", who, patched(std::move(patch))));
    EXPECT_TRUE(std::holds_alternative<changed>(outcome));
    return std::holds_alternative<changed>(outcome) ? std::get<changed>(outcome) : changed{};
  }
  static edit_function patched(json::object patch) {
    return [patch = std::move(patch)](json::object values) -> base::result<json::object> {
      return merge_patch(std::move(values), patch).as_object();
    };
  }
  std::vector<store::audit_row> history() {
    store::audit_filter filter;
    filter.guild = guild;
    return run(first.desk->history(filter));
  }

  base::scratch_folder folder;
  base::system_clock clock;
  net::asio::io_context context{1};
  process first{context, (folder / "store.sqlite").string(), clock, 1};
};

TEST_F(settings_desks, what_was_never_set_is_the_default) {
  const auto found = run(first.desk->get(guild, "welcome"));
  EXPECT_EQ(found.version, 0U);
  EXPECT_EQ(found.values.at("limit").as_int64(), 10);
  EXPECT_FALSE(found.stale);
}

TEST_F(settings_desks, an_edit_is_read_back_from_the_cache) {
  const auto done = edit({{"limit", 20}});
  EXPECT_EQ(done.now.version, 1U);
  ASSERT_EQ(done.changes.size(), 1U);
  EXPECT_EQ(done.changes[0].path, "limit");
  first.store->away = true;
  const auto found = run(first.desk->get(guild, "welcome"));
  EXPECT_EQ(found.values.at("limit").as_int64(), 20);
  EXPECT_EQ(found.author, ann);
  EXPECT_FALSE(found.stale);
}

TEST_F(settings_desks, an_edit_that_changes_nothing_writes_nothing) {
  (void)edit({{"limit", 20}});
  EXPECT_THAT(edit({{"limit", 20}}, ben).changes, IsEmpty());
  EXPECT_EQ(history().size(), 1U);
}

TEST_F(settings_desks, what_breaks_the_schema_is_told_and_not_written) {
  const auto outcome =
      run(first.desk->edit(guild, "welcome", ann, patched({{"limit", 0}, {"colour", "red"}})));
  ASSERT_TRUE(std::holds_alternative<problems>(outcome));
  EXPECT_EQ(std::get<problems>(outcome).size(), 2U);
  EXPECT_EQ(run(first.desk->get(guild, "welcome")).version, 0U);
}

TEST_F(settings_desks, an_unknown_feature_is_an_error) {
  const auto answer = attempt(first.desk->get(guild, "musik"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), settings_error::unknown_feature);
}

TEST_F(settings_desks, a_write_of_an_old_version_is_a_conflict_that_names_who_was_faster) {
  (void)edit({{"limit", 20}}, ben);
  const auto outcome = run(first.desk->put_if(guild, "welcome", 0, ann, {{"limit", 30}}));
  ASSERT_TRUE(std::holds_alternative<store::settings_conflict>(outcome));
  const auto& current = std::get<store::settings_conflict>(outcome).current;
  EXPECT_EQ(current.version, 1U);
  EXPECT_EQ(current.author, ben);
  const auto again = run(first.desk->put_if(guild, "welcome", 1, ann, {{"limit", 30}}));
  EXPECT_TRUE(std::holds_alternative<changed>(again));
}

TEST_F(settings_desks, a_reset_gives_the_defaults_and_keeps_the_version_growing) {
  (void)edit({{"limit", 20}});
  const auto outcome = run(first.desk->reset(guild, "welcome", std::nullopt, ben));
  ASSERT_TRUE(std::holds_alternative<changed>(outcome));
  EXPECT_EQ(std::get<changed>(outcome).now.version, 2U);
  EXPECT_EQ(run(first.desk->get(guild, "welcome")).values.at("limit").as_int64(), 10);
}

TEST_F(settings_desks, undo_gives_back_the_values_before_and_leaves_other_fields) {
  (void)edit({{"limit", 20}});
  (void)edit({{"mood", "loud"}}, ben);
  const auto outcome = run(first.desk->undo(guild, history().back().id, ben));
  ASSERT_TRUE(std::holds_alternative<changed>(outcome));
  const auto found = run(first.desk->get(guild, "welcome"));
  EXPECT_EQ(found.values.at("limit").as_int64(), 10);
  EXPECT_EQ(found.values.at("mood").as_string(), "loud");
}

TEST_F(settings_desks, undo_refuses_fields_that_were_changed_since) {
  (void)edit({{"limit", 20}});
  (void)edit({{"limit", 40}}, ben);
  const auto answer = attempt(first.desk->undo(guild, history().back().id, ann));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), settings_error::changed_since);
  EXPECT_THAT(answer.error().message(), HasSubstr("limit"));
  EXPECT_THAT(answer.error().message(), HasSubstr("ben"));
}

TEST_F(settings_desks, undo_of_another_guilds_change_is_refused) {
  (void)edit({{"limit", 20}});
  const auto answer = attempt(first.desk->undo({501}, history().back().id, ann));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), settings_error::no_such_change);
}

TEST_F(settings_desks, while_the_store_is_away_reads_are_served_stale_and_writes_refused) {
  (void)edit({{"limit", 20}});
  first.desk->note_gap();
  first.store->away = true;
  const auto found = run(first.desk->get(guild, "welcome"));
  EXPECT_EQ(found.values.at("limit").as_int64(), 20);
  EXPECT_TRUE(found.stale);
  EXPECT_FALSE(attempt(first.desk->edit(guild, "welcome", ann, patched({{"limit", 30}}))));
  EXPECT_FALSE(attempt(first.desk->get(guild, "other"))) << "never read, so nothing is known";
}

TEST_F(settings_desks, a_change_by_another_process_is_seen_once_it_is_noted) {
  process second(context, (folder / "store.sqlite").string(), clock, 2);
  (void)run(first.desk->get(guild, "welcome"));
  change_feed feed(context.get_executor(), {.check_every = check_without_notes},
                   {first.store, first.thread, first.metrics, base::logger::root()});
  std::vector<std::string> heard;
  bool began = false;  // from where on changes are told
  feed.follow({[&](const store::changed_settings& change) {
                 first.desk->note(change.key, change.version);
                 heard.push_back(change.key.feature);
               },
               [&] {
                 first.desk->note_gap();
                 began = true;
               }});
  net::task_group tasks(context.get_executor());
  feed.activate();
  tasks.spawn("feed", feed.run());
  const auto soon = std::chrono::steady_clock::now() + 10s;
  while (!began && std::chrono::steady_clock::now() < soon) context.run_one_for(100ms);
  (void)run(second.desk->edit(guild, "welcome", ben, patched({{"limit", 77}})));
  const auto until = std::chrono::steady_clock::now() + 10s;
  while (heard.empty() && std::chrono::steady_clock::now() < until) context.run_one_for(100ms);
  EXPECT_THAT(heard, ElementsAre("welcome"));
  EXPECT_EQ(run(first.desk->get(guild, "welcome")).values.at("limit").as_int64(), 77);
  tasks.close();
  tasks.cancel();
  context.restart();
  context.run();
}

TEST_F(settings_desks, an_export_is_taken_in_by_another_guild) {
  (void)edit({{"limit", 20}, {"words", json::array{"a", "b"}}});
  const std::string text = run(export_guild(*first.desk, guild));
  constexpr discord::guild_id copy{501};
  auto check = run(plan_import(*first.desk, copy, text));
  ASSERT_TRUE(std::holds_alternative<import_plan>(check));
  auto& plan = std::get<import_plan>(check);
  ASSERT_EQ(plan.changes.size(), 1U);
  EXPECT_EQ(plan.changes[0].changes.size(), 2U);
  EXPECT_EQ(run(first.desk->get(copy, "welcome")).version, 0U) << "looking writes nothing";
  const auto done = run(apply_import(*first.desk, plan, ann));
  EXPECT_TRUE(std::holds_alternative<changed>(done));
  EXPECT_EQ(run(first.desk->get(copy, "welcome")).values, run(first.desk->get(guild, "welcome")).values);
  EXPECT_THAT(std::get<import_plan>(run(plan_import(*first.desk, copy, text))).changes, IsEmpty());
}

TEST_F(settings_desks, an_import_tells_all_problems_of_all_features) {
  const auto check = run(plan_import(*first.desk, guild, R"({"format":"guildfleet-settings","version":1,
      "features":{"welcome":{"limit":0,"mood":"sad"},"other":{"enabled":true},"musik":{}}})"));
  ASSERT_TRUE(std::holds_alternative<std::vector<feature_problems>>(check));
  const auto& refused = std::get<std::vector<feature_problems>>(check);
  ASSERT_EQ(refused.size(), 2U);
  EXPECT_EQ(refused[0].feature, "welcome");
  EXPECT_EQ(refused[0].found.size(), 2U);
  EXPECT_EQ(refused[1].feature, "musik");
}

TEST_F(settings_desks, an_import_is_taken_whole_or_not_at_all) {
  auto check = run(plan_import(*first.desk, guild, R"({"format":"guildfleet-settings","version":1,
      "features":{"other":{"enabled":false},"welcome":{"limit":50}}})"));
  (void)edit({{"limit", 20}}, ben);
  const auto done = run(apply_import(*first.desk, std::get<import_plan>(check), ann));
  ASSERT_TRUE(std::holds_alternative<store::settings_conflict>(done));
  EXPECT_EQ(std::get<store::settings_conflict>(done).current.author, ben);
  EXPECT_EQ(run(first.desk->get(guild, "other")).version, 0U);
}

TEST_F(settings_desks, what_is_no_export_is_refused) {
  for (const char* text : {"", "[]", "{}", R"({"format":"guildfleet-settings","version":2,"features":{}})",
                           R"({"format":"guildfleet-settings","version":1,"features":[]})"})
    EXPECT_FALSE(attempt(plan_import(*first.desk, guild, text))) << text;
}

// Adds words to one list until each of them is in, however often somebody else was faster.
net::task<> add_words(settings_desk& desk, int writer, int words, std::atomic<int>& given_up) {
  for (int i = 0; i < words;) {
    const std::string word = fmt::format("{}-{}", writer, i);
    const auto outcome =
        co_await desk.edit(guild, "welcome", {fmt::format("writer {}", writer), store::change_origin::api},
                           [word](json::object values) -> base::result<json::object> {
                             json::array& list = values["words"].is_array() ? values["words"].as_array()
                                                                            : values["words"].emplace_array();
                             list.emplace_back(word);
                             return values;
                           });
    if (outcome && std::holds_alternative<changed>(*outcome)) {
      ++i;
    } else {
      ++given_up;
    }
  }
}

TEST_F(settings_desks, of_many_writers_in_two_processes_none_loses_a_change) {
  process second(context, (folder / "store.sqlite").string(), clock, 2);
  constexpr int writers = 10;
  constexpr int words = 20;
  std::atomic<int> given_up{0};
  net::task_group tasks(context.get_executor());
  for (int writer = 0; writer < writers; ++writer) {
    settings_desk& desk = writer % 2 == 0 ? *first.desk : *second.desk;
    tasks.spawn("writer", add_words(desk, writer, words, given_up));
  }
  context.run();
  const auto found = run(first.desk->read(guild, "welcome"));
  std::set<std::string> distinct;
  for (const json::value& word : found.values.at("words").as_array())
    distinct.insert(std::string(word.as_string()));
  EXPECT_EQ(distinct.size(), static_cast<std::size_t>(writers * words));
  EXPECT_EQ(found.values.at("words").as_array().size(), distinct.size());
  EXPECT_EQ(found.version, static_cast<std::uint64_t>(writers * words)) << "each change is one version";
}

}  // namespace
}  // namespace guildfleet::settings
