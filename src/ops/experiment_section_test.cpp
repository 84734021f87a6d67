#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/fleet_config.hpp"

namespace guildfleet::ops {
namespace {

using testing::HasSubstr;

constexpr std::string_view token_a = "MTIzNDU2Nzg5MDEyMzQ1Njc4.AAAAAA.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
constexpr std::string_view token_b = "MTIzNDU2Nzg5MDEyMzQ1Njc5.BBBBBB.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

config_outcome parse(std::string_view experiments) {
  config_surroundings around;
  around.variables = [](std::string_view name) -> std::optional<std::string> {
    if (name == "A") return std::string(token_a);
    if (name == "B") return std::string(token_b);
    return std::nullopt;
  };
  around.known_features = {"ping", "help", "about"};
  around.default_features = {"ping", "help"};
  around.known_variants = {{"help", {"compact", "visible"}}, {"ping", {"words"}}};
  around.now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 27) + std::chrono::hours(12);
  return parse_fleet_config(
      "bots: [{ name: one, token: \"${A}\" }, { name: two, token: \"${B}\", "
      "features: [help] }]\nstore: { sqlite: x.sqlite }\nexperiments:\n" +
          std::string(experiments),
      "fleet.yaml", around);
}

std::string text_of(const config_outcome& outcome) {
  std::string text;
  for (const auto& each : outcome.problems) text += base::to_text(each) + "\n";
  return text;
}

TEST(experiment_section, gives_a_variant_to_a_share_or_to_a_list) {
  const auto outcome = parse(
      "  - { name: short-help, feature: help, variant: compact, share: 12.5%, until: 2026-11-27 }\n"
      "  - name: in_words\n    feature: ping\n    variant: words\n    bots: [one]\n"
      "    guilds: [223456789012345678, \"323456789012345678\"]\n");
  ASSERT_TRUE(outcome.config) << text_of(outcome);
  EXPECT_EQ(text_of(outcome), "");
  const auto& first = outcome.config->experiments.at(0);
  EXPECT_EQ(first.name, "short-help");
  EXPECT_EQ(first.share_per_million, 125'000U);
  EXPECT_EQ(*first.ends(), std::chrono::sys_days(std::chrono::year(2026) / 11 / 28));
  EXPECT_TRUE(first.is_for(outcome.config->bots[0]));
  EXPECT_TRUE(first.is_for(outcome.config->bots[1]));
  const auto& second = outcome.config->experiments.at(1);
  EXPECT_EQ(second.share_per_million, std::nullopt);
  EXPECT_EQ(second.guilds.size(), 2U);
  EXPECT_EQ(second.until, std::nullopt);
  EXPECT_TRUE(second.is_for(outcome.config->bots[0]));
  EXPECT_FALSE(second.is_for(outcome.config->bots[1]));
}

TEST(experiment_section, tells_each_problem_with_its_place_and_fix) {
  const struct {
    std::string_view text;  // of the line 4
    std::string_view problem;
  } cases[] = {
      {"  - short-help\n", "fleet.yaml:4:5: error: an experiment is a group of keys"},
      {"  - { feature: help, variant: compact, share: 1% }\n", "experiments[].name is missing"},
      {"  - { name: Short, feature: help, variant: compact, share: 1% }\n", "name must be 1 to 32 of"},
      {"  - { name: a, variant: compact, share: 1% }\n",
       "experiments[].feature is missing (known features: ping, help, about)"},
      {"  - { name: a, feature: hlep, variant: compact, share: 1% }\n",
       "fleet.yaml:4:25: error: unknown feature \"hlep\" (did you mean help?)"},
      {"  - { name: a, feature: about, variant: compact, share: 1% }\n",
       "fleet.yaml:4:25: error: the feature \"about\" has no variants (features with variants: help, ping)"},
      {"  - { name: a, feature: help, variant: compcat, share: 1% }\n",
       "fleet.yaml:4:40: error: unknown variant \"compcat\" (did you mean compact?)"},
      {"  - { name: a, feature: help, variant: control, share: 1% }\n",
       "unknown variant \"control\" (its variants: compact, visible)"},
      {"  - { name: a, feature: help, share: 1% }\n",
       "experiments[].variant is missing (its variants: compact, visible)"},
      {"  - { name: a, feature: help, variant: compact, share: 101% }\n",
       "fleet.yaml:4:56: error: experiments[].share must be a share from 0% to 100%, with at most four "
       "decimals, not \"101%\" (write 10%)"},
      {"  - { name: a, feature: help, variant: compact, share: 100.0001% }\n", "not \"100.0001%\""},
      {"  - { name: a, feature: help, variant: compact, share: -1% }\n", "not \"-1%\""},
      {"  - { name: a, feature: help, variant: compact, share: 0.1 }\n", "not \"0.1\" (write 10%)"},
      {"  - { name: a, feature: help, variant: compact, share: 1.% }\n", "not \"1.%\""},
      {"  - { name: a, feature: help, variant: compact }\n",
       "fleet.yaml:4:5: error: the experiment reaches nobody: share and guilds are missing"},
      {"  - { name: a, feature: help, variant: compact, share: 1%, guilds: [223456789012345678] }\n",
       "fleet.yaml:4:68: error: share and guilds exclude each other"},
      {"  - { name: a, feature: help, variant: compact, guilds: [] }\n",
       "fleet.yaml:4:57: error: experiments[].guilds is empty"},
      {"  - { name: a, feature: help, variant: compact, guilds: [12] }\n",
       "fleet.yaml:4:58: error: experiments[].guilds must be a list of Discord ids"},
      {"  - { name: a, feature: help, variant: compact, guilds: [223456789012345678, 223456789012345678] }\n",
       "warning: the server 223456789012345678 stands twice"},
      {"  - { name: a, feature: help, variant: compact, share: 1%, bots: [] }\n", "bots is empty"},
      {"  - { name: a, feature: help, variant: compact, share: 1%, bots: [tow] }\n",
       "fleet.yaml:4:67: error: unknown bot \"tow\" (did you mean two?)"},
      {"  - { name: a, feature: ping, variant: words, share: 1%, bots: [two] }\n",
       "error: two does not have the feature \"ping\""},
      {"  - { name: a, feature: help, variant: compact, share: 1%, until: 2026-13-01 }\n",
       "until must be a day such as 2026-12-31, not \"2026-13-01\""},
      {"  - { name: a, feature: help, variant: compact, share: 1%, until: tomorrow }\n", "a day such as"},
      {"  - { name: a, feature: help, variant: compact, share: 1%, until: 2026-11-26 }\n",
       "fleet.yaml:4:67: warning: the experiment \"a\" ended on 2026-11-26 and is off (remove it"},
      {"  - { name: a, feature: help, variant: compact, share: 1%, untli: 2026-11-26 }\n",
       "unknown key \"experiments[].untli\" (did you mean until?)"},
      {"  - { name: a, feature: help, variant: compact, share: 1% }\n"
       "  - { name: a, feature: ping, variant: words, share: 1% }\n",
       "fleet.yaml:5:13: error: the name a is taken by the experiment in line 4"},
  };
  for (const auto& each : cases) EXPECT_THAT(text_of(parse(each.text)), HasSubstr(std::string(each.problem)));
}

TEST(experiment_section, takes_shares_with_decimals) {
  const struct {
    std::string_view share;
    std::uint32_t per_million;
  } cases[] = {{"0%", 0}, {"0.0001%", 1}, {"0.5%", 5'000}, {"33.3333%", 333'333}, {"100%", 1'000'000}};
  for (const auto& each : cases) {
    const auto outcome =
        parse(fmt::format("  - {{ name: a, feature: help, variant: compact, share: {} }}\n", each.share));
    ASSERT_TRUE(outcome.config) << text_of(outcome);
    EXPECT_EQ(outcome.config->experiments.at(0).share_per_million, each.per_million) << each.share;
  }
}

TEST(experiment_section, a_feature_that_no_bot_has_is_a_warning) {
  config_surroundings around;
  around.variables = [](std::string_view) { return std::string(token_a); };
  around.known_features = {"ping", "help"};
  around.known_variants = {{"help", {"compact"}}};
  const auto outcome = parse_fleet_config(
      "bots: [{ name: one, token: \"${A}\", features: [ping] }]\nstore: { sqlite: x.sqlite }\n"
      "experiments: [{ name: a, feature: help, variant: compact, share: 1% }]\n",
      "fleet.yaml", around);
  EXPECT_TRUE(outcome.config);
  EXPECT_THAT(text_of(outcome), HasSubstr("fleet.yaml:3:35: warning: no bot has the feature \"help\""));
}

TEST(experiment_section, warns_where_two_may_disagree) {
  constexpr std::string_view may = "experiments \"a\" and \"b\" may give one server different variants of";
  const struct {
    std::string_view first;
    std::string_view second;
    std::string_view warning;  // empty: none
  } cases[] = {
      {"feature: help, variant: compact, share: 10%", "feature: help, variant: visible, share: 10%", may},
      {"feature: help, variant: compact, share: 100%", "feature: help, variant: visible, share: 10%",
       "gives all servers another variant of \"help\", so that \"b\" does nothing"},
      {"feature: help, variant: compact, share: 10%", "feature: help, variant: compact, share: 10%", ""},
      {"feature: help, variant: compact, share: 10%", "feature: ping, variant: words, share: 10%", ""},
      {"feature: help, variant: compact, share: 0%", "feature: help, variant: visible, share: 10%", ""},
      {"feature: help, variant: compact, guilds: [223456789012345678]",
       "feature: help, variant: visible, share: 10%", may},
      {"feature: help, variant: compact, guilds: [223456789012345678]",
       "feature: help, variant: visible, guilds: [323456789012345678, 223456789012345678]", may},
      {"feature: help, variant: compact, guilds: [223456789012345678]",
       "feature: help, variant: visible, guilds: [323456789012345678]", ""},
      {"feature: help, variant: compact, share: 10%, bots: [one]",
       "feature: help, variant: visible, share: 10%, bots: [two]", ""},
      {"feature: help, variant: compact, share: 10%, bots: [one]",
       "feature: help, variant: visible, share: 10%", may},
      {"feature: help, variant: compact, share: 10%, until: 2026-11-01",
       "feature: help, variant: visible, share: 10%", "ended on 2026-11-01"},
  };
  for (const auto& each : cases) {
    const std::string text = text_of(
        parse(fmt::format("  - {{ name: a, {} }}\n  - {{ name: b, {} }}\n", each.first, each.second)));
    if (each.warning.empty())
      EXPECT_EQ(text, "") << each.first << " / " << each.second;
    else
      EXPECT_THAT(text, HasSubstr(std::string(each.warning))) << each.first << " / " << each.second;
    EXPECT_EQ(text.contains("error"), false) << text;
    EXPECT_LE(std::ranges::count(text, '\n'), 1) << text;
  }
}

}  // namespace
}  // namespace guildfleet::ops
