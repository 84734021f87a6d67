// Threads (protocol sheet 3.6 and 3.9).
#include <algorithm>

#include "sim/world/channels.hpp"
#include "sim/world/messages.hpp"
#include "sim/world/render.hpp"

namespace guildfleet::sim {

namespace {

void publish_members_update(world_state& state, const channel_record& thread, id added, id removed) {
  json::object data{{"id", id_text(thread.channel)},
                    {"guild_id", id_text(thread.guild)},
                    {"member_count", std::min<std::size_t>(thread.thread->members.size(), 50)}};
  const auto* const guild = find_guild(state, thread.guild);
  if (added != 0) {
    auto entry = thread_member_json(thread, added, thread.thread->members.at(added));
    if (const auto* const member = find_member(*guild, added)) entry["member"] = member_json(state, *member);
    entry["presence"] = nullptr;
    json::array members;
    members.push_back(std::move(entry));
    data["added_members"] = std::move(members);
  }
  if (removed != 0) data["removed_member_ids"] = json::array{json::value(id_text(removed))};
  // The intent GUILDS shows a bot its own changes, GUILD_MEMBERS those of all.
  const id moved = added != 0 ? added : removed;
  for (const id bot : guild->bots) {
    const bits wanted = bot == moved ? intent::guilds | intent::guild_members : intent::guild_members;
    publish_bot(state, bot, thread.guild, "THREAD_MEMBERS_UPDATE", data, wanted);
  }
}

// The thread's first message repeats the starter; the starter says that it has a thread.
void link_starter(world_state& state, channel_record& parent, channel_record& thread, const actor& by) {
  auto* const starter = find_message(state, parent.channel, thread.channel);
  if (starter == nullptr) return;
  const auto flags = static_cast<bits>(int_field(starter->fields, "flags")) | message_flag::has_thread;
  starter->fields["flags"] = flags;
  starter->fields["thread"] = channel_json(state, thread);
  publish_message_update(state, *starter);
  message_draft first{.author = by.user, .type = 21};
  first.fields["message_reference"] = json::object{{"type", 0},
                                                   {"channel_id", id_text(parent.channel)},
                                                   {"message_id", id_text(starter->message)},
                                                   {"guild_id", id_text(parent.guild)}};
  create_message(state, thread, std::move(first));
}

}  // namespace

channel_record& create_thread(world_state& state, channel_record& parent, const thread_draft& draft,
                              const actor& by) {
  const auto now = state.clock.wall_now();
  channel_record thread;
  thread.channel = draft.from_message != 0 ? draft.from_message : state.mint_id();
  thread.guild = parent.guild;
  thread.type = draft.type;
  thread.parent = parent.channel;
  thread.fields["name"] = draft.name;
  thread.fields["rate_limit_per_user"] = draft.rate_limit_per_user;
  thread.fields["flags"] = 0;
  if (!draft.applied_tags.empty()) thread.fields["applied_tags"] = draft.applied_tags;
  thread.thread = thread_part{.owner = by.user,
                              .invitable = draft.invitable,
                              .auto_archive_minutes = draft.auto_archive_minutes,
                              .archive_changed = now,
                              .created = now,
                              .members = {{by.user, now}}};
  const id which = thread.channel;
  const id parent_id = parent.channel;
  auto* const guild = find_guild(state, parent.guild);
  guild->channels.push_back(which);
  auto& kept = state.channels.insert_or_assign(which, std::move(thread)).first->second;
  auto data = channel_json(state, kept);
  data["newly_created"] = true;
  publish_channel(state, kept, "THREAD_CREATE", data, intent::guilds, intent::guilds);
  publish_members_update(state, kept, by.user, 0);
  if (draft.from_message != 0) link_starter(state, *find_channel(state, parent_id), kept, by);
  json::array changes;
  changes.push_back(json::object{{"key", "name"}, {"new_value", draft.name}});
  audit(state, *guild, by, {.action = 110, .target = which, .changes = std::move(changes)});
  return kept;
}

bool add_thread_member(world_state& state, channel_record& thread, id user) {
  if (!thread.thread->members.try_emplace(user, state.clock.wall_now()).second) return false;
  if (state.bots.contains(user)) {
    publish_bot(state, user, thread.guild, "THREAD_CREATE", channel_json(state, thread), intent::guilds);
  }
  publish_members_update(state, thread, user, 0);
  return true;
}

bool remove_thread_member(world_state& state, channel_record& thread, id user) {
  if (thread.thread->members.erase(user) == 0) return false;
  publish_members_update(state, thread, 0, user);
  return true;
}

}  // namespace guildfleet::sim
