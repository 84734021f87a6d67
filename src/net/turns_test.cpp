#include "net/turns.hpp"

#include <boost/asio/post.hpp>
#include <gmock/gmock.h>
#include <vector>

#include "net/task_group.hpp"
#include "net/test_support.hpp"

namespace guildfleet::net {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class two_turns : public testing::Test {
 protected:
  ~two_turns() override {
    members.close();
    members.cancel();
    settle();
  }

  static task<> member(two_turns& of, int number) {
    auto turn = co_await of.line.enter(of.until);
    of.told.push_back(turn ? number : -number);
    if (turn) of.held.push_back(std::move(turn));
  }
  void come(int number) {
    members.spawn("member", member(*this, number));
    settle();
  }
  void settle() {
    context.restart();
    context.poll();
  }
  void first_leaves() {
    held.erase(held.begin());
    settle();
  }

  asio::io_context context;
  deadline until = no_deadline();
  turns line{context.get_executor(), 2};
  std::vector<int> told;
  std::vector<std::optional<turns::turn>> held;
  task_group members{context.get_executor()};
};

TEST_F(two_turns, are_taken_by_the_first_two) {
  for (const int number : {1, 2, 3}) come(number);
  EXPECT_THAT(told, ElementsAre(1, 2));
}

TEST_F(two_turns, go_on_in_the_order_of_coming) {
  for (const int number : {1, 2, 3, 4}) come(number);
  first_leaves();
  EXPECT_THAT(told, ElementsAre(1, 2, 3));
  first_leaves();
  EXPECT_THAT(told, ElementsAre(1, 2, 3, 4));
  first_leaves();
  first_leaves();
  EXPECT_THAT(held, IsEmpty());
  come(5);
  come(6);
  EXPECT_THAT(told, ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST_F(two_turns, are_not_kept_by_somebody_who_was_cancelled) {
  for (const int number : {1, 2, 3}) come(number);
  members.cancel();
  settle();
  EXPECT_THAT(told, ElementsAre(1, 2, -3));
  first_leaves();
  come(4);
  EXPECT_THAT(told, ElementsAre(1, 2, -3, 4));
}

TEST_F(two_turns, are_waited_for_until_the_deadline) {
  come(1);
  come(2);
  until = deadline_in(std::chrono::milliseconds(1));
  come(3);
  context.restart();
  context.run_one_for(std::chrono::seconds(10));
  settle();
  EXPECT_THAT(told, ElementsAre(1, 2, -3));
}

TEST_F(two_turns, are_not_lost_with_somebody_who_is_cancelled_as_it_gets_one) {
  for (const int number : {1, 2, 3}) come(number);
  held.erase(held.begin());
  members.cancel();
  settle();
  come(4);
  come(5);
  EXPECT_EQ(held.size(), 2U);
}

}  // namespace
}  // namespace guildfleet::net
