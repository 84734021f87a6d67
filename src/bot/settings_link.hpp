// The settings of a store's guilds from any reactor of the process.
#pragma once

#include "features/settings_port.hpp"
#include "net/on_reactor.hpp"
#include "settings/change_feed.hpp"

namespace guildfleet::bot {

// Desk and feed live on `home`, which must run as long as calls are made.
class settings_link final : public features::settings_port {
 public:
  settings_link(net::asio::any_io_executor home, settings::settings_desk& desk, settings::change_feed& feed)
      : home_(std::move(home)), desk_(desk), feed_(feed) {}

  net::task<base::result<settings::current_settings>> get(discord::guild_id guild,
                                                          std::string feature) override {
    return at_home(desk_.get(guild, std::move(feature)));
  }
  net::task<base::result<settings::change_result>> edit(discord::guild_id guild, std::string feature,
                                                        store::change_author author,
                                                        settings::edit_function apply) override {
    return at_home(desk_.edit(guild, std::move(feature), std::move(author), std::move(apply)));
  }
  net::task<base::result<settings::change_result>> reset(discord::guild_id guild, std::string feature,
                                                         store::change_author author) override {
    return at_home(desk_.reset(guild, std::move(feature), std::nullopt, std::move(author)));
  }
  net::task<base::result<settings::change_result>> undo(discord::guild_id guild, std::uint64_t audit_id,
                                                        store::change_author author) override {
    return at_home(desk_.undo(guild, audit_id, std::move(author)));
  }
  net::task<base::result<std::vector<store::audit_row>>> history(discord::guild_id guild,
                                                                 std::uint32_t limit) override {
    store::audit_filter filter;
    filter.guild = guild;
    filter.limit = limit;
    return at_home(desk_.history(std::move(filter)));
  }
  net::task<base::result<std::string>> export_guild(discord::guild_id guild) override {
    return at_home(settings::export_guild(desk_, guild));
  }
  net::task<base::result<settings::import_check>> plan_import(discord::guild_id guild,
                                                              std::string text) override {
    return at_home(settings::plan_import(desk_, guild, std::move(text)));
  }
  net::task<base::result<settings::change_result>> apply_import(settings::import_plan plan,
                                                                store::change_author author) override {
    return at_home(settings::apply_import(desk_, std::move(plan), std::move(author)));
  }
  [[nodiscard]] const settings::schema_catalogue& schemas() const override { return desk_.schemas(); }

 private:
  template <class T>
  static net::task<T> watched(settings::change_feed& feed, net::task<T> work) {
    feed.activate();
    co_return co_await std::move(work);
  }
  template <class T>
  net::task<T> at_home(net::task<T> work) {
    return net::on_reactor(home_, watched(feed_, std::move(work)));
  }

  net::asio::any_io_executor home_;
  settings::settings_desk& desk_;
  settings::change_feed& feed_;
};

}  // namespace guildfleet::bot
