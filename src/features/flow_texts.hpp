// What users are told of flows that do not go on.
#pragma once

#include "features/common_texts.hpp"
#include "features/text.hpp"

namespace guildfleet::features::flow_texts {

inline constexpr text over{"This has expired or is over. Please start again.",
                           "操作の有効期限が切れたか、すでに終了しています。最初からやり直してください。"};
inline constexpr text of_another{"Only {user} can go on here.", "この操作を続けられるのは {user} だけです。"};
inline constexpr text taken{"This was done already.", "この操作はすでに実行されています。"};
using common_texts::unreadable;

}  // namespace guildfleet::features::flow_texts
