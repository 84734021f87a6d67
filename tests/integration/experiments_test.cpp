// Experiments of a fleet.yaml: half of the servers have the variant, the same ones after a restart, and what
// happens in both halves is told apart.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

#include "cli/program_run.hpp"
#include "features/registry.hpp"
#include "integration/fleet_harness.hpp"

namespace guildfleet::integration {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr int guilds = 24;

class experiments : public testing::Test, protected cli::program_run {
 protected:
  experiments() {
    environment["TOKEN"] = discord.token_of("bot1");
    facts.known_features = features::feature_names();
    facts.variables = [](std::string_view) { return std::nullopt; };
    const auto listed = support::answer_to(
        {.origin = fmt::format("http://127.0.0.1:{}", discord.port()), .path = "/_sim/guilds"});
    const json::value all = json::parse(listed.body);
    for (const json::value& each : all.as_array()) servers.push_back(text_of(each.as_object(), "id"));
    std::ofstream(folder / "fleet.yaml") << fmt::format(
        "address: 127.0.0.1\nport: 0\nnode: {{ name: node-a }}\n"
        "discord: {{ api_url: \"{}\" }}\nstore: {{ sqlite: \"{}\" }}\n"
        "bots: [{{ name: bot1, token: \"${{TOKEN}}\", features: [ping, help, about] }}]\n"
        "experiments:\n"
        "  - {{ name: loud-help, feature: help, variant: visible, share: 50% }}\n"
        "  - {{ name: in-words, feature: ping, variant: words, guilds: [{}] }}\n"
        "  - {{ name: old, feature: help, variant: compact, share: 100%, until: 2020-01-01 }}\n",
        discord.api_url(), (folder / "bot.sqlite").string(), servers.at(1));
    start();
  }
  void start() {
    bot = std::make_unique<node>(folder, environment);
    ASSERT_TRUE(bot->ready()) << bot->log();
  }
  // The status of the interaction of a member of this server.
  [[nodiscard]] json::object use(const std::string& command, const std::string& guild,
                                 const std::string& locale = "en-US") const {
    const json::object call{
        {"bot", "bot1"}, {"name", command}, {"guild", guild}, {"wait", 5'000}, {"locale", locale}};
    return discord.act_once_possible("command", call);
  }
  // Where everybody sees what /help answers.
  [[nodiscard]] std::set<std::string> loud_servers() const {
    std::set<std::string> out;
    for (const std::string& each : servers) {
      const json::object shown = use("help", each);
      EXPECT_TRUE(shown.at("answered").as_bool());
      EXPECT_THAT(json::serialize(shown), HasSubstr("/ping"));
      if (!shown.at("ephemeral").as_bool()) out.insert(each);
    }
    return out;
  }
  [[nodiscard]] double counted(const std::string& what, const std::string& experiment,
                               const std::string& variant) const {
    return bot->metric(
        fmt::format("guildfleet_bot_experiment_{}{{bot=\"bot1\",experiment=\"{}\",variant=\"{}\"}}", what,
                    experiment, variant));
  }

  base::scratch_folder folder;
  simulated_discord discord{{.guilds = guilds, .heartbeat = 500ms}};  // latency is known soon
  std::vector<std::string> servers;
  node::variables environment;
  std::unique_ptr<node> bot;
};

TEST_F(experiments, give_half_of_the_servers_the_variant_and_the_same_ones_after_a_restart) {
  const auto loud = loud_servers();
  EXPECT_GE(loud.size(), 2U);
  EXPECT_LE(loud.size(), guilds - 2U);
  EXPECT_EQ(bot->stop(), 0);
  start();
  EXPECT_EQ(loud_servers(), loud);
}

TEST_F(experiments, are_counted_by_group) {
  const auto loud = static_cast<double>(loud_servers().size());
  (void)use("about", servers.at(0));
  EXPECT_EQ(counted("uses_total", "loud-help", "visible"), loud);
  EXPECT_EQ(counted("uses_total", "loud-help", "control"), guilds - loud);
  EXPECT_EQ(counted("other_uses_total", "loud-help", "visible") +
                counted("other_uses_total", "loud-help", "control"),
            1);
  EXPECT_EQ(counted("other_uses_total", "in-words", "words"), 1);
  EXPECT_EQ(counted("failures_total", "loud-help", "visible"), 0);
  EXPECT_TRUE(
      eventually(patience, [&] { return counted("answer_seconds_count", "loud-help", "visible") == loud; }));
  EXPECT_TRUE(
      eventually(patience, [&] { return counted("guilds", "loud-help", "control") == guilds - loud; }));
  EXPECT_EQ(counted("guilds", "loud-help", "visible"), loud);
  EXPECT_EQ(counted("guilds", "in-words", "words"), 1);
  EXPECT_EQ(counted("guilds", "in-words", "control"), guilds - 1);
  EXPECT_EQ(counted("uses_total", "old", "compact") + counted("uses_total", "old", "control"), 0);
}

TEST_F(experiments, are_told_by_about_and_by_the_command) {
  const auto loud = loud_servers();
  const std::string listed = servers.at(1);
  EXPECT_TRUE(
      eventually(patience, [&] { return json::serialize(use("ping", listed)).contains("Pong! I a"); }));
  const std::string english = json::serialize(use("about", listed));
  EXPECT_THAT(english, HasSubstr("Being tried out in this server"));
  EXPECT_THAT(english, HasSubstr("**ping** (words): Tells in words"));
  EXPECT_EQ(english.contains("**help** (visible)"), loud.contains(listed));
  EXPECT_THAT(english, Not(HasSubstr("compact")));
  EXPECT_THAT(json::serialize(use("about", listed, "ja")), HasSubstr("このサーバーで試用中の機能"));
  const auto quiet =
      std::ranges::find_if(servers, [&](const auto& each) { return each != listed && !loud.contains(each); });
  ASSERT_NE(quiet, servers.end());
  EXPECT_THAT(json::serialize(use("about", *quiet)), Not(HasSubstr("tried out")));

  EXPECT_EQ(run({"experiments", "--url", bot->origin()}), cli::exit_code::fine);
  EXPECT_THAT(out, HasSubstr("loud-help: visible of help, bot1, 50 % of servers"));
  EXPECT_THAT(out, HasSubstr("over since 2020-01-02"));
  EXPECT_THAT(out, HasSubstr("too few for a conclusion"));
  EXPECT_EQ(run({"experiments", "--url", bot->origin(), "-o", "json"}), cli::exit_code::fine);
  EXPECT_EQ(json::parse(out).as_array().size(), 3U);
}

}  // namespace
}  // namespace guildfleet::integration
