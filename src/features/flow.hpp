// Interactions in several steps: forms, menus, questions for confirmation. What is under way lies in the
// store, so it goes on after a restart and on another node, each step is taken once however often a button is
// pressed, and only who began goes on.
#pragma once

#include <string>

#include "base/random.hpp"
#include "features/feature.hpp"

namespace guildfleet::features {

// One that is under way. Texts are the feature's own; `state` is JSON as a rule.
struct flow {
  std::string kind{};   // tells the flows of a feature apart
  std::string state{};  // at most 60,000 bytes
  discord::user_id user{};
  discord::guild_id guild{};
  std::string argument{};  // what the component carries beside the flow, as id_of() was given it

  // Where it is; kept by the desk.
  std::string id{};
  std::uint32_t step = 1;
  std::uint64_t version = 0;
  discord::interaction_id taken_by{};  // the step before this one
};

constexpr std::chrono::minutes flow_lasts{15};  // as long as an interaction's answers can be edited

// One per feature and shard, on its reactor; what it is given outlives it. Steps of a flow:
//
//   on_command:    flow = begin(call, "close", state);  reply with buttons whose ids are id_of(flow, "yes"),
//   ... on_component:  if (auto flow = co_await take(call, id)) { ...; co_await end(*flow); update the
//   message }
//
// A form is shown with look(), as it may be dismissed and opened again, and its answer is a take(). Menus
// that only change what is shown use look() and keep().
class flow_desk final {
 public:
  flow_desk(const feature_declaration& of, record_port& records);

  // Errors: those of the records. It is over `lasts` after its last change.
  [[nodiscard]] net::task<base::result<flow>> begin(interaction_call call, std::string kind,
                                                    std::string state,
                                                    std::chrono::milliseconds lasts = flow_lasts);

  // For a component, or a form, of the flow's present step. `action` is made of a-z, 0-9, '-' and '_';
  // `argument` is printable ASCII. All of it, with the feature's name, has at most 70 characters.
  [[nodiscard]] std::string id_of(const flow& of, std::string_view action,
                                  std::string_view argument = {}) const;

  // A button that does what cannot be taken back, and one that leaves it; with their actions.
  struct labelled_action {
    std::string_view label;
    std::string_view action;
  };
  [[nodiscard]] discord::action_row choice_of(const flow& of, labelled_action act,
                                              labelled_action leave) const;
  // The flow of this component, whose step is taken: nobody else takes it, and id_of() makes ids of the next
  // one. nullopt: it is over, somebody else's, or was taken already, and the user was told so. An interaction
  // that comes again, because a process died over it, takes its own step again.
  [[nodiscard]] net::task<std::optional<flow>> take(interaction_call call, discord::custom_id id);
  // The flow as it is, of whichever step the component is. nullopt: as of take().
  [[nodiscard]] net::task<std::optional<flow>> look(interaction_call call, discord::custom_id id);

  // Writes kind and state. False: somebody was faster, look() again. Errors: those of the records.
  [[nodiscard]] net::task<base::result<bool>> keep(flow& changed,
                                                   std::chrono::milliseconds lasts = flow_lasts);
  // Its components are of no use from here on. What cannot be deleted now expires.
  [[nodiscard]] net::task<> end(flow over);

 private:
  struct found_flow;
  [[nodiscard]] net::task<std::optional<found_flow>> find(interaction_call call, discord::custom_id id);

  const feature_declaration& of_;
  record_port& records_;
  base::random_source random_;
};

}  // namespace guildfleet::features
