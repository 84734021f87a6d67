// Messages of the peer link that are about one shard: a JSON object that names it, and has more.
#pragma once

#include <boost/json/parse.hpp>
#include <exception>
#include <optional>
#include <string_view>
#include <utility>

#include "peer/peer_words.hpp"

namespace guildfleet::peer {

// `Words` has a member `shard`; `read(words, object)` fills in the others and may throw what Boost.JSON
// throws at what is missing or of another kind. nullopt: it is something else.
template <class Words, class Read>
[[nodiscard]] std::optional<Words> parse_about_shard(std::string_view text, const Read& read) {
  boost::system::error_code problem;
  const boost::json::value parsed = boost::json::parse(text, problem);
  if (problem || !parsed.is_object()) return std::nullopt;
  try {
    const boost::json::object& from = parsed.as_object();
    auto shard = shard_from(from.at("shard"));
    if (!shard) return std::nullopt;
    Words out{};
    out.shard = std::move(*shard);
    read(out, from);
    return out;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace guildfleet::peer
