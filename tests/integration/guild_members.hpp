// The members of the first guild, what they do and what is to be seen there, in short steps.
#pragma once

#include <string>
#include <vector>

#include "integration/fleet_harness.hpp"

namespace guildfleet::integration {

// What came of a command, a button, a menu or a form.
class shown final {
 public:
  shown() = default;
  explicit shown(json::object status) : status_(std::move(status)) {}

  // Everything that the user sees: content, embeds, components, the form, follow-ups; as JSON.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::string content() const { return text_of(status_, "content"); }
  [[nodiscard]] bool answered() const;
  [[nodiscard]] bool is_private() const;
  [[nodiscard]] bool is_form() const { return status_.contains("modal"); }
  // Of the message that was shown, or that holds the component; empty: there is none.
  [[nodiscard]] std::string message() const;
  [[nodiscard]] std::string interaction() const { return text_of(status_, "id"); }
  // The first component, or field of a form, whose custom id is for this action, or is it; empty: none.
  [[nodiscard]] std::string custom_id(std::string_view action) const;
  // The choices of an autocompletion.
  [[nodiscard]] const json::object& status() const { return status_; }

 private:
  json::object status_;
};

// The acting member is the guild's owner until as() says otherwise, and bot1 is spoken to until to() does.
class guild_members {
 public:
  explicit guild_members(const discord_plan& plan = {});

  // Who acts from here on, towards which bot, and in which language.
  void as(const std::string& user) { user_ = user; }
  void to(const std::string& bot) {
    bot_ = bot;
    token_ = discord.token_of(bot);
  }
  void speak(const std::string& locale) { locale_ = locale; }
  [[nodiscard]] const std::string& acting() const { return user_; }

  // A command, as soon as it is registered ("config view"); where: the first text channel, if not said.
  shown use(const std::string& command, json::object options = {}, const std::string& channel = {});
  // What `option` suggests while somebody types; `options`: what is typed so far.
  shown suggest(const std::string& command, const std::string& option, json::object options);
  shown press(const shown& on, std::string_view action) { return press(on.message(), on.custom_id(action)); }
  shown press(const std::string& message, const std::string& custom_id);
  shown choose(const shown& on, std::string_view action, std::vector<std::string> values);
  shown choose(const std::string& message, const std::string& custom_id, std::vector<std::string> values);
  // Fills a form in; `fields` by the custom ids of its inputs.
  shown submit(const shown& form, json::object fields);

  // A new member of the guild; its id.
  std::string join(const std::string& name);
  // The message's id.
  std::string say(const std::string& content, const std::string& channel = {});
  json::object act(const std::string& what, json::object body) const;
  // Sets what a guild may set of a feature, as /config import does; the feature has a schema.
  void set(const std::string& feature, json::object values);
  // Goes into a voice channel, or out of the one they are in; where they are.
  void enter_voice(const std::string& user, const std::string& where) const;
  void leave_voice(const std::string& user) const;
  [[nodiscard]] std::string voice_channel_of(const std::string& user) const;
  [[nodiscard]] std::string first_voice_channel() const;
  // Enters a channel, again and again, until the bot moves them on; where to.
  std::string moved_from(const std::string& trigger, const std::string& user) const;
  // DISBOARD says in the first text channel that the guild was bumped.
  void bump_on_disboard() const;

  // Looking, as the bot's own token sees it: a channel's messages with all they hold (the oldest first), the
  // channels and roles of the guild with overwrites.
  [[nodiscard]] json::array messages(const std::string& channel = {}) const;
  [[nodiscard]] json::array channels() const;
  [[nodiscard]] json::array roles() const;
  // One of them by name; empty: there is none.
  [[nodiscard]] json::object channel_named(const std::string& name) const;
  // Some message in the channel, or the newest one, holds this text, or comes to.
  [[nodiscard]] bool shows(const std::string& text, const std::string& channel = {}) const;
  [[nodiscard]] bool ends_with(const std::string& text, const std::string& channel = {}) const;
  [[nodiscard]] int count(const std::string& text, const std::string& channel = {}) const;
  // It comes, and no second time within two seconds.
  [[nodiscard]] bool comes_once(const std::string& text, const std::string& channel = {}) const;
  // Asked of the simulator itself: asking often with the bot's token would use up what the bot may send. A
  // channel of the guild, by name: empty, there is none; so many messages of the channel come to have this in
  // their content.
  [[nodiscard]] json::value looked_up(const std::string& path) const;
  [[nodiscard]] bool has_channel(const std::string& id) const;
  [[nodiscard]] std::string id_of_channel(const std::string& name) const;
  [[nodiscard]] bool says(const std::string& text, const std::string& channel, int times = 1) const;
  // What a file that was given out says.
  [[nodiscard]] static std::string text_of_file(const shown& answer);
  // Any request with the bot's token, to arrange what members cannot: "POST", "/guilds/{guild}/roles".
  json::value as_bot(const std::string& method, const std::string& path, const json::object& body = {}) const;
  // The id of a channel that the bot makes. `type`: Discord's; 4: a category.
  [[nodiscard]] std::string made_channel(const std::string& name, int type = 0) const;

  [[nodiscard]] const std::string& guild() const { return guild_; }
  [[nodiscard]] const std::string& channel() const { return channel_; }

  simulated_discord discord;

 private:
  [[nodiscard]] std::string channel_or(const std::string& given) const {
    return given.empty() ? channel_ : given;
  }
  [[nodiscard]] json::object component(const std::string& message, const std::string& custom_id) const;
  [[nodiscard]] json::object command_in(const std::string& command, json::object options,
                                        const std::string& channel) const;

  std::string guild_;
  std::string channel_;
  std::string user_;
  std::string locale_ = "en-US";
  std::string bot_ = "bot1";
  std::string token_;
};

}  // namespace guildfleet::integration
