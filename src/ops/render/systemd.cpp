#include "ops/render/systemd.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ops/render/compose_servers.hpp"
#include "ops/render/systemd_install.hpp"

namespace guildfleet::ops {
namespace {

const std::string command = "guildfleet render systemd";

// What does not depend on the fleet. The program needs the network, its own state and nothing else.
constexpr std::string_view sandbox = R"(
UMask=0077
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
PrivateMounts=yes
PrivateUsers=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
RemoveIPC=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
KeyringMode=private
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
)";

// Starts: a crash loop ends before it has used up what Discord allows in a day. A database that is away when
// the machine boots is waited for; then a person has to look.
constexpr std::string_view unit_head = R"([Unit]
Description=Discord bots of the service %i
PartOf=guildfleet.target
Wants=network-online.target
After=network-online.target nss-lookup.target time-sync.target postgresql.service redis-server.service
StartLimitIntervalSec=30min
StartLimitBurst=30

[Service]
Type=notify
NotifyAccess=main
User=guildfleet
Group=guildfleet
ExecStart=guildfleet run --config /etc/guildfleet/%i.yaml
Environment=NODE_NAME=%i@%H
# What differs from machine to machine, such as ADVERTISE, ADDRESS or RELEASE; it may be missing.
EnvironmentFile=-/etc/guildfleet/%i.env
StateDirectory=guildfleet/%i
StateDirectoryMode=0700
WorkingDirectory=%S/guildfleet/%i
# What other services keep is not there.
TemporaryFileSystem=%S/guildfleet:ro
BindPaths=%S/guildfleet/%i
# Shared by all services, and kept when one stops: they count here what Discord counts for the machine's address.
RuntimeDirectory=guildfleet
RuntimeDirectoryMode=0700
RuntimeDirectoryPreserve=yes

# Ready: it serves. That Discord is reached is in its status; a start may wait for it as long as it takes.
TimeoutStartSec=10min
WatchdogSec=30
# A core dump would hold every token.
WatchdogSignal=SIGKILL
LimitCORE=0
Restart=on-failure
RestartSec=10
# A wrong configuration or a missing secret stays wrong.
RestartPreventExitStatus=2 CREDENTIALS
)";

std::string unit_file(const deploy_section& deploy) {
  std::string out = header_of(command) + std::string(unit_head);
  out += fmt::format("# deploy.drain and {} s more.\nTimeoutStopSec={}\n", grace_beyond_drain.count(),
                     (deploy.drain + grace_beyond_drain).count());
  out += fmt::format("\nMemoryMax={}M\nCPUQuota={:g}%\nTasksMax=256\nLimitNOFILE=65536\n", deploy.memory_mib,
                     deploy.cpus * 100);
  return out + std::string(sandbox) + "\n[Install]\nWantedBy=multi-user.target\n";
}

std::string target_file(const fleet_config& config, const deployment& all) {
  std::vector<std::string> units;
  for (const service& each : all.services) units.push_back(unit_of(each));
  return fmt::format(
      "{}[Unit]\nDescription=All bots of the fleet {}\nWants={}\n\n[Install]\nWantedBy=multi-user.target\n",
      header_of(command), config.fleet, fmt::join(units, " \\\n  "));
}

std::string secrets_file(const service& of) {
  std::string out = header_of(command) + "[Service]\n";
  for (const needed_secret& each : of.secrets)
    out += fmt::format("LoadCredential={0}:{1}/{0}\n", each.name, host_secrets_folder);
  return out;
}

// Of the first service; the port of fleet.yaml where the others fit behind it.
std::uint16_t first_port(const fleet_config& config, const deployment& all) {
  const std::size_t room = all.services.size() * ports_of_a_service;
  return config.port != 0 && config.port + room <= 65'536 ? config.port : health_port;
}

node_layout layout_of(const fleet_config& config, const deployment& all, std::size_t service) {
  const bool everywhere = config.address == fleet_config{}.address;
  node_layout out;
  out.storage = "${STATE_DIRECTORY}";
  out.secrets = "${CREDENTIALS_DIRECTORY}";
  out.egress = "${RUNTIME_DIRECTORY}";
  out.address = fmt::format("${{ADDRESS:-{}}}", everywhere ? "127.0.0.1" : config.address);
  out.api_address = fmt::format("${{API_ADDRESS:-{}}}", config.api.address);
  out.health = static_cast<std::uint16_t>(first_port(config, all) + service * ports_of_a_service);
  out.api = static_cast<std::uint16_t>(out.health + 1);
  out.on_host = true;
  return out;
}

// With servers of somebody else their addresses are a person's secrets.
deployment on_one_machine(fleet_config config) {
  config.deploy.database = server_place::outside;
  config.deploy.redis = server_place::outside;
  return deployment_of(config).value();
}

}  // namespace

rendering render_systemd(const fleet_config& config, const deployment&) {
  const deployment all = on_one_machine(config);
  rendering out;
  const auto add = [&](std::string path, std::string text) {
    out.files.push_back({std::move(path), std::move(text)});
  };
  add("etc/systemd/system/guildfleet@.service", unit_file(config.deploy));
  add("etc/systemd/system/guildfleet.target", target_file(config, all));
  add("etc/sysusers.d/guildfleet.conf",
      header_of(command) + "u guildfleet - \"Discord bots of guildfleet\" /var/lib/guildfleet -\n");
  for (std::size_t i = 0; i < all.services.size(); ++i) {
    const service& each = all.services[i];
    add(fmt::format("etc/systemd/system/{}.d/secrets.conf", unit_of(each)), secrets_file(each));
    add(fmt::format("etc/guildfleet/{}.yaml", each.name),
        header_of(command) + node_config(config, all, each, layout_of(config, all, i)));
  }
  out.files.push_back({"install-systemd", install_script(all, out.files, header_of(command)), true});
  out.next = {"sudo ./install-systemd", "sudo systemctl enable --now guildfleet.target"};
  return out;
}

}  // namespace guildfleet::ops
