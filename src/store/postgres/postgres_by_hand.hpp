// For tests that stand beside a store with a session of their own.
#pragma once

#include <gtest/gtest.h>
#include <memory>
#include <stdexcept>

#include "store/postgres/postgres_store.hpp"
#include "store/postgres/sql_session.hpp"
#include "support/frozen_database.hpp"

namespace guildfleet::store {

class postgres_by_hand : public testing::Test {
 protected:
  std::unique_ptr<store> open(const node_identity& node) {
    auto opened = open_postgres_store(
        {.url = base::secret(database.url()), .node = node, .application_name = "by hand", .connections = 1},
        clock, base::random_source(1));
    if (!opened) throw std::runtime_error(opened.error().message());
    return std::move(opened->sessions);
  }
  std::unique_ptr<sql_session> session() {
    return sql_session::connect(connection_target::parse(base::secret(database.url()), "by hand").value())
        .value();
  }

  base::system_clock clock;
  support::frozen_database database;
};

}  // namespace guildfleet::store
