// A role panel: what it offers, how it is shown, and what a member's choice means. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "discord/model/guild_record.hpp"
#include "discord/rest/message_body.hpp"
#include "features/text.hpp"

namespace guildfleet::features {

enum class panel_style : std::uint8_t { buttons, menu };
enum class panel_mode : std::uint8_t {
  toggle,    // gives what the member lacks, takes what the member has
  one_way,   // only gives
  exclusive  // at most one of the panel's roles at a time
};
[[nodiscard]] std::string_view name_of(panel_style value);
[[nodiscard]] std::string_view name_of(panel_mode value);
[[nodiscard]] std::optional<panel_style> parse_panel_style(std::string_view name);
[[nodiscard]] std::optional<panel_mode> parse_panel_mode(std::string_view name);

struct panel_role {
  discord::role_id role{};
  std::string name{};   // of the role when it was added: shown when it does not exist any more
  std::string label{};  // empty: the role's name
  std::string note{};   // shown beside it; may be empty
  std::string emoji{};  // as somebody typed it; may be empty
  bool operator==(const panel_role&) const = default;
};

// Limits: of Discord's (25 buttons or options; labels), and of ours.
inline constexpr std::size_t most_panels = 25;  // of a server: as many as an option can suggest
inline constexpr std::size_t most_panel_roles = 25;
inline constexpr int longest_panel_title = 100;
inline constexpr int longest_panel_text = 1'000;
inline constexpr int longest_panel_label = 80;
inline constexpr int longest_panel_note = 100;
inline constexpr int longest_panel_emoji = 80;

struct panel {
  std::uint64_t number = 0;  // 1, 2, 3, ... in its server
  std::string title{};
  std::string text{};  // empty: a sentence that says how to use it
  panel_style style = panel_style::buttons;
  panel_mode mode = panel_mode::toggle;
  std::vector<panel_role> roles{};
  // Where it was posted last; empty: nowhere. The message may have been deleted since.
  discord::channel_id channel{};
  discord::message_id message{};
  // The message whose place that one took: deleted, also when the deletion comes again after a crash.
  discord::channel_id former_channel{};
  discord::message_id former_message{};
  // Interactions that changed it, the latest: those that come again change nothing.
  std::vector<discord::interaction_id> applied{};
  bool operator==(const panel&) const = default;

  [[nodiscard]] const panel_role* find(discord::role_id role) const;
  // False: it was applied before.
  bool note(discord::interaction_id change);
  [[nodiscard]] bool noted(discord::interaction_id change) const;
};
inline constexpr std::size_t most_applied = 64;

// As it is kept; nullopt: not what a release wrote.
[[nodiscard]] std::string stored(const panel& what);
[[nodiscard]] std::optional<panel> read_panel(std::string_view stored);

// Which one somebody means by "3", "#3" or its whole title.
[[nodiscard]] const panel* find_panel(std::span<const panel> all, std::string_view meant);

// "🎮" or "<:name:1234>", also "<a:name:1234>"; nullopt: neither.
[[nodiscard]] std::optional<discord::partial_emoji> parse_emoji(std::string_view typed);

// Its name as it is now, or as it was.
[[nodiscard]] std::string shown_name(const panel_role& role, const discord::guild_record* guild);

// Without the roles that do not exist any more. `guild`: null, or not there: nothing is known to be gone.
[[nodiscard]] panel without_deleted_roles(panel of, const discord::guild_record* guild);

// What is posted. Every role that exists is named in it, without the notes where they do not all fit; nobody
// is mentioned.
struct panel_message {
  discord::embed page{};
  std::vector<discord::action_row> rows{};
};
[[nodiscard]] panel_message render(const panel& what, const discord::guild_record* guild, language in);

// What a member's choice changes: roles to take, then roles to give.
struct role_change {
  std::vector<discord::role_id> take{};
  std::vector<discord::role_id> give{};
  bool operator==(const role_change&) const = default;
};
// `had`: when the member chose, as the interaction says, so that the same interaction means the same when it
// comes again. `has`: now. Roles that are not the panel's are passed over.
[[nodiscard]] role_change decide(const panel& of, std::span<const discord::role_id> chosen,
                                 std::span<const discord::role_id> had,
                                 std::span<const discord::role_id> has);

}  // namespace guildfleet::features
