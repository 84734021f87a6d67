// The contract of data_store.hpp as tests that every implementation runs: instantiate `data_contract` with a
// world.
#pragma once

#include <gtest/gtest.h>
#include <memory>
#include <string>

#include "store/data_store.hpp"

namespace guildfleet::store {

// One fresh database and the processes that open it.
class data_world {
 public:
  virtual ~data_world() = default;
  // As another process each time. The test may use each on a thread of its own.
  virtual std::unique_ptr<data_store> open() = 0;
  // Lets time pass, by the store's clock, which stands still otherwise.
  virtual void advance(std::chrono::milliseconds by) = 0;
  [[nodiscard]] virtual base::wall_time now() const = 0;
};

using make_data_world = std::unique_ptr<data_world> (*)();

class data_contract : public testing::TestWithParam<make_data_world> {
 protected:
  std::unique_ptr<data_world> world = GetParam()();
  std::unique_ptr<data_store> store = world->open();
};

// The value, or a failed test and a default one.
template <class T>
T value_of(base::result<T> outcome) {
  EXPECT_TRUE(outcome) << outcome.error().message();
  return std::move(outcome).value_or(T{});
}

}  // namespace guildfleet::store
