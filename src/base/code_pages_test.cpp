#include "base/code_pages.hpp"

#include <gtest/gtest.h>

namespace guildfleet::base {
namespace {

TEST(code_pages, the_program_runs_on_after_its_code_was_released) {
  EXPECT_GT(release_code_pages(), 100'000U);
  EXPECT_GT(release_code_pages(), 100'000U);
}

}  // namespace
}  // namespace guildfleet::base
