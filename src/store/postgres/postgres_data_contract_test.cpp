#include "store/data_contract_test.hpp"
#include "store/postgres/postgres_store.hpp"
#include "support/frozen_database.hpp"
#include "support/pgbouncer.hpp"

namespace guildfleet::store {
namespace {

class postgres_data_world : public data_contract_world {
 public:
  std::shared_ptr<data_store> open(const std::string& node) override {
    auto opened = open_postgres_store(
        {.url = base::secret(url()), .node = {node, 1}, .application_name = "contract", .connections = 4, .features = {}},
        clock_, base::random_source(1));
    if (!opened) throw std::runtime_error(opened.error().message());
    return std::move(opened->data);
  }
  void advance(std::chrono::milliseconds by) override {
    database_.advance(by);
    now_ += by;
  }
  [[nodiscard]] base::wall_time now() override { return now_; }

 protected:
  [[nodiscard]] virtual std::string url() const { return database_.url(); }
  support::frozen_database database_;

 private:
  base::system_clock clock_;
  base::wall_time now_{std::chrono::milliseconds(support::frozen_database::start_ms)};
};

class pooled_data_world final : public postgres_data_world {
  [[nodiscard]] std::string url() const override { return support::shared_pgbouncer().url(database_.name()); }
};

std::unique_ptr<data_contract_world> make_postgres_world() {
  return std::make_unique<postgres_data_world>();
}

std::unique_ptr<data_contract_world> make_pooled_world() {
  return std::make_unique<pooled_data_world>();
}

std::string name_of_world(const testing::TestParamInfo<make_data_world>& world) {
  return world.index == 0 ? "server" : "pgbouncer";
}

INSTANTIATE_TEST_SUITE_P(postgres, data_contract, testing::Values(&make_postgres_world, &make_pooled_world),
                         name_of_world);
INSTANTIATE_TEST_SUITE_P(postgres, job_contract, testing::Values(&make_postgres_world, &make_pooled_world),
                         name_of_world);

}  // namespace
}  // namespace guildfleet::store
