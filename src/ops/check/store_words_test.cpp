#include "ops/check/store_words.hpp"

#include <gtest/gtest.h>

namespace guildfleet::ops {
namespace {

struct path_case {
  std::string_view name;
  std::string_view value;
  std::string_view path;
};

TEST(store_words, find_the_file_that_a_value_names) {
  const path_case cases[] = {{"DB", "/d/x.db", "/d/x.db"},
                             {"DB", "x.sqlite3", "x.sqlite3"},
                             {"SQLITE_PATH", "/d/x", "/d/x"},
                             {"DB", "/d/x", ""},
                             {"DB", "sqlite:/d/x?mode=rw", "/d/x"},
                             {"DB", "sqlite:////d/x", "/d/x"},
                             {"DB", "sqlite:///d/x", ""},
                             {"DB", "sqlite:", ""},
                             {"DB", "", ""}};
  for (const path_case& each : cases)
    EXPECT_EQ(sqlite_path_in(each.name, std::string(each.value)), each.path) << each.value;
}

TEST(store_words, know_where_databases_listen) {
  EXPECT_EQ(database_of_port("5432"), "PostgreSQL");
  EXPECT_EQ(database_of_port("80"), "");
}

TEST(store_words, tell_addresses_that_others_can_read_along) {
  for (const std::string_view each :
       {"postgres://db.example.org/x", "postgresql://[2001:db8::5]/x", "redis://r.example.org",
        "postgresql://db.example.org/x?sslmode=prefer"})
    EXPECT_TRUE(is_plain_database(*parts_of_url(each))) << each;
  for (const std::string_view each : {"postgres://db/x", "postgresql://db.example.org/x?sslmode=verify-full",
                                      "rediss://r.example.org", "redis://[::1]", "https://example.org/"})
    EXPECT_FALSE(is_plain_database(*parts_of_url(each))) << each;
}

}  // namespace
}  // namespace guildfleet::ops
