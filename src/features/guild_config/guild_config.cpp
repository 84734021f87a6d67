#include "features/guild_config/guild_config.hpp"

#include <algorithm>
#include <array>

#include "discord/model/permissions.hpp"
#include "features/answers.hpp"
#include "features/guild_config/guild_config_texts.hpp"
#include "features/guild_config/transfer_desk.hpp"
#include "features/permission_checks.hpp"
#include "features/replies.hpp"
#include "features/setting_notes.hpp"
#include "settings/defaults.hpp"
#include "settings/difference.hpp"
#include "settings/show.hpp"

namespace guildfleet::features {
namespace {

namespace texts = guild_config_texts;
using discord::option_type;
using settings::change_result;
namespace json = boost::json;

constexpr std::string_view own_name = "guild-config";
constexpr std::size_t field_limit = 1'024;
constexpr std::size_t longest_choice = 100;
constexpr std::uint32_t history_length = 10;
constexpr std::string_view guided = "guided";
constexpr std::array variants{variant_declaration{guided, texts::guided_what}};
constexpr auto manager = discord::permission_set(discord::permission::manage_guild);

std::vector<discord::command_definition> commands() {
  discord::command_definition config = localized_command(texts::root, texts::root_description);
  config.default_member_permissions = manager;
  auto language_option =
      localized_option(option_type::string, texts::language_value, texts::language_value_description, true);
  for (const settings::choice_name& each : texts::languages)
    language_option.choices.push_back(localized_choice(each.title, each.name));
  auto channel_option =
      localized_option(option_type::channel, texts::channel_value, texts::channel_value_description, false);
  channel_option.channel_types = {discord::channel_type::text, discord::channel_type::announcement};
  auto number =
      localized_option(option_type::integer, texts::number_value, texts::number_value_description, true);
  number.min_value = 1;
  auto feature_option =
      localized_option(option_type::string, texts::feature_value, texts::feature_value_description, true);
  feature_option.autocomplete = true;
  auto setting_option =
      localized_option(option_type::string, texts::setting_value, texts::setting_value_description, true);
  setting_option.autocomplete = true;
  config.options = {
      localized_sub_command(texts::view, texts::view_description),
      localized_sub_command(texts::language_name, texts::language_description, {std::move(language_option)}),
      localized_sub_command(texts::channel_name, texts::channel_description, {std::move(channel_option)}),
      localized_sub_command(texts::unset, texts::unset_description, {std::move(setting_option)}),
      localized_sub_command(texts::reset, texts::reset_description, {std::move(feature_option)}),
      localized_sub_command(texts::history, texts::history_description),
      localized_sub_command(texts::undo, texts::undo_description, {std::move(number)}),
      localized_sub_command(texts::export_name, texts::export_description),
      localized_sub_command(texts::import_name, texts::import_description,
                            {localized_option(option_type::attachment, texts::file_value,
                                              texts::file_value_description, true)})};
  return {std::move(config)};
}

class guild_config_feature final : public feature {
 public:
  explicit guild_config_feature(const shard_services& services)
      : settings_(services.settings),
        guilds_(services.guilds),
        clock_(services.clock),
        variants_(services.variants),
        transfers_(services) {}

  net::task<> on_command(interaction_call call) override {
    const std::string& path = call.what->command()->path;
    if (call.what->guild.empty()) {
      co_await say(call, std::string(texts::server_only.in(call.user_language())));
    } else if (path == "config view") {
      co_await view(call);
    } else if (path == "config language") {
      co_await set_language(call);
    } else if (path == "config error-channel") {
      co_await set_channel(call);
    } else if (path == "config unset") {
      co_await unset(call);
    } else if (path == "config reset") {
      co_await reset(call);
    } else if (path == "config history") {
      co_await show_history(call);
    } else if (path == "config undo") {
      co_await undo(call);
    } else if (path == "config export") {
      co_await transfers_.export_all(call);
    } else if (path == "config import") {
      co_await transfers_.import_file(call);
    }
  }

  net::task<> on_autocomplete(interaction_call call) override {
    const discord::command_option* const focused = call.what->command()->focused();
    if (focused == nullptr) co_return;
    const std::string typed(call.what->command()->text(focused->name).value_or(""));
    std::vector<discord::choice> choices;
    for (const settings::feature_schema* schema : settings_.schemas().all()) {
      if (focused->name == "setting") {
        co_await suggest_settings(call, *schema, typed, choices);
        continue;
      }
      const std::string title(schema->title.in(call.user_language()));
      if (contains_typed(schema->feature, typed) || contains_typed(title, typed))
        choices.push_back({title, std::string(schema->feature)});
    }
    (void)co_await call.answers->suggest(std::move(choices));
  }

  net::task<> on_component(interaction_call call, discord::custom_id id) override {
    co_await transfers_.on_component(call, std::move(id));
  }

 private:
  net::task<> view(interaction_call call) {
    const language user = call.user_language();
    discord::message_body message = private_message({});
    discord::embed page;
    for (const settings::feature_schema* schema : settings_.schemas().all()) {
      const auto current = co_await settings_.get(call.what->guild, std::string(schema->feature));
      if (!current) {
        co_await say(call, std::string(texts::settings_unreadable.in(user)));
        co_return;
      }
      if (current->stale) page.footer = texts::stale.in(user);
      page.fields.push_back({std::string(schema->title.in(user)),
                             clipped(settings::show(*schema, current->values, user), field_limit), false});
    }
    if (variants_.of(call.what->guild) == guided) page.description = texts::guide.in(user);
    message.embeds.push_back(std::move(page));
    (void)co_await call.answers->reply(std::move(message));
  }

  net::task<> set_language(interaction_call call) {
    const std::string value(call.what->command()->text("value").value_or("automatic"));
    const auto outcome = co_await settings_.edit(call.what->guild, std::string(own_name),
                                                 author_of(call, store::change_origin::command),
                                                 [value](json::object values) -> base::result<json::object> {
                                                   values["language"] = value;
                                                   return values;
                                                 });
    co_await tell(call, outcome);
  }

  net::task<> set_channel(interaction_call call) {
    const auto chosen = call.what->command()->id_of("channel");
    if (chosen) {
      const auto obstacle = obstacle_to_send(guilds_, call.what->guild, {*chosen}, clock_.wall_now());
      if (obstacle) co_return co_await say(call, features::told(*obstacle, {*chosen}, call.user_language()));
    }
    const auto outcome = co_await settings_.edit(call.what->guild, std::string(own_name),
                                                 author_of(call, store::change_origin::command),
                                                 [chosen](json::object values) -> base::result<json::object> {
                                                   if (chosen) {
                                                     values["error_channel"] = fmt::format("{}", *chosen);
                                                   } else {
                                                     values.erase("error_channel");
                                                   }
                                                   return values;
                                                 });
    co_await tell(call, outcome);
  }

  // Those of one feature that can be unset: what is set there, lists aside.
  net::task<> suggest_settings(interaction_call call, const settings::feature_schema& schema,
                               std::string typed, std::vector<discord::choice>& into) {
    const language user = call.user_language();
    const auto current = co_await settings_.get(call.what->guild, std::string(schema.feature));
    if (!current) co_return;
    const json::object set = settings::without_defaults(schema, current->values);
    for (const settings::field& each : schema.fields) {
      if (each.is_list() || !set.contains(each.name)) continue;
      std::string name = fmt::format("{}.{}", schema.feature, each.name);
      std::string title = texts::suggested_setting.format(user, fmt::arg("feature", schema.title.in(user)),
                                                          fmt::arg("setting", each.title.in(user)));
      if (contains_typed(name, typed) || contains_typed(title, typed))
        into.push_back({clipped(std::move(title), longest_choice), std::move(name)});
    }
  }

  // A list is not unset: by a slip all its entries would be gone.
  net::task<> unset(interaction_call call) {
    const language user = call.user_language();
    const std::string name(call.what->command()->text("setting").value_or(""));
    const std::size_t dot = std::min(name.find('.'), name.size());
    const settings::feature_schema* const schema = settings_.schemas().find(name.substr(0, dot));
    const settings::field* const what =
        schema == nullptr || dot == name.size() ? nullptr : schema->find(name.substr(dot + 1));
    if (what == nullptr) {
      const std::string shown = plain(clipped(name, longest_choice));
      co_return co_await say(call, texts::no_setting.format(user, fmt::arg("name", shown)));
    }
    if (what->is_list())
      co_return co_await say(call, texts::is_list.format(user, fmt::arg("setting", what->title.in(user))));
    const std::string feature(schema->feature);
    const auto outcome =
        co_await settings_.edit(call.what->guild, feature, author_of(call, store::change_origin::command),
                                [field = what->name](json::object values) -> base::result<json::object> {
                                  values.erase(field);
                                  return values;
                                });
    co_await tell(call, outcome, feature);
  }

  net::task<> reset(interaction_call call) {
    const std::string feature(call.what->command()->text("feature").value_or(""));
    const auto outcome =
        co_await settings_.reset(call.what->guild, feature, author_of(call, store::change_origin::command));
    co_await tell(call, outcome, feature);
  }

  net::task<> undo(interaction_call call) {
    const auto number = call.what->command()->integer("number").value_or(0);
    const auto outcome = co_await settings_.undo(call.what->guild, static_cast<std::uint64_t>(number),
                                                 author_of(call, store::change_origin::command));
    co_await tell(call, outcome);
  }

  net::task<> show_history(interaction_call call) {
    const language user = call.user_language();
    const auto rows = co_await settings_.history(call.what->guild, history_length);
    if (!rows) {
      co_await say(call, std::string(texts::settings_unreadable.in(user)));
      co_return;
    }
    if (rows->empty()) {
      co_await say(call, std::string(texts::nothing_changed_yet.in(user)));
      co_return;
    }
    // None takes the room of another: its number is what undo needs.
    constexpr std::size_t longest_row = longest_embed_description / history_length - 1;
    discord::embed page;
    for (const store::audit_row& row : *rows)
      page.description += clipped(line_of(row, user), longest_row) + "\n";
    discord::message_body message = private_message({});
    message.embeds.push_back(std::move(page));
    (void)co_await call.answers->reply(std::move(message));
  }

  [[nodiscard]] std::string line_of(const store::audit_row& row, language user) const {
    const settings::feature_schema* schema = settings_.schemas().find(row.key.feature);
    const auto parsed = [schema](const std::optional<std::string>& document) {
      json::object values =
          document ? settings::parse_document(*document).value_or(json::object()) : json::object();
      return schema == nullptr ? values : settings::with_defaults(*schema, std::move(values));
    };
    std::string feature = fmt::format("`{}`", row.key.feature);
    std::string what;
    if (schema != nullptr) {
      feature = texts::of_feature.format(user, fmt::arg("title", schema->title.in(user)),
                                         fmt::arg("feature", schema->feature));
      what = settings::describe(*schema, settings::difference(parsed(row.before), parsed(row.after)), user);
    }
    if (!row.after) what = texts::was_reset.in(user);
    return fmt::format("**{}** {} {} {}\n{}", row.id, feature, shown_time(row.at), shown_author(row.author),
                       what);
  }

  net::task<> tell(interaction_call call, base::result<change_result> outcome,
                   std::string feature = std::string(own_name)) const {
    std::string text = told(outcome, settings_.schemas(), feature, call.user_language());
    if (const auto* const done = outcome ? std::get_if<settings::changed>(&*outcome) : nullptr)
      text += notes_of(call, *done);
    co_await say(call, std::move(text));
  }

  // An old state that comes back may name what is gone.
  [[nodiscard]] std::string notes_of(const interaction_call& call, const settings::changed& done) const {
    const settings::feature_schema* const schema = settings_.schemas().find(done.now.feature);
    if (schema == nullptr) return {};
    const std::string notes = setting_notes(
        *schema, done.changes, {guilds_, call.what->guild, clock_.wall_now()}, call.user_language());
    return notes.empty() ? notes : "\n" + notes;
  }

  settings_port& settings_;
  const discord::guild_state& guilds_;
  const base::clock& clock_;
  variant_source variants_;
  transfer_desk transfers_;
};

}  // namespace

const feature_declaration guild_config{
    .name = own_name,
    .intents = discord::intent::guilds,
    .component_permissions = manager,
    .commands = commands,
    .settings = &texts::schema,
    .variants = variants,
    .make = [](const shard_services& services) -> std::unique_ptr<feature> {
      return std::make_unique<guild_config_feature>(services);
    }};

}  // namespace guildfleet::features
