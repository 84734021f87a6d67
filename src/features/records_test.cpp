#include "features/records.hpp"

#include <gtest/gtest.h>

#include "features/test_kit/kept_records.hpp"
#include "features/test_kit/run.hpp"

namespace guildfleet::features {
namespace {

// The defect: what was beyond the limit was left out without a word.
TEST(records, a_list_that_would_leave_records_out_is_an_error) {
  constexpr discord::guild_id here{3};
  test_kit::kept_records records;
  for (const char* key : {"a", "b", "c"}) (void)records.put({{.key = {here, "ban", key}, .value = "{}"}});
  const store::record_query query{.guilds = {here}, .kind = "ban"};
  EXPECT_EQ(test_kit::run(list_all(records, query, 3))->size(), 3U);
  const auto cut = test_kit::run(list_all(records, query, 2));
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code(), make_error_code(std::errc::value_too_large));
}

}  // namespace
}  // namespace guildfleet::features
