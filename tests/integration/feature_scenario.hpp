// Features as members of a guild use them: the real program in front of the simulator, in short steps.
//
//   class sticky : public feature_scenario {
//    protected:
//     sticky() : feature_scenario("sticky") {}
//   };
//   TEST_F(sticky, stays_at_the_bottom) {
//     EXPECT_THAT(use("sticky set", {{"text", "Rules"}}).text(), HasSubstr("Saved"));
//     say("hello");
//     EXPECT_TRUE(shows("Rules"));
//     crash();                                            // kill -9, and a new process
//     speak("ja");
//     EXPECT_THAT(use("sticky list").text(), HasSubstr("一覧"));
//   }
#pragma once

#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

#include "integration/fleet_harness.hpp"
#include "store/data_store.hpp"

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

class feature_scenario : public testing::Test {
 protected:
  // Starts bot1 with these features (comma list; guild-config is always among them) on a SQLite file. The
  // acting member is the owner of the first guild until as() says otherwise.
  explicit feature_scenario(const std::string& features, const discord_plan& plan = {});

  // The process, while the simulated Discord goes on.
  void stop();
  void start();
  void restart();  // gracefully
  void crash();    // kill -9

  // Who acts from here on, and in which language.
  void as(const std::string& user) { user_ = user; }
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
  // What a file that was given out says.
  [[nodiscard]] static std::string text_of_file(const shown& answer);
  // Any request with the bot's token, to arrange what members cannot: "POST", "/guilds/{guild}/roles".
  json::value as_bot(const std::string& method, const std::string& path, const json::object& body = {}) const;

  // The bot's own file, beside the running process.
  [[nodiscard]] std::unique_ptr<store::data_store> open_data() const;
  // How many of its timers wait or run.
  [[nodiscard]] std::size_t timers() const;

  [[nodiscard]] const std::string& guild() const { return guild_; }
  [[nodiscard]] const std::string& channel() const { return channel_; }

  base::scratch_folder folder;
  simulated_discord discord;
  node::variables environment;
  std::unique_ptr<node> bot;

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
  std::string token_;
};

}  // namespace guildfleet::integration
