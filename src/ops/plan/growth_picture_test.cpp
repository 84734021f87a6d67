#include "ops/plan/growth_picture.hpp"

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

namespace guildfleet::ops {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string picture(const std::vector<planned_bot>& bots, std::uint32_t months = 12) {
  plan_question question;
  question.bots = bots;
  question.months = months;
  return growth_picture(plan_fleet(question, {}, {}), question);
}

// The parser takes any closing tag for the right one.
void expect_closed(std::string_view xml) {
  std::vector<std::string> open;
  for (std::size_t at = xml.find('<'); at != std::string_view::npos; at = xml.find('<', at + 1)) {
    const std::string_view tag = xml.substr(at + 1, xml.find('>', at) - at - 1);
    const std::string name(tag.substr(0, tag.find_first_of(" /\n", 1)));
    if (tag.starts_with('/')) {
      ASSERT_FALSE(open.empty()) << tag;
      EXPECT_EQ("/" + open.back(), std::string(tag));
      open.pop_back();
    } else if (!tag.ends_with('/')) {
      open.push_back(name);
    }
  }
  EXPECT_TRUE(open.empty());
}

boost::property_tree::ptree parsed(const std::string& xml) {
  expect_closed(xml);
  std::istringstream text(xml);
  boost::property_tree::ptree tree;
  boost::property_tree::read_xml(text, tree);
  return tree;
}

TEST(growth_picture, is_well_formed_whatever_the_plan) {
  std::vector<planned_bot> many;
  for (int i = 0; i < 9; ++i)
    many.push_back({.name = "bot" + std::to_string(i), .guilds = 1'000ULL << static_cast<unsigned>(i)});
  const std::vector<planned_bot> odd{{.name = "a<b&c", .guilds = 1}};
  for (const std::string& text :
       {picture({{.name = "music", .guilds = 40'000}}), picture(many, 60), picture(odd, 1),
        picture({{.name = "huge", .guilds = most_planned_guilds}})})
    EXPECT_EQ(parsed(text).get_child("svg").get<std::string>("<xmlattr>.role"), "img");
  EXPECT_EQ(picture(odd).find("a<b"), std::string::npos);
}

TEST(growth_picture, times_stand_where_clocks_show_them) {
  const std::string text = picture({{.name = "music", .guilds = 400'000}});
  const std::string panel = text.substr(text.find("Cold start"));
  std::vector<std::string> labels;
  constexpr std::string_view before = "text-anchor=\"end\">";
  for (std::size_t at = panel.find(before); at != std::string::npos; at = panel.find(before, at + 1)) {
    const std::size_t from = at + before.size();
    labels.push_back(panel.substr(from, panel.find('<', from) - from));
  }
  EXPECT_THAT(labels, ElementsAre("0", "1 min", "2 min", "3 min"));
}

TEST(growth_picture, tells_what_it_shows_to_those_who_hear_it) {
  const auto svg = parsed(picture({{.name = "music", .guilds = 40'000}})).get_child("svg");
  EXPECT_EQ(svg.get<std::string>("title"), "Growth of the fleet over 12 months");
  EXPECT_THAT(svg.get<std::string>("desc"), HasSubstr("music: now 40,000 guilds, 26 shards"));
}

TEST(growth_picture, says_why_a_start_falls) {
  EXPECT_THAT(picture({{.name = "music", .guilds = 140'000}}),
              HasSubstr("falls where max_concurrency rises"));
  EXPECT_THAT(picture({{.name = "music", .guilds = 40'000}}), Not(HasSubstr("falls where")));
}

TEST(growth_picture, needs_nothing_from_outside_and_paints_no_background) {
  const std::string text = picture({{.name = "music", .guilds = 40'000}});
  for (const char* outside : {"href", "url(", "@import", "<image", "<rect", "<script"})
    EXPECT_THAT(text, Not(HasSubstr(outside)));
  EXPECT_THAT(text, HasSubstr("prefers-color-scheme: dark"));
}

}  // namespace
}  // namespace guildfleet::ops
