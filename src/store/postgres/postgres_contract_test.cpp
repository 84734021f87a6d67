#include "store/contract_test.hpp"
#include "store/postgres/postgres_store.hpp"
#include "support/frozen_database.hpp"
#include "support/pgbouncer.hpp"

namespace guildfleet::store {
namespace {

class postgres_world : public contract_world {
 public:
  std::unique_ptr<store> open(const node_identity& node) override {
    auto opened = open_postgres_store(
        {.url = base::secret(url()), .node = node, .application_name = "contract", .connections = 2}, clock_,
        base::random_source(1));
    if (!opened) throw std::runtime_error(opened.error().message());
    return std::move(opened->sessions);
  }
  void advance(std::chrono::milliseconds by) override { database_.advance(by); }
  [[nodiscard]] bool proves_death() const override { return false; }

 protected:
  [[nodiscard]] virtual std::string url() const { return database_.url(); }
  support::frozen_database database_;

 private:
  base::system_clock clock_;
};

class pooled_world final : public postgres_world {
  [[nodiscard]] std::string url() const override { return support::shared_pgbouncer().url(database_.name()); }
};

std::unique_ptr<contract_world> make_postgres_world() {
  return std::make_unique<postgres_world>();
}

std::unique_ptr<contract_world> make_pooled_world() {
  return std::make_unique<pooled_world>();
}

INSTANTIATE_TEST_SUITE_P(postgres, store_contract, testing::Values(&make_postgres_world, &make_pooled_world),
                         [](const auto& world) {
                           return std::string(world.index == 0 ? "server" : "pgbouncer");
                         });

}  // namespace
}  // namespace guildfleet::store
