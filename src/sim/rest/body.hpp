// Request bodies: JSON, multipart with payload_json and files[n] (protocol sheet 2.9), form-urlencoded
// refused.
#pragma once

#include <string>
#include <vector>

#include "net/http_types.hpp"
#include "sim/rest/reply.hpp"

namespace guildfleet::sim {

struct upload {
  std::string field;  // "files[0]"
  std::string filename;
  std::string content_type;
  std::string content;

  [[nodiscard]] std::optional<int> index() const;  // the n of files[n]
};

struct parsed_body {
  json::value value = json::object();
  std::vector<upload> files{};
};

// An empty body is an empty object. Refuses with 50035 (content type), 50109 (not JSON), 50045 (file too
// large).
[[nodiscard]] or_reply<parsed_body> parse_body(const net::http_request& request);

}  // namespace guildfleet::sim
