#include "features/sticky/posted_record.hpp"

#include <gtest/gtest.h>

namespace guildfleet::features {
namespace {

TEST(posted_record, reads_as_it_was_written) {
  const posted_sticky cases[] = {
      {{100}, "0123456789abcdef", {}},
      {{100}, "", {{98}, {99}}},
      {{100}, "0123456789abcdef", {}, sticky_message{{20}, "text", "title", "#3b82f6"}},
      {}};
  for (const posted_sticky& each : cases) EXPECT_EQ(read_posted(to_record(each)), each);
}

TEST(posted_record, what_is_none_of_ours_counts_as_nothing_posted) {
  for (const char* broken :
       {"", "{", "[]", "7", R"({"message":7,"digest":[],"old":{},"tried":[]})", R"({"old":[1,null]})"})
    EXPECT_EQ(read_posted(broken), posted_sticky{}) << broken;
}

TEST(posted_record, has_the_channel_as_its_key) {
  EXPECT_EQ(key_of_posted({1}, {20}), (store::record_key{{1}, "posted", "20"}));
}

}  // namespace
}  // namespace guildfleet::features
