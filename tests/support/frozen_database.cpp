#include "support/frozen_database.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <stdexcept>
#include <vector>

#include "store/postgres/postgres_store.hpp"

namespace guildfleet::support {
namespace {

// What a test left goes, and what the migrations put there comes back. Not for tests that change the tables.
constexpr const char* start_again = R"(
CREATE SCHEMA at_first;
DO $$ DECLARE each regclass; BEGIN
  FOR each IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace IN ('guildfleet'::regnamespace, 'public'::regnamespace) LOOP
    EXECUTE format('CREATE TABLE at_first.%I AS SELECT * FROM %s', each::oid, each);
  END LOOP;
END $$;
CREATE FUNCTION at_first.return() RETURNS void LANGUAGE plpgsql AS $$ DECLARE each regclass; BEGIN
  SET LOCAL session_replication_role = replica;
  SET LOCAL lock_timeout = '5s';
  FOR each IN SELECT relname::oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'at_first'::regnamespace LOOP
    EXECUTE format('DELETE FROM %s', each);
    EXECUTE format('INSERT INTO %s SELECT * FROM at_first.%I', each, each::oid);
  END LOOP;
  PERFORM setval(seqrelid, seqstart, false) FROM pg_sequence;
END $$;
)";

// Copied for each database.
std::string make_model() {
  const std::string name = shared_postgres().make_database();
  const base::system_clock clock;
  const auto migrated = store::open_postgres_store(
      {.url = base::secret(shared_postgres().url(name)), .node = {"model", 1}, .application_name = "model"},
      clock, base::random_source(1));
  if (!migrated) throw std::runtime_error(migrated.error().message());
  shared_postgres().run(fmt::format("CREATE TABLE public.held_clock AS SELECT {}::bigint AS ms; "
                                    "CREATE OR REPLACE FUNCTION guildfleet.store_ms() RETURNS bigint "
                                    "LANGUAGE sql VOLATILE AS 'SELECT ms FROM public.held_clock'",
                                    frozen_database::start_ms),
                        name);
  shared_postgres().run(start_again, name);
  return name;
}

std::string make_copy() {
  static const std::string model = make_model();
  return shared_postgres().make_database(model);
}

// Copying takes the server a third of a second.
std::vector<std::string>& returned() {
  static std::vector<std::string> names;
  return names;
}

}  // namespace

frozen_database::frozen_database(after_test then) : then_(then) {
  if (then == after_test::drop || returned().empty()) {
    name_ = make_copy();
  } else {
    name_ = std::move(returned().back());
    returned().pop_back();
  }
}

frozen_database::~frozen_database() {
  try {
    if (then_ == after_test::use_again && !testing::Test::HasFailure()) {
      shared_postgres().run("SELECT at_first.return()", name_);
      returned().push_back(name_);
    } else {
      shared_postgres().run(fmt::format("DROP DATABASE {} WITH (FORCE)", name_));
    }
  } catch (const std::exception& failure) {
    fmt::print(stderr, "the database of a test stays: {}\n", failure.what());
  }
}

void frozen_database::advance(std::chrono::milliseconds by) const {
  shared_postgres().run(fmt::format("UPDATE public.held_clock SET ms = ms + {}", by.count()), name_);
}

}  // namespace guildfleet::support
