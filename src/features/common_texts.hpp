// What many features say in the same words. A feature's own texts name what they take from here with `using`.
#pragma once

#include "features/text.hpp"

namespace guildfleet::features::common_texts {

inline constexpr text server_only{"This works in servers only.", "このコマンドはサーバー内でのみ使えます。"};
inline constexpr text unreadable{"This cannot be done right now. Please try again in a moment.",
                                 "現在この操作を実行できません。しばらくしてからもう一度お試しください。"};

}  // namespace guildfleet::features::common_texts
