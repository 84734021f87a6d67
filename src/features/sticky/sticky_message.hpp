// The sticky messages of a server, as its settings hold them. Pure.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "discord/rest/message_body.hpp"
#include "features/sticky/channel_pace.hpp"

namespace guildfleet::features {

// With a title or a colour it is an embed.
struct sticky_message {
  discord::channel_id channel;
  std::string text{};
  std::string title{};
  std::string color{};  // "#3b82f6"; "" is none
  bool operator==(const sticky_message&) const = default;
};
inline constexpr std::size_t most_stickies = 20;  // of a server
inline constexpr std::size_t longest_sticky_title = 256;

// As an item of the settings' list.
[[nodiscard]] sticky_message sticky_at(const boost::json::object& item);
[[nodiscard]] boost::json::object to_json(const sticky_message& message);

// "#3b82f6", and without "#"; nullopt: it is none.
[[nodiscard]] std::optional<std::uint32_t> color_of(std::string_view text);

// What could not be posted.
enum class sticky_fault { empty, text_too_long, title_too_long, no_color };
[[nodiscard]] std::optional<sticky_fault> fault_of(const sticky_message& message);

// Nobody is mentioned by it.
[[nodiscard]] discord::message_body body_of(const sticky_message& message);
// Tells different contents apart, today and in later releases.
[[nodiscard]] std::string digest_of(const sticky_message& message);

// `values`: the settings of the feature, with defaults. Of two for one channel the first counts, and what has
// a fault is left out: an import may hold both.
[[nodiscard]] std::vector<sticky_message> stickies_in(const boost::json::object& values);
[[nodiscard]] std::optional<sticky_message> sticky_in(const boost::json::object& values,
                                                      discord::channel_id channel);
[[nodiscard]] pace_limits pace_in(const boost::json::object& values);

enum class sticky_edit { done, none_there, full };

// In place of what the channel had.
[[nodiscard]] sticky_edit put_sticky(boost::json::object& values, const sticky_message& message);
[[nodiscard]] sticky_edit remove_sticky(boost::json::object& values, discord::channel_id channel);

// Some parts of the one that a channel has.
struct sticky_parts {
  std::optional<std::string> text{};
  std::optional<std::string> title{};
  std::optional<std::string> color{};

  [[nodiscard]] bool empty() const { return !text && !title && !color; }
};
[[nodiscard]] sticky_message with_parts(sticky_message message, const sticky_parts& parts);

}  // namespace guildfleet::features
