#include "store/redis/redis_error.hpp"

namespace guildfleet::store {

std::string_view sentence(redis_error value) {
  switch (value) {
    case redis_error::bad_url:
      return "the address of Redis cannot be read";
    case redis_error::away:
      return "Redis is away";
    case redis_error::refused:
      return "Redis does not accept this connection";
    case redis_error::overloaded:
      return "too many calls wait for Redis";
    case redis_error::bad_answer:
      return "the answer is not what Redis would say";
    case redis_error::command_failed:
      return "Redis refused a command";
  }
  return "unknown error";
}

}  // namespace guildfleet::store
