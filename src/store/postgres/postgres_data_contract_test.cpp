#include "store/data_contract_test.hpp"
#include "store/postgres/postgres_store.hpp"
#include "support/frozen_database.hpp"
#include "support/pgbouncer.hpp"

namespace guildfleet::store {
namespace {

class postgres_data_world : public data_world {
 public:
  std::unique_ptr<data_store> open() override {
    ++processes_;
    auto opened = open_postgres_store({.url = base::secret(url()),
                                       .node = {.name = "node", .incarnation = processes_},
                                       .application_name = "contract",
                                       .connections = 4},
                                      clock_, base::random_source(processes_));
    if (!opened) throw std::runtime_error(opened.error().message());
    return std::move(opened->data);
  }
  void advance(std::chrono::milliseconds by) override {
    database_.advance(by);
    now_ += by;
  }
  [[nodiscard]] base::wall_time now() const override { return now_; }

 protected:
  [[nodiscard]] virtual std::string url() const { return database_.url(); }
  support::frozen_database database_{support::after_test::use_again};

 private:
  base::system_clock clock_;
  base::wall_time now_{std::chrono::milliseconds(support::frozen_database::start_ms)};
  std::uint64_t processes_ = 0;
};

class pooled_data_world final : public postgres_data_world {
  [[nodiscard]] std::string url() const override { return support::shared_pgbouncer().url(database_.name()); }
};

}  // namespace

std::vector<data_world_choice> data_worlds() {
  return {
      {.name = "server",
       .make = []() -> std::unique_ptr<data_world> { return std::make_unique<postgres_data_world>(); }},
      {.name = "pgbouncer",
       .make = []() -> std::unique_ptr<data_world> { return std::make_unique<pooled_data_world>(); }},
  };
}

}  // namespace guildfleet::store
