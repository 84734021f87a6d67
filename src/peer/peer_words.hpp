// What nodes of a fleet say to one another. All of it only hurries what the store would tell anyway.
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "store/rows.hpp"

namespace guildfleet::peer {

inline constexpr std::string_view look_path = "/peer/v1/look";        // leases changed: look at the store
inline constexpr std::string_view status_path = "/peer/v1/status";    // how are you: answered as /health is
inline constexpr std::string_view prepare_path = "/peer/v1/prepare";  // this shard is about to be yours

// What a caller shows: made of the fleet's key, which itself never travels.
[[nodiscard]] base::secret proof_of(const base::secret& fleet_key);

[[nodiscard]] std::string to_json(const store::lease_key& shard);
// nullopt: it is something else.
[[nodiscard]] std::optional<store::lease_key> parse_shard(std::string_view json);
[[nodiscard]] std::optional<store::lease_key> shard_from(const boost::json::value& json);

}  // namespace guildfleet::peer
