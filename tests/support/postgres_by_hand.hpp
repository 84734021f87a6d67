// For tests that stand beside a store with a session of their own.
#pragma once

#include <gtest/gtest.h>
#include <memory>
#include <stdexcept>

#include "store/postgres/postgres_store.hpp"
#include "store/postgres/sql_session.hpp"
#include "support/frozen_database.hpp"

namespace guildfleet::support {

class postgres_by_hand : public testing::Test {
 protected:
  std::unique_ptr<store::store> open(const store::node_identity& node) {
    auto opened = store::open_postgres_store(
        {.url = base::secret(database.url()), .node = node, .application_name = "by hand", .connections = 1},
        clock, base::random_source(1));
    if (!opened) throw std::runtime_error(opened.error().message());
    return std::move(opened->sessions);
  }
  std::unique_ptr<store::sql_session> session() {
    return store::sql_session::connect(
               store::connection_target::parse(base::secret(database.url()), "by hand").value())
        .value();
  }

  base::system_clock clock;
  frozen_database database;
};

}  // namespace guildfleet::support
