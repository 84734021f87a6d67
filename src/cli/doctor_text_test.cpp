#include "cli/doctor_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

#include "cli/program_run.hpp"

namespace guildfleet::cli {
namespace {

using ops::doctor::check;
using ops::doctor::grade;
using testing::AllOf;
using testing::HasSubstr;

ops::doctor::diagnosis some_diagnosis() {
  ops::doctor::diagnosis out;
  out.findings = {{check::token, grade::fine, "music", "accepted, as Music", "", ""},
                  {check::privileged_intents, grade::error, "music", "off: GUILD_MEMBERS",
                   "It does not start.", "Switch it on."},
                  {check::clock, grade::note, "", "no Date", "Not known.", "Look at it."}};
  out.not_asked = {{ops::doctor::section::fleet, "running node", "--offline"}};
  sort_for_reading(out);
  return out;
}

std::string printed(const ops::doctor::diagnosis& of) {
  std::ostringstream out;
  std::ostringstream err;
  print_diagnosis(of, {out, err});
  return out.str();
}

TEST(doctor_text, tells_the_worst_first_and_what_is_fine_in_one_line) {
  EXPECT_EQ(printed(some_diagnosis()),
            "Token, intents, commands, permissions\n"
            "  error   GD103 music: privileged intents\n"
            "                off: GUILD_MEMBERS\n"
            "                It does not start.\n"
            "             -> Switch it on.\n"
            "  fine    GD101 music: token: accepted, as Music\n"
            "\n"
            "Discord: reach, clock, identifies\n"
            "  note    GD202 clock\n"
            "                no Date\n"
            "                Not known.\n"
            "             -> Look at it.\n"
            "\n"
            "Not asked\n"
            "  running node: --offline\n"
            "\n"
            "1 error, 0 warnings, 1 note; 1 fine, 1 not asked\n");
}

TEST(doctor_text, lets_no_name_speak_to_the_terminal) {
  ops::doctor::diagnosis of;
  of.findings = {{check::permissions, grade::warning, "mu\x1bsic", "Gar\x1b[2Jden", "b\rell\x07", "d\no"},
                 {check::token, grade::fine, "music", "as Mu\x1b]0;sic", "", ""}};
  of.not_asked = {{ops::doctor::section::fleet,
                   "no\x1b"
                   "de",
                   "\x1b[1m"}};
  const std::string text = printed(of);
  EXPECT_THAT(text, AllOf(HasSubstr("Gar?[2Jden"), HasSubstr("mu?sic"), HasSubstr("b?ell?"), HasSubstr("d?o"),
                          HasSubstr("as Mu?]0;sic"), HasSubstr("no?de: ?[1m")));
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(doctor_text, shows_memory_as_a_table) {
  std::ostringstream out;
  std::ostringstream err;
  ops::doctor::memory_series series{
      .node = "one", .uptime = std::chrono::hours(3), .parts = {"resident", "live"}};
  print_memory(series, {out, err});
  EXPECT_THAT(out.str(), HasSubstr("no sample yet"));
  for (int i = 0; i < 120; ++i)
    series.rows.push_back({base::wall_time(std::chrono::minutes(i)), 200, {60e6 + i * 1e5, 40e6}});
  print_memory(series, {out, err});
  EXPECT_THAT(out.str(),
              AllOf(HasSubstr("one, up for 3 h 00 min, 200 guilds, 120 samples"),
                    HasSubstr("resident  72 MB  359.5 kB   +6 MB"), HasSubstr("live      40 MB  200.0 kB")));
}

class doctor_words : public testing::Test, protected program_run {
 protected:
  doctor_words() {
    facts.variables = [](std::string_view) { return std::nullopt; };
  }
};

TEST_F(doctor_words, of_another_number_of_guilds_or_command_are_refused) {
  EXPECT_EQ(run({"doctor", "--guilds", "many"}), exit_code::usage);
  EXPECT_EQ(run({"doctor", "memroy"}), exit_code::usage);
  EXPECT_THAT(err, HasSubstr("did you mean memory?"));
}

TEST_F(doctor_words, without_a_bot_are_of_no_use) {
  EXPECT_EQ(run({"doctor"}), exit_code::usage);
  EXPECT_THAT(err, HasSubstr("DISCORD_TOKEN"));
}

TEST_F(doctor_words, about_the_heap_need_the_api_and_a_token) {
  EXPECT_EQ(run({"doctor", "heap"}), exit_code::usage);
  EXPECT_THAT(err, HasSubstr("api.port"));
  EXPECT_EQ(run({"doctor", "heap", "--api", "http://127.0.0.1:9"}), exit_code::usage);
  EXPECT_THAT(err, HasSubstr("guildfleet token create doctor --scope admin"));
}

}  // namespace
}  // namespace guildfleet::cli
