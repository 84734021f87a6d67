// /config export and import: a guild's settings as a file, and back. An import is shown first and done when
// its button is pressed.
#pragma once

#include "features/feature.hpp"
#include "features/file_transfer.hpp"

namespace guildfleet::features {

class transfer_desk final {
 public:
  explicit transfer_desk(const shard_services& services) : services_(services) {}

  [[nodiscard]] net::task<> export_all(interaction_call call);
  // Shows what the attached file would change.
  [[nodiscard]] net::task<> import_file(interaction_call call);
  // A button below a shown import.
  [[nodiscard]] net::task<> on_component(interaction_call call, discord::custom_id id);

 private:
  // What a file would do; or what is to be said instead.
  using look = std::expected<settings::import_plan, std::string>;

  [[nodiscard]] net::task<look> plan(interaction_call call, std::string text);
  [[nodiscard]] import_question question_of(text content, const settings::import_plan& plan,
                                            language user) const;
  [[nodiscard]] std::string changes_of(const settings::import_plan& plan, language user) const;
  [[nodiscard]] std::string notes_of(const settings::import_plan& plan, language user) const;
  [[nodiscard]] net::task<> confirm(interaction_call call, std::string shown);

  shard_services services_;
};

}  // namespace guildfleet::features
