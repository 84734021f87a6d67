// Files that a command gives out, and takes in after a look: the file stays with the message that shows what
// would come of it, so that a restart in between loses nothing.
#pragma once

#include <expected>
#include <string>

#include "features/feature.hpp"

namespace guildfleet::features {

inline constexpr std::size_t longest_given_file = 1U << 20U;  // bytes

// Answers with a file of JSON.
[[nodiscard]] net::task<> give_file(interaction_call call, std::string content, std::string name,
                                    std::string text);

struct given_file {
  std::string name;
  std::string text;
};
// That of the command's option `file`, or of the message that holds the button. Otherwise what is to be said.
[[nodiscard]] net::task<std::expected<given_file, std::string>> read_given_file(interaction_call call,
                                                                                attachment_port& attachments);

// What would come of a file. Its buttons are "import", whose payload is the fingerprint, and "cancel".
struct import_question {
  std::string content;
  std::string changes;
  std::string notes;        // what to look at before; may be empty
  std::string fingerprint;  // tells what would be done, and over which state; printable ASCII
};
// Answers a command, with the file, or takes the place of an earlier question, whose file stays.
[[nodiscard]] net::task<> ask(interaction_call call, const feature_declaration& of, import_question question,
                              given_file file);
// A button of the question was pressed: the fingerprint that was shown; nullopt: it was cancelled, and is
// closed.
[[nodiscard]] net::task<std::optional<std::string>> confirmed(interaction_call call, discord::custom_id id);
// In place of the question and its file.
[[nodiscard]] net::task<> close_question(interaction_call call, std::string content);

}  // namespace guildfleet::features
