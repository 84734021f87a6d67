// multipart/form-data as Discord takes uploads (protocol sheet 2.9).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "discord/rest/request.hpp"

namespace guildfleet::discord {

struct multipart_body {
  std::string content_type;  // with the boundary
  std::string body;
};

// payload_json (left out when `json` is empty) and files[0], files[1], ... The boundary is one that no part
// holds.
[[nodiscard]] multipart_body encode_multipart(std::string_view json, std::span<const upload> files);

}  // namespace guildfleet::discord
