#include "features/about/about.hpp"

#include "base/utf8.hpp"
#include "features/registry.hpp"
#include "features/replies.hpp"

namespace guildfleet::features {
namespace {

constexpr text command_name{"about", "ボット情報"};
constexpr text command_description{"Which bot, release and shard answers here",
                                   "応答しているボット・リリース・シャードを表示します"};
constexpr text bot_label{"Bot", "ボット"};
constexpr text release_label{"Release", "リリース"};
constexpr text node_label{"Node", "ノード"};
constexpr text shard_label{"Shard", "シャード"};
constexpr text guilds_label{"Servers on this shard", "このシャードのサーバー数"};
constexpr text uptime_label{"Running for", "稼働時間"};
constexpr text uptime_text{"{days} d {hours} h {minutes} min {seconds} s",
                           "{days}日 {hours}時間 {minutes}分 {seconds}秒"};
constexpr text experiments_label{"Being tried out in this server", "このサーバーで試用中の機能"};
constexpr std::size_t longest_field = 1024;  // of an embed (protocol sheet 6)

std::vector<discord::command_definition> commands() {
  return {localized_command(command_name, command_description)};
}

std::string uptime_of(std::chrono::steady_clock::duration running, language user) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(running).count();
  return uptime_text.format(user, fmt::arg("days", seconds / 86'400), fmt::arg("hours", seconds / 3'600 % 24),
                            fmt::arg("minutes", seconds / 60 % 60), fmt::arg("seconds", seconds % 60));
}

// "**help** (compact): ...", a line for each feature that has a variant here; as many as fit.
std::string experiments_in(const std::vector<fleet::given_variant>& given, language user) {
  std::string lines;
  for (const fleet::given_variant& each : given) {
    std::string line = fmt::format("**{}** ({})", each.feature, each.variant);
    if (const variant_declaration* known = find_variant(each.feature, each.variant))
      line += fmt::format(": {}", known->what.in(user));
    if (base::utf8_length(lines) + base::utf8_length(line) + 1 > longest_field) break;
    if (!lines.empty()) lines += '\n';
    lines += line;
  }
  return lines;
}

class about_feature final : public feature {
 public:
  explicit about_feature(const shard_services& services) : services_(services) {}

  net::task<> on_command(interaction_call call) override {
    const language user = call.user_language();
    discord::embed page;
    const auto add = [&](const text& label, std::string value) {
      page.fields.push_back({std::string(label.in(user)), std::move(value), true});
    };
    add(bot_label, services_.bot.bot);
    add(release_label, services_.bot.release);
    add(node_label, services_.bot.node);
    add(shard_label, fmt::format("{}", services_.shard));
    add(guilds_label, fmt::format("{}", services_.guilds.guild_count()));
    add(uptime_label, uptime_of(services_.clock.steady_now() - services_.bot.started, user));
    const auto given = services_.variants.all_in(call.what->guild);
    if (!given.empty())
      page.fields.push_back({std::string(experiments_label.in(user)), experiments_in(given, user), false});
    discord::message_body message = private_message({});
    message.embeds.push_back(std::move(page));
    (void)co_await call.answers->reply(std::move(message));
  }

 private:
  shard_services services_;
};

}  // namespace

const feature_declaration about{.name = "about",
                                .intents = discord::intent::guilds,
                                .commands = commands,
                                .make = [](const shard_services& services) -> std::unique_ptr<feature> {
                                  return std::make_unique<about_feature>(services);
                                }};

}  // namespace guildfleet::features
