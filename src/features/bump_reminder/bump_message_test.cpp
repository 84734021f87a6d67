#include "features/bump_reminder/bump_message.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace guildfleet::features {
namespace {

// A message of one of the services with this embed, as an answer to this command of member 7.
std::string message_of(std::string_view author, std::string_view embeds, std::string_view command) {
  return fmt::format(
      R"({{"id":"100","channel_id":"20","guild_id":"3","author":{{"id":"{}","bot":true}},"content":"",)"
      R"("embeds":[{}],"interaction_metadata":{{"id":"9","type":2,"user":{{"id":"7"}}}},)"
      R"("interaction":{{"id":"9","type":2,"name":"{}","user":{{"id":"7"}}}}}})",
      author, embeds, command);
}

constexpr std::string_view disboard = "302050872383242240";
constexpr std::string_view dissoku = "761562078095867916";

TEST(bump_message, knows_a_bump_that_was_done) {
  const struct {
    std::string message;
    bump_service service;
  } cases[] = {
      {message_of(
           disboard,
           R"({"title":"DISBOARD: The Public Server List","url":"https://disboard.org/",)"
           R"("description":"Bump done! :thumbsup:\nCheck it out [on DISBOARD](https://disboard.org/)."})",
           "bump"),
       bump_service::disboard},
      {message_of(disboard, R"({"description":"表示順をアップしたよ👍\nディスボードで確認してね"})", "bump"),
       bump_service::disboard},
      {message_of(
           disboard,
           R"({"description":"Bumpeado","image":{"url":"https://disboard.org/images/bot-command-image-bump.png"}})",
           "bump"),
       bump_service::disboard},
      {message_of(dissoku, R"({"fields":[{"name":"`サーバー` をアップしたよ!","value":"x"}]})", "up"),
       bump_service::dissoku},
      {message_of(dissoku, R"({"description":"<@7>\ncommand: `/up`","author":{"name":"鯖をアップしたよ!"}})",
                  "dissoku up"),
       bump_service::dissoku},
  };
  for (const auto& each : cases)
    EXPECT_EQ(read_bump(each.message), (bump{each.service, {100}, {20}, {7}})) << each.message;
}

TEST(bump_message, is_not_taken_for_done_when_it_was_not) {
  const std::string cases[] = {
      message_of(disboard,
                 R"({"description":"Please wait another 57 minutes until the server can be bumped"})",
                 "bump"),
      message_of(disboard,
                 R"({"description":"このサーバーを上げられるようになるまで、あと57分お待ちください"})",
                 "bump"),
      message_of(dissoku, R"j({"fields":[{"name":"失敗しました...","value":"間隔をあけてください(57分)"}]})j",
                 "up"),
      message_of(disboard, R"({"description":"Bump done!"})", "help"),
      message_of(disboard, "", "bump"),
      message_of("42", R"({"description":"Bump done! :thumbsup:"})", "bump"),
      R"({"id":"100","channel_id":"20","content":"Bump done!"})",
      R"({"author":{"id":"302050872383242240"},"embeds":[{"description":"Bump done!"}]})",
      R"({"author":7,"embeds":{}})",
      "",
      "[]",
      "{"};
  for (const std::string& each : cases) EXPECT_FALSE(read_bump(each)) << each;
}

TEST(bump_message, needs_no_interaction) {
  EXPECT_EQ(read_bump(R"({"id":"100","channel_id":"20","author":{"id":"302050872383242240"},)"
                      R"("embeds":[{"description":"Bump done!"}]})"),
            (bump{bump_service::disboard, {100}, {20}, {}}));
}

TEST(bump_message, services_are_told_by_name_and_bot) {
  for (const bump_service each : all_bump_services) {
    EXPECT_EQ(bump_service_named(name_of(each)), each);
    EXPECT_EQ(bump_service_of(bot_of(each)), each);
  }
  EXPECT_FALSE(bump_service_named("top.gg"));
  EXPECT_FALSE(bump_service_of({1}));
}

}  // namespace
}  // namespace guildfleet::features
