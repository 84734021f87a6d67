#include "features/role_panel/panel.hpp"

#include <gtest/gtest.h>

#include "features/message_template.hpp"
#include "features/role_panel/panel_suggestions.hpp"

namespace guildfleet::features {
namespace {

using discord::role_id;
using roles = std::vector<role_id>;

constexpr role_id red{1};
constexpr role_id green{2};
constexpr role_id blue{3};
constexpr role_id foreign{9};

panel colours(panel_mode mode, panel_style style = panel_style::buttons) {
  panel out{.number = 7, .title = "Colours", .style = style, .mode = mode};
  out.roles = {{.role = red, .name = "red"},
               {.role = green, .name = "green", .label = "Grass", .note = "calm", .emoji = "🌿"},
               {.role = blue, .name = "blue"}};
  return out;
}

TEST(panel, a_choice_means_what_the_way_of_the_panel_says) {
  using enum panel_mode;
  const struct {
    const char* what;
    panel_mode mode;
    roles chosen;
    roles had;
    roles has;
    role_change expected;
  } cases[] = {
      {"toggle gives", toggle, {red}, {}, {}, {.give = {red}}},
      {"toggle takes", toggle, {red}, {red}, {red}, {.take = {red}}},
      {"toggle of several", toggle, {red, blue}, {red}, {red}, {.take = {red}, .give = {blue}}},
      {"again after a crash: given already", toggle, {red}, {}, {red}, {}},
      {"again after a crash: taken already", toggle, {red}, {red}, {}, {}},
      {"one way gives", one_way, {red}, {}, {}, {.give = {red}}},
      {"one way never takes", one_way, {red}, {red}, {red}, {}},
      {"exclusive gives", exclusive, {red}, {}, {}, {.give = {red}}},
      {"exclusive takes the others", exclusive, {red}, {blue}, {blue}, {.take = {blue}, .give = {red}}},
      {"exclusive takes the same", exclusive, {red}, {red}, {red}, {.take = {red}}},
      {"exclusive sees an earlier choice", exclusive, {red}, {}, {blue}, {.take = {blue}, .give = {red}}},
      {"exclusive gives one of several", exclusive, {red, blue}, {}, {}, {.give = {red}}},
      {"exclusive leaves foreign roles", exclusive, {red}, {foreign}, {foreign}, {.give = {red}}},
      {"a role that is not offered", toggle, {foreign}, {}, {}, {}},
      {"the same twice", toggle, {red, red}, {}, {}, {.give = {red}}},
  };
  for (const auto& each : cases)
    EXPECT_EQ(decide(colours(each.mode), each.chosen, each.had, each.has), each.expected) << each.what;
}

TEST(panel, is_read_as_it_was_stored) {
  panel whole = colours(panel_mode::exclusive, panel_style::menu);
  whole.text = "Choose \"one\"\n😀";
  whole.channel = {11};
  whole.message = {18'000'000'000'000'000'000U};
  whole.former_channel = {12};
  whole.former_message = {13};
  EXPECT_TRUE(whole.note({5}));
  EXPECT_EQ(read_panel(stored(whole)), whole);
  for (const char* broken : {"", "[]", "{}", R"({"number":"1","style":"round","mode":"toggle","roles":[]})",
                             R"({"number":"1","style":"menu","mode":"toggle"})"})
    EXPECT_EQ(read_panel(broken), std::nullopt) << broken;
}

// A change that comes again after a crash is not made again, though others came in between.
TEST(panel, notes_the_latest_changes) {
  panel of;
  for (std::uint64_t id = 1; id <= most_applied + 1; ++id) EXPECT_TRUE(of.note({id}));
  EXPECT_FALSE(of.note({2}));
  EXPECT_FALSE(of.note({most_applied + 1}));
  EXPECT_EQ(of.applied.size(), most_applied);
}

TEST(panel, is_meant_by_its_number_or_title) {
  const std::vector<panel> all{{.number = 3, .title = "Games"}, {.number = 12, .title = "4"}};
  const struct {
    const char* typed;
    std::uint64_t number;  // 0: none
  } cases[] = {{"3", 3}, {"#12", 12}, {"Games", 3}, {"4", 12}, {"5", 0}, {"", 0}, {"#", 0}};
  for (const auto& each : cases) {
    const panel* found = find_panel(all, each.typed);
    EXPECT_EQ(found == nullptr ? 0U : found->number, each.number) << each.typed;
  }
}

TEST(panel, emojis_are_told_from_other_texts) {
  const struct {
    const char* typed;
    const char* name;  // null: not one
    std::uint64_t id;
  } cases[] = {{"🎮", "🎮", 0},
               {"❤️", "❤️", 0},
               {"#️⃣", "#️⃣", 0},
               {"<:cat:42>", "cat", 42},
               {"<a:cat:42>", "cat", 42},
               {"<b:cat:42>", nullptr, 0},
               {"<:cat:>", nullptr, 0},
               {"<cat>", nullptr, 0},
               {":cat:", nullptr, 0},
               {"game", nullptr, 0},
               {"7", nullptr, 0},
               {"", nullptr, 0},
               {"<:a:b:1>", nullptr, 0},
               {"🎮 x", nullptr, 0},
               {"赤", nullptr, 0},
               {"—", nullptr, 0},
               {"…", nullptr, 0},
               {"→", nullptr, 0},
               {"↔️", "↔️", 0},
               {"⭐", "⭐", 0},
               {"⏰", "⏰", 0},
               {"é", nullptr, 0},
               {"👩‍🚀", "👩‍🚀", 0},
               {"㊙️", "㊙️", 0},
               {"‼️", "‼️", 0},
               {"☎", "☎", 0},
               {"👍🏽", "👍🏽", 0},
               {"🇯🇵", "🇯🇵", 0},
               {"🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", 0},
               {"👨‍👩‍👧", "👨‍👩‍👧", 0},
               {"🎮🎲", nullptr, 0},
               {"🇯🇵🇯🇵", nullptr, 0},
               {"①", nullptr, 0},
               {"1️", nullptr, 0},
               {"👩‍", nullptr, 0}};
  for (const auto& each : cases) {
    const auto found = parse_emoji(each.typed);
    EXPECT_EQ(found.has_value(), each.name != nullptr) << each.typed;
    if (found && each.name != nullptr) {
      EXPECT_EQ(found->name, each.name);
      EXPECT_EQ(found->id.value, each.id);
    }
  }
}

TEST(panel, with_everything_at_its_longest_is_within_discords_limits) {
  for (const panel_style style : {panel_style::buttons, panel_style::menu}) {
    panel full{.number = ~0ULL, .title = std::string(longest_panel_title, 't'), .style = style};
    full.text = std::string(longest_panel_text, 'x');
    for (std::size_t i = 0; i < most_panel_roles; ++i) {
      full.roles.push_back({.role = {~0ULL - i},
                            .name = std::string(100, 'n'),
                            .label = std::string(longest_panel_label, 'l'),
                            .note = std::string(longest_panel_note, 'o'),
                            .emoji = "<a:" + std::string(32, 'e') + ":12345678901234567890>"});
    }
    panel_message shown = render(full, nullptr, language::japanese);
    for (const panel_role& each : full.roles)
      EXPECT_TRUE(shown.page.description.contains(fmt::format("<@&{}>", each.role))) << "it is named";
    discord::message_body body;
    body.embeds = {std::move(shown.page)};
    body.rows = std::move(shown.rows);
    EXPECT_EQ(discord::broken_limit(body), std::nullopt);
    EXPECT_LT(stored(full).size(), 64U << 10U);
  }
}

TEST(panel, shows_buttons_in_rows_of_five_or_one_menu) {
  panel six = colours(panel_mode::toggle);
  for (std::uint64_t i = 4; i < 7; ++i) six.roles.push_back({.role = {i}, .name = "more"});
  EXPECT_EQ(render(six, nullptr, language::english).rows.size(), 2U);
  six.style = panel_style::menu;
  const auto rows = render(six, nullptr, language::english).rows;
  ASSERT_EQ(rows.size(), 1U);
  const auto& menu = std::get<discord::select_menu>(rows[0].items[0]);
  EXPECT_EQ(menu.max_values, 6);
  EXPECT_EQ(menu.options[1].label, "Grass");
  six.mode = panel_mode::exclusive;
  const auto single = render(six, nullptr, language::english).rows;
  EXPECT_EQ(std::get<discord::select_menu>(single[0].items[0]).max_values, 1);
  six.roles.clear();
  EXPECT_TRUE(render(six, nullptr, language::english).rows.empty());
}

TEST(panel, says_how_it_is_used_in_the_servers_language) {
  const panel plain = colours(panel_mode::one_way);
  EXPECT_TRUE(render(plain, nullptr, language::english).page.description.starts_with("Choose a role"));
  EXPECT_TRUE(render(plain, nullptr, language::japanese).page.description.starts_with("ロールを選ぶと"));
}

TEST(panel, suggests_what_contains_the_typed_text) {
  const std::vector<panel> all{colours(panel_mode::toggle), {.number = 8, .title = "Games"}};
  const auto suggested = [&](const char* option, const char* typed) {
    discord::command_data command;
    command.options = {{.name = "panel", .value = std::string("7")}};
    if (std::string_view(option) == "panel")
      command.options[0] = {.name = "panel", .value = std::string(typed), .focused = true};
    else
      command.options.push_back({.name = option, .value = std::string(typed), .focused = true});
    std::string out;
    for (const auto& each : suggestions_for(command, all, nullptr, language::english)) out += each.name + ";";
    return out;
  };
  EXPECT_EQ(suggested("panel", ""), "#7 Colours;#8 Games;");
  EXPECT_EQ(suggested("panel", "GAME"), "#8 Games;");
  EXPECT_EQ(suggested("role", "r"), "red;Grass;");
  EXPECT_EQ(suggested("role", "purple"), "");
}

TEST(panel, a_role_of_it_is_found_by_id_label_or_name) {
  const panel of = colours(panel_mode::toggle);
  for (const char* each : {"2", "Grass", "green"}) {
    const panel_role* found = find_entry(of, each, nullptr);
    ASSERT_NE(found, nullptr) << each;
    EXPECT_EQ(found->role, green);
  }
  EXPECT_EQ(find_entry(of, "grass", nullptr), nullptr);
}

}  // namespace
}  // namespace guildfleet::features
