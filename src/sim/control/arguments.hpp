// Reading the JSON body and the query of a control request. Absent members have defaults; wrong types are
// told.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http_types.hpp"
#include "sim/ports.hpp"

namespace guildfleet::sim {

class arguments final {
 public:
  // The body, or an empty object; members of the query are added where the body has none. Error: what is
  // wrong.
  [[nodiscard]] static std::expected<arguments, std::string> of(const net::http_request& request);

  [[nodiscard]] bool has(std::string_view key) const { return body_.contains(key); }
  [[nodiscard]] std::string text(std::string_view key, std::string_view otherwise = {}) const;
  [[nodiscard]] id snowflake(std::string_view key) const;  // 0 when absent or not one
  [[nodiscard]] std::int64_t number(std::string_view key, std::int64_t otherwise = 0) const;
  [[nodiscard]] double real(std::string_view key, double otherwise = 0) const;
  [[nodiscard]] bool flag(std::string_view key, bool otherwise = false) const;
  [[nodiscard]] std::chrono::milliseconds time(std::string_view key,
                                               std::chrono::milliseconds otherwise = {}) const;
  [[nodiscard]] boost::json::object object(std::string_view key) const;
  [[nodiscard]] std::vector<std::string> texts(std::string_view key) const;

 private:
  boost::json::object body_;
};

}  // namespace guildfleet::sim
