// config, jobs, stats and token on a SQLite file, as they are typed.
#include <SQLiteCpp/Database.h>
#include <algorithm>
#include <boost/json/parse.hpp>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/api_token.hpp"
#include "base/scratch_folder.hpp"
#include "cli/program_run.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace guildfleet::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class data_commands : public testing::Test, protected program_run {
 protected:
  data_commands() {
    facts.known_features = {"guild-config"};
    facts.default_features = {"guild-config"};
    facts.variables = [this](std::string_view name) -> std::optional<std::string> {
      if (name == "DISCORD_TOKEN") return "MTIzNDU2Nzg5MDEyMzQ1Njc4.abc.def";
      if (name == "BOT_NAME") return "music";
      if (name == "SQLITE_PATH") return (folder / "a.sqlite").string();
      if (name == "USER") return "ann";
      return std::nullopt;
    };
  }
  exit_code config(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "config");
    arguments.insert(arguments.end(), {"--guild", "123456789012345678"});
    return run(std::move(arguments));
  }
  [[nodiscard]] std::shared_ptr<store::data_store> open() {
    store::sqlite_settings at;
    at.path = (folder / "a.sqlite").string();
    at.node = {"test", 7};
    return store::open_sqlite_store(std::move(at), clock).value().data;
  }

  // Something in the store that is this bot's.
  void use_once() {
    const store::feature_use use{{"music"}, "ping", 1};
    EXPECT_TRUE(open()->add_uses(store::environment_name{"production"}, {&use, 1}));
  }

  base::scratch_folder folder;
  base::system_clock clock;
};

TEST_F(data_commands, config_is_set_shown_and_undone) {
  EXPECT_EQ(config({"set", "guild-config.language", "ja"}), exit_code::fine) << err;
  EXPECT_THAT(out, HasSubstr("saved, version 1"));
  EXPECT_EQ(config({"set", "guild-config.language", "ja"}), exit_code::fine);
  EXPECT_THAT(out, HasSubstr("it was so already"));
  EXPECT_EQ(config({"get"}), exit_code::fine);
  EXPECT_THAT(out, AllOf(HasSubstr("guild-config  version 1"), HasSubstr("by ann (cli)")));
  EXPECT_EQ(config({"history"}), exit_code::fine);
  EXPECT_THAT(out, AllOf(HasSubstr("ann"), HasSubstr("cli"), HasSubstr("guild-config")));
  EXPECT_EQ(config({"undo", "1"}), exit_code::fine) << err;
  EXPECT_EQ(config({"get", "-o", "json"}), exit_code::fine);
  const auto shown = boost::json::parse(out);
  const auto& features = shown.at("features").as_array();
  const auto of_it =
      std::ranges::find_if(features, [](const auto& each) { return each.at("feature") == "guild-config"; });
  ASSERT_NE(of_it, features.end()) << out;
  EXPECT_EQ(of_it->at("version"), 2);
  EXPECT_EQ(of_it->at("settings").at("language"), "automatic");
  EXPECT_EQ(config({"undo", "1"}), exit_code::failed);
}

TEST_F(data_commands, config_refuses_what_is_not_valid_and_what_was_not_seen) {
  const struct {
    std::vector<std::string> arguments;
    exit_code code;
    const char* told;
  } cases[] = {
      {{"set", "guild-config.language", "klingon"}, exit_code::usage, "language"},
      {{"set", "guild-config.nope", "1"}, exit_code::usage, "nope"},
      {{"set", "nope.language", "ja"}, exit_code::usage, "guild-config"},
      {{"set", "language", "ja"}, exit_code::usage, "FEATURE.FIELD"},
      {{"set", "guild-config.language"}, exit_code::usage, "--unset"},
      {{"set", "guild-config.language", "ja", "--if-version", "7"},
       exit_code::failed,
       "nobody changed guild-config"},
      {{"reset", "nope"}, exit_code::usage, "guild-config"},
      {{"undo", "99"}, exit_code::failed, "no such change"},
      {{"import", "/nowhere.json"}, exit_code::usage, "cannot be read"},
  };
  for (const auto& each : cases) {
    EXPECT_EQ(config(each.arguments), each.code) << each.told;
    EXPECT_THAT(err + out, HasSubstr(each.told));
  }
  EXPECT_EQ(run({"config", "get", "--guild", "x"}), exit_code::usage);
  EXPECT_EQ(run({"config", "get", "--guild", "123456789012345678", "--bot", "game"}), exit_code::usage);
  EXPECT_THAT(err, HasSubstr("Name one of music with --bot"));
}

TEST_F(data_commands, an_export_is_imported_once_it_was_looked_at) {
  ASSERT_EQ(config({"set", "guild-config.language", "ja"}), exit_code::fine);
  ASSERT_EQ(config({"export"}), exit_code::fine);
  std::ofstream(folder / "export.json") << out;
  const std::string file = (folder / "export.json").string();
  EXPECT_EQ(config({"import", file, "--yes"}), exit_code::fine);
  EXPECT_THAT(out, HasSubstr("nothing would change"));
  ASSERT_EQ(config({"reset", "guild-config"}), exit_code::fine);
  EXPECT_EQ(config({"import", file, "--dry-run"}), exit_code::fine);
  EXPECT_THAT(err, HasSubstr("日本語"));
  EXPECT_EQ(config({"import", file, "--yes"}), exit_code::fine);
  EXPECT_THAT(out, HasSubstr("saved, 1 feature"));
  std::ofstream(folder / "wrong.json") << "{\"format\":\"other\"}";
  EXPECT_EQ(config({"import", (folder / "wrong.json").string(), "--yes"}), exit_code::usage);
}

TEST_F(data_commands, jobs_are_listed_retried_and_cancelled) {
  (void)open();
  EXPECT_EQ(run({"jobs", "list"}), exit_code::fine);
  EXPECT_EQ(out, "there are none\n");
  {
    const auto data = open();
    const store::job_plan plan{{{}, {"music"}, "remind:1"}, "reminder/say", {}, clock.wall_now(), "{}"};
    ASSERT_TRUE(data->schedule(plan, store::schedule_mode::keep));
  }
  EXPECT_EQ(run({"jobs", "list", "--state", "dead"}), exit_code::fine);
  EXPECT_EQ(out, "there are none\n");
  EXPECT_EQ(run({"jobs", "list", "-o", "json"}), exit_code::fine);
  EXPECT_EQ(boost::json::parse(out).at("jobs").at(0).at("state"), "waiting");
  EXPECT_EQ(run({"jobs", "retry", "remind:1", "--bot", "music"}), exit_code::failed);
  EXPECT_EQ(run({"jobs", "cancel", "remind:1"}), exit_code::usage);
  EXPECT_EQ(run({"jobs", "cancel", "remind:1", "--bot", "music"}), exit_code::fine);
  EXPECT_EQ(run({"jobs", "cancel", "remind:1", "--bot", "music"}), exit_code::failed);
}

TEST_F(data_commands, the_stores_are_shown_saved_and_copied) {
  ASSERT_EQ(config({"set", "guild-config.language", "ja"}), exit_code::fine);
  EXPECT_EQ(run({"db", "migrate"}), exit_code::fine);
  EXPECT_THAT(out, HasSubstr("up to date"));
  EXPECT_EQ(run({"db", "status", "-o", "json"}), exit_code::fine);
  EXPECT_EQ(boost::json::parse(out).at("stores").at(0).at("rows").at("settings"), 1);
  EXPECT_EQ(run({"db", "backup", "--to", folder.path().string()}), exit_code::fine) << err;
  EXPECT_EQ(run({"db", "backup", "--to", folder.path().string()}), exit_code::refused);
  const std::string here = (folder / "a.sqlite").string();
  const std::string there = (folder / "b.sqlite").string();
  use_once();
  EXPECT_EQ(run({"db", "copy", "--bot", "music", "--from", here, "--to", there}), exit_code::fine) << err;
  EXPECT_THAT(out, HasSubstr("the same in both stores"));
  ASSERT_EQ(config({"set", "guild-config.language", "en"}), exit_code::fine);
  EXPECT_EQ(run({"db", "copy", "--bot", "music", "--from", here, "--to", there}), exit_code::refused);
  EXPECT_THAT(err, HasSubstr("--force replaces them"));
  EXPECT_EQ(run({"db", "copy", "--bot", "music", "--from", here, "--to", there, "--force", "-o", "json"}),
            exit_code::fine);
}

TEST_F(data_commands, a_copy_takes_no_typing_error_for_an_empty_store) {
  ASSERT_EQ(config({"set", "guild-config.language", "ja"}), exit_code::fine);
  use_once();
  const std::string here = (folder / "a.sqlite").string();
  const std::string there = (folder / "b.sqlite").string();
  const std::string absent = (folder / "absent.sqlite").string();
  EXPECT_EQ(run({"db", "copy", "--bot", "music", "--from", absent, "--to", there}), exit_code::usage);
  EXPECT_THAT(err, HasSubstr("there is no such file"));
  EXPECT_FALSE(std::filesystem::exists(absent));
  EXPECT_EQ(run({"db", "copy", "--bot", "music", "--from", here, "--to", here}), exit_code::usage);
  EXPECT_THAT(err, HasSubstr("name the same store"));
  EXPECT_EQ(run({"db", "copy", "--bot", "musik", "--from", here, "--to", there}), exit_code::refused);
  EXPECT_THAT(err, HasSubstr("holds nothing of a bot musik"));
}

TEST_F(data_commands, what_only_reads_makes_no_store) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"stats"},
                                                {"jobs", "list"},
                                                {"token", "list"},
                                                {"config", "get", "--guild", "5"}}) {
    EXPECT_EQ(run(words), exit_code::failed) << words.front();
    EXPECT_THAT(err, HasSubstr("a.sqlite")) << words.front();
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "a.sqlite"));
}

TEST_F(data_commands, a_password_on_the_command_line_is_refused_and_not_repeated) {
  const std::string here = (folder / "a.sqlite").string();
  use_once();
  const struct {
    const char* to;
    exit_code code;
  } cases[] = {{"postgresql://u:canary@127.0.0.1:1/x", exit_code::refused},
               {"postgresql://127.0.0.1:1/x?password=canary", exit_code::refused},
               {"postgresql://u@127.0.0.1:1/x", exit_code::failed},
               {"env:NOWHERE", exit_code::usage},
               {"file:/nowhere", exit_code::usage},
               {"/nowhere/deep/x.sqlite", exit_code::failed}};
  for (const auto& each : cases) {
    EXPECT_EQ(run({"db", "copy", "--bot", "music", "--from", here, "--to", each.to}), each.code) << each.to;
    EXPECT_THAT(out + err, Not(HasSubstr("canary")));
  }
}

TEST_F(data_commands, stats_count_what_the_store_holds) {
  ASSERT_EQ(config({"set", "guild-config.language", "ja"}), exit_code::fine);
  EXPECT_EQ(run({"stats"}), exit_code::fine);
  EXPECT_THAT(out, HasSubstr("Changes of settings a day"));
  EXPECT_EQ(run({"stats", "-o", "json"}), exit_code::fine);
  EXPECT_EQ(boost::json::parse(out).at("config_changes").at(0).at("changes"), 1);
}

TEST_F(data_commands, a_token_is_shown_once_and_kept_as_its_hash) {
  EXPECT_EQ(run({"token", "create", "board", "--scope", "config", "--expires", "90d"}), exit_code::fine)
      << err;
  const std::string token = out.substr(0, out.size() - 1);
  const auto found = open()->find_token(base::hash_api_token(token));
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->scopes, static_cast<std::uint8_t>(store::token_scope::config));
  EXPECT_EQ(run({"token", "create", "board"}), exit_code::failed);
  EXPECT_EQ(run({"token", "list"}), exit_code::fine);
  EXPECT_THAT(out, AllOf(HasSubstr("board"), HasSubstr("config"), Not(HasSubstr(token))));
  EXPECT_EQ(run({"token", "revoke", "board"}), exit_code::fine);
  EXPECT_EQ(run({"token", "revoke", "board"}), exit_code::failed);
  EXPECT_EQ(run({"token", "create", "bo ard"}), exit_code::usage);
  EXPECT_EQ(run({"token", "create", "b", "--expires", "0"}), exit_code::usage);
}

TEST_F(data_commands, db_status_only_looks) {
  const std::string path = (folder / "a.sqlite").string();
  EXPECT_EQ(run({"db", "status"}), exit_code::fine) << err;
  EXPECT_THAT(out, HasSubstr("not there yet"));
  EXPECT_FALSE(std::filesystem::exists(path));

  (void)open();
  EXPECT_EQ(run({"db", "status"}), exit_code::fine) << err;
  EXPECT_THAT(out, AllOf(HasSubstr("up to date"), HasSubstr("settings")));

  const struct {
    const char* change;
    const char* state;
    exit_code code;
  } cases[] = {
      {"DELETE FROM schema_migration WHERE version > 1", "older", exit_code::fine},
      {"INSERT INTO schema_migration SELECT component, 99, 0, 1 FROM schema_migration LIMIT 1", "newer",
       exit_code::fine},
      {"UPDATE schema_migration SET readable_from = 99 WHERE version = 99", "unreadable", exit_code::failed},
  };
  for (const auto& [change, state, code] : cases) {
    SQLite::Database(path, SQLite::OPEN_READWRITE).exec(change);
    EXPECT_EQ(run({"db", "status", "-o", "json"}), code) << state;
    const auto shown = boost::json::parse(out).at("stores").at(0);
    EXPECT_EQ(shown.at("state"), state);
    EXPECT_TRUE(shown.at("rows").as_object().empty());
  }

  std::ofstream(path, std::ios::trunc) << "no database at all, and long enough to be looked at as one";
  EXPECT_EQ(run({"db", "status"}), exit_code::failed);
  EXPECT_THAT(err, HasSubstr("a.sqlite"));
}

}  // namespace
}  // namespace guildfleet::cli
