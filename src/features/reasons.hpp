// Why something failed, for members: in their language, with what to do about it where they can.
#pragma once

#include <string>

#include "base/result.hpp"
#include "features/text.hpp"

namespace guildfleet::features {

// A part of a sentence behind a colon, with its full stop: "Nothing was saved: {reason}". What is the
// operator's business, such as addresses, is left out.
[[nodiscard]] std::string reason_of(const base::error& error, language in);

}  // namespace guildfleet::features
