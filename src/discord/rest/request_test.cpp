#include "discord/rest/request.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "discord/rest/endpoints.hpp"
#include "discord/rest/multipart.hpp"

namespace guildfleet::discord {
namespace {

using testing::HasSubstr;

constexpr channel_id channel{10};
constexpr message_id message{20};

TEST(make_request, fills_the_template_and_takes_the_major_parameters) {
  const request one = make_request(routes::add_reaction, {"10", "20", "\xF0\x9F\x94\xA5"});
  EXPECT_EQ(one.path, "/channels/10/messages/20/reactions/%F0%9F%94%A5/@me");
  EXPECT_EQ(one.major, "10");
  EXPECT_EQ(make_request(routes::edit_original, {"1", "tok"}).major, "1/tok");
  EXPECT_EQ(make_request(routes::get_user, {"1"}).major, "");
}

TEST(make_request, a_parameter_cannot_leave_its_place) {
  EXPECT_EQ(make_request(routes::delete_invite, {"../users?x=1"}).path, "/invites/..%2Fusers%3Fx%3D1");
}

TEST(add_query, encodes_and_joins) {
  request one = make_request(routes::get_self);
  add_query(one, "a", "1 2");
  add_query(one, "b", "&");
  EXPECT_EQ(one.query, "a=1%202&b=%26");
}

TEST(encode_audit_reason, cuts_at_512_characters_not_bytes) {
  std::string text;
  for (int i = 0; i < 600; ++i) text += "\xE3\x81\x82";
  EXPECT_EQ(encode_audit_reason(text).size(), 512U * 9U);
  EXPECT_EQ(encode_audit_reason("a\nb"), "a%0Ab");
}

TEST(endpoints, only_equal_things_wait_for_each_other) {
  const auto first = endpoints::create_message(channel, {.content = "a"});
  const auto second = endpoints::edit_message(channel, message, {.content = "b"});
  EXPECT_EQ(first->order_key, second->order_key);
  channel_body rename;
  rename.name = "x";
  channel_body slow;
  slow.slowmode = std::chrono::seconds(5);
  EXPECT_NE(endpoints::edit_channel(channel, rename)->order_key,
            endpoints::edit_channel(channel, slow)->order_key);
  EXPECT_EQ(endpoints::edit_channel(channel, rename)->hidden, &channel_name_limit);
  EXPECT_EQ(endpoints::edit_channel(channel, slow)->hidden, nullptr);
  EXPECT_EQ(endpoints::add_role({1}, {2}, {3}).order_key, endpoints::remove_role({1}, {2}, {3}).order_key);
}

TEST(endpoints, a_nonce_makes_a_message_repeatable) {
  EXPECT_FALSE(endpoints::create_message(channel, {.content = "a"})->has_nonce);
  const auto with_nonce = endpoints::create_message(channel, {.content = "a", .nonce = "n1"});
  EXPECT_TRUE(with_nonce->has_nonce);
  EXPECT_THAT(with_nonce->json, HasSubstr(R"("nonce":"n1","enforce_nonce":true)"));
}

TEST(endpoints, a_broken_limit_names_route_and_field) {
  const auto refused = endpoints::create_message(channel, {.content = std::string(2001, 'x')});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), rest_error::invalid_request);
  EXPECT_THAT(refused.error().message(),
              HasSubstr("POST /channels/{channel}/messages: content: 2001 characters, at most 2000"));
}

TEST(endpoints, characters_are_counted_not_bytes) {
  std::string text;
  for (int i = 0; i < 2000; ++i) text += "\xE3\x81\x82";
  EXPECT_TRUE(endpoints::create_message(channel, {.content = text}));
}

TEST(multipart, the_boundary_occurs_in_no_part_and_names_cannot_end_their_header) {
  const multipart_body probe = encode_multipart("{}", {});
  const std::string boundary = probe.content_type.substr(probe.content_type.find('=') + 1);
  const std::vector<upload> files{
      {.filename = "a\"\r\nX: y", .content_type = "text/plain\r\nX: y", .bytes = boundary}};
  const multipart_body body = encode_multipart("{}", files);
  EXPECT_THAT(body.content_type, testing::Not(HasSubstr(boundary)));
  EXPECT_THAT(body.body, HasSubstr("filename=\"a%22__X: y\"\r\nContent-Type: text/plain\r\n\r\n"));
}

TEST(member_edit, absent_null_and_value_are_three_things) {
  member_edit edit;
  EXPECT_EQ(to_json(edit), "{}");
  edit.voice_channel = cleared;
  EXPECT_EQ(to_json(edit), R"({"channel_id":null})");
  edit.voice_channel = channel;
  EXPECT_EQ(to_json(edit), R"({"channel_id":"10"})");
}

}  // namespace
}  // namespace guildfleet::discord
