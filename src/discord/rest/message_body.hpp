// Bodies of messages: typed, checked against Discord's limits before they are sent (protocol sheet 3.3, 3.5,
// 6). Lengths are counted in Unicode code points.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json_text.hpp"
#include "base/result.hpp"
#include "discord/model/channel_type.hpp"
#include "discord/model/ids.hpp"
#include "discord/rest/error.hpp"
#include "discord/rest/field.hpp"

namespace guildfleet::discord {

struct embed_field {
  std::string name{};
  std::string value{};
  bool inlined = false;
};

// Empty strings are left out.
struct embed {
  std::string title{};
  std::string description{};
  std::string url{};
  std::string timestamp{};  // ISO 8601
  std::optional<std::uint32_t> color{};
  std::string footer{};
  std::string footer_icon_url{};
  std::string author{};
  std::string author_url{};
  std::string author_icon_url{};
  std::string image_url{};
  std::string thumbnail_url{};
  std::vector<embed_field> fields{};
};

struct partial_emoji {
  emoji_id id{};  // empty: a Unicode emoji in `name`
  std::string name{};
};

enum class button_style : std::uint8_t { primary = 1, secondary = 2, success = 3, danger = 4, link = 5 };

struct button {
  button_style style = button_style::secondary;
  std::string label{};
  std::string custom_id{};  // for all styles but link
  std::string url{};        // for link
  std::optional<partial_emoji> emoji{};
  bool disabled = false;
};

struct select_option {
  std::string label{};
  std::string value{};
  std::string description{};
  std::optional<partial_emoji> emoji{};
  bool chosen = false;
};

enum class select_kind : std::uint8_t { text = 3, user = 5, role = 6, mentionable = 7, channel = 8 };

struct select_menu {
  select_kind kind = select_kind::text;
  std::string custom_id{};
  std::vector<select_option> options{};       // for text
  std::vector<channel_type> channel_types{};  // for channel
  std::vector<std::uint64_t> default_ids{};   // for user, role and channel
  std::string placeholder{};
  int min_values = 1;
  int max_values = 1;
  bool disabled = false;
};

// One to five buttons, or one select menu.
struct action_row {
  std::vector<std::variant<button, select_menu>> items{};
};

// Nothing is pinged unless it is named here: text of users may hold mentions (trap 42).
struct allowed_mentions {
  bool everyone = false;
  bool all_roles = false;
  bool all_users = false;
  std::vector<role_id> roles{};  // not together with all_roles
  std::vector<user_id> users{};  // not together with all_users
  bool replied_user = false;
};

// Describes one of request.files by its place there.
struct attachment {
  std::size_t file = 0;
  std::string filename{};
  std::string description{};
};

namespace message_flags {
inline constexpr std::uint32_t suppress_embeds = 1U << 2U;
inline constexpr std::uint32_t ephemeral = 1U << 6U;
inline constexpr std::uint32_t loading = 1U << 7U;
inline constexpr std::uint32_t suppress_notifications = 1U << 12U;
}  // namespace message_flags

// A new message, a follow-up or a reply to an interaction.
struct message_body {
  std::string content{};
  std::vector<embed> embeds{};
  std::vector<action_row> rows{};
  allowed_mentions mentions{};
  std::uint32_t flags = 0;
  std::vector<attachment> attachments{};
  message_id reply_to{};  // channel messages only; a deleted one does not make the send fail
  // At most 25 characters; sent with enforce_nonce, so that a repeat creates nothing (2.8). Channel messages
  // only.
  std::string nonce{};
  bool tts = false;
};

// What to change of a message. `kept_attachments` absent: all are kept (trap 39).
struct message_edit {
  field<std::string> content{};
  field<std::vector<embed>> embeds{};
  field<std::vector<action_row>> rows{};
  allowed_mentions mentions{};
  std::optional<std::uint32_t> flags{};
  std::optional<std::vector<std::uint64_t>> kept_attachments{};
  std::vector<attachment> attachments{};
};

// A modal: one to five text inputs or selects, each under a label.
struct text_input {
  std::string custom_id{};
  bool paragraph = false;
  std::optional<int> min_length{};
  std::optional<int> max_length{};
  bool required = true;
  std::string value{};
  std::string placeholder{};
};
struct modal_field {
  std::string label{};
  std::string description{};
  std::variant<text_input, select_menu> input{};
};
struct modal {
  std::string custom_id{};
  std::string title{};
  std::vector<modal_field> fields{};
};

// JSON bodies. Errors: rest_error::invalid_request, the context names the field ("embeds[0].title: 300
// characters, at most 256").
[[nodiscard]] base::result<std::string> to_json(const message_body& message);
[[nodiscard]] base::result<std::string> to_json(const message_edit& edit);
[[nodiscard]] base::result<std::string> to_json(const modal& form);

// nullopt: within all limits.
[[nodiscard]] std::optional<std::string> broken_limit(const message_body& message);
[[nodiscard]] std::optional<std::string> broken_limit(const message_edit& edit);
[[nodiscard]] std::optional<std::string> broken_limit(const modal& form);

// Appends without checking.
void write_message(base::json_writer& out, const message_body& message);
void write_edit(base::json_writer& out, const message_edit& edit);
void write_modal(base::json_writer& out, const modal& form);

}  // namespace guildfleet::discord
