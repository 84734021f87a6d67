#include "features/role_panel/role_panel.hpp"

#include "features/permission_checks.hpp"
#include "features/role_panel/panel_builder.hpp"
#include "features/role_panel/panel_choices.hpp"
#include "features/role_panel/panel_commands.hpp"
#include "features/role_panel/panel_transfer.hpp"
#include "features/role_panel/role_panel_texts.hpp"

namespace guildfleet::features {
namespace {

class role_panel_feature final : public feature {
 public:
  explicit role_panel_feature(const shard_services& services)
      : panels_(services.records),
        reporter_(services, "role-panel", role_panel_texts::title),
        builder_(services, panels_),
        transfers_(services, panels_),
        choices_(services, panels_, reporter_) {}

  net::task<> on_command(interaction_call call) override {
    const std::string& path = call.what->command()->path;
    const bool in_guild = !call.what->guild.empty();
    if (in_guild && path == "role-panel export") co_return co_await transfers_.export_all(call);
    if (in_guild && path == "role-panel import") co_return co_await transfers_.import_file(call);
    co_await builder_.on_command(std::move(call));
  }
  net::task<> on_autocomplete(interaction_call call) override {
    co_await builder_.on_autocomplete(std::move(call));
  }
  net::task<> on_component(interaction_call call, discord::custom_id id) override {
    if (id.action == "import" || id.action == "cancel")
      co_await transfers_.on_component(std::move(call), std::move(id));
    else
      co_await choices_.on_component(std::move(call), std::move(id));
  }

 private:
  panel_store panels_;
  guild_reporter reporter_;
  panel_builder builder_;
  panel_transfer transfers_;
  panel_choices choices_;
};

}  // namespace

const feature_declaration role_panel{.name = "role-panel",
                                     .by_default = false,
                                     .records = record_scope::bot,
                                     .intents = discord::intent::guilds,
                                     .permissions = to_send_embeds | discord::permission::manage_roles,
                                     .commands = panel_commands,
                                     .make = [](const shard_services& services) -> std::unique_ptr<feature> {
                                       return std::make_unique<role_panel_feature>(services);
                                     }};

}  // namespace guildfleet::features
