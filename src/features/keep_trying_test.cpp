#include "features/keep_trying.hpp"

#include <gtest/gtest.h>

#include "features/test_kit/feature_world.hpp"

namespace guildfleet::features {
namespace {

using namespace std::chrono_literals;
using namespace test_kit;

class keeps_trying : public testing::Test {
 protected:
  // Succeeds at this attempt.
  void begin(int lucky) {
    run(keep_trying(moments, {3}, "it", [this, lucky]() -> net::task<bool> { co_return ++attempts == lucky; },
                    {.first = 1ms, .longest = 4ms}));
  }
  void pass_a_moment() { run(std::exchange(moments.waiting, {}).at("it")()); }

  waiting_moments moments;
  int attempts = 0;
};

TEST_F(keeps_trying, until_it_succeeds) {
  begin(2);
  EXPECT_EQ(attempts, 2);
  EXPECT_TRUE(moments.waiting.empty());
}

TEST_F(keeps_trying, once_for_each_moment_after_a_while) {
  begin(5);
  EXPECT_EQ(attempts, 3) << "after 0, 1 and 3 ms";
  pass_a_moment();
  EXPECT_EQ(attempts, 4);
  pass_a_moment();
  EXPECT_EQ(attempts, 5);
  EXPECT_TRUE(moments.waiting.empty());
}

}  // namespace
}  // namespace guildfleet::features
