// Channels, threads, overwrites, invites and webhooks of a guild. Each function publishes its events and
// writes the audit log; permissions are checked by callers.
#pragma once

#include "sim/world/publish.hpp"

namespace guildfleet::sim {

// `fields` has name and whatever else was given; what the type needs is added.
channel_record& create_channel(world_state& state, guild_record& guild, channel_record draft,
                               const actor& by);
// The fields that a channel of this type always has, for those that are absent.
void complete_channel_fields(channel_record& channel);
// After the caller changed the record: CHANNEL_UPDATE or THREAD_UPDATE and the audit entry.
void channel_changed(world_state& state, const channel_record& channel, const actor& by, int audit_action,
                     json::array changes);
// Children of a category lose their parent first. The record is gone afterwards.
void delete_channel(world_state& state, id channel, const actor& by);
void set_overwrite(world_state& state, channel_record& channel, const overwrite& entry, const actor& by);
bool remove_overwrite(world_state& state, channel_record& channel, id target, const actor& by);

struct thread_draft {
  std::string name{};
  int type = channel_type::public_thread;
  int auto_archive_minutes = 4320;
  int rate_limit_per_user = 0;
  bool invitable = true;
  id from_message = 0;  // becomes the thread's id
  json::array applied_tags{};
};
// THREAD_CREATE, THREAD_MEMBERS_UPDATE and, from a message, MESSAGE_UPDATE and the messages of types 21
// and 18.
channel_record& create_thread(world_state& state, channel_record& parent, const thread_draft& draft,
                              const actor& by);
// False: already so.
bool add_thread_member(world_state& state, channel_record& thread, id user);
bool remove_thread_member(world_state& state, channel_record& thread, id user);

const invite_record& create_invite(world_state& state, invite_record draft, const actor& by);
void delete_invite(world_state& state, const std::string& code, const actor& by);
// Somebody joined by it; after its last use it is gone.
void use_invite(world_state& state, const std::string& code);
webhook_record& create_webhook(world_state& state, const channel_record& channel, std::string name,
                               id application, const actor& by);
void webhook_changed(world_state& state, const webhook_record& webhook);
void delete_webhook(world_state& state, id webhook, const actor& by);

}  // namespace guildfleet::sim
