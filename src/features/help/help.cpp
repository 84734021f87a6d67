#include "features/help/help.hpp"

#include <array>

#include "base/utf8.hpp"
#include "features/message_template.hpp"
#include "features/replies.hpp"

namespace guildfleet::features {
namespace {

constexpr text command_name{"help", "ヘルプ"};
constexpr text command_description{"What this bot can do", "このボットでできることを表示します"};
constexpr text title{"Commands of {bot}", "{bot} のコマンド"};
constexpr text more{"… and {count} more.", "… ほか {count} 件"};

constexpr std::string_view compact = "compact";
constexpr std::string_view visible = "visible";
constexpr std::array variants{
    variant_declaration{compact, text{"The names of the commands in one paragraph, without descriptions",
                                      "コマンド名だけを説明なしでまとめて表示します"}},
    variant_declaration{visible, text{"Everybody in the channel sees the list, not only who asked for it",
                                      "一覧を本人だけでなくチャンネルの全員に表示します"}}};

std::vector<discord::command_definition> commands() {
  return {localized_command(command_name, command_description)};
}

std::string name_of(const discord::command_definition& command, std::string_view locale) {
  const std::string_view name = localized(command.names, command.name, locale);
  return command.description.empty() ? fmt::format("**{}**", name) : fmt::format("**/{}**", name);
}

std::string line_of(const discord::command_definition& command, std::string_view locale) {
  const std::string name = name_of(command, locale);
  if (command.description.empty()) return name;
  return fmt::format("{}: {}", name, localized(command.descriptions, command.description, locale));
}

// As many whole lines, or names, as fit; the rest is counted.
std::string list_of(const std::vector<discord::command_definition>& all, const discord::interaction& asked,
                    bool names_only) {
  const language user = language_of(asked.locale);
  std::string list;
  std::size_t shown = 0;
  for (const discord::command_definition& command : all) {
    const std::string line = names_only ? name_of(command, asked.locale) : line_of(command, asked.locale);
    constexpr std::size_t reserve = 40;
    if (base::utf8_length(list) + base::utf8_length(line) + reserve > longest_embed_description) break;
    list += line;
    list += names_only ? "  " : "\n";
    ++shown;
  }
  if (shown < all.size()) list += more.format(user, fmt::arg("count", all.size() - shown));
  return list;
}

class help_feature final : public feature {
 public:
  explicit help_feature(const shard_services& services) : bot_(services.bot), variants_(services.variants) {}

  net::task<> on_command(interaction_call call) override {
    const std::string_view variant = variants_.of(call.what->guild);
    discord::message_body message;
    if (variant != visible) {
      message = private_message({});
    }
    discord::embed page;
    page.title = title.format(call.user_language(), fmt::arg("bot", bot_.bot));
    page.description = list_of(bot_.commands, *call.what, variant == compact);
    message.embeds.push_back(std::move(page));
    (void)co_await call.answers->reply(std::move(message));
  }

 private:
  const bot_facts& bot_;
  variant_source variants_;
};

}  // namespace

const feature_declaration help{.name = "help",
                               .intents = discord::intent::guilds,
                               .commands = commands,
                               .variants = variants,
                               .make = [](const shard_services& services) -> std::unique_ptr<feature> {
                                 return std::make_unique<help_feature>(services);
                               }};

}  // namespace guildfleet::features
