#include "fleet/event_identity.hpp"

#include <gmock/gmock.h>

#include "discord/padded_json.hpp"

namespace guildfleet::fleet {
namespace {

using discord::event_type;
using discord::padded_json;

event_identity of(event_type type, std::string_view data) {
  identity_reader reader;
  return reader.read(type, padded_json(data));
}

TEST(event_identity, a_message_is_known_by_its_id_alone) {
  const auto here = of(event_type::message_create, R"({"id":"7","content":"a","nonce":"1"})");
  EXPECT_TRUE(here.unique);
  EXPECT_EQ(here, of(event_type::message_create, R"({"content":"b","id":"7"})"));
  EXPECT_NE(here, of(event_type::message_create, R"({"id":"8","content":"a","nonce":"1"})"));
}

TEST(event_identity, of_one_id_the_types_are_told_apart) {
  EXPECT_NE(of(event_type::message_create, R"({"id":"7"})"), of(event_type::message_delete, R"({"id":"7"})"));
  EXPECT_TRUE(of(event_type::interaction_create, R"({"id":"7"})").unique);
  EXPECT_TRUE(of(event_type::guild_audit_log_entry_create, R"({"id":"7"})").unique);
  EXPECT_TRUE(of(event_type::guild_role_delete, R"({"guild_id":"1","role_id":"7"})").unique);
}

TEST(event_identity, an_edit_is_known_by_its_time_and_may_come_more_than_once) {
  const auto first = of(event_type::message_update, R"({"id":"7","edited_timestamp":"10:00","content":"x"})");
  EXPECT_FALSE(first.unique);
  EXPECT_EQ(first, of(event_type::message_update,
                      R"({"embeds":[{}],"id":"7","edited_timestamp":"10:00","content":"x"})"));
  EXPECT_NE(first, of(event_type::message_update, R"({"id":"7","edited_timestamp":"10:01","content":"x"})"));
  EXPECT_NE(of(event_type::message_update, R"({"id":"7","edited_timestamp":null,"pinned":true})"),
            of(event_type::message_update, R"({"id":"7","edited_timestamp":null,"pinned":false})"));
}

TEST(event_identity, everything_else_is_known_by_its_content_whatever_the_order_of_its_members) {
  const auto here = of(event_type::message_reaction_add,
                       R"({"user_id":"1","emoji":{"name":"a","id":null},"list":[1,2],"burst":false})");
  EXPECT_FALSE(here.unique);
  EXPECT_EQ(here,
            of(event_type::message_reaction_add,
               R"({ "burst" : false , "list" : [1, 2] , "emoji":{"id":null,"name":"a"},"user_id":"1"})"));
  EXPECT_NE(here, of(event_type::message_reaction_remove,
                     R"({"user_id":"1","emoji":{"name":"a","id":null},"list":[1,2],"burst":false})"));
  EXPECT_NE(here, of(event_type::message_reaction_add,
                     R"({"user_id":"1","emoji":{"name":"a","id":null},"list":[2,1],"burst":false})"));
  EXPECT_NE(here, of(event_type::message_reaction_add,
                     R"({"user_id":"1","emoji":{"name":"b","id":null},"list":[1,2],"burst":false})"));
  // Values that have changed places are others.
  EXPECT_NE(of(event_type::typing_start, R"({"a":"1","b":"2"})"),
            of(event_type::typing_start, R"({"a":"2","b":"1"})"));
}

TEST(event_identity, what_lacks_its_id_or_is_no_json_is_known_by_its_bytes) {
  EXPECT_FALSE(of(event_type::message_create, R"({"content":"a"})").unique);
  EXPECT_EQ(of(event_type::typing_start, "no json"), of(event_type::typing_start, "no json"));
  EXPECT_NE(of(event_type::typing_start, "no json"), of(event_type::typing_start, "no jsom"));
  const std::string deep = R"({"a":)" + std::string(200, '[') + std::string(200, ']') + "}";
  EXPECT_EQ(of(event_type::typing_start, deep), of(event_type::typing_start, deep));
}

}  // namespace
}  // namespace guildfleet::fleet
