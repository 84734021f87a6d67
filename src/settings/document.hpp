// Settings as JSON: reading with bounds, one way to write equal settings, RFC 7396.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "settings/error.hpp"

namespace guildfleet::settings {

namespace json = boost::json;

// Of one feature, and of a patch.
constexpr std::size_t max_document_bytes = 64U << 10U;

struct document_limits {
  std::size_t bytes = max_document_bytes;
  std::size_t depth = 8;
  std::size_t values = 8192;  // keys do not count
};

// Refuses what is no single JSON object (RFC 8259, UTF-8), names a key twice, or passes a limit.
[[nodiscard]] base::result<json::object> parse_document(std::string_view text,
                                                        const document_limits& limits = {});

// Keys sorted by their bytes, no spaces: equal values give equal bytes.
[[nodiscard]] std::string canonical(const json::value& value);
[[nodiscard]] std::string canonical(const json::object& object);

// JSON Merge Patch (RFC 7396): null removes, objects merge, all else replaces. Both are of bounded depth.
[[nodiscard]] json::value merge_patch(json::value target, const json::value& patch);

}  // namespace guildfleet::settings
