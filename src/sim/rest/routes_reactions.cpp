// Reactions (protocol sheet 3.5).
#include <array>

#include "sim/rest/router.hpp"
#include "sim/world/messages.hpp"

namespace guildfleet::sim {

namespace {

constexpr std::size_t most_reactions = 20;

// The message of a reaction route; the emoji as the key it is kept under.
struct reaction_place {
  message_record* message = nullptr;
  channel_record* channel = nullptr;
  json::object emoji;
  std::string key;
};

or_reply<reaction_place> place_of(call& c, bits needed, bool with_emoji = true) {
  const auto channel = channel_for(c, c.param(0), needed);
  if (!channel) return std::unexpected(channel.error());
  const auto message = message_for(c, **channel, c.param(1));
  if (!message) return std::unexpected(message.error());
  reaction_place out{.message = *message, .channel = *channel, .emoji = {}, .key = {}};
  if (!with_emoji) return out;
  auto emoji = parse_emoji(c.state, c.params[2]);
  if (!emoji) return std::unexpected(refuse(10014));
  out.key = emoji_key(*emoji);
  out.emoji = std::move(*emoji);
  return out;
}

reply add_own(call& c) {
  const auto place = place_of(c, permission::read_message_history);
  if (!place) return place.error();
  const auto& reactions = place->message->reactions;
  if (std::ranges::find(reactions, place->key, &reaction_record::key) == reactions.end()) {
    if (!allowed(c, *place->channel, permission::add_reactions)) return refuse(50013);
    if (reactions.size() >= most_reactions) return refuse(30010);
  }
  add_reaction(c.state, *place->message, c.self(), place->emoji);
  return no_content();
}

reply remove_own(call& c) {
  const auto place = place_of(c, 0);
  if (!place) return place.error();
  remove_reaction(c.state, *place->message, c.self(), place->key);
  return no_content();
}

reply remove_of_user(call& c) {
  const auto place = place_of(c, c.param(3) == c.self() ? 0 : permission::manage_messages);
  if (!place) return place.error();
  remove_reaction(c.state, *place->message, c.param(3), place->key);
  return no_content();
}

reply list_users(call& c) {
  const auto place = place_of(c, 0);
  if (!place) return place.error();
  const auto limit = c.query_limit({1, 100}, 25);
  if (!limit) return limit.error();
  const id after = c.query_id("after").value_or(0);
  json::array out;
  for (const auto& reaction : place->message->reactions) {
    if (reaction.key != place->key) continue;
    auto users = reaction.users;
    std::ranges::sort(users);
    for (const id user : users) {
      if (user > after && out.size() < *limit) out.push_back(user_json(c.state, user));
    }
  }
  return ok(std::move(out));
}

reply remove_all(call& c) {
  const auto place = place_of(c, permission::manage_messages, false);
  if (!place) return place.error();
  remove_all_reactions(c.state, *place->message);
  return no_content();
}

reply remove_emoji(call& c) {
  const auto place = place_of(c, permission::manage_messages);
  if (!place) return place.error();
  remove_emoji_reactions(c.state, *place->message, place->key);
  return no_content();
}

constexpr std::array table = {
    route{"PUT", "/channels/{channel.id}/messages/{message.id}/reactions/{emoji}/@me", add_own},
    route{"DELETE", "/channels/{channel.id}/messages/{message.id}/reactions/{emoji}/@me", remove_own},
    route{"DELETE", "/channels/{channel.id}/messages/{message.id}/reactions/{emoji}/{user.id}",
          remove_of_user},
    route{"GET", "/channels/{channel.id}/messages/{message.id}/reactions/{emoji}", list_users},
    route{"DELETE", "/channels/{channel.id}/messages/{message.id}/reactions", remove_all},
    route{"DELETE", "/channels/{channel.id}/messages/{message.id}/reactions/{emoji}", remove_emoji},
};

}  // namespace

std::span<const route> reaction_routes() {
  return table;
}

}  // namespace guildfleet::sim
