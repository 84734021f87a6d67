#include "peer/peer_link.hpp"

#include <gmock/gmock.h>

#include "net/task_group.hpp"
#include "peer/peer_words.hpp"

namespace guildfleet::peer {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

const store::lease_key shard{{"music"}, {3, 16}};

class peers : public testing::Test {
 protected:
  std::unique_ptr<peer_link> link(const std::string& key = "a key of sixteen bytes and more") {
    auto made = std::make_unique<peer_link>(
        context.get_executor(),
        peer_settings{.listen = "127.0.0.1", .host = "127.0.0.1", .fleet_key = base::secret(key)},
        peer_events{[this] { heard.emplace_back("look"); },
                    [this](const store::lease_key& what) { heard.push_back(to_json(what)); },
                    [this](guest_question question) { return serve(std::move(question)); },
                    [] { return std::string(R"({"status":"ok"})"); },
                    [this](handover_note note) { return hear(to_json(note)); },
                    [this](handover_word word) { return hear(to_json(word)); }},
        metrics, base::logger::root());
    EXPECT_TRUE(made->start());
    return made;
  }
  static store::node_row row_of(const peer_link& node, std::uint64_t incarnation = 1) {
    store::node_row row;
    row.identity = {"other", incarnation};
    row.report.address = node.address();
    row.report.certificate = node.certificate();
    return row;
  }
  // Says both words; how many were heard.
  int say_to(peer_link& from, const store::node_row& to) {
    int count = 0;
    net::task_group group(context.get_executor());
    group.spawn("speaker", [](peer_link& link, store::node_row node, int& said) -> net::task<> {
      said += co_await link.say_look(node) ? 1 : 0;
      said += co_await link.say_prepare(node, shard) ? 1 : 0;
      co_await link.stop(net::deadline_in(1s));
    }(from, to, count));
    context.restart();
    while (group.size() > 0) context.run_one();
    return count;
  }

  net::task<std::string> serve(guest_question question) {
    heard.push_back(to_json(question));
    co_return served;
  }
  std::optional<guest_answer> ask(peer_link& from, const store::node_row& to,
                                  const guest_question& question) {
    std::optional<guest_answer> answer;
    net::task_group group(context.get_executor());
    group.spawn("guest",
                [](peer_link& link, store::node_row node, guest_question what,
                   std::optional<guest_answer>& into) -> net::task<> {
                  into = co_await link.ask_as_guest(std::move(node), std::move(what));
                  co_await link.stop(net::deadline_in(1s));
                }(from, to, question, answer));
    context.restart();
    while (group.size() > 0) context.run_one();
    return answer;
  }

  net::task<bool> hear(std::string what) {
    heard.push_back(std::move(what));
    co_return knows_shard;
  }
  // Says a note and a word; how many were heard.
  int say_tail_to(peer_link& from, const store::node_row& to) {
    int count = 0;
    net::task_group group(context.get_executor());
    group.spawn("speaker", [](peer_link& link, store::node_row node, int& said) -> net::task<> {
      said += co_await link.say_handover(node, {.shard = shard}) ? 1 : 0;
      said += co_await link.say_tail(node, {.shard = shard}) ? 1 : 0;
      co_await link.stop(net::deadline_in(1s));
    }(from, to, count));
    context.restart();
    while (group.size() > 0) context.run_one();
    return count;
  }

  base::result<std::string> ask_status(peer_link& from, const store::node_row& node) {
    std::optional<base::result<std::string>> answer;
    net::task_group group(context.get_executor());
    group.spawn("asker",
                [](peer_link& asking, store::node_row asked,
                   std::optional<base::result<std::string>>& into) -> net::task<> {
                  into = co_await asking.ask_status(std::move(asked));
                  co_await asking.stop(net::deadline_in(1s));
                }(from, node, answer));
    while (group.size() > 0) context.run_one();
    return *answer;
  }

  bool knows_shard = true;
  std::string served;  // to guests
  net::asio::io_context context{1};
  base::metrics metrics;
  std::vector<std::string> heard;
};

TEST_F(peers, tell_one_another_how_they_are) {
  const auto one = link();
  const auto other = link();
  const auto answer = ask_status(*one, row_of(*other));
  ASSERT_TRUE(answer) << answer.error().message();
  EXPECT_EQ(*answer, R"({"status":"ok"})");
}

TEST_F(peers, say_why_one_did_not_tell_how_it_is) {
  const auto one = link();
  auto other = link();
  const auto stranger = link("a key of another fleet, as long");
  const auto refused = ask_status(*stranger, row_of(*other));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message(), HasSubstr("node.fleet_key"));
  const store::node_row gone = row_of(*other);
  other.reset();
  const auto nobody = ask_status(*one, gone);
  ASSERT_FALSE(nobody);
  EXPECT_THAT(nobody.error().message(), HasSubstr(gone.report.address));
}

TEST_F(peers, take_one_another_as_guests) {
  const auto one = link();
  const auto other = link();
  const fleet::guest_entry event{6, fleet::guest_entry::kind::event, 120, {}, std::string(5'000'000, 'x')};
  served = to_bytes(4, 4'500ms, "a session", {&event});
  const guest_question question{.shard = shard, .guest = {"one", 3}, .release = "2"};
  const auto answer = ask(*one, row_of(*other), question);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->entries.at(0).bytes.size(), event.bytes.size());
  EXPECT_THAT(heard, ElementsAre(to_json(question)));
}

TEST_F(peers, tell_the_next_owner_of_a_shard_what_it_inherits) {
  const auto one = link();
  const auto other = link();
  EXPECT_EQ(say_tail_to(*one, row_of(*other)), 2);
  EXPECT_THAT(heard, ElementsAre(to_json(handover_note{shard}), to_json(handover_word{shard})));
}

TEST_F(peers, that_do_not_know_the_shard_inherit_nothing) {
  const auto one = link();
  const auto other = link();
  knows_shard = false;
  EXPECT_EQ(say_tail_to(*one, row_of(*other)), 0);
}

TEST_F(peers, of_a_release_that_does_not_know_tails_answer_that_they_do_not) {
  const auto one = link();
  const auto other =
      std::make_unique<peer_link>(context.get_executor(),
                                  peer_settings{.listen = "127.0.0.1",
                                                .host = "127.0.0.1",
                                                .fleet_key = base::secret("a key of sixteen bytes and more")},
                                  peer_events{}, metrics, base::logger::root());
  ASSERT_TRUE(other->start());
  EXPECT_EQ(say_tail_to(*one, row_of(*other)), 0);
}

TEST_F(peers, that_want_no_guest_say_so) {
  const auto one = link();
  const auto other = link();
  EXPECT_FALSE(ask(*one, row_of(*other), {.shard = shard, .guest = {"one", 3}}));
}

TEST_F(peers, hear_one_another) {
  const auto one = link();
  const auto other = link();
  EXPECT_EQ(say_to(*one, row_of(*other)), 2);
  EXPECT_THAT(heard, ElementsAre("look", to_json(shard)));
}

TEST_F(peers, of_another_key_are_not_heard) {
  const auto one = link("a key of another fleet, as long");
  const auto other = link();
  EXPECT_EQ(say_to(*one, row_of(*other)), 0);
  EXPECT_TRUE(heard.empty());
}

TEST_F(peers, speak_to_nobody_but_the_node_whose_certificate_the_store_told) {
  const auto one = link();
  const auto other = link();
  const auto third = link();
  store::node_row impostor = row_of(*other);
  impostor.report.certificate = third->certificate();
  EXPECT_EQ(say_to(*one, impostor), 0);
  EXPECT_TRUE(heard.empty());
}

TEST_F(peers, that_are_gone_or_have_no_address_are_left_to_the_store) {
  const auto one = link();
  auto other = link();
  const store::node_row gone = row_of(*other);
  other.reset();
  EXPECT_EQ(say_to(*one, gone), 0);
  store::node_row silent = gone;
  silent.identity.incarnation = 2;
  silent.report.address.clear();
  EXPECT_EQ(say_to(*one, silent), 0);
}

TEST(peer_words, a_shard_is_read_back_and_nothing_else_is) {
  EXPECT_EQ(parse_shard(to_json(shard)), shard);
  for (const char* text :
       {"", "[]", "{}", R"({"bot":"a","index":1,"count":1})", R"({"bot":"a","index":-1,"count":1})",
        R"({"bot":1,"index":0,"count":1})", R"({"bot":"a","index":0,"count":99999999999})"})
    EXPECT_EQ(parse_shard(text), std::nullopt) << text;
}

TEST(peer_words, the_proof_does_not_show_the_key) {
  const base::secret key("a key of sixteen bytes and more");
  EXPECT_EQ(proof_of(key).reveal().size(), 64U);
  EXPECT_EQ(proof_of(key).reveal().find("sixteen"), std::string_view::npos);
  EXPECT_NE(proof_of(key).reveal(), proof_of(base::secret("another")).reveal());
}

}  // namespace
}  // namespace guildfleet::peer
