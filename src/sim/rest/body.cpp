#include "sim/rest/body.hpp"

#include <boost/json/parse.hpp>

#include "sim/rest/form.hpp"

namespace guildfleet::sim {

namespace {

constexpr std::size_t file_limit = std::size_t{10} * 1024 * 1024;

or_reply<json::value> parse_json(std::string_view text) {
  boost::system::error_code error;
  auto value = json::parse(text, error);
  if (error) return std::unexpected(refuse(50109));
  return value;
}

// The value of `key="..."` in a header.
std::string quoted_parameter(std::string_view header, std::string_view key) {
  const std::string start = std::string(key) + "=\"";
  auto at = header.find(start);
  while (at != std::string_view::npos && at != 0 && header[at - 1] != ' ' && header[at - 1] != ';') {
    at = header.find(start, at + 1);
  }
  if (at == std::string_view::npos) return {};
  const auto begin = at + start.size();
  const auto end = header.find('"', begin);
  return std::string(header.substr(begin, end == std::string_view::npos ? end : end - begin));
}

struct part {
  std::string name;
  std::string filename;
  std::string content_type;
  std::string_view content;
};

std::optional<part> parse_part(std::string_view text) {
  const auto split = text.find("\r\n\r\n");
  if (split == std::string_view::npos) return std::nullopt;
  part out;
  out.content = text.substr(split + 4);
  if (out.content.ends_with("\r\n")) out.content.remove_suffix(2);
  auto head = text.substr(0, split);
  while (!head.empty()) {
    const auto end = head.find("\r\n");
    const auto line = head.substr(0, end);
    head.remove_prefix(end == std::string_view::npos ? head.size() : end + 2);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    std::string name(line.substr(0, colon));
    for (auto& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    auto value = line.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    if (name == "content-type") out.content_type = value;
    if (name != "content-disposition") continue;
    out.name = quoted_parameter(value, "name");
    out.filename = quoted_parameter(value, "filename");
  }
  return out;
}

reply malformed() {
  form_errors errors;
  errors.add("", "CONTENT_TYPE_INVALID",
             "Expected \"Content-Type\" header to be one of {'application/json', 'multipart/form-data'}.");
  return errors.to_reply();
}

std::string boundary_of(std::string_view content_type) {
  const auto at = content_type.find("boundary=");
  if (at == std::string_view::npos) return {};
  auto value = content_type.substr(at + 9);
  value = value.substr(0, value.find(';'));
  if (value.size() >= 2 && value.front() == '"') value = value.substr(1, value.size() - 2);
  return std::string(value);
}

// Puts one part into the body: payload_json replaces, files are kept by name, other fields are plain texts.
std::optional<reply> add_part(parsed_body& body, const part& added) {
  if (added.name == "payload_json") {
    auto value = parse_json(added.content);
    if (!value) return value.error();
    body.value = std::move(*value);
  } else if (!added.filename.empty()) {
    if (added.content.size() > file_limit) return failure(413, 40005, "Request entity too large");
    body.files.push_back({added.name, added.filename, added.content_type, std::string(added.content)});
  } else if (body.value.is_object() && !added.name.empty()) {
    body.value.get_object()[added.name] = added.content;
  }
  return std::nullopt;
}

or_reply<parsed_body> parse_multipart(std::string_view text, const std::string& boundary) {
  parsed_body body;
  if (boundary.empty()) return std::unexpected(malformed());
  const auto delimiter = "--" + boundary;
  auto at = text.find(delimiter);
  while (at != std::string_view::npos) {
    auto begin = at + delimiter.size();
    if (text.substr(begin).starts_with("--")) return body;
    if (text.substr(begin).starts_with("\r\n")) begin += 2;
    at = text.find("\r\n" + delimiter, begin);
    if (at == std::string_view::npos) break;
    const auto found = parse_part(text.substr(begin, at - begin + 2));
    if (!found) break;
    if (auto refused = add_part(body, *found)) return std::unexpected(std::move(*refused));
    at += 2;
  }
  return std::unexpected(malformed());
}

}  // namespace

std::optional<int> upload::index() const {
  if (!field.starts_with("files[") || !field.ends_with("]")) return std::nullopt;
  const auto number = parse_id(std::string_view(field).substr(6, field.size() - 7));
  return number ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

or_reply<parsed_body> parse_body(const net::http_request& request) {
  if (request.body.empty()) return parsed_body{};
  const auto type = request.fields.find("Content-Type").value_or("");
  if (type.starts_with("multipart/form-data")) return parse_multipart(request.body, boundary_of(type));
  if (!type.starts_with("application/json")) return std::unexpected(malformed());
  auto value = parse_json(request.body);
  if (!value) return std::unexpected(value.error());
  return parsed_body{.value = std::move(*value)};
}

}  // namespace guildfleet::sim
