// /config export and import: a guild's settings as a file, and back. An import is shown first and done when
// its button is pressed; the file stays with the shown message, so that a restart in between loses nothing.
#pragma once

#include "features/feature.hpp"

namespace guildfleet::features {

class transfer_desk final {
 public:
  transfer_desk(settings_port& settings, attachment_port& attachments)
      : settings_(settings), attachments_(attachments) {}

  [[nodiscard]] net::task<> export_all(interaction_call call);
  // Shows what the attached file would change.
  [[nodiscard]] net::task<> import_file(interaction_call call);
  // A button below a shown import.
  [[nodiscard]] net::task<> on_component(interaction_call call, discord::custom_id id);

 private:
  // What a file would do, or what is to be said instead.
  using look = std::expected<settings::import_plan, std::string>;

  [[nodiscard]] net::task<look> look_into(interaction_call call, const discord::attached_file& file,
                                          std::string& text);
  [[nodiscard]] discord::embed preview(const settings::import_plan& plan, language user) const;
  [[nodiscard]] net::task<> confirm(interaction_call call, std::string shown);
  [[nodiscard]] static net::task<> close(interaction_call call, std::string content);

  settings_port& settings_;
  attachment_port& attachments_;
};

}  // namespace guildfleet::features
