#include "features/ticket/ticket_commands.hpp"

#include "features/replies.hpp"
#include "features/ticket/ticket_texts.hpp"

namespace guildfleet::features {
namespace {

namespace texts = ticket_texts;
using discord::channel_type;
using discord::option_definition;
using discord::option_type;

option_definition words(const text& name, const text& description, int longest, bool required) {
  option_definition out = localized_option(option_type::string, name, description, required);
  out.max_length = longest;
  return out;
}

option_definition channel(const text& name, const text& description, std::vector<channel_type> types) {
  option_definition out = localized_option(option_type::channel, name, description, false);
  out.channel_types = std::move(types);
  return out;
}

option_definition whole(const text& name, const text& description, std::int64_t least, std::int64_t most) {
  option_definition out = localized_option(option_type::integer, name, description, false);
  out.min_value = static_cast<double>(least);
  out.max_value = static_cast<double>(most);
  return out;
}

discord::command_definition for_everyone() {
  discord::command_definition out = localized_command(texts::root, texts::root_description);
  out.options = {localized_sub_command(texts::claim, texts::claim_description),
                 localized_sub_command(texts::add, texts::add_description,
                                       {localized_option(option_type::user, texts::member_option,
                                                         texts::member_option_description, true)}),
                 localized_sub_command(
                     texts::close, texts::close_description,
                     {words(texts::reason_option, texts::reason_option_description, longest_reason, false)}),
                 localized_sub_command(texts::reopen, texts::reopen_description),
                 localized_sub_command(texts::transcript, texts::transcript_description),
                 localized_sub_command(texts::pause, texts::pause_description),
                 localized_sub_command(texts::resume, texts::resume_description),
                 localized_sub_command(texts::erase, texts::erase_description)};
  return out;
}

discord::command_definition for_managers() {
  discord::command_definition out = localized_command(texts::setup, texts::setup_description);
  out.default_member_permissions = discord::permission_set(discord::permission::manage_guild);
  out.options = {
      localized_sub_command(texts::panel, texts::panel_description,
                            {words(texts::title_option, texts::title_option_description, 100, true),
                             words(texts::text_option, texts::text_option_description, 1'000, false),
                             words(texts::button_option, texts::button_option_description, 80, false),
                             channel(texts::channel_option, texts::channel_option_description,
                                     {channel_type::text, channel_type::announcement})}),
      localized_sub_command(
          texts::staff, texts::staff_description,
          {localized_option(option_type::role, texts::role_option, texts::role_option_description, true),
           localized_option(option_type::boolean, texts::remove_option, texts::remove_option_description,
                            false)}),
      localized_sub_command(
          texts::options, texts::options_description,
          {channel(texts::category_option, texts::category_option_description, {channel_type::category}),
           channel(texts::log_option, texts::log_option_description, {channel_type::text}),
           whole(texts::maximum_option, texts::maximum_option_description, 1, most_open_tickets),
           whole(texts::days_option, texts::days_option_description, 0, longest_deletion_days),
           localized_option(option_type::boolean, texts::mention_option, texts::mention_option_description,
                            false)})};
  return out;
}

}  // namespace

std::vector<discord::command_definition> ticket_commands() {
  return {for_everyone(), for_managers()};
}

}  // namespace guildfleet::features
