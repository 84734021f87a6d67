// zstd-stream: one zstd context for the whole connection; every WebSocket message is one gateway message and
// the zstd frame never ends.
#pragma once

#include <memory>

#include "discord/gateway/inflater.hpp"

namespace guildfleet::discord {

[[nodiscard]] std::unique_ptr<inflater> make_zstd_inflater(inflate_limits limits);

}  // namespace guildfleet::discord
