// guildfleet doctor against a simulated Discord, real stores and running nodes: what it says of a healthy
// fleet, and of one thing after the other that is wrong.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <thread>

#include "integration/fleet_harness.hpp"
#include "net/http_types.hpp"
#include "store/postgres/connection_target.hpp"
#include "store/postgres/sql_session.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "support/postgres_server.hpp"
#include "support/redis_server.hpp"

namespace guildfleet::integration {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

struct told {
  std::optional<int> code{};
  std::string out{};
  std::string err{};
};

class doctor : public testing::Test {
 protected:
  doctor() {
    // What is on in the portal and used by nothing would be a note.
    discord.fault({{"kind", "application_flags"}, {"bot", "bot1"}, {"flags", 0}});
  }

  [[nodiscard]] node::variables environment(node::variables changes = {}) const {
    node::variables out = node::environment_of(discord);
    for (const auto& [key, value] : more) out[key] = value;
    for (const auto& [key, value] : changes) out[key] = value;
    return out;
  }
  std::unique_ptr<node> start() const { return std::make_unique<node>(folder, environment()); }

  // What the program says; the token is in none of it.
  [[nodiscard]] told run(std::vector<std::string> words, node::variables changes = {}) const {
    words.insert(words.begin(), GUILDFLEET_PROGRAM);
    const node::variables with = environment(std::move(changes));
    const auto out = folder / fmt::format("command-{}.out", ++commands);
    const auto err = folder / fmt::format("command-{}.err", commands);
    support::child_process process({std::move(words), with, folder.path(), out, err});
    told said{.code = process.wait(patience)};
    said.out = support::read_file(out);
    said.err = support::read_file(err);
    EXPECT_THAT(said.out + said.err, Not(HasSubstr(with.at("DISCORD_TOKEN"))));
    return said;
  }
  [[nodiscard]] json::object examine(std::vector<std::string> words = {"--offline"},
                                     node::variables changes = {}) const {
    words.insert(words.begin(), {"doctor", "-o", "json"});
    last = run(std::move(words), std::move(changes));
    boost::system::error_code problem;
    const json::value parsed = json::parse(last.out, problem);
    EXPECT_FALSE(problem) << last.out << last.err;
    return problem ? json::object() : parsed.as_object();
  }
  // The finding of this id and severity; empty: there is none.
  [[nodiscard]] static json::object finding(const json::object& in, const std::string& id,
                                            const std::string& severity) {
    for (const json::value& each : in.at("findings").as_array()) {
      if (text_of(each.as_object(), "id") == id && text_of(each.as_object(), "severity") == severity)
        return each.as_object();
    }
    return {};
  }
  static std::string seen(const json::object& in, const std::string& id, const std::string& severity) {
    const json::object found = finding(in, id, severity);
    EXPECT_FALSE(found.empty()) << id << " " << severity << " is not in " << json::serialize(in);
    if (!found.empty()) EXPECT_NE(text_of(found, "todo"), "");
    return text_of(found, "seen");
  }
  // Ids of everything that is not fine, but the machine's: this one is what it is.
  static std::vector<std::string> complaints(const json::object& in) {
    std::vector<std::string> out;
    for (const json::value& each : in.at("findings").as_array()) {
      const json::object& one = each.as_object();
      if (text_of(one, "severity") != "fine" && text_of(one, "section") != "machine")
        out.push_back(text_of(one, "id") + ": " + text_of(one, "seen"));
    }
    return out;
  }

  base::scratch_folder folder;
  simulated_discord discord{{.bots = {"bot1", "bot2"}, .channels = 8}};
  node::variables more;
  mutable int commands = 0;
  mutable told last;
};

TEST_F(doctor, has_nothing_to_say_of_a_healthy_fleet) {
  const auto running = start();
  ASSERT_TRUE(running->ready()) << running->log();
  ASSERT_TRUE(running->logs("commands registered"));
  json::object found;
  EXPECT_TRUE(eventually(patience, [&] {
    found = examine({"--url", running->origin()});
    return complaints(found).empty();
  })) << testing::PrintToString(complaints(found));
  EXPECT_EQ(number_of(found.at("summary").as_object(), "errors") > 0 ? 1 : 0, last.code);
  EXPECT_TRUE(found.at("not_asked").as_array().empty()) << json::serialize(found.at("not_asked"));
  for (const char* id :
       {"GD101", "GD103", "GD105", "GD106", "GD201", "GD202", "GD203", "GD204", "GD307", "GD321", "GD322",
        "GD323", "GD601", "GD602", "GD603", "GD604", "GD605", "GD621", "GD631"})
    EXPECT_FALSE(finding(found, id, "fine").empty()) << id;
  const told text = run({"doctor", "--url", running->origin()});
  EXPECT_THAT(text.out, AllOf(HasSubstr("GD101 bot1: token: accepted, as bot1"), HasSubstr("0 not asked")));
  EXPECT_EQ(text.err, "") << "no progress where nobody watches";
}

TEST_F(doctor, changes_nothing_where_nothing_has_run) {
  const json::object found = examine();
  EXPECT_THAT(seen(found, "GD321", "note"), HasSubstr("not there"));
  EXPECT_THAT(seen(found, "GD105", "warning"), HasSubstr("not registered: ping"));
  EXPECT_THAT(seen(found, "GD603", "note"), HasSubstr("no node runs it"));
  EXPECT_FALSE(std::filesystem::exists(folder / "storage"));
  EXPECT_EQ(discord.gateway_count("identifies"), 0U);
  EXPECT_THAT(json::serialize(found.at("not_asked")), HasSubstr("--offline"));
}

TEST_F(doctor, names_a_wrong_token_and_asks_once) {
  const std::string canary = "MTIzNDU2Nzg5MDEyMzQ1Njc4.CANARY.canarycanarycanarycanarycanary";
  const json::object found = examine({"--offline"}, {{"DISCORD_TOKEN", canary}});
  EXPECT_EQ(last.code, 1);
  EXPECT_THAT(seen(found, "GD101", "error"), HasSubstr("Discord refused the token"));
  EXPECT_EQ(number_of(discord.report().at("rest").as_object(), "unauthorized"), 1);
  EXPECT_THAT(json::serialize(found.at("not_asked")), HasSubstr("intents, commands, permissions"));
  const told text = run({"doctor", "--offline"}, {{"DISCORD_TOKEN", canary}});
  EXPECT_THAT(text.out, AllOf(HasSubstr("GD101 bot1: token"), HasSubstr("-> ")));
}

TEST_F(doctor, names_a_clock_that_is_wrong) {
  discord.fault({{"kind", "date"}, {"ms", 30'000}});
  EXPECT_THAT(seen(examine(), "GD202", "warning"), HasSubstr("behind Discord's"));
  discord.fault({{"kind", "date"}, {"ms", -90'000}});
  EXPECT_THAT(seen(examine(), "GD202", "error"), HasSubstr("ahead of Discord's"));
}

TEST_F(doctor, names_switches_of_the_portal_that_nothing_uses) {
  discord.fault({{"kind", "application_flags"}, {"bot", "bot1"}, {"flags", 1 << 18}});
  EXPECT_THAT(seen(examine(), "GD104", "note"), HasSubstr("Message Content"));
}

TEST_F(doctor, names_what_the_bot_may_not_do_and_where) {
  const std::string token = discord.token_of("bot2");
  const std::string guild = discord.first_guild();
  const std::string guild_path = "/api/v10/guilds/" + guild;
  const auto call = [&](const std::string& method, const std::string& path, const std::string& body) {
    return support::answer_to({.origin = fmt::format("http://127.0.0.1:{}", discord.port()),
                               .path = path,
                               .method = method,
                               .fields = {{"Authorization", "Bot " + token},
                                          {"User-Agent", "DiscordBot (https://example.org, 1)"},
                                          {"Content-Type", "application/json"}},
                               .text = body});
  };
  const json::value roles = json::parse(call("GET", guild_path + "/roles", "").body);
  for (const json::value& each : roles.as_array()) {
    const json::object& role = each.as_object();
    if (text_of(role, "name") != "bot1" && text_of(role, "name") != "@everyone") continue;
    const auto done = call("PATCH", guild_path + "/roles/" + text_of(role, "id"), R"({"permissions":"0"})");
    EXPECT_EQ(done.status, 200) << done.body;
  }
  const json::object found = examine();
  EXPECT_THAT(seen(found, "GD106", "warning"), AllOf(HasSubstr(guild), HasSubstr("probe: View Channel"),
                                                     HasSubstr("of all 3 guilds, one is lacking")));
  EXPECT_THAT(seen(examine({"--offline", "--guilds", "1"}), "GD106", "warning"),
              HasSubstr("the first 1 of 3 guilds"));
}

TEST_F(doctor, names_commands_that_discord_has_otherwise) {
  {
    const auto running = start();
    ASSERT_TRUE(running->logs("commands registered"));
    EXPECT_EQ(running->stop(), 0);
  }
  EXPECT_TRUE(finding(examine(), "GD105", "warning").empty());
  EXPECT_THAT(seen(examine({"--offline"}, {{"FEATURES", "help,probe"}}), "GD105", "warning"),
              AllOf(HasSubstr("not registered: help"), HasSubstr("no feature has it: ping")));
}

TEST_F(doctor, names_a_job_that_nobody_runs) {
  {
    const auto running = start();
    ASSERT_TRUE(running->ready()) << running->log();
    EXPECT_EQ(running->stop(), 0);
  }
  const base::system_clock clock;
  store::sqlite_settings at;
  at.path = (folder / "storage/bot1.sqlite").string();
  at.node = {"test", 7};
  store::job_plan plan;
  plan.key = {{"production"}, {"bot1"}, "ping/late"};
  plan.kind = "ping/x";
  plan.due = clock.wall_now() - std::chrono::minutes(20);
  {
    const auto opened = store::open_sqlite_store(std::move(at), clock);
    ASSERT_TRUE(opened) << opened.error().message();
    ASSERT_TRUE(opened->data->schedule(plan, store::schedule_mode::keep));
  }
  EXPECT_THAT(seen(examine(), "GD621", "error"), HasSubstr("ping/late of bot1 by 20 min"));
}

TEST_F(doctor, names_who_holds_a_lock_in_the_database_and_a_redis_that_refuses) {
  const std::string database = support::shared_postgres().make_database();
  const std::string url = support::shared_postgres().url(database);
  support::redis_options options;
  options.password = "right";
  support::redis_server redis(options);
  ASSERT_TRUE(redis.start());
  more = {{"DATABASE_URL", url},
          {"REDIS_URL", fmt::format("redis://:canary-wrong@127.0.0.1:{}", redis.port())}};
  ASSERT_EQ(run({"db", "migrate"}).code, 0);
  const auto connect = [&](const std::string& name) {
    return store::sql_session::connect(*store::connection_target::parse(base::secret(url), name)).value();
  };
  const auto holder = connect("forgetful");
  holder->script("BEGIN; LOCK TABLE guildfleet.job");
  std::thread waiter([other = connect("patient")] { other->script("SELECT count(*) FROM guildfleet.job"); });
  json::object found;
  EXPECT_TRUE(eventually(patience, [&] {
    found = examine();
    return !finding(found, "GD305", "error").empty();
  })) << json::serialize(found);
  holder->script("ROLLBACK");
  waiter.join();
  EXPECT_THAT(seen(found, "GD305", "error"), AllOf(HasSubstr("patient"), HasSubstr("on forgetful")));
  EXPECT_THAT(seen(found, "GD401", "error"), HasSubstr("WRONGPASS to AUTH"));
  EXPECT_THAT(last.out,
              AllOf(Not(HasSubstr("canary-wrong")), Not(HasSubstr(support::postgres_server::url_password)),
                    Not(HasSubstr("canary-5f0c"))));
  const json::object mended =
      examine({"--offline"}, {{"REDIS_URL", fmt::format("redis://:right@127.0.0.1:{}", redis.port())}});
  for (const char* id : {"GD301", "GD302", "GD303", "GD304", "GD305", "GD306", "GD307", "GD308", "GD309",
                         "GD401", "GD402", "GD403", "GD404", "GD405", "GD406"})
    EXPECT_FALSE(finding(mended, id, "fine").empty()) << id << json::serialize(mended);
}

TEST_F(doctor, counts_files_by_the_shards_that_discord_recommends) {
  const auto needed = [](const json::object& found) {
    for (const char* how : {"fine", "warning", "error"}) {
      const std::string text = text_of(finding(found, "GD503", how), "seen");
      if (text.empty()) continue;
      const std::size_t at = text.find("about ");
      return at == std::string::npos ? 0 : std::stoi(text.substr(at + 6));
    }
    return 0;
  };
  const int with_one = needed(examine());
  const simulated_discord large({.bots = {"bot1"}, .recommended_shards = 40});
  const int with_forty = needed(examine(
      {"--offline"}, {{"DISCORD_API_URL", large.api_url()}, {"DISCORD_TOKEN", large.token_of("bot1")}}));
  EXPECT_EQ(with_forty - with_one, 39);
}

TEST_F(doctor, names_jobs_of_the_bots_that_are_meant_alone) {
  const std::string url = support::shared_postgres().url(support::shared_postgres().make_database());
  more = {{"DATABASE_URL", url}};
  ASSERT_EQ(run({"db", "migrate"}).code, 0);
  const auto session =
      store::sql_session::connect(*store::connection_target::parse(base::secret(url), "other")).value();
  session->script(
      "INSERT INTO guildfleet.job(environment, bot, key, kind, guild_id, due_ms, payload, state, fence, "
      "attempts, last_error, node, lease_until_ms, created_ms) "
      "VALUES ('production', 'stranger', 'ping/late', 'ping/x', 0, 1, '{}', 'waiting', 1, 0, '', '', 0, 1)");
  EXPECT_EQ(text_of(finding(examine(), "GD621", "fine"), "seen"), "none is due");
}

TEST_F(doctor, takes_no_page_for_a_node_that_answers_with_an_error) {
  // The simulated Discord answers 404 to what it does not know.
  const std::string url = fmt::format("http://127.0.0.1:{}", discord.port());
  EXPECT_THAT(seen(examine({"--url", url}), "GD601", "warning"),
              HasSubstr("/health answers with status 404"));
}

TEST_F(doctor, names_migrations_that_wait_and_takes_none) {
  const std::string url = support::shared_postgres().url(support::shared_postgres().make_database());
  more = {{"DATABASE_URL", url}};
  for (int i = 0; i < 2; ++i) {
    const json::object found = examine();
    EXPECT_THAT(seen(found, "GD307", "note"), HasSubstr("none yet"));
    EXPECT_THAT(json::serialize(found.at("not_asked")), HasSubstr("not those of this release"));
  }
}

TEST_F(doctor, says_that_no_node_answers) {
  const json::object found = examine({"--url", fmt::format("http://127.0.0.1:{}", support::free_port())});
  EXPECT_THAT(seen(found, "GD601", "warning"), HasSubstr("127.0.0.1"));
}

TEST_F(doctor, knows_no_other_bots_than_the_configuration) {
  const told said = run({"doctor", "--bot", "bot9"});
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.err, HasSubstr("there is no bot bot9"));
}

TEST_F(doctor, shows_a_nodes_memory_part_by_part) {
  const auto running = start();
  ASSERT_TRUE(running->ready()) << running->log();
  const told shown = run({"doctor", "memory", "--url", running->origin()});
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_THAT(shown.out, AllOf(HasSubstr("node-a, up for"), HasSubstr("guild_state"), HasSubstr("resident"),
                               HasSubstr("GD631"), HasSubstr("after 60 samples")));
  const told told_json = run({"doctor", "memory", "--url", running->origin(), "-o", "json"});
  const json::object memory = json::parse(told_json.out).as_object();
  EXPECT_EQ(memory.at("parts").as_array().size(), 7U);
  EXPECT_GT(memory.at("parts").at(0).at("bytes").to_number<double>(), 1e6);
}

class heap : public doctor {
 protected:
  heap() { more = {{"API_PORT", std::to_string(support::free_port())}}; }

  // A token of the API, made as an operator does.
  [[nodiscard]] std::string token(const std::string& scope) const {
    const told made = run({"token", "create", scope, "--scope", scope});
    const std::size_t at = made.out.find("gft_");
    EXPECT_NE(at, std::string::npos) << made.out << made.err;
    return at == std::string::npos ? "" : made.out.substr(at, made.out.find_first_of(" \n", at) - at);
  }
  [[nodiscard]] told save(const std::string& with_token) const {
    return run({"doctor", "heap", "--file", "saved.heap"}, {{"GUILDFLEET_API_TOKEN", with_token}});
  }
  void expect_private_and_without_secrets(const std::string& admin) const {
    struct stat found{};
    ASSERT_EQ(::stat((folder / "saved.heap").c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777U, 0600U);
    const std::string text = support::read_file(folder / "saved.heap");
    EXPECT_GT(text.size(), 100U);
    for (const std::string& secret : {discord.token_of("bot1"), admin})
      EXPECT_THAT(text, Not(HasSubstr(secret)));
    EXPECT_THAT(text, Not(HasSubstr("bot1.sqlite")));
  }
};

TEST_F(heap, is_shown_to_administrators_as_the_usual_allocator_tells_it) {
  const std::string admin = token("admin");
  const std::string reader = token("read");
  const auto running = start();
  ASSERT_TRUE(running->ready()) << running->log();
  const told without = run({"doctor", "heap", "--file", "saved.heap"});
  EXPECT_EQ(without.code, 2);
  EXPECT_THAT(without.err, HasSubstr("guildfleet token create"));
  const told refused = save(reader);
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("403"));
  EXPECT_FALSE(std::filesystem::exists(folder / "saved.heap"));
  const told saved = save(admin);
  EXPECT_EQ(saved.code, 0) << saved.err;
  EXPECT_THAT(saved.out, AllOf(HasSubstr("arenas"), HasSubstr("guildfleet run --heap-profile")));
  expect_private_and_without_secrets(admin);
  const told again = save(admin);
  EXPECT_EQ(again.code, 1) << "what is there is not written over";
  EXPECT_THAT(again.err, HasSubstr("exists"));
}

TEST_F(heap, of_a_node_that_was_started_for_it_is_a_profile) {
  const std::string admin = token("admin");
  node::variables with = environment({{"PORT", "0"}, {"ADDRESS", "127.0.0.1"}});
  support::child_process process({{GUILDFLEET_PROGRAM, "run", "--heap-profile"},
                                  with,
                                  folder.path(),
                                  folder / "profiled.out",
                                  folder / "profiled.err"});
  if (!process.writes(patience, [&] { return process.out().contains("ready"); })) {
    ASSERT_THAT(process.err(), HasSubstr("apt-get install libjemalloc2"));
    GTEST_SKIP() << "libjemalloc2 is not installed";
  }
  const told saved = save(admin);
  EXPECT_EQ(saved.code, 0) << saved.err;
  EXPECT_THAT(saved.out, AllOf(HasSubstr("profile of the node's heap"), HasSubstr("jeprof")));
  expect_private_and_without_secrets(admin);
  const std::string text = support::read_file(folder / "saved.heap");
  EXPECT_THAT(text, AllOf(HasSubstr("heap_v2/"), HasSubstr("MAPPED_LIBRARIES"), HasSubstr("guildfleet")));
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(patience), 0);
}

}  // namespace
}  // namespace guildfleet::integration
