// Many tickets that are to be deleted at about the same time, by a process that is killed again and again:
// every channel is deleted, and once, and its transcript is posted once.
#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <gtest/gtest.h>
#include <iostream>

#include "integration/feature_scenario.hpp"

namespace guildfleet::integration {
namespace {

// 1,000 in the long form; each in a server of its own.
int deletions_of_test() {
  const char* given = std::getenv("GUILDFLEET_TICKETS");
  return given == nullptr ? 40 : std::atoi(given);
}

class ticket_deletions : public feature_scenario {
 protected:
  ticket_deletions() : feature_scenario("ticket", plan()) {
    const json::value guilds = control("guilds");
    for (const json::value& each : guilds.as_array()) {
      const json::array& rooms = each.at("channels").as_array();
      const auto* const room =
          std::ranges::find_if(rooms, [](const json::value& one) { return one.at("type") == 0; });
      places_.push_back({.guild = text_of(each.as_object(), "id"),
                         .user = text_of(each.as_object(), "owner_id"),
                         .log = text_of(room->as_object(), "id")});
    }
  }

  static discord_plan plan() {
    return {.guilds = deletions_of_test(), .channels = 2, .bucket_limits = false, .global_limit = false};
  }
  struct place {
    std::string guild;
    std::string user;
    std::string log;
    std::string ticket{};
  };

  [[nodiscard]] json::value control(const std::string& path) const {
    return json::parse(support::answer_to({.origin = fmt::format("http://127.0.0.1:{}", discord.port()),
                                           .path = "/_sim/" + path})
                           .body);
  }
  // Every server, as its manager would with /config import.
  void switch_on(int wait) const {
    const auto data = open_data();
    for (const place& each : places_) {
      const std::string document = fmt::format(R"({{"log_channel":"{}","delete_after":{}}})", each.log, wait);
      const std::array change{
          store::settings_change{{{}, discord::guild_id{std::stoull(each.guild)}, "ticket"}, 0, document}};
      ASSERT_TRUE(data->change_settings(change, {}));
    }
  }
  [[nodiscard]] shown use_there(const place& where, const std::string& command, json::object options,
                                const std::string& channel, int wait) const {
    return shown(discord.act_once_possible("command", {{"bot", "bot1"},
                                                       {"name", command},
                                                       {"options", std::move(options)},
                                                       {"guild", where.guild},
                                                       {"channel", channel},
                                                       {"user", where.user},
                                                       {"wait", wait}}));
  }
  // Its channel.
  [[nodiscard]] std::string opened(const place& where) const {
    const std::string panel =
        use_there(where, "ticket-setup panel", {{"title", "Help"}}, where.log, 60'000).content();
    const shown form(act("button", {{"message", panel.substr(panel.rfind('/') + 1)},
                                    {"custom_id", "ticket:v1:open:"},
                                    {"user", where.user},
                                    {"wait", 60'000}}));
    const shown answer(act("modal", {{"interaction", form.interaction()},
                                     {"fields", json::object{{"subject", "help"}}},
                                     {"wait", 60'000}}));
    const std::string content = answer.content();
    const std::size_t begin = content.find("<#");
    return begin == std::string::npos ? std::string()
                                      : content.substr(begin + 2, content.find('>') - begin - 2);
  }
  [[nodiscard]] int deleted() const {
    const json::object routes = discord.report().at("rest").at("by_route").as_object();
    const json::value* found = routes.if_contains("DELETE /channels/{channel.id}");
    return found == nullptr ? 0 : static_cast<int>(number_of(found->as_object(), "200"));
  }
  [[nodiscard]] std::size_t rows() const {
    std::vector<discord::guild_id> guilds;
    for (const place& each : places_) guilds.push_back({std::stoull(each.guild)});
    std::size_t out = 0;
    for (const char* kind : {"ticket", "channel", "slot"}) {
      const auto page = open_data()->list_records(
          {{}, {"bot1"}, "ticket"}, {.guilds = guilds, .kind = kind, .limit = store::max_record_page});
      EXPECT_TRUE(page);
      out += page->records.size();
    }
    return out;
  }
  [[nodiscard]] std::vector<base::wall_time> due_deletions() const {
    store::job_filter all;
    all.limit = 100'000;
    std::vector<base::wall_time> out;
    for (const store::job_row& each : open_data()->list_jobs(all).value()) {
      if (each.plan.kind == "ticket/delete") out.push_back(each.plan.due);
    }
    return out;
  }
  struct told {
    int closed = 0;
    int transcripts = 0;
    int deleted = 0;
    int by_hand = 0;
    bool operator==(const told&) const = default;
  };
  [[nodiscard]] told told_in(const place& where) const {
    told out;
    for (const json::value& each : messages(where.log)) {
      const std::string content = text_of(each.as_object(), "content");
      out.closed += content.contains("was closed by") ? 1 : 0;
      out.transcripts += json::serialize(each).contains("ticket-0001.txt") ? 1 : 0;
      out.deleted += content.contains("was deleted.") ? 1 : 0;
      out.by_hand += content.contains("by hand") ? 1 : 0;
    }
    return out;
  }

  std::vector<place> places_;
};

TEST_F(ticket_deletions,
       come_once_each_though_the_process_is_killed_while_they_are_closed_and_three_times_later) {
  const auto all = static_cast<int>(places_.size());
  switch_on(30 + all / 10);
  for (place& each : places_) {
    each.ticket = opened(each);
    ASSERT_NE(each.ticket, "");
  }
  EXPECT_EQ(rows(), 3U * places_.size());
  for (int i = 0; i < all; ++i) {
    if (i == all / 2) crash();
    const place& each = places_[static_cast<std::size_t>(i)];
    (void)use_there(each, "ticket close", {{"reason", "done"}}, each.ticket, 0);
  }
  ASSERT_TRUE(eventually(300s, [&] { return due_deletions().size() == places_.size(); }));
  const auto [first, last] = std::ranges::minmax(due_deletions());
  const auto due_within = last - first;
  EXPECT_LE(due_within, 60s);
  for (const int some : {all / 5, all / 2, all * 3 / 4}) {
    ASSERT_TRUE(eventually(600s, [&] { return deleted() >= some; })) << deleted();
    crash();
  }
  ASSERT_TRUE(eventually(600s, [&] { return due_deletions().empty() && rows() == 0; })) << rows();
  EXPECT_EQ(deleted(), all);
  const told once{.closed = 1, .transcripts = 1, .deleted = 1};
  int exact = 0;
  for (const place& each : places_) exact += told_in(each) == once ? 1 : 0;
  EXPECT_EQ(exact, all) << json::serialize(messages(places_.front().log));
  std::cout << all << " deletions due within " << due_within.count() << " ms, 4 kills: " << deleted()
            << " channels deleted, " << rows() << " rows left, " << exact
            << " servers with one transcript and one note of each\n";
}

}  // namespace
}  // namespace guildfleet::integration
