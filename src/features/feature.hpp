// What a feature is. A feature is a folder here with one declaration; registry.cpp lists the declarations. It
// is made once for each shard of a bot that has it, so its members need no lock; what must outlive a process
// goes into the store, not into members.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "discord/interactions/command_definition.hpp"
#include "discord/interactions/custom_id.hpp"
#include "discord/interactions/interaction.hpp"
#include "discord/model/event_type.hpp"
#include "discord/model/guild_state.hpp"
#include "discord/model/intents.hpp"
#include "features/attachment_port.hpp"
#include "features/effects.hpp"
#include "features/jobs.hpp"
#include "features/moments.hpp"
#include "features/records.hpp"
#include "features/settings_port.hpp"
#include "features/text.hpp"
#include "features/variants.hpp"
#include "net/io.hpp"

namespace guildfleet::features {

// Who the bot is; the same for all its shards.
struct bot_facts {
  std::string bot;
  std::string node;
  std::string release;
  base::steady_time started;
  std::vector<discord::command_definition> commands;  // of all its features
};

// What a feature may use of the shard that it serves. All of it lives on the shard's reactor and outlives the
// feature.
struct shard_services {
  const bot_facts& bot;
  discord::shard_id shard;
  const base::clock& clock;
  const discord::guild_state& guilds;
  base::metrics& metrics;
  effect_port& effects;  // of this feature
  settings_port& settings;
  job_port& jobs;        // of this feature
  record_port& records;  // of this feature
  moment_port& moments;  // of this feature
  attachment_port& attachments;
  variant_source variants;  // of this feature
};

// A MESSAGE_CREATE, read once for all features. Texts live until the handler returns: a task copies what it
// needs.
struct message_event {
  std::uint64_t sequence = 0;
  discord::message_id id;
  discord::channel_id channel;
  discord::guild_id guild;  // empty: a direct message
  discord::user_id author;
  bool author_is_bot = false;
  bool from_webhook = false;
  int type = 0;
  std::string_view author_name;
  std::string_view content;  // "" without the message content intent
  std::string_view data;     // the JSON of `d`, as of raw_event: embeds and what else is not above
};

// Any other event that a feature subscribes to. `data` is the JSON of `d` with 64 readable bytes behind it;
// it lives until the handler returns.
struct raw_event {
  discord::event_type type = discord::event_type::unknown;
  std::uint64_t sequence = 0;
  discord::guild_id guild;
  std::string_view data;
};

// The answers to one interaction (protocol sheet 3.2). Deferring is automatic after 2 s; an answer after that
// edits the deferred one. Errors: rest_error.
class interaction_answers {
 public:
  virtual ~interaction_answers() = default;
  // The first answer, or the edit of the deferred one, which the user alone sees.
  [[nodiscard]] net::task<base::result<void>> reply(discord::message_body message) {
    return reply_with_files(std::move(message), {});
  }
  // `files` are what `message.attachments` speaks of.
  [[nodiscard]] virtual net::task<base::result<void>> reply_with_files(
      discord::message_body message, std::vector<discord::upload> files) = 0;
  // Changes the message that holds the component.
  [[nodiscard]] virtual net::task<base::result<void>> update(discord::message_edit edit) = 0;
  [[nodiscard]] virtual net::task<base::result<void>> show(discord::modal form) = 0;
  [[nodiscard]] virtual net::task<base::result<void>> follow_up(discord::message_body message) = 0;
  // At most 25; of on_autocomplete() alone.
  [[nodiscard]] virtual net::task<base::result<void>> suggest(std::vector<discord::choice> choices) = 0;
  // The automatic deferral of a component says that its message is going to be changed.
  virtual void prefer_update() = 0;
};

struct interaction_call {
  std::shared_ptr<const discord::interaction> what;
  std::shared_ptr<interaction_answers> answers;
  base::steady_time arrived{};
  std::optional<std::chrono::nanoseconds> gateway_latency{};
  std::uint64_t sequence = 0;  // of the effects that it has at Discord (effect_origin)
  // False: another bot of the fleet acts for this feature in the guild, or it is not known yet which does. Of
  // what a command changes here the other one hears through settings alone.
  bool acts_there = true;

  [[nodiscard]] language user_language() const { return language_of(what->locale); }
  [[nodiscard]] language guild_language() const { return language_of(what->guild_locale); }
};

// Handlers of one guild run one after the other, those of different guilds side by side; interactions run at
// once. An exception that leaves a handler is logged and counted, and stops nothing else.
class feature {
 public:
  virtual ~feature() = default;

  // Events other than messages and interactions.
  [[nodiscard]] virtual std::span<const discord::event_type> subscriptions() const { return {}; }
  [[nodiscard]] virtual bool wants_messages() const { return false; }

  // Decides within the call; a task is returned only when there is something to wait for.
  [[nodiscard]] virtual std::optional<net::task<>> on_message(const message_event& message);
  [[nodiscard]] virtual std::optional<net::task<>> on_event(const raw_event& event);

  // A command of this feature's declaration, a component or a modal whose custom id names this feature.
  [[nodiscard]] virtual net::task<> on_command(interaction_call call);
  [[nodiscard]] virtual net::task<> on_component(interaction_call call, discord::custom_id id);
  // Somebody types into an option that is declared with autocomplete (command_data::focused); answered with
  // suggest() within three seconds, or not at all.
  [[nodiscard]] virtual net::task<> on_autocomplete(interaction_call call);

  // A timer of this feature is due. What it returns is written down; without an answer, as when an exception
  // left it, it is tried again. It may run where the feature has not gained the guild: while another node
  // serves the guild's events, or for what was begun before another bot took the feature over.
  [[nodiscard]] virtual net::task<jobs::job_outcome> on_job(job_call call);

  // Of features that declare keeps_guilds. These guilds have settings or records of this feature, and it acts
  // for them here from now on: it reads what it keeps in memory of each, in few calls, and puts it in place
  // of what it had. Nothing else of the guild reaches it before; it comes again whenever the guild's settings
  // changed, half a second later or so. After a restart the guilds' states may be some seconds old. What is
  // to be done at Discord because of what it finds is scheduled as a timer that is due. False: it could not
  // read; asked again, and until then the guilds' events pass it by.
  [[nodiscard]] virtual net::task<bool> on_guilds_gained(std::vector<discord::guild_id> guilds);
  // It does not act for the guild any more, or nothing is set and kept there any more: what it has in memory
  // goes. Also told of guilds that it has nothing of. Handlers may still run.
  virtual void on_guild_lost(discord::guild_id guild);
};

// What is known of a feature before any shard runs.
struct feature_declaration {
  std::string_view name;
  bool by_default = true;  // part of FEATURES when nothing is said
  // Two bots of a fleet in one guild must not both do it (it reacts to events or runs timers there); commands
  // are an application's own and always answered.
  bool exclusive = false;
  // It has something in memory of each guild that uses it, and wants to be told which do.
  bool keeps_guilds = false;
  record_scope records = record_scope::fleet;
  discord::intent_set intents;
  // What the bot itself needs in a guild; answers to interactions need nothing there.
  discord::permission_set permissions{};
  int component_version = 1;
  discord::permission_set component_permissions{};  // what a member needs to use its buttons, menus and forms
  std::vector<discord::command_definition> (*commands)() = nullptr;
  const settings::feature_schema* settings = nullptr;  // what guilds may set of it
  std::span<const variant_declaration> variants = {};  // what experiments may try instead of the usual way
  std::unique_ptr<feature> (*make)(const shard_services& services) = nullptr;
};

}  // namespace guildfleet::features
