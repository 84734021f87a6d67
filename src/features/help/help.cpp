#include "features/help/help.hpp"

#include "base/utf8.hpp"
#include "features/replies.hpp"

namespace guildfleet::features {
namespace {

constexpr std::size_t longest_description = 4096;  // of an embed (protocol sheet 6)
constexpr text command_name{"help", "help"};
constexpr text command_description{"What this bot can do", "このボットでできることを表示します"};
constexpr text title{"Commands of {bot}", "{bot} のコマンド"};
constexpr text more{"… and {count} more.", "… ほか {count} 件"};

std::vector<discord::command_definition> commands() {
  return {localized_command(command_name, command_description)};
}

std::string_view localized(const discord::localizations& texts, std::string_view fallback,
                           std::string_view locale) {
  const auto found = texts.find(locale);
  return found == texts.end() ? fallback : std::string_view(found->second);
}

std::string line_of(const discord::command_definition& command, std::string_view locale) {
  const std::string_view name = localized(command.names, command.name, locale);
  if (command.description.empty()) return fmt::format("**{}**", name);
  return fmt::format("**/{}**: {}", name, localized(command.descriptions, command.description, locale));
}

// As many whole lines as fit; the rest is counted.
std::string list_of(const std::vector<discord::command_definition>& all, const discord::interaction& asked) {
  const language user = language_of(asked.locale);
  std::string list;
  std::size_t shown = 0;
  for (const discord::command_definition& command : all) {
    const std::string line = line_of(command, asked.locale);
    constexpr std::size_t reserve = 40;
    if (base::utf8_length(list) + base::utf8_length(line) + reserve > longest_description) break;
    list += line;
    list += '\n';
    ++shown;
  }
  if (shown < all.size()) list += more.format(user, fmt::arg("count", all.size() - shown));
  return list;
}

class help_feature final : public feature {
 public:
  explicit help_feature(const bot_facts& bot) : bot_(bot) {}

  net::task<> on_command(interaction_call call) override {
    call.answers->prefer_private();
    discord::message_body message = private_message({});
    discord::embed page;
    page.title = title.format(call.user_language(), fmt::arg("bot", bot_.bot));
    page.description = list_of(bot_.commands, *call.what);
    message.embeds.push_back(std::move(page));
    (void)co_await call.answers->reply(std::move(message));
  }

 private:
  const bot_facts& bot_;
};

}  // namespace

const feature_declaration help{.name = "help",
                               .intents = discord::intent::guilds,
                               .commands = commands,
                               .make = [](const shard_services& services) -> std::unique_ptr<feature> {
                                 return std::make_unique<help_feature>(services.bot);
                               }};

}  // namespace guildfleet::features
