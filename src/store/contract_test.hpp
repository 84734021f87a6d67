// The contract of store.hpp as tests that every implementation runs: instantiate `store_contract` with a
// world.
#pragma once

#include <gtest/gtest.h>
#include <memory>
#include <string>

#include "store/store.hpp"

namespace guildfleet::store {

// One fresh database and the nodes that open it.
class contract_world {
 public:
  virtual ~contract_world() = default;
  // A running node; destroying the store is the death of its process.
  virtual std::unique_ptr<store> open(const node_identity& node) = 0;
  // Lets time pass, by the store's clock.
  virtual void advance(std::chrono::milliseconds by) = 0;
  // Whether the death of an owner is seen before its lease expires.
  [[nodiscard]] virtual bool proves_death() const = 0;
};

using make_world = std::unique_ptr<contract_world> (*)();

class store_contract : public testing::TestWithParam<make_world> {
 protected:
  std::unique_ptr<contract_world> world = GetParam()();
};

}  // namespace guildfleet::store
