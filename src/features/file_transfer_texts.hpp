// What is said of files that are taken in after a look.
#pragma once

#include "features/text.hpp"

namespace guildfleet::features::file_transfer_texts {

inline constexpr text no_file{"There is no file. Attach one that an export wrote.",
                              "ファイルがありません。「書き出し」で作成したファイルを添付してください。"};
inline constexpr text file_too_large{"The file is larger than 1 MiB.", "ファイルが 1 MiB を超えています。"};
inline constexpr text look_at{"⚠️ Look at this first", "⚠️ 確認してください"};
inline constexpr text save_button{"Save", "保存する"};
inline constexpr text cancel_button{"Cancel", "やめる"};
inline constexpr text cancelled{"Nothing was saved.", "保存しませんでした。"};

}  // namespace guildfleet::features::file_transfer_texts
