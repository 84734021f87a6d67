// Webhooks, and the replies of interactions that use the same paths (protocol sheet 3.2 and 3.8).
#include <array>

#include "sim/rest/message_form.hpp"
#include "sim/rest/router.hpp"
#include "sim/world/channels.hpp"
#include "sim/world/interactions.hpp"

namespace guildfleet::sim {

namespace {

constexpr std::size_t webhooks_per_channel = 15;

// What a path /webhooks/{id}/{token} names: an interaction when the id is an application, else a webhook.
struct webhook_target {
  interaction_record* interaction = nullptr;
  webhook_record* webhook = nullptr;
};

or_reply<webhook_target> target_of(call& c) {
  if (auto* const interaction = find_interaction(c.state, c.param(0), c.params[1])) {
    if (!token_alive(*interaction, c.state.clock.steady_now())) return std::unexpected(refuse(50027));
    return webhook_target{.interaction = interaction};
  }
  if (c.state.bots.contains(c.param(0))) return std::unexpected(refuse(50027));
  const auto found = c.state.webhooks.find(c.param(0));
  if (found == c.state.webhooks.end()) return std::unexpected(refuse(10015));
  if (found->second.token != c.params[1]) return std::unexpected(refuse(50027));
  return webhook_target{.webhook = &found->second};
}

reply follow_up(call& c, interaction_record& interaction) {
  if (!interaction.callback) return refuse(10015);
  auto draft = read_message(c, c.object(), message_use::followup);
  if (!draft) return draft.error();
  if (interaction.deferral_open) {
    auto changes = draft->fields;
    changes.erase("flags");
    edit_original(c.state, interaction, changes);
    const auto* const message = original_message(c.state, interaction);
    return message == nullptr ? refuse(10008) : ok(message_json(c.state, *message, interaction.application));
  }
  const auto& message = create_followup(c.state, interaction, std::move(*draft));
  return ok(message_json(c.state, message, interaction.application));
}

reply execute(call& c) {
  const auto target = target_of(c);
  if (!target) return target.error();
  if (target->interaction != nullptr) return follow_up(c, *target->interaction);
  const auto& webhook = *target->webhook;
  auto* channel = find_channel(c.state, c.query_id("thread_id").value_or(webhook.channel));
  if (channel == nullptr || (channel->channel != webhook.channel && channel->parent != webhook.channel))
    return refuse(10003);
  form_errors errors;
  json::object names;
  const form body(c.object(), errors);
  body.take_text("username", {1, 80}, names);
  if (!errors.empty()) return errors.to_reply();
  auto draft = read_message(c, c.object(), message_use::webhook);
  if (!draft) return draft.error();
  auto author = user_json(
      user_record{.user = webhook.webhook, .username = webhook.name, .bot = true, .discriminator = "0000"});
  if (names.contains("username")) author["username"] = names.at("username");
  draft->author = webhook.webhook;
  draft->author_override = std::move(author);
  draft->webhook = webhook.webhook;
  draft->application = webhook.application;
  const auto& message = create_message(c.state, *channel, std::move(*draft));
  return c.query_flag("wait") ? ok(message_json(c.state, message, webhook.application)) : no_content();
}

// A message that the token may read, edit and delete.
struct owned_message {
  webhook_target target;
  message_record* message = nullptr;
};

or_reply<owned_message> owned(call& c) {
  const auto target = target_of(c);
  if (!target) return std::unexpected(target.error());
  owned_message out{.target = *target};
  const bool original = c.params.size() < 3;
  if (target->interaction != nullptr) {
    const auto& interaction = *target->interaction;
    if (!interaction.callback) return std::unexpected(refuse(10015));
    out.message =
        original ? original_message(c.state, interaction) : find_reply(c.state, interaction, c.param(2));
    const bool own = out.message != nullptr && out.message->author == interaction.application;
    if (!own && !original) out.message = nullptr;
  } else if (!original) {
    const auto* const channel =
        find_channel(c.state, c.query_id("thread_id").value_or(target->webhook->channel));
    out.message = channel == nullptr ? nullptr : find_message(c.state, channel->channel, c.param(2));
    if (out.message != nullptr && out.message->author != target->webhook->webhook) out.message = nullptr;
  }
  if (out.message == nullptr) return std::unexpected(refuse(10008));
  return out;
}

id reader(const owned_message& from) {
  return from.target.interaction != nullptr ? from.target.interaction->application
                                            : from.target.webhook->application;
}

reply get_reply(call& c) {
  const auto found = owned(c);
  return found ? ok(message_json(c.state, *found->message, reader(*found))) : found.error();
}

reply edit_reply(call& c) {
  const auto found = owned(c);
  if (!found) return found.error();
  auto* const interaction = found->target.interaction;
  const bool original = interaction != nullptr && found->message->message == interaction->original;
  const auto changes = read_edit(c, c.object(), *found->message);
  if (!changes) return changes.error();
  if (original) {
    edit_original(c.state, *interaction, *changes);
  } else {
    update_message(c.state, *found->message, *changes);
    if (interaction != nullptr) reply_edited(c.state, *interaction);
  }
  return ok(message_json(c.state, *found->message, reader(*found)));
}

reply delete_reply_message(call& c) {
  const auto found = owned(c);
  if (!found) return found.error();
  auto* const interaction = found->target.interaction;
  if (interaction == nullptr) {
    delete_message(c.state, *find_channel(c.state, found->message->channel), found->message->message);
  } else if (found->message->message == interaction->original) {
    delete_original(c.state, *interaction);
  } else {
    delete_reply(c.state, *interaction, found->message->message);
  }
  return no_content();
}

bool forbidden_name(std::string_view name) {
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char ch) { return static_cast<char>(std::tolower(ch)); });
  return lower.find("clyde") != std::string::npos || lower.find("discord") != std::string::npos;
}

or_reply<std::string> name_of(call& c, bool required) {
  form_errors errors;
  json::object taken;
  const form body(c.object(), errors);
  if (required) body.require("name");
  body.take_text("name", {1, 80}, taken);
  auto name = text_field(taken, "name");
  if (forbidden_name(name))
    body.fail("name", "USERNAME_INVALID_CONTAINS", "Username cannot contain this word");
  if (!errors.empty()) return std::unexpected(errors.to_reply());
  return name;
}

reply create(call& c) {
  const auto channel = channel_for(c, c.param(0), permission::manage_webhooks);
  if (!channel) return channel.error();
  auto name = name_of(c, true);
  if (!name) return name.error();
  const auto existing = std::ranges::count_if(
      c.state.webhooks, [&](const auto& entry) { return entry.second.channel == c.param(0); });
  if (static_cast<std::size_t>(existing) >= webhooks_per_channel) return refuse(30007);
  return ok(webhook_json(
      c.state, create_webhook(c.state, **channel, std::move(*name), c.bot->account.application, c.by())));
}

// The webhooks whose channel or guild is the path's first parameter.
json::array webhooks_in(const call& c, id webhook_record::* place) {
  json::array out;
  for (const auto& [_, webhook] : c.state.webhooks) {
    if (webhook.*place == c.param(0)) out.push_back(webhook_json(c.state, webhook));
  }
  return out;
}

reply list_of_channel(call& c) {
  const auto channel = channel_for(c, c.param(0), permission::manage_webhooks);
  if (!channel) return channel.error();
  return ok(webhooks_in(c, &webhook_record::channel));
}

reply list_of_guild(call& c) {
  const auto guild = guild_for(c, c.param(0), permission::manage_webhooks);
  if (!guild) return guild.error();
  return ok(webhooks_in(c, &webhook_record::guild));
}

or_reply<webhook_record*> managed(call& c) {
  const auto found = c.state.webhooks.find(c.param(0));
  if (found == c.state.webhooks.end()) return std::unexpected(refuse(10015));
  const bool own = found->second.application == c.bot->account.application;
  const auto* const channel = find_channel(c.state, found->second.channel);
  if (!own && (channel == nullptr || !allowed(c, *channel, permission::manage_webhooks)))
    return std::unexpected(refuse(50013));
  return &found->second;
}

reply get_webhook(call& c) {
  const auto found = managed(c);
  return found ? ok(webhook_json(c.state, **found)) : found.error();
}

reply rename(call& c, webhook_record& webhook, bool with_user) {
  auto name = name_of(c, false);
  if (!name) return name.error();
  if (!name->empty()) webhook.name = *name;
  if (const id channel = id_field(c.object(), "channel_id"); channel != 0) webhook.channel = channel;
  webhook_changed(c.state, webhook);
  return ok(webhook_json(c.state, webhook, with_user));
}

reply patch_webhook(call& c) {
  const auto found = managed(c);
  return found ? rename(c, **found, true) : found.error();
}

reply remove_webhook(call& c) {
  const auto found = managed(c);
  if (!found) return found.error();
  delete_webhook(c.state, c.param(0), c.by());
  return no_content();
}

reply by_token(call& c, reply (*use)(call&, webhook_record&)) {
  const auto target = target_of(c);
  if (!target) return target.error();
  return target->webhook == nullptr ? refuse(10015) : use(c, *target->webhook);
}

reply get_by_token(call& c) {
  return by_token(
      c, [](call& inner, webhook_record& webhook) { return ok(webhook_json(inner.state, webhook, false)); });
}
reply patch_by_token(call& c) {
  return by_token(c, [](call& inner, webhook_record& webhook) { return rename(inner, webhook, false); });
}
reply delete_by_token(call& c) {
  return by_token(c, [](call& inner, webhook_record& webhook) {
    delete_webhook(inner.state, webhook.webhook, {});
    return no_content();
  });
}

constexpr auto token = route_kind::interaction;
constexpr std::array table = {
    route{"POST", "/channels/{channel.id}/webhooks", create},
    route{"GET", "/channels/{channel.id}/webhooks", list_of_channel},
    route{"GET", "/guilds/{guild.id}/webhooks", list_of_guild},
    route{"GET", "/webhooks/{webhook.id}", get_webhook},
    route{"PATCH", "/webhooks/{webhook.id}", patch_webhook},
    route{"DELETE", "/webhooks/{webhook.id}", remove_webhook},
    route{"GET", "/webhooks/{webhook.id}/{webhook.token}", get_by_token, token},
    route{"PATCH", "/webhooks/{webhook.id}/{webhook.token}", patch_by_token, token},
    route{"DELETE", "/webhooks/{webhook.id}/{webhook.token}", delete_by_token, token},
    route{"POST", "/webhooks/{webhook.id}/{webhook.token}", execute, token},
    route{"GET", "/webhooks/{webhook.id}/{webhook.token}/messages/@original", get_reply, token},
    route{"PATCH", "/webhooks/{webhook.id}/{webhook.token}/messages/@original", edit_reply, token},
    route{"DELETE", "/webhooks/{webhook.id}/{webhook.token}/messages/@original", delete_reply_message, token},
    route{"GET", "/webhooks/{webhook.id}/{webhook.token}/messages/{message.id}", get_reply, token},
    route{"PATCH", "/webhooks/{webhook.id}/{webhook.token}/messages/{message.id}", edit_reply, token},
    route{"DELETE", "/webhooks/{webhook.id}/{webhook.token}/messages/{message.id}", delete_reply_message,
          token},
};

}  // namespace

std::span<const route> webhook_routes() {
  return table;
}

}  // namespace guildfleet::sim
