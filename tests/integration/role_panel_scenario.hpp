// Role panels in a server with the roles red and green.
#pragma once

#include <gmock/gmock.h>

#include "integration/feature_scenario.hpp"

namespace guildfleet::integration {

inline constexpr const char* manage_roles = "268435456";

class role_panel_scenario : public feature_scenario {
 protected:
  role_panel_scenario() : feature_scenario("role-panel", {.bucket_limits = false, .global_limit = false}) {}

  // Below all roles that are there.
  std::string make_role(const std::string& name, const std::string& permissions = "0") {
    const json::value made = as_bot("POST", fmt::format("/guilds/{}/roles", guild()),
                                    {{"name", name}, {"permissions", permissions}});
    return text_of(made.as_object(), "id");
  }
  void give(const std::string& user, const std::string& role) {
    (void)as_bot("PUT", fmt::format("/guilds/{}/members/{}/roles/{}", guild(), user, role));
  }
  [[nodiscard]] std::vector<std::string> roles_of(const std::string& user) const {
    const json::value member = as_bot("GET", fmt::format("/guilds/{}/members/{}", guild(), user));
    std::vector<std::string> out;
    for (const json::value& each : member.at("roles").as_array()) out.emplace_back(each.as_string());
    return out;
  }
  // Panel 1 with these roles, posted; the message's id.
  std::string posted_panel(const std::vector<std::string>& roles, json::object options = {}) {
    options["title"] = "Colours";
    EXPECT_THAT(use("role-panel create", std::move(options)).text(), testing::HasSubstr("#1"));
    for (const std::string& each : roles) add(each);
    return post();
  }
  void add(const std::string& role) {
    const shown answer = use("role-panel add", {{"panel", "1"}, {"role", role}});
    EXPECT_THAT(answer.text(), testing::HasSubstr(role)) << answer.text();
  }
  std::string post() {
    const std::string answer = use("role-panel post", {{"panel", "1"}}).content();
    EXPECT_THAT(answer, testing::HasSubstr("https://discord.com/channels/"));
    return answer.substr(answer.rfind('/') + 1);
  }
  // Beside what became of the menu.
  [[nodiscard]] bool is_told(const shown& answer, const std::string& text) const {
    return eventually(patience, [&] { return text_now(answer).contains(text); });
  }
  // Deletions of messages that Discord put off.
  [[nodiscard]] std::int64_t refused() const {
    const json::object report = discord.report();
    const json::object& routes = report.at("rest").as_object().at("by_route").as_object();
    const json::value* counts = routes.if_contains("DELETE /channels/{channel.id}/messages/{message.id}");
    return counts == nullptr ? 0 : number_of(counts->as_object(), "429");
  }
  [[nodiscard]] std::string text_now(const shown& answer) const {
    const auto now = support::answer_to({.origin = fmt::format("http://127.0.0.1:{}", discord.port()),
                                         .path = "/_sim/interactions/" + answer.interaction()});
    return shown(support::object_of(now)).text();
  }
  static std::string button(const std::string& role) { return "role-panel:v1:role:1." + role; }
  static std::string menu() { return "role-panel:v1:choose:1"; }

  // From the lowest: red, green.
  std::string green = make_role("green");
  std::string red = make_role("red");
};

}  // namespace guildfleet::integration
