#include "store/copy/copier.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

#include "base/scratch_folder.hpp"
#include "store/postgres/postgres_store.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "support/postgres_server.hpp"

namespace guildfleet::store {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr discord::guild_id guild{0xF000'0000'0000'0001U};  // beyond a signed number
const copy_scope scope{{"music"}, {}};

class copies : public testing::Test {
 protected:
  [[nodiscard]] opened_store open_file(const std::string& name, const std::string& node = "node") const {
    sqlite_settings at;
    at.path = (folder / name).string();
    base::random_source random = base::random_source::from_system();
    at.node = make_node_identity(node, random);
    return open_sqlite_store(std::move(at), clock).value();
  }
  [[nodiscard]] opened_store open_server() const {
    postgres_settings at;
    at.url = url;
    base::random_source random = base::random_source::from_system();
    at.node = make_node_identity("node", random);
    return open_postgres_store(at, clock, random).value();
  }
  [[nodiscard]] std::unique_ptr<table_side> file(const std::string& name) const {
    return open_sqlite_side((folder / name).string(), clock).value();
  }
  [[nodiscard]] std::unique_ptr<table_side> database() const {
    return open_postgres_side(url, clock).value();
  }

  static settings_change change(std::uint64_t version, std::string document) {
    return {{{}, guild, "welcome"}, version, std::move(document)};
  }
  // One of everything that is copied, as a bot leaves it.
  void fill(const opened_store& store) const {
    const lease_key shard{{"music"}, {0, 1}};
    ASSERT_TRUE(store.sessions->acquire(shard, 15s));
    const session_row session{"session", "wss://x", 42, 7, "print", 1};
    const guild_change state{guild, std::string("\0\xFF state", 8)};
    ASSERT_TRUE(store.sessions->save(shard, session, std::span(&state, 1)));
    ASSERT_TRUE(store.sessions->claim_identify(shard, {.max_concurrency = 1, .spacing = 5s}));
    ASSERT_TRUE(store.sessions->release(std::span(&shard, 1)));
    const auto rollout = store.sessions->start_rollout(shard.bot, "{}", {});
    ASSERT_TRUE(rollout);
    ASSERT_TRUE(store.sessions->change_rollout({.id = std::get<rollout_row>(*rollout).id,
                                                .version = 1,
                                                .state = "{}",
                                                .active = false,
                                                .settle = "0.2.0"}));
    ASSERT_TRUE(store.sessions->allow_identifies(shard.bot, "moved", "ann", 1h));
    ASSERT_TRUE(store.sessions->allow_identifies(shard.bot, "moved twice", "ben", 2h));
    for (std::uint64_t version = 0; version < 3; ++version) {
      const auto one = change(version, fmt::format("{{\"n\":{}}}", version));
      ASSERT_TRUE(store.data->change_settings(std::span(&one, 1), {"ann", change_origin::command}));
    }
    for (int i = 0; i < 1'200; ++i) {
      const job_plan plan{
          {{}, {"music"}, fmt::format("job/{}", i)}, "job/x", guild, clock.wall_now() + 24h, "\xFF"};
      ASSERT_TRUE(store.data->schedule(plan, schedule_mode::keep));
    }
    const record_space own{scope.environment, scope.bot, "ticket"};
    const record_space of_fleet{scope.environment, {}, "ticket"};
    for (const record_space& space : {own, of_fleet}) {
      const std::vector<record_change> changes{{{guild, "open", "1"}, 0, std::string("\0\xFF", 2), 7, 24h},
                                               {{{}, "open", "1"}, 0, "{}"}};
      ASSERT_TRUE(store.data->change_records(space, changes));
      ASSERT_EQ(store.data->next_number(space, guild, "case"), 1U);
    }
    const feature_use use{{"music"}, "ping", 5};
    ASSERT_TRUE(store.data->add_uses({}, std::span(&use, 1)));
    ASSERT_TRUE(store.data->add_token({"t", {1, 2, 3}, 1, clock.wall_now(), std::nullopt}));
  }
  static void expect_same(const copy_outcome& a, const copy_outcome& b) {
    ASSERT_EQ(a.tables.size(), b.tables.size());
    for (std::size_t i = 0; i < a.tables.size(); ++i) {
      EXPECT_EQ(a.tables[i].rows, b.tables[i].rows) << a.tables[i].table;
      EXPECT_EQ(a.tables[i].checksum, b.tables[i].checksum) << a.tables[i].table;
    }
  }
  static copy_outcome copy(table_side& from, table_side& to, bool force = false) {
    copy_options options{.scope = scope, .force = force};
    auto done = copy_bot(from, to, options);
    EXPECT_TRUE(done) << done.error().message();
    return done ? std::move(*done) : copy_outcome{};
  }

  static std::size_t history_of(const opened_store& store) {
    audit_filter filter;
    filter.guild = guild;
    return store.data->settings_history(filter).value().size();
  }

  base::scratch_folder folder;
  base::system_clock clock;
  base::secret url{support::shared_postgres().url(support::shared_postgres().make_database())};
};

TEST_F(copies, there_and_back_are_the_same) {
  fill(open_file("a.sqlite"));
  const auto there = copy(*file("a.sqlite"), *database());
  EXPECT_FALSE(there.refused);
  for (const table_outcome& each : there.tables) EXPECT_GT(each.rows, 0U) << each.table;
  const auto back = copy(*database(), *file("b.sqlite"));
  expect_same(there, back);
  const auto settings = open_file("b.sqlite").data->read_settings({{}, guild, "welcome"});
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->version, 3U);
  EXPECT_EQ(settings->document, "{\"n\":2}");
}

TEST_F(copies, a_bot_goes_on_in_its_new_store_where_it_was) {
  fill(open_file("a.sqlite"));
  (void)copy(*file("a.sqlite"), *database());
  const opened_store server = open_server();
  const lease_key shard{{"music"}, {0, 1}};
  const auto lease_now = server.sessions->acquire(shard, 15s);
  ASSERT_TRUE(lease_now && std::holds_alternative<lease>(*lease_now));
  const auto session = server.sessions->load(shard);
  ASSERT_TRUE(session && *session);
  EXPECT_EQ((*session)->session_id, "session");
  EXPECT_EQ((*session)->sequence, 42U);
  session_row next = **session;
  next.sequence = 43;
  next.epoch = std::get<lease>(*lease_now).epoch;
  EXPECT_EQ(server.sessions->save(shard, next, {}), write_outcome::written);
  EXPECT_EQ(server.sessions->identifies({"music"}).value().last_day, 1U);
  EXPECT_EQ(server.sessions->settled_release({"music"}).value(), "0.2.0");
  EXPECT_EQ(server.sessions->newest_rollout({"music"}).value(), std::nullopt);
  EXPECT_EQ(server.sessions->identify_permission({"music"}).value()->reason, "moved twice");
  const auto one = change(3, "{\"n\":9}");
  const auto changed = server.data->change_settings(std::span(&one, 1), {"ben", change_origin::api});
  ASSERT_TRUE(changed && std::holds_alternative<std::vector<settings_row>>(*changed));
  EXPECT_EQ(history_of(server), 4U);
}

TEST_F(copies, one_that_was_cut_off_is_run_again) {
  fill(open_file("a.sqlite"));
  const auto source = file("a.sqlite");
  const auto target = database();
  int calls = 0;
  struct cut_off {};
  copy_options options{.scope = scope, .page = 100};
  options.progress = [&](std::string_view table, std::uint64_t, std::uint64_t) {
    if (table == "job" && ++calls == 3) throw cut_off();
  };
  EXPECT_THROW({ const auto never = copy_bot(*source, *target, options); }, cut_off);
  const auto again = copy(*source, *target);
  EXPECT_FALSE(again.refused);
  for (const table_outcome& each : again.tables) {
    if (each.table == "job") EXPECT_EQ(each.written, 900U) << "what had arrived was left";
    if (each.table == "settings") EXPECT_EQ(each.written, 0U);
  }
}

TEST_F(copies, other_values_are_not_replaced_unless_that_is_asked_for) {
  fill(open_file("a.sqlite"));
  {
    const opened_store server = open_server();
    const auto one = change(0, "{\"other\":1}");
    ASSERT_TRUE(server.data->change_settings(std::span(&one, 1), {"ben", change_origin::api}));
  }
  const auto refused = copy(*file("a.sqlite"), *database());
  ASSERT_TRUE(refused.refused);
  EXPECT_THAT(refused.refused->reason, HasSubstr("other values in 1 rows of settings"));
  EXPECT_TRUE(refused.tables.empty());
  EXPECT_EQ(open_server().data->list_jobs({}).value().size(), 0U) << "nothing was written";
  EXPECT_FALSE(copy(*file("a.sqlite"), *database(), true).refused);
  EXPECT_EQ(open_server().data->read_settings({{}, guild, "welcome"}).value().version, 3U);
}

TEST_F(copies, a_bot_that_runs_is_not_copied) {
  const opened_store running = open_file("a.sqlite");
  ASSERT_TRUE(running.sessions->acquire({{"music"}, {0, 1}}, 15s));
  const auto refused = copy(*file("a.sqlite"), *database());
  ASSERT_TRUE(refused.refused);
  EXPECT_THAT(refused.refused->reason, HasSubstr("node node runs music"));
}

TEST_F(copies, other_bots_and_environments_stay) {
  fill(open_file("a.sqlite"));
  const auto source = file("a.sqlite");
  const auto target = database();
  const copy_options of_another{.scope = {{"game"}, {"test"}}};
  const auto done = copy_bot(*source, *target, of_another);
  ASSERT_TRUE(done);
  for (const table_outcome& each : done->tables)
    EXPECT_EQ(each.rows, each.table == "api_token" ? 1U : 0U) << each.table;
}

// First cells, between back-quotes, of docs/data-model.md's table.
TEST_F(copies, the_data_model_page_names_every_table_and_no_other) {
  std::ifstream page(GUILDFLEET_DOCS_DIR "/data-model.md");
  std::set<std::string> documented;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("| `")) documented.insert(line.substr(3, line.find('`', 3) - 3));
  }
  (void)open_file("a.sqlite");
  SQLite::Database raw((folder / "a.sqlite").string(), SQLite::OPEN_READONLY);
  SQLite::Statement query(raw,
                          "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
  std::set<std::string> made;
  while (query.executeStep()) made.insert(query.getColumn(0).getString());
  EXPECT_EQ(documented, made);
}

}  // namespace
}  // namespace guildfleet::store
