// The names under which features speak of texts.
#pragma once

#include "base/text.hpp"

namespace guildfleet::features {

using base::language;
using base::language_of;
using base::text;

}  // namespace guildfleet::features
