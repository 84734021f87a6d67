// A checker for the part of JSON Schema that Discord's OpenAPI document uses.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>

namespace guildfleet::test {

enum class unknown_keys { allowed, refused };

// `document` holds what $ref points to and must outlive the checker.
class json_schema final {
 public:
  json_schema(const boost::json::value& document, unknown_keys unknown)
      : document_(document), unknown_(unknown) {}

  // nullopt: `value` fits. Otherwise "/embeds/0/title: 300 characters, at most 256".
  [[nodiscard]] std::optional<std::string> check(const boost::json::value& schema,
                                                 const boost::json::value& value) const;

 private:
  struct problem {
    std::string at;
    std::string what;
  };
  using finding = std::optional<problem>;

  [[nodiscard]] finding check_at(const boost::json::object& schema, const boost::json::value& value,
                                 const std::string& at, int depth) const;
  [[nodiscard]] finding check_union(const boost::json::array& branches, const boost::json::value& value,
                                    const std::string& at, int depth) const;
  [[nodiscard]] finding check_object(const boost::json::object& schema, const boost::json::object& value,
                                     const std::string& at, int depth) const;
  [[nodiscard]] finding check_array(const boost::json::object& schema, const boost::json::array& value,
                                    const std::string& at, int depth) const;
  [[nodiscard]] static finding check_type(const boost::json::object& schema, const boost::json::value& value,
                                          const std::string& at);
  [[nodiscard]] static finding check_text(const boost::json::object& schema, const boost::json::string& value,
                                          const std::string& at);
  [[nodiscard]] static finding check_number(const boost::json::object& schema, double value,
                                            const std::string& at);

  const boost::json::value& document_;
  unknown_keys unknown_;
};

}  // namespace guildfleet::test
