#include "bot/own_message.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <functional>
#include <gtest/gtest.h>

namespace guildfleet::bot {
namespace {

namespace json = boost::json;

constexpr discord::user_id self{77};

discord::message_body sent() {
  discord::message_body body;
  body.content = " hello\n";
  body.embeds.push_back({.title = "Deleted",
                         .description = "one\ntwo ",
                         .timestamp = "2026-01-31T12:00:00Z",
                         .color = 0x3b82f6,
                         .footer = "log",
                         .fields = {{.name = "By", .value = "somebody"}}});
  body.rows.push_back({.items = {discord::button{.label = "Press", .custom_id = "x:v1:in:"}}});
  body.attachments.push_back({.file = 0, .filename = "the notes.txt"});
  body.reply_to = {12};
  body.nonce = "n1";
  return body;
}

// As Discord gives it back.
json::object seen() {
  return {
      {"id", "5"},
      {"author", json::object{{"id", "77"}}},
      {"content", "hello"},
      {"embeds",
       json::array{json::object{{"type", "rich"},
                                {"title", "Deleted"},
                                {"description", "one\ntwo"},
                                {"timestamp", "2026-01-31T12:00:00.000000+00:00"},
                                {"color", 0x3b82f6},
                                {"footer", json::object{{"text", "log"}}},
                                {"fields", json::array{json::object{
                                               {"name", "By"}, {"value", "somebody"}, {"inline", false}}}}},
                   json::object{{"type", "link"}, {"title", "Some page"}}}},
      {"components",
       json::array{json::object{{"type", 1},
                                {"id", 1},
                                {"components", json::array{json::object{{"type", 2},
                                                                        {"id", 2},
                                                                        {"style", 2},
                                                                        {"label", "Press"},
                                                                        {"custom_id", "x:v1:in:"},
                                                                        {"disabled", true}}}}}}},
      {"attachments", json::array{json::object{{"id", "9"}, {"filename", "the_notes.txt"}}}},
      {"message_reference", json::object{{"type", 0}, {"message_id", "12"}}}};
}

std::optional<discord::message_id> find(const json::array& messages, const posted_messages& posted = {},
                                        const discord::message_body& body = sent()) {
  const auto found = find_own_message(json::serialize(messages), self, body, posted);
  EXPECT_TRUE(found) << found.error().message();
  return found ? found->found : std::nullopt;
}

struct find_case {
  std::string name;
  std::function<void(json::object&)> change;
  bool is_it;
};

class own_messages : public testing::TestWithParam<find_case> {};

TEST_P(own_messages, are_told_by_their_nonce_or_by_all_that_they_are_made_of) {
  json::object message = seen();
  GetParam().change(message);
  EXPECT_EQ(find({json::object{{"id", "6"}}, message}).has_value(), GetParam().is_it);
}

void set_in_embed(json::object& message, const char* key, json::value value) {
  message["embeds"].as_array()[0].as_object()[key] = std::move(value);
}

INSTANTIATE_TEST_SUITE_P(
    all, own_messages,
    testing::Values(
        find_case{"as_it_was_sent", [](json::object&) {}, true},
        find_case{"somebody_elses", [](json::object& m) { m["author"] = json::object{{"id", "78"}}; }, false},
        find_case{"same_nonce_and_edited_since",
                  [](json::object& m) {
                    m["nonce"] = "n1";
                    m["content"] = "other";
                  },
                  true},
        find_case{"other_nonce", [](json::object& m) { m["nonce"] = "n2"; }, false},
        find_case{"other_text", [](json::object& m) { m["content"] = "hello!"; }, false},
        find_case{"no_embed", [](json::object& m) { m["embeds"] = json::array(); }, false},
        find_case{"one_embed_more",
                  [](json::object& m) {
                    auto& embeds = m["embeds"].as_array();
                    embeds.push_back(json::value(embeds[0]));
                  },
                  false},
        find_case{"other_title", [](json::object& m) { set_in_embed(m, "title", "Edited"); }, false},
        find_case{"other_description", [](json::object& m) { set_in_embed(m, "description", "three"); },
                  false},
        find_case{"other_second",
                  [](json::object& m) { set_in_embed(m, "timestamp", "2026-01-31T12:00:01.000000+00:00"); },
                  false},
        find_case{"other_color", [](json::object& m) { set_in_embed(m, "color", 1); }, false},
        find_case{"other_footer",
                  [](json::object& m) { set_in_embed(m, "footer", json::object{{"text", "x"}}); }, false},
        find_case{"no_fields", [](json::object& m) { set_in_embed(m, "fields", json::array()); }, false},
        find_case{"other_buttons", [](json::object& m) { m["components"] = json::array(); }, false},
        find_case{"no_file", [](json::object& m) { m["attachments"] = json::array(); }, false},
        find_case{"reply_to_another",
                  [](json::object& m) { m["message_reference"] = json::object{{"message_id", "13"}}; },
                  false},
        find_case{"reply_to_what_was_deleted", [](json::object& m) { m.erase("message_reference"); }, true}),
    [](const auto& info) { return info.param.name; });

TEST(own_message, of_only_an_embed_is_not_taken_for_another_one_of_only_an_embed) {
  discord::message_body body;
  body.embeds.push_back({.title = "Deleted", .description = "one"});
  json::object other{{"id", "5"},
                     {"author", json::object{{"id", "77"}}},
                     {"content", ""},
                     {"embeds", json::array{json::object{
                                    {"type", "rich"}, {"title", "Deleted"}, {"description", "another"}}}}};
  EXPECT_EQ(find({other}, {}, body), std::nullopt);
  set_in_embed(other, "description", "one");
  EXPECT_EQ(find({other}, {}, body), discord::message_id{5});
}

TEST(own_message, that_is_known_to_be_another_effects_is_passed_over) {
  posted_messages posted;
  json::object second = seen();
  second["id"] = "6";
  posted.note({5}, "n2");
  EXPECT_EQ(find({seen(), second}, posted), discord::message_id{6});
  posted.note({6}, "n3");
  EXPECT_EQ(find({seen(), second}, posted), std::nullopt);
  posted.note({6}, "n1");
  EXPECT_EQ(find({seen(), second}, posted), discord::message_id{6}) << "its own";
}

TEST(own_message, a_page_tells_where_the_next_one_begins) {
  const auto page = find_own_message(
      R"([{"id":"5"},{"id":"9","author":{"id":"77"},"nonce":"n2"},{"id":"7"}])", self, sent(), {});
  ASSERT_TRUE(page);
  EXPECT_EQ(page->found, std::nullopt);
  EXPECT_EQ(page->messages, 3U);
  EXPECT_EQ(page->newest, discord::message_id{9});
}

TEST(own_message, an_answer_that_is_no_list_is_an_error) {
  EXPECT_FALSE(find_own_message("{}", self, sent(), {}));
  EXPECT_FALSE(find_own_message("[", self, sent(), {}));
}

TEST(own_message, the_id_of_an_answer_is_read) {
  EXPECT_EQ(id_of_answer(R"({"id":"12","name":"x"})").value_or(""), "12");
  EXPECT_FALSE(id_of_answer(R"({"name":"x"})"));
  EXPECT_FALSE(id_of_answer("<html>"));
}

}  // namespace
}  // namespace guildfleet::bot
