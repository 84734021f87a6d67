#include "base/clock.hpp"
#include "base/scratch_folder.hpp"
#include "store/contract_test.hpp"
#include "store/data_contract_test.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace guildfleet::store {
namespace {

class sqlite_world final : public contract_world {
 public:
  std::unique_ptr<store> open(const node_identity& node) override {
    auto opened =
        open_sqlite_store({.path = directory_ / "store.sqlite", .node = node, .boot_id = "boot"}, clock_);
    if (!opened) throw std::runtime_error(opened.error().message());
    return std::move(opened->sessions);
  }
  void advance(std::chrono::milliseconds by) override { clock_.advance(by); }
  [[nodiscard]] bool proves_death() const override { return true; }

 private:
  base::scratch_folder directory_;
  base::manual_clock clock_;
};

std::unique_ptr<contract_world> make_sqlite_world() {
  return std::make_unique<sqlite_world>();
}

INSTANTIATE_TEST_SUITE_P(sqlite, store_contract, testing::Values(&make_sqlite_world),
                         [](const auto&) { return std::string("file"); });

class sqlite_data_world final : public data_world {
 public:
  std::unique_ptr<data_store> open() override {
    auto opened = open_sqlite_store({.path = directory_ / "store.sqlite",
                                     .node = {.name = "node", .incarnation = ++processes_ << 4U},
                                     .boot_id = "boot"},
                                    clock_);
    if (!opened) throw std::runtime_error(opened.error().message());
    return std::move(opened->data);
  }
  void advance(std::chrono::milliseconds by) override { clock_.advance(by); }
  [[nodiscard]] base::wall_time now() const override { return clock_.wall_now(); }

 private:
  base::scratch_folder directory_;
  base::manual_clock clock_;
  std::uint64_t processes_ = 0;
};

}  // namespace

std::vector<data_world_choice> data_worlds() {
  return {{.name = "file",
           .make = []() -> std::unique_ptr<data_world> { return std::make_unique<sqlite_data_world>(); }}};
}

}  // namespace guildfleet::store
