#include "sim/world/member_actions.hpp"

#include <fmt/format.h>

#include "sim/world/channels.hpp"
#include "sim/world/choose.hpp"
#include "sim/world/members.hpp"
#include "sim/world/messages.hpp"
#include "sim/world/permissions.hpp"

namespace guildfleet::sim {

member_actions::member_actions(world& owner) : world_(owner) {}

base::result<id> member_actions::send_message(const chat_message& message) {
  auto& state = world_.state();
  const auto where = choose_place(state, message.guild, message.channel, message.user);
  if (!where) return std::unexpected(where.error());
  if (message.content.empty())
    return base::fail(world_error::empty_message, "content", "Give the message a text");
  auto& channel = *where->channel;
  const bits needed = channel.thread ? permission::send_messages_in_threads : permission::send_messages;
  if ((channel_permissions(state, channel, where->member->user) & needed) == 0) {
    return base::fail(world_error::missing_permission, id_text(channel.channel),
                      "Choose another channel or member");
  }
  message_draft draft{.author = where->member->user, .days_old = std::clamp(message.days_old, 0, 3'650)};
  draft.fields["content"] = message.content;
  if (message.reply_to != 0) {
    draft.type = 19;
    draft.fields["message_reference"] = json::object{{"type", 0},
                                                     {"channel_id", id_text(channel.channel)},
                                                     {"guild_id", id_text(channel.guild)},
                                                     {"message_id", id_text(message.reply_to)}};
  }
  return create_message(state, channel, std::move(draft)).message;
}

base::result<void> member_actions::edit_message(id message, std::string content) {
  auto* const found = find_message(world_.state(), 0, message);
  if (found == nullptr) return base::fail(world_error::unknown_message, id_text(message));
  update_message(world_.state(), *found, {{"content", std::move(content)}});
  return {};
}

base::result<id> member_actions::send_as_app(const app_message& what) {
  auto& state = world_.state();
  const auto guild = choose_guild(state, what.guild);
  if (!guild) return std::unexpected(guild.error());
  if (what.user == 0) return base::fail(world_error::unknown_user, "user", "Give the application's id");
  if (find_user(state, what.user) == nullptr)
    state.users[what.user] = {.user = what.user, .username = what.name, .bot = true};
  if (find_member(**guild, what.user) == nullptr) add_member(state, **guild, what.user);
  if (what.edited != 0) {
    auto* const found = find_message(state, 0, what.edited);
    if (found == nullptr) return base::fail(world_error::unknown_message, id_text(what.edited));
    update_message(state, *found, what.message);
    return what.edited;
  }
  const auto where = choose_place(state, what.guild, what.channel, what.user);
  if (!where) return std::unexpected(where.error());
  message_draft draft{.author = what.user, .application = what.user};
  draft.fields = what.message;
  if (const auto* const asked = what.message.if_contains("interaction_metadata");
      asked != nullptr && asked->is_object()) {
    draft.interaction_metadata = asked->get_object();
    draft.fields.erase("interaction_metadata");
    draft.type = 20;
  }
  return create_message(state, *where->channel, std::move(draft)).message;
}

base::result<void> member_actions::delete_message(id message) {
  auto& state = world_.state();
  const auto* const found = find_message(state, 0, message);
  auto* const channel = found == nullptr ? nullptr : find_channel(state, found->channel);
  if (channel == nullptr) return base::fail(world_error::unknown_message, id_text(message));
  sim::delete_message(state, *channel, message);
  return {};
}

base::result<void> member_actions::react(id message, id user, std::string emoji) {
  auto& state = world_.state();
  auto* const found = find_message(state, 0, message);
  if (found == nullptr) return base::fail(world_error::unknown_message, id_text(message));
  const auto where = choose_place(state, found->guild, found->channel, user);
  if (!where) return std::unexpected(where.error());
  const auto parsed = parse_emoji(state, emoji);
  if (!parsed)
    return base::fail(world_error::bad_option, emoji, "Give a unicode emoji or name:id of the guild");
  add_reaction(state, *found, where->member->user, *parsed);
  return {};
}

base::result<void> member_actions::type(id channel, id user) {
  const auto where = choose_place(world_.state(), 0, channel, user);
  if (!where) return std::unexpected(where.error());
  publish_typing(world_.state(), *where->channel, where->member->user);
  return {};
}

base::result<id> member_actions::join(id guild, id user, std::string name, const std::string& invite) {
  auto& state = world_.state();
  const auto where = choose_guild(state, guild);
  if (!where) return std::unexpected(where.error());
  const auto by = state.invites.find(invite);
  if (!invite.empty() && (by == state.invites.end() || by->second.guild != (*where)->guild))
    return base::fail(world_error::unknown_invite, invite);
  if (user == 0) {
    user = state.mint_id();
    if (name.empty()) name = fmt::format("newcomer{}", user % 10'000);
    state.users[user] = {.user = user, .username = name, .global_name = name};
  }
  if (find_user(state, user) == nullptr) return base::fail(world_error::unknown_user, id_text(user));
  if (find_member(**where, user) != nullptr) return user;
  if (state.bots.contains(user)) {
    world_.add_bot((*where)->guild, user);
  } else {
    if (!invite.empty()) use_invite(state, invite);
    add_member(state, **where, user);
  }
  return user;
}

base::result<void> member_actions::leave(id guild, id user) {
  auto& state = world_.state();
  const auto where = choose_guild(state, guild);
  if (!where) return std::unexpected(where.error());
  if (find_member(**where, user) == nullptr) return base::fail(world_error::not_a_member, id_text(user));
  remove_member(state, **where, user, departure::left, {.user = user});
  return {};
}

base::result<void> member_actions::move_voice(id guild, id user, std::optional<id> channel) {
  auto& state = world_.state();
  const auto where = choose_place(state, guild, channel.value_or(0), user);
  if (!where) return std::unexpected(where.error());
  const id target = channel ? where->channel->channel : 0;
  if (channel && where->channel->type != channel_type::voice && where->channel->type != channel_type::stage) {
    return base::fail(world_error::unknown_channel, id_text(target), "Choose a voice channel");
  }
  const id who = where->member->user;
  const auto before = where->guild->voice_states.find(who);
  const bool inside = before != where->guild->voice_states.end();
  set_voice(
      state, *where->guild,
      {.user = who, .channel = target, .session = inside ? before->second.session : random_token(state, 32)});
  return {};
}

base::result<void> member_actions::set_member_permissions(id guild, id user, std::uint64_t permissions) {
  auto& state = world_.state();
  const auto where = choose_place(state, guild, 0, user);
  if (!where) return std::unexpected(where.error());
  const actor owner{.user = where->guild->owner};
  const auto name = fmt::format("Granted to {}", where->member->user);
  const id role = create_role(state, *where->guild, new_role(name, permissions), owner).role;
  auto roles = where->member->roles;
  roles.push_back(role);
  set_roles(state, *where->guild, *where->member, std::move(roles), owner);
  return {};
}

void member_actions::on_interaction_change(std::function<void(id)> observer) {
  world_.state().interaction_observer = std::move(observer);
}

}  // namespace guildfleet::sim
