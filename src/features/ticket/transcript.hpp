// A ticket's messages as a text file. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "discord/model/ids.hpp"

namespace guildfleet::features {

inline constexpr std::size_t most_transcript_messages = 5'000;
inline constexpr std::size_t most_transcript_bytes = 4U << 20U;

// One page of messages as Discord gives them: the newest first.
struct transcript_page {
  std::vector<std::string> entries{};  // the newest first; each ends with a line's end
  discord::message_id oldest{};        // empty: there were none
};
// nullopt: it is not such a page.
[[nodiscard]] std::optional<transcript_page> read_messages(std::string_view json);

// The id of the message of this content by this author in such a page; nullopt: there is none.
[[nodiscard]] std::optional<std::string> find_message(std::string_view json, discord::user_id author,
                                                      std::string_view content);

// The whole file, the oldest first. Where there are more messages than fit, the oldest are left out, and a
// line says so.
class transcript final {
 public:
  // False: there is room for no more.
  bool add(transcript_page page);
  [[nodiscard]] std::string text(std::string_view heading, std::string_view left_out) const;

 private:
  std::vector<std::string> entries_;
  std::size_t bytes_ = 0;
  bool full_ = false;
};

}  // namespace guildfleet::features
