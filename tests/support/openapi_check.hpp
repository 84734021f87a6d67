// Validates bodies against Discord's OpenAPI document, for tests. The document is not part of the repository:
// where it is absent, load() gives nullptr and the test skips itself.
#pragma once

#include <boost/json.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace guildfleet::test {

class openapi_check final {
 public:
  // Reads GUILDFLEET_OPENAPI_FILE once for the process.
  [[nodiscard]] static const openapi_check* load();

  // `path`: "/channels/1/messages", with or without "/api/v10" and query. nullopt: the body fits. Keys that
  // the document does not know are problems.
  [[nodiscard]] std::optional<std::string> request(std::string_view method, std::string_view path,
                                                   std::string_view body) const;
  // Unknown keys are allowed. A status that the document does not list is a problem.
  [[nodiscard]] std::optional<std::string> response(std::string_view method, std::string_view path,
                                                    int status, std::string_view body) const;

 private:
  explicit openapi_check(boost::json::value document) : document_(std::move(document)) {}
  [[nodiscard]] const boost::json::object* operation(std::string_view method, std::string_view path) const;

  boost::json::value document_;
};

}  // namespace guildfleet::test
