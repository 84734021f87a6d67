// What holds for every feature at once: help lists what is registered, an export holds all that is set, a
// reset leaves nothing of it.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <regex>
#include <set>

#include "features/registry.hpp"
#include "integration/ticket_scenario.hpp"

namespace guildfleet::integration {
namespace {

using settings::field;
using settings::field_kind;
using testing::HasSubstr;

std::string names_of_all(std::string_view but = {}) {
  std::string out;
  for (const features::feature_declaration* each : features::all_features()) {
    if (each->name != but) out += fmt::format("{}{}", out.empty() ? "" : ",", each->name);
  }
  return out;
}

class every_feature : public feature_scenario {
 protected:
  every_feature() : feature_scenario(names_of_all(), {.bucket_limits = false, .global_limit = false}) {}

  // As a client of this locale lists them.
  [[nodiscard]] std::set<std::string> registered(const std::string& locale = "en-US") const {
    const std::string application = text_of(as_bot("GET", "/applications/@me").as_object(), "id");
    const json::value all =
        as_bot("GET", fmt::format("/applications/{}/commands?with_localizations=true", application));
    std::set<std::string> out;
    for (const json::value& each : all.as_array()) {
      const json::value& names = each.at("name_localizations");
      const bool has_own = names.is_object() && names.as_object().contains(locale);
      out.insert(has_own ? text_of(names.as_object(), locale) : text_of(each.as_object(), "name"));
    }
    return out;
  }
  [[nodiscard]] std::set<std::string> helped() {
    static const std::regex name(R"(\*\*/([^*]+)\*\*)");
    const std::string page = use("help").text();
    std::set<std::string> out;
    for (std::sregex_iterator each(page.begin(), page.end(), name), end; each != end; ++each)
      out.insert((*each)[1]);
    return out;
  }

  // Something that it is not when nothing is set.
  [[nodiscard]] json::value other_than_default(const field& of) const {
    if (of.is_list()) {
      field one = of;
      one.max_items = 0;
      return json::array{other_than_default(one)};
    }
    switch (of.kind) {
      case field_kind::boolean:
        return of.when_unset != settings::default_value(true);
      case field_kind::integer:
      case field_kind::duration:
        return of.when_unset == settings::default_value(of.maximum) ? of.minimum : of.maximum;
      case field_kind::choice:
        return json::value(json::string(of.choices.back().name));
      case field_kind::channel:
        return json::value(json::string(channel()));
      case field_kind::role:
      case field_kind::user:
        return json::value(json::string(guild()));
      case field_kind::object: {
        json::object out;
        for (const field& member : of.members) out[member.name] = other_than_default(member);
        return out;
      }
      case field_kind::text:
        break;
    }
    return "words";
  }
  [[nodiscard]] json::object everything() const {
    json::object out;
    for (const features::feature_declaration* each : features::all_features()) {
      if (each->settings == nullptr) continue;
      json::object& values = (out[each->name] = json::object()).as_object();
      for (const field& one : each->settings->fields) values[one.name] = other_than_default(one);
    }
    return out;
  }
  [[nodiscard]] json::object exported() {
    return json::parse(text_of_file(use("config export"))).as_object();
  }
  void import(const json::object& file) {
    const shown asked =
        use("config import",
            {{"file", json::object{{"filename", "settings.json"}, {"content", json::serialize(file)}}}});
    EXPECT_THAT(press(asked, "import").text(), HasSubstr("Saved.")) << asked.text();
  }
};

TEST_F(every_feature, is_listed_by_help_as_it_is_registered_and_no_more_once_it_was_taken_away) {
  ASSERT_TRUE(eventually(patience, [&] { return registered().contains("warn"); }));
  const std::set<std::string> before = registered();
  EXPECT_EQ(helped(), before);
  speak("ja");
  EXPECT_EQ(helped(), registered("ja"));
  ASSERT_TRUE(registered("ja").contains("警告"));
  speak("en-US");
  stop();
  environment["FEATURES"] = names_of_all("moderation");
  start();
  EXPECT_TRUE(eventually(patience, [&] { return !registered().contains("warn"); }));
  EXPECT_EQ(helped(), registered());
}

TEST_F(every_feature, is_exported_reset_and_imported_with_all_that_is_set_of_it) {
  json::object file = exported();
  file["features"] = everything();
  import(file);
  EXPECT_EQ(exported().at("features"), file.at("features"));
  for (const auto& [feature, values] : file.at("features").as_object())
    EXPECT_THAT(use("config reset", {{"feature", feature}}).text(), HasSubstr("Saved."))
        << std::string(feature);
  for (const auto& [feature, values] : exported().at("features").as_object())
    EXPECT_EQ(values, json::object()) << std::string(feature);
  import(file);
  EXPECT_EQ(exported().at("features"), file.at("features"));
}

// The defect: an import that wipes live state.
TEST_F(every_feature, keeps_what_was_made_with_it_when_settings_are_imported_and_reset) {
  EXPECT_THAT(use("ban", {{"user", join("somebody")}, {"duration", "10d"}}).text(),
              HasSubstr("is banned until"));
  EXPECT_THAT(use("role-panel create", {{"title", "Colours"}}).text(), HasSubstr("#1"));
  ASSERT_EQ(timers(), 1U) << "of the ban's end";
  EXPECT_TRUE(open_ticket(*this, ticket_panel(*this), "My game is broken").answered());
  std::string ticket_channel;
  ASSERT_TRUE(eventually(patience, [&] {
    ticket_channel = id_of_channel("ticket-0001");
    return !ticket_channel.empty();
  }));
  json::object file = exported();
  file["features"] = everything();
  import(file);
  for (const auto& [feature, values] : file.at("features").as_object())
    EXPECT_THAT(use("config reset", {{"feature", feature}}).text(), HasSubstr("Saved."))
        << std::string(feature);
  EXPECT_THAT(use("case list").text(), HasSubstr("**#1**"));
  EXPECT_THAT(use("role-panel list").text(), HasSubstr("Colours"));
  EXPECT_THAT(use("ticket claim", {}, ticket_channel).text(), HasSubstr("take care of this ticket"));
  EXPECT_TRUE(eventually(patience, [&] { return timers() == 1; })) << timers();
}

}  // namespace
}  // namespace guildfleet::integration
