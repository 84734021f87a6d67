#include "discord/rest/multipart.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace guildfleet::discord {
namespace {

bool occurs(std::string_view boundary, std::string_view json, std::span<const upload> files) {
  if (json.find(boundary) != std::string_view::npos) return true;
  return std::ranges::any_of(
      files, [&](const upload& file) { return file.bytes.find(boundary) != std::string::npos; });
}

std::string choose_boundary(std::string_view json, std::span<const upload> files) {
  for (unsigned attempt = 0;; ++attempt) {
    std::string boundary = fmt::format("guildfleet-part-{:08x}", attempt * 2654435761U);
    if (!occurs(boundary, json, files)) return boundary;
  }
}

// RFC 7578: quotes and line breaks would end the parameter.
std::string quoted_name(std::string_view name) {
  std::string out;
  for (const char c : name) {
    switch (c) {
      case '"':
        out += "%22";
        break;
      case '\r':
      case '\n':
      case '\\':
        out += '_';
        break;
      default:
        out += c;
    }
  }
  return out;
}

// A header's value ends at a line break.
std::string_view one_line(std::string_view text) {
  return text.substr(0, text.find_first_of("\r\n"));
}

}  // namespace

multipart_body encode_multipart(std::string_view json, std::span<const upload> files) {
  const std::string boundary = choose_boundary(json, files);
  multipart_body made{.content_type = "multipart/form-data; boundary=" + boundary, .body = {}};
  std::size_t size = json.size() + 256;
  for (const upload& file : files) size += file.bytes.size() + file.filename.size() + 256;
  made.body.reserve(size);
  if (!json.empty()) {
    made.body += fmt::format(
        "--{}\r\nContent-Disposition: form-data; name=\"payload_json\"\r\nContent-Type: "
        "application/json\r\n\r\n",
        boundary);
    made.body += json;
    made.body += "\r\n";
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    made.body += fmt::format(
        "--{}\r\nContent-Disposition: form-data; name=\"files[{}]\"; filename=\"{}\"\r\nContent-Type: "
        "{}\r\n\r\n",
        boundary, i, quoted_name(files[i].filename), one_line(files[i].content_type));
    made.body += files[i].bytes;
    made.body += "\r\n";
  }
  made.body += fmt::format("--{}--\r\n", boundary);
  return made;
}

}  // namespace guildfleet::discord
