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
  support::frozen_database database_{support::after_test::use_again};

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

TEST(postgres_identifies, wait_no_longer_for_a_clock_that_was_set_back_than_for_one_another) {
  postgres_world world;
  const auto a = world.open({"a", 1});
  const lease_key first{{"music"}, {0, 2}};
  const lease_key second{{"music"}, {1, 2}};
  constexpr identify_claim one_bucket{
      .max_concurrency = 1, .spacing = std::chrono::seconds(5), .arrives_within = std::chrono::seconds(4)};
  ASSERT_TRUE(
      a->note_identify_budget(first.bot, {.total = 10, .remaining = 5}, std::chrono::milliseconds(0)));
  const auto sent = a->claim_identify(first, one_bucket).value();
  world.advance(-std::chrono::hours(1));
  ASSERT_TRUE(a->identify_answered(sent.id, std::chrono::milliseconds(0)));
  EXPECT_EQ(a->claim_identify(second, one_bucket).value().wait, std::chrono::seconds(5));
  world.advance(std::chrono::seconds(5));
  const auto next = a->claim_identify(second, one_bucket).value();
  EXPECT_TRUE(next.granted());
  EXPECT_EQ(next.left, 4U) << "the first one stays counted";
}

INSTANTIATE_TEST_SUITE_P(postgres, store_contract, testing::Values(&make_postgres_world, &make_pooled_world),
                         [](const auto& world) {
                           return std::string(world.index == 0 ? "server" : "pgbouncer");
                         });

}  // namespace
}  // namespace guildfleet::store
