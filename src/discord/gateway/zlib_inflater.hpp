// zlib-stream: one zlib context for the whole connection; a gateway message ends with 00 00 FF FF.
#pragma once

#include <memory>

#include "discord/gateway/inflater.hpp"

namespace guildfleet::discord {

[[nodiscard]] std::unique_ptr<inflater> make_zlib_inflater(inflate_limits limits);

}  // namespace guildfleet::discord
