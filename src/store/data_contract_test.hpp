// The contract of data_store.hpp as tests that every implementation runs: a test binary that has
// data_contract_*_test.cpp among its sources defines data_worlds().
#pragma once

#include <gtest/gtest.h>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

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

struct data_world_choice {
  std::string name;  // part of the tests' names
  std::unique_ptr<data_world> (*make)();
};
// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest's name
inline void PrintTo(const data_world_choice& choice, std::ostream* out) {
  *out << choice.name;
}
// Called before main().
std::vector<data_world_choice> data_worlds();

inline std::string name_of_world(const testing::TestParamInfo<data_world_choice>& choice) {
  return choice.param.name;
}

class data_contract : public testing::TestWithParam<data_world_choice> {
 protected:
  std::unique_ptr<data_world> world = GetParam().make();
  std::unique_ptr<data_store> store = world->open();
};

// The value, or a failed test and a default one.
template <class T>
T value_of(base::result<T> outcome) {
  EXPECT_TRUE(outcome) << outcome.error().message();
  return std::move(outcome).value_or(T{});
}

}  // namespace guildfleet::store
