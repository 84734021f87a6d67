// A shard's way to settings: what a command changes is in force by the time its answer says so.
#pragma once

#include "bot/guild_roster.hpp"
#include "features/settings_port.hpp"

namespace guildfleet::bot {

// On the shard's reactor; both outlive it. A change returns once the shard's features have read anew what
// they keep of the guild, after two seconds at the latest.
class settings_at_once final : public features::settings_port {
 public:
  settings_at_once(features::settings_port& all, guild_roster& roster) : all_(all), roster_(roster) {}

  net::task<base::result<settings::current_settings>> get(discord::guild_id guild,
                                                          std::string feature) override {
    return all_.get(guild, std::move(feature));
  }
  net::task<base::result<settings::change_result>> edit(discord::guild_id guild, std::string feature,
                                                        store::change_author author,
                                                        settings::edit_function apply) override {
    return in_force(guild, {feature}, all_.edit(guild, feature, std::move(author), std::move(apply)));
  }
  net::task<base::result<settings::change_result>> reset(discord::guild_id guild, std::string feature,
                                                         store::change_author author) override {
    return in_force(guild, {feature}, all_.reset(guild, feature, std::move(author)));
  }
  net::task<base::result<settings::change_result>> undo(discord::guild_id guild, std::uint64_t audit_id,
                                                        store::change_author author) override {
    return in_force(guild, {}, all_.undo(guild, audit_id, std::move(author)));
  }
  net::task<base::result<std::vector<store::audit_row>>> history(discord::guild_id guild,
                                                                 std::uint32_t limit) override {
    return all_.history(guild, limit);
  }
  net::task<base::result<std::string>> export_guild(discord::guild_id guild) override {
    return all_.export_guild(guild);
  }
  net::task<base::result<settings::import_check>> plan_import(discord::guild_id guild,
                                                              std::string text) override {
    return all_.plan_import(guild, std::move(text));
  }
  net::task<base::result<settings::change_result>> apply_import(settings::import_plan plan,
                                                                store::change_author author) override {
    const discord::guild_id guild = plan.guild;
    std::vector<std::string> features;
    for (const settings::planned_change& each : plan.changes) features.emplace_back(each.feature);
    return in_force(guild, std::move(features), all_.apply_import(std::move(plan), std::move(author)));
  }
  [[nodiscard]] const settings::schema_catalogue& schemas() const override { return all_.schemas(); }

 private:
  using outcome = base::result<settings::change_result>;

  net::task<outcome> in_force(discord::guild_id guild, std::vector<std::string> features,
                              net::task<outcome> change) {
    auto out = co_await std::move(change);
    const auto* done = out ? std::get_if<settings::changed>(&*out) : nullptr;
    if (done == nullptr) co_return out;
    roster_.note_settings(guild, done->now.feature);
    for (const std::string& each : features) roster_.note_settings(guild, each);
    co_await roster_.renew(guild);
    co_return out;
  }

  features::settings_port& all_;
  guild_roster& roster_;
};

}  // namespace guildfleet::bot
