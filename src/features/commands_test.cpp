// The built-in commands, answered into a recording fake.
#include <gtest/gtest.h>

#include "features/registry.hpp"
#include "features/test_kit/feature_world.hpp"

namespace guildfleet::features {
namespace {

using namespace test_kit;

class commands : public testing::Test,
                 protected world_of<no_effects, no_settings, no_jobs, no_records, no_moments> {
 protected:
  commands() { bot.commands = find_feature("ping")->commands(); }

  discord::message_body answer_of(std::string_view name, std::string locale,
                                  std::optional<std::chrono::nanoseconds> latency = std::nullopt) {
    const feature_declaration* declaration = find_feature(name);
    const std::unique_ptr<feature> instance = declaration->make(services_of(declaration->name, {3, 16}));
    auto what = std::make_shared<discord::interaction>();
    what->guild = here;
    what->locale = std::move(locale);
    auto answers = std::make_shared<recorded_answers>();
    run(instance->on_command({what, answers, clock.steady_now(), latency}));
    EXPECT_EQ(answers->replies.size(), 1U);
    return answers->replies.at(0);
  }

  // From now on this guild has the variant.
  void try_out(std::string feature, std::string variant) {
    std::vector<fleet::experiment> all = experiments.all();
    all.push_back({feature + "-test", feature, std::move(variant), std::nullopt, {here}, {}});
    experiments = fleet::experiment_list(std::move(all));
  }

  const discord::guild_id here{223'456'789'012'345'678U};
};

TEST_F(commands, ping_tells_the_latency_in_the_users_language) {
  EXPECT_EQ(answer_of("ping", "en-US", std::chrono::milliseconds(42)).content, "Pong! Gateway: 42 ms.");
  EXPECT_EQ(answer_of("ping", "ja", std::chrono::milliseconds(42)).content, "ポン！ゲートウェイ: 42 ms");
}

TEST_F(commands, ping_says_when_nothing_was_measured) {
  EXPECT_EQ(answer_of("ping", "en-US").content, "Pong! The gateway's latency has not been measured yet.");
}

TEST_F(commands, help_lists_the_bots_commands_by_their_names_and_descriptions_in_the_users_language) {
  const auto english = answer_of("help", "en-US").embeds.at(0);
  EXPECT_EQ(english.title, "Commands of music");
  EXPECT_EQ(english.description, "**/ping**: Is the bot there, and how quick is it?\n");
  EXPECT_EQ(answer_of("help", "ja").embeds.at(0).description,
            "**/応答速度**: ボットの応答速度を確認します\n");
}

TEST_F(commands, help_of_a_bot_with_very_many_commands_fits_into_one_message) {
  for (int i = 0; i < 100; ++i) {
    discord::command_definition command = bot.commands.at(0);
    command.name = fmt::format("command-{}", i);
    command.description = std::string(100, 'x');
    bot.commands.push_back(command);
  }
  const auto page = answer_of("help", "en-US").embeds.at(0);
  EXPECT_LE(page.description.size(), 4096U);
  EXPECT_TRUE(page.description.contains(" more."));
}

TEST_F(commands, about_names_bot_release_node_shard_and_uptime) {
  clock.advance(std::chrono::hours(25) + std::chrono::seconds(61));
  const auto page = answer_of("about", "en-US").embeds.at(0);
  std::map<std::string, std::string> fields;
  for (const auto& item : page.fields) fields[item.name] = item.value;
  EXPECT_EQ(fields["Bot"], "music");
  EXPECT_EQ(fields["Release"], "1.4.0");
  EXPECT_EQ(fields["Node"], "node-a");
  EXPECT_EQ(fields["Shard"], "3/16");
  EXPECT_EQ(fields["Running for"], "1 d 1 h 1 min 1 s");
}

TEST_F(commands, ping_in_words_tells_no_number) {
  try_out("ping", "words");
  const struct {
    std::chrono::milliseconds latency;
    std::string_view english;
  } cases[] = {{std::chrono::milliseconds(99), "Pong! I am quick today."},
               {std::chrono::milliseconds(100), "Pong! I answer as quickly as usual."},
               {std::chrono::milliseconds(500), "Pong! I am slow at the moment; please be patient."}};
  for (const auto& each : cases) EXPECT_EQ(answer_of("ping", "en-US", each.latency).content, each.english);
  EXPECT_EQ(answer_of("ping", "ja", std::chrono::milliseconds(10)).content, "ポン！とても快調です");
}

TEST_F(commands, compact_help_has_names_only) {
  bot.commands.push_back(find_feature("about")->commands().front());
  try_out("help", "compact");
  const auto answer = answer_of("help", "en-US");
  EXPECT_EQ(answer.embeds.at(0).description, "**/ping**  **/about**  ");
  EXPECT_EQ(answer_of("help", "ja").embeds.at(0).description, "**/応答速度**  **/ボット情報**  ");
  EXPECT_NE(answer.flags & discord::message_flags::ephemeral, 0U);
}

TEST_F(commands, visible_help_is_seen_by_everybody) {
  try_out("help", "visible");
  const auto answer = answer_of("help", "en-US");
  EXPECT_EQ(answer.embeds.at(0).description, "**/ping**: Is the bot there, and how quick is it?\n");
  EXPECT_EQ(answer.flags & discord::message_flags::ephemeral, 0U);
}

TEST_F(commands, about_tells_which_variants_the_server_has) {
  EXPECT_EQ(answer_of("about", "en-US").embeds.at(0).fields.size(), 6U);
  try_out("help", "visible");
  try_out("ping", "words");
  try_out("elsewhere", "new");
  const auto english = answer_of("about", "en-US").embeds.at(0).fields.back();
  EXPECT_EQ(english.name, "Being tried out in this server");
  EXPECT_EQ(english.value,
            "**help** (visible): Everybody in the channel sees the list, not only who asked for it\n"
            "**ping** (words): Tells in words how quick the bot is, without milliseconds\n"
            "**elsewhere** (new)");
  const auto japanese = answer_of("about", "ja").embeds.at(0).fields.back();
  EXPECT_EQ(japanese.name, "このサーバーで試用中の機能");
  EXPECT_TRUE(japanese.value.starts_with("**help** (visible): 一覧を本人だけでなく"));
}

TEST_F(commands, about_lists_as_many_variants_as_fit) {
  for (int i = 0; i < 100; ++i) try_out(fmt::format("feature-{}", i), "new");
  EXPECT_LE(answer_of("about", "en-US").embeds.at(0).fields.back().value.size(), 1024U);
}

TEST_F(commands, answers_are_seen_by_the_user_alone) {
  for (const std::string_view name : {"ping", "help", "about"}) {
    EXPECT_EQ(answer_of(name, "en-US").flags & discord::message_flags::ephemeral,
              discord::message_flags::ephemeral);
  }
}

}  // namespace
}  // namespace guildfleet::features
