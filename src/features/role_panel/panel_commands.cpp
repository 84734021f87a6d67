#include "features/role_panel/panel_commands.hpp"

#include "features/replies.hpp"
#include "features/role_panel/panel.hpp"
#include "features/role_panel/role_panel_texts.hpp"

namespace guildfleet::features {
namespace {

namespace texts = role_panel_texts;
using discord::option_definition;
using discord::option_type;

option_definition text_option(const text& name, const text& description, int longest, bool required) {
  option_definition out = localized_option(option_type::string, name, description, required);
  out.max_length = longest;
  return out;
}

option_definition style_option() {
  option_definition out =
      localized_option(option_type::string, texts::style_option, texts::style_option_description, false);
  out.choices = {localized_choice(texts::style_buttons, name_of(panel_style::buttons)),
                 localized_choice(texts::style_menu, name_of(panel_style::menu))};
  return out;
}

option_definition mode_option() {
  option_definition out =
      localized_option(option_type::string, texts::mode_option, texts::mode_option_description, false);
  out.choices = {localized_choice(texts::mode_toggle, name_of(panel_mode::toggle)),
                 localized_choice(texts::mode_one_way, name_of(panel_mode::one_way)),
                 localized_choice(texts::mode_exclusive, name_of(panel_mode::exclusive))};
  return out;
}

option_definition title_option(bool required) {
  return text_option(texts::title_option, texts::title_option_description, longest_panel_title, required);
}
option_definition body_option() {
  return text_option(texts::text_option, texts::text_option_description, longest_panel_text, false);
}

// Suggested while it is typed.
option_definition suggested(const text& name, const text& description) {
  option_definition out = localized_option(option_type::string, name, description, true);
  out.autocomplete = true;
  return out;
}
option_definition panel_option() {
  return suggested(texts::panel_option, texts::panel_option_description);
}

std::vector<option_definition> options_of_add() {
  return {panel_option(),
          localized_option(option_type::role, texts::role_option, texts::role_option_description, true),
          text_option(texts::label_option, texts::label_option_description, longest_panel_label, false),
          text_option(texts::emoji_option, texts::emoji_option_description, longest_panel_emoji, false),
          text_option(texts::note_option, texts::note_option_description, longest_panel_note, false)};
}

option_definition channel_option() {
  option_definition out =
      localized_option(option_type::channel, texts::channel_option, texts::channel_option_description, false);
  out.channel_types = {discord::channel_type::text, discord::channel_type::announcement};
  return out;
}

}  // namespace

std::vector<discord::command_definition> panel_commands() {
  discord::command_definition root = localized_command(texts::root, texts::root_description);
  root.default_member_permissions = discord::permission_set(discord::permission::manage_roles);
  root.options = {
      localized_sub_command(texts::create, texts::create_description,
                            {title_option(true), body_option(), style_option(), mode_option()}),
      localized_sub_command(
          texts::edit, texts::edit_description,
          {panel_option(), title_option(false), body_option(), style_option(), mode_option()}),
      localized_sub_command(texts::add, texts::add_description, options_of_add()),
      localized_sub_command(texts::remove, texts::remove_description,
                            {panel_option(), suggested(texts::role_option, texts::role_option_description)}),
      localized_sub_command(texts::post, texts::post_description, {panel_option(), channel_option()}),
      localized_sub_command(texts::list, texts::list_description),
      localized_sub_command(texts::export_name, texts::export_description),
      localized_sub_command(texts::import_name, texts::import_description,
                            {localized_option(option_type::attachment, texts::file_option,
                                              texts::file_option_description, true)}),
      localized_sub_command(texts::erase, texts::erase_description, {panel_option()})};
  return {std::move(root)};
}

}  // namespace guildfleet::features
