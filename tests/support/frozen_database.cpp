#include "support/frozen_database.hpp"

#include <fmt/format.h>
#include <stdexcept>

#include "store/postgres/postgres_store.hpp"

namespace guildfleet::support {
namespace {

// Copied for each test.
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
  return name;
}

}  // namespace

frozen_database::frozen_database() {
  static const std::string model = make_model();
  name_ = shared_postgres().make_database(model);
}

frozen_database::~frozen_database() {
  try {
    shared_postgres().run(fmt::format("DROP DATABASE {} WITH (FORCE)", name_));
  } catch (const std::exception& failure) {
    fmt::print(stderr, "the database of a test stays: {}\n", failure.what());
  }
}

void frozen_database::advance(std::chrono::milliseconds by) const {
  shared_postgres().run(fmt::format("UPDATE public.held_clock SET ms = ms + {}", by.count()), name_);
}

}  // namespace guildfleet::support
