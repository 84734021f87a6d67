#include "base/clock.hpp"
#include "store/contract_test.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "store/sqlite/temporary_directory.hpp"

namespace guildfleet::store {
namespace {

class sqlite_world final : public contract_world {
 public:
  std::unique_ptr<store> open(const node_identity& node) override {
    auto opened =
        open_sqlite_store({.path = directory_ / "store.sqlite", .node = node, .boot_id = "boot"}, clock_);
    if (!opened) throw std::runtime_error(opened.error().message());
    return *std::move(opened);
  }
  void advance(std::chrono::milliseconds by) override { clock_.advance(by); }
  [[nodiscard]] bool proves_death() const override { return true; }

 private:
  temporary_directory directory_;
  base::manual_clock clock_;
};

std::unique_ptr<contract_world> make_sqlite_world() {
  return std::make_unique<sqlite_world>();
}

INSTANTIATE_TEST_SUITE_P(sqlite, store_contract, testing::Values(&make_sqlite_world),
                         [](const auto&) { return std::string("file"); });

}  // namespace
}  // namespace guildfleet::store
