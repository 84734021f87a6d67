// Snowflakes (protocol sheet 2.2) and the time stamps that go with them.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "sim/ports.hpp"

namespace guildfleet::sim {

namespace json = boost::json;

// 2015-01-01T00:00:00Z in milliseconds.
inline constexpr std::int64_t snowflake_epoch_ms = 1'420'070'400'000;

// Mints ids from the wall clock, each greater than all before.
class id_mint final {
 public:
  [[nodiscard]] id next(base::wall_time now);

 private:
  id last_ = 0;
};

[[nodiscard]] id id_at(base::wall_time time);
[[nodiscard]] base::wall_time created_at(id snowflake);

[[nodiscard]] std::string id_text(id value);
// null for 0.
[[nodiscard]] json::value id_or_null(id value);
// Decimal digits within 64 bits.
[[nodiscard]] std::optional<id> parse_id(std::string_view digits);
// Discord takes ids as strings and as integers (sheet 2.1).
[[nodiscard]] std::optional<id> id_from_json(const json::value& value);
// 0 when the key is absent, null or no id.
[[nodiscard]] id id_field(const json::object& object, std::string_view key);
// The text of a string field; empty when absent or not a string.
[[nodiscard]] std::string text_field(const json::object& object, std::string_view key);
[[nodiscard]] std::int64_t int_field(const json::object& object, std::string_view key,
                                     std::int64_t fallback = 0);
[[nodiscard]] bool bool_field(const json::object& object, std::string_view key, bool fallback = false);
[[nodiscard]] const json::array* array_field(const json::object& object, std::string_view key);
[[nodiscard]] const json::object* object_field(const json::object& object, std::string_view key);

// "2017-07-11T17:27:07.299000+00:00"
[[nodiscard]] std::string timestamp(base::wall_time time);
// ISO 8601 with or without a fraction, "Z" or an offset; nullopt otherwise.
[[nodiscard]] std::optional<base::wall_time> parse_timestamp(std::string_view text);

}  // namespace guildfleet::sim
