// Units, configurations and the installing script for systemd, without any file being written.
#include "ops/render/systemd.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

#include "ops/render/render_test_kit.hpp"
#include "ops/render/targets.hpp"

namespace guildfleet::ops {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view two_services = R"(
fleet: my_fleet
store: { database_url: "${DATABASE_URL}" }
redis: { url: "${REDIS_URL}" }
api: { port: 4000 }
bots:
  - { name: music, token: "${MUSIC_TOKEN}", presence: { text: "costs $$5" } }
  - { name: music_2, token: "${OTHER_TOKEN}" }
)";

constexpr const char* unit = "etc/systemd/system/guildfleet@.service";

std::string file(std::string_view fleet_yaml, std::string_view path) {
  return text_of(render("systemd", fleet(fleet_yaml)).value(), path);
}

TEST(systemd, confines_the_program_and_lets_it_use_what_deploy_says) {
  const std::string text = file(
      "deploy: { memory_mib: 512, cpus: 0.5, drain: 60 }\n"
      "bots: [{ name: a, token: \"${X}\" }]",
      unit);
  for (const char* line :
       {"Type=notify", "WatchdogSec=30", "MemoryMax=512M", "CPUQuota=50%", "TimeoutStopSec=75", "LimitCORE=0",
        "UMask=0077", "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=\n",
        "SystemCallFilter=@system-service", "MemoryDenyWriteExecute=yes", "Restart=on-failure",
        "StartLimitBurst=30"})
    EXPECT_THAT(text, HasSubstr(line));
}

TEST(systemd, does_not_start_again_what_only_a_person_can_mend) {
  EXPECT_THAT(file(two_services, unit), HasSubstr("RestartPreventExitStatus=2 CREDENTIALS\n"));
}

TEST(systemd, has_all_services_in_one_target) {
  EXPECT_THAT(file(two_services, "etc/systemd/system/guildfleet.target"),
              AllOf(HasSubstr("guildfleet@music.service"), HasSubstr("guildfleet@music-2.service")));
}

TEST(systemd, hands_each_service_its_own_secrets_and_no_other) {
  const std::string text = file(two_services, "etc/systemd/system/guildfleet@music-2.service.d/secrets.conf");
  for (const char* name : {"music_2_token", "database_url", "redis_url", "fleet_key"})
    EXPECT_THAT(text, HasSubstr(fmt::format("LoadCredential={0}:/etc/guildfleet/secrets/{0}\n", name)));
  EXPECT_THAT(text, Not(AnyOf(HasSubstr("music_token"), HasSubstr("password"))));
}

TEST(systemd, asks_a_person_for_the_addresses_of_servers) {
  const std::string text = file(two_services, "install-systemd");
  EXPECT_THAT(text, AllOf(HasSubstr("asked database_url 'the address of the database'"),
                          HasSubstr("asked redis_url"), HasSubstr("made_up fleet_key")));
  EXPECT_THAT(text, Not(HasSubstr("postgres_password")));
}

TEST(systemd, gives_each_service_ports_of_its_own_on_loopback) {
  EXPECT_THAT(file(two_services, "etc/guildfleet/music.yaml"),
              AllOf(HasSubstr("port: 3001\n"), HasSubstr("port: 3002\n"),
                    HasSubstr("address: ${ADDRESS:-127.0.0.1}\n"),
                    HasSubstr("address: ${API_ADDRESS:-127.0.0.1}\n")));
  EXPECT_THAT(file(two_services, "etc/guildfleet/music-2.yaml"),
              AllOf(HasSubstr("port: 3011\n"), HasSubstr("port: 3012\n")));
}

TEST(systemd, begins_at_the_port_and_the_address_of_the_fleet) {
  const std::string bots = "bots: [{ name: a, token: \"${X}\" }, { name: b, token: \"${Y}\" }]";
  EXPECT_THAT(file("port: 8000\naddress: 10.0.0.5\n" + bots, "etc/guildfleet/b.yaml"),
              AllOf(HasSubstr("port: 8010\n"), HasSubstr("${ADDRESS:-10.0.0.5}")));
  EXPECT_THAT(file("port: 65530\n" + bots, "etc/guildfleet/b.yaml"), HasSubstr("port: 3011\n"));
}

TEST(systemd, lets_the_program_say_its_release_unless_the_fleet_names_one) {
  const std::string bots = "bots: [{ name: a, token: \"${X}\" }]";
  EXPECT_THAT(file(bots, "etc/guildfleet/a.yaml"), HasSubstr("release: ${RELEASE:-}\n"));
  EXPECT_THAT(file("node: { release: blue }\n" + bots, "etc/guildfleet/a.yaml"),
              HasSubstr("release: ${RELEASE:-blue}\n"));
}

// What a service reads is what the fleet means, with the folders that systemd gives it.
TEST(systemd, writes_a_configuration_that_the_service_reads_as_the_same_fleet) {
  const fleet_config config =
      fleet(file(two_services, "etc/guildfleet/music.yaml"), {{"STATE_DIRECTORY", "/state"},
                                                              {"CREDENTIALS_DIRECTORY", "/secrets"},
                                                              {"RUNTIME_DIRECTORY", "/run/guildfleet"}});
  EXPECT_EQ(config.fleet, "my_fleet");
  EXPECT_EQ(config.address, "127.0.0.1");
  EXPECT_EQ(config.node.release, "1.0");
  EXPECT_EQ(config.egress_folder, "/run/guildfleet");
  ASSERT_EQ(config.bots.size(), 1U);
  EXPECT_EQ(config.bots[0].sqlite_path, "/state/music.sqlite");
  EXPECT_EQ(config.bots[0].presence.text, "costs $5");
}

TEST(systemd, shares_a_folder_with_other_targets_without_a_file_in_common) {
  std::set<std::string> ours;
  const auto all = render("systemd", fleet(two_services)).value();
  for (const rendered_file& each : all.files) ours.insert(each.path);
  for (const std::string& other : render_targets()) {
    if (other == "systemd") continue;
    const auto theirs = render(other, fleet(two_services)).value();
    for (const rendered_file& each : theirs.files) EXPECT_FALSE(ours.contains(each.path)) << each.path;
  }
}

TEST(systemd, installs_every_file_that_it_writes) {
  const auto all = render("systemd", fleet(two_services)).value();
  const std::string script = text_of(all, "install-systemd");
  for (const rendered_file& each : all.files) {
    if (each.path != "install-systemd") EXPECT_THAT(script, HasSubstr("place " + each.path + "\n"));
  }
}

}  // namespace
}  // namespace guildfleet::ops
