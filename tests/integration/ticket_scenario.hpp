// Tickets as members open them and as those who run a server take care of them, in short steps.
#pragma once

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/feature_scenario.hpp"

namespace guildfleet::integration {

using testing::HasSubstr;
using testing::Not;

// The panel's message.
inline std::string ticket_panel(guild_members& at) {
  const std::string answer =
      at.use("ticket-setup panel", {{"title", "Support"}, {"text", "We help."}, {"button", "Help"}})
          .content();
  return answer.substr(answer.rfind('/') + 1);
}

inline shown open_ticket(guild_members& at, const std::string& panel, const std::string& subject) {
  return at.submit(at.press(panel, "ticket:v1:open:"), {{"subject", subject}});
}

class ticket : public feature_scenario {
 protected:
  explicit ticket(const discord_plan& plan = {.bucket_limits = false}) : feature_scenario("ticket", plan) {}

  std::string panel() { return ticket_panel(*this); }
  shown open(const std::string& panel_message, const std::string& subject = "My game is broken") {
    return open_ticket(*this, panel_message, subject);
  }
  // The channel of this ticket; empty: it does not come.
  [[nodiscard]] std::string channel_of(int number) const {
    std::string id;
    (void)eventually(patience, [&] {
      id = id_of_channel(fmt::format("ticket-{:04}", number));
      return !id.empty();
    });
    return id;
  }
  [[nodiscard]] bool is_gone(int number) const {
    return eventually(patience, [&] { return id_of_channel(fmt::format("ticket-{:04}", number)).empty(); });
  }
  shown in(const std::string& channel, const std::string& command, json::object options = {}) {
    return use("ticket " + command, std::move(options), channel);
  }
  // The message of the channel that has this button.
  std::string holder_of(const std::string& button, const std::string& channel) {
    std::string id;
    (void)eventually(patience, [&] {
      for (const json::value& each : messages(channel)) {
        if (json::serialize(each).contains(button)) id = text_of(each.as_object(), "id");
      }
      return !id.empty();
    });
    return id;
  }
  // A timer of the ticket that waits.
  [[nodiscard]] std::optional<store::job_plan> job_of(const std::string& what, int number) const {
    const auto jobs = open_data()->list_jobs({});
    EXPECT_TRUE(jobs);
    for (const auto& each : *jobs) {
      const bool waits = each.state == store::job_state::waiting;
      if (waits && each.plan.key.key.ends_with(fmt::format("{}.{}.{}", what, guild(), number)))
        return each.plan;
    }
    return std::nullopt;
  }
  // When the ticket's timer is due; nullopt: none waits.
  [[nodiscard]] std::optional<base::wall_time> timer_of(int number) const {
    const auto found = job_of("delete", number);
    return found ? std::optional(found->due) : std::nullopt;
  }
  // As if its time had come, with a session in which the interaction does not come again.
  void settle_now(int number) {
    bot->kill();
    discord.fault({{"kind", "expire_sessions"}});
    auto plan = job_of("settle", number);
    ASSERT_TRUE(plan);
    plan->due = base::system_clock().wall_now();
    EXPECT_TRUE(open_data()->schedule(*plan, store::schedule_mode::replace));
    start();
  }
};

}  // namespace guildfleet::integration
