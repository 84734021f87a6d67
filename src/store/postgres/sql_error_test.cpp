#include "store/postgres/sql_error.hpp"

#include <gtest/gtest.h>

#include "store/error.hpp"

namespace guildfleet::store {
namespace {

TEST(sql_error, gives_each_code_its_meaning) {
  struct expected {
    const char* sqlstate;
    store_error code;
  };
  for (const auto& [sqlstate, code] :
       {expected{"", store_error::unreachable}, expected{"08006", store_error::unreachable},
        expected{"57P01", store_error::unreachable}, expected{"57P03", store_error::unreachable},
        expected{"28P01", store_error::refused}, expected{"3D000", store_error::refused},
        expected{"53300", store_error::refused}, expected{"42501", store_error::refused},
        expected{"25006", store_error::read_only}, expected{"53100", store_error::disk_full},
        expected{"57014", store_error::busy}, expected{"55P03", store_error::busy},
        expected{"40P01", store_error::busy}, expected{"58030", store_error::io_failed},
        expected{"XX001", store_error::corrupt}, expected{"42601", store_error::failed}}) {
    EXPECT_EQ(explain_sql(sqlstate, "text", "server").code(), code) << sqlstate;
  }
}

TEST(sql_error, reads_what_servers_and_poolers_say_to_a_new_connection) {
  struct expected {
    const char* text;
    store_error code;
  };
  for (const auto& [text, code] : {
           expected{"connection to server at \"db\", port 5432 failed: Connection refused",
                    store_error::unreachable},
           expected{"could not translate host name \"db\" to address: Name or service not known",
                    store_error::unreachable},
           expected{"timeout expired", store_error::unreachable},
           expected{"FATAL:  the database system is starting up", store_error::unreachable},
           expected{"FATAL:  the database system is shutting down", store_error::unreachable},
           expected{"FATAL:  server login has been failing, try again later (server_login_retry)",
                    store_error::unreachable},
           expected{"FATAL:  password authentication failed for user \"ann\"", store_error::refused},
           expected{"FATAL:  database \"bots\" does not exist", store_error::refused},
           expected{"FATAL:  sorry, too many clients already", store_error::refused},
           expected{"server does not support SSL, but SSL was required", store_error::refused},
           expected{"SSL error: certificate verify failed", store_error::refused},
           expected{"session is read-only", store_error::read_only},
       }) {
    EXPECT_EQ(explain_connect(text, "server").code(), code) << text;
  }
}

TEST(sql_error, finds_the_code_in_the_text) {
  EXPECT_EQ(sqlstate_in("ERROR:  40P01: deadlock detected"), "40P01");
  EXPECT_EQ(sqlstate_in("FATAL:  57P01: terminating connection"), "57P01");
  EXPECT_EQ(sqlstate_in("server closed the connection unexpectedly"), "");
  EXPECT_EQ(sqlstate_in("FATAL:  sorry, too many clients already"), "");
  EXPECT_EQ(sqlstate_in("ERROR:  40P01"), "");
}

TEST(sql_error, repeats_only_what_undid_itself) {
  EXPECT_TRUE(is_retryable("40001"));
  EXPECT_TRUE(is_retryable("40P01"));
  EXPECT_FALSE(is_retryable("57014"));
  EXPECT_FALSE(is_retryable(""));
}

}  // namespace
}  // namespace guildfleet::store
