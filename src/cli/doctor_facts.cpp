#include "cli/doctor_request.hpp"

namespace guildfleet::cli {

ops::doctor::facts gather_facts(const doctor_scene& scene) {
  ops::doctor::facts out;
  out.now = scene.clock.wall_now();
  scene.progress.tell("looking at the stores");
  look_at_stores(scene, out);
  scene.progress.tell("asking the nodes");
  look_at_fleet(scene, out);
  scene.progress.tell("asking Discord");
  out.reach = look_at_discord(scene);
  out.bots = look_at_bots(scene, out.reach.has_value());
  scene.progress.tell("looking at this machine");
  out.machine = look_at_machine(scene, out.bots);
  return out;
}

}  // namespace guildfleet::cli
