#include "ops/error.hpp"

namespace guildfleet::ops {

std::string_view sentence(ops_error value) {
  switch (value) {
    case ops_error::not_renderable:
      return "this fleet cannot be deployed like that";
    case ops_error::no_such_bot:
      return "which bot is meant is not clear";
  }
  return "unknown error";
}

}  // namespace guildfleet::ops
