// Files that are there with their old text or with their new one, whatever happens.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

#include "base/result.hpp"

namespace guildfleet::base {

// Writes `text` to a second file beside `path`, down to the disk, and puts it in the place of the first one:
// who reads meanwhile sees one of the two. Of processes that write at once the last one wins. `mode`: such as
// 0644, whatever the umask is. A link is replaced itself, not what it leads to. Blocks. Errors: those of the
// system, with `path` and what to do; `path` is as it was then, and the second file is gone.
[[nodiscard]] result<void> replace_file(const std::string& path, std::string_view text, mode_t mode);

// The same for a name that a user gives: of a link, the file that it leads to is replaced. A device, a pipe
// and what else is there and no regular file, such as /dev/stdout, stays and is written to; then `mode` says
// nothing.
[[nodiscard]] result<void> write_output(const std::string& path, std::string_view text, mode_t mode);

// Writes a file that is not there yet, down to the disk; never over another one, nor through a link. Blocks.
// Errors: those of the system, with `path` and what to do; nothing of it is left then.
[[nodiscard]] result<void> write_new_file(const std::string& path, std::string_view text, mode_t mode);

inline constexpr std::size_t largest_text_in_file = 16U << 20U;

// nullopt: it cannot be read, as when it is not there or is a folder, or is larger than that. Blocks.
[[nodiscard]] std::optional<std::string> text_in_file(const std::string& path);

// The same, of whatever size, but no more than the first `most` bytes. Blocks.
[[nodiscard]] std::optional<std::string> first_bytes_in_file(const std::string& path, std::size_t most);

}  // namespace guildfleet::base
