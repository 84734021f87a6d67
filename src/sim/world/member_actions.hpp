// What people do in the simulated guilds: the control API and tests call these. An id of 0 means "choose for
// me": the first guild, its first text channel, its first human member, the only bot with such a command.
// Same reactor as the world.
#pragma once

#include <functional>
#include <string>

#include "base/result.hpp"
#include "sim/world/error.hpp"
#include "sim/world/world.hpp"

namespace guildfleet::sim {

class member_actions final {
 public:
  explicit member_actions(world& owner);  // `owner` outlives this

  struct slash_command {
    id guild = 0;
    id channel = 0;
    id user = 0;
    id application = 0;
    std::string name{};             // with subcommands: "config set"; "/" in front is allowed
    boost::json::object options{};  // name -> value; ids as strings or numbers
    std::string locale = "en-US";
    std::string focused{};  // the option being typed: makes this an autocomplete interaction
    id target = 0;          // of a user or message command
    bool lent = false;      // the server's own settings allow the command to this member
  };
  // Publishes INTERACTION_CREATE and returns the interaction's id.
  [[nodiscard]] base::result<id> send_slash_command(const slash_command& call);

  struct component_use {
    id message = 0;
    std::string custom_id{};
    id user = 0;
    std::vector<std::string> values{};  // selects only
    std::string locale = "en-US";
  };
  [[nodiscard]] base::result<id> press_button(const component_use& use);
  [[nodiscard]] base::result<id> select(const component_use& use);

  struct modal_submit {
    id interaction = 0;            // the one that was answered with the modal; its user submits
    boost::json::object fields{};  // custom id -> string, boolean or array of strings
  };
  [[nodiscard]] base::result<id> submit_modal(const modal_submit& submit);

  struct chat_message {
    id guild = 0;
    id channel = 0;
    id user = 0;
    std::string content{};
    id reply_to = 0;
    int days_old = 0;  // 0 to 3,650: it was written so long ago
  };
  [[nodiscard]] base::result<id> send_message(const chat_message& message);  // the message's id
  [[nodiscard]] base::result<void> edit_message(id message, std::string content);
  // What an application does that is none of the simulator's bots: a user of this id and name, made when
  // there is none, is in the guild and posts `message` (content, embeds, interaction_metadata), or changes
  // the message `edited` to it.
  struct app_message {
    id guild = 0;
    id channel = 0;
    id user = 0;
    std::string name{};
    boost::json::object message{};
    id edited = 0;
  };
  [[nodiscard]] base::result<id> send_as_app(const app_message& what);  // the message's id
  [[nodiscard]] base::result<void> delete_message(id message);
  [[nodiscard]] base::result<void> react(id message, id user, std::string emoji);  // "👍" or "name:id"
  [[nodiscard]] base::result<void> type(id channel, id user);

  // A known user, or a new one with this name, by this invite, if it is given; returns the user's id.
  [[nodiscard]] base::result<id> join(id guild, id user, std::string name, const std::string& invite = {});
  [[nodiscard]] base::result<void> leave(id guild, id user);
  [[nodiscard]] base::result<void> move_voice(id guild, id user, std::optional<id> channel);
  [[nodiscard]] base::result<void> set_member_permissions(id guild, id user,
                                                          std::uint64_t permissions);  // a role of its own

  // {id, type, application_id, user_id, guild_id, channel_id, name, acked, callback_type, deferred,
  // ephemeral,
  //  ack_ms, reply_ms, content, reply: message?, modal?, choices?, edits, followups: [message], expired}.
  // `content` is the final text: of the reply, or of the edited deferred reply. Times count from the
  // interaction.
  [[nodiscard]] base::result<boost::json::object> interaction_status(id interaction) const;
  // Acked with something the user sees: a message, a modal, choices, an update; not a mere deferral.
  [[nodiscard]] bool interaction_answered(id interaction) const;
  // Called after each change of an interaction; replaces the earlier observer.
  void on_interaction_change(std::function<void(id)> observer);

 private:
  world& world_;
};

}  // namespace guildfleet::sim
