#include "support/network_lab.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fmt/format.h>
#include <fstream>
#include <sched.h>
#include <stdexcept>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/child_process.hpp"

namespace guildfleet::support {
namespace {

using side = network_lab::side;

constexpr const char* names_of_namespaces = "/run/netns";
constexpr const char* ip_program = "/usr/sbin/ip";
constexpr std::array both{side::discord, side::store};

int number_of(side network) {
  return network == side::discord ? 1 : 2;
}
std::string name_of(side network) {
  return network == side::discord ? "discord" : "store";
}
std::string name_of(int host) {
  return fmt::format("host-{}", host);
}
// This process's end of a host's cable.
std::string plug_of(int host, side network) {
  return fmt::format("{}-{}", name_of(network), host);
}
std::string hardware_address(int host, side network) {
  return fmt::format("02:00:00:00:{:02x}:{:02x}", number_of(network), host + 1);
}
constexpr int this_process = 0;

std::string because(const char* what) {
  return fmt::format("{}: {}", what, std::strerror(errno));
}

}  // namespace

std::optional<std::string> network_lab::enter() {
  if (::access(ip_program, X_OK) != 0) return "iproute2 is missing: scripts/install-deps build test";
  if (::unshare(CLONE_NEWNET | CLONE_NEWNS) != 0) return because("no network namespace can be made");
  if (::mount("", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return because("no private mounts");
  // Where ip(8) keeps the names of namespaces: seen here only, so that nothing is left behind.
  ::mkdir(names_of_namespaces, 0755);
  if (::mount("tmpfs", names_of_namespaces, "tmpfs", 0, nullptr) != 0) return because("no mounts");
  return std::nullopt;
}

network_lab::network_lab(int hosts) {
  std::string lines = "link set lo up\n";
  for (const side network : both) {
    lines += fmt::format(
        "link add name {0} address {1} type bridge\n"
        "address add {2}/24 dev {0}\n"
        "link set {0} up\n",
        name_of(network), hardware_address(this_process, network), own_address(network));
  }
  run(lines);
  for (int host = 1; host <= hosts; ++host) {
    std::string here = fmt::format("netns add {}\n", name_of(host));
    std::string there = "link set lo up\n";
    // Hardware addresses are written down on both sides, so that nobody asks for one on a network that is
    // cut.
    for (const side network : both) {
      here += fmt::format(
          "link add {0} type veth peer name {1} address {2} netns {3}\n"
          "link set {0} master {1} up\n"
          "neighbour replace {4} lladdr {2} nud permanent dev {1}\n",
          plug_of(host, network), name_of(network), hardware_address(host, network), name_of(host),
          address_of_host(host, network));
      there += fmt::format(
          "address add {1}/24 dev {0}\n"
          "link set {0} up\n"
          "neighbour replace {2} lladdr {3} nud permanent dev {0}\n",
          name_of(network), address_of_host(host, network), own_address(network),
          hardware_address(this_process, network));
    }
    run(here);
    run(there, host);
  }
}

std::vector<std::string> network_lab::on_host(int host, const std::vector<std::string>& command) {
  std::vector<std::string> whole{"/usr/bin/nsenter",
                                 fmt::format("--net={}/{}", names_of_namespaces, name_of(host)), "--"};
  whole.insert(whole.end(), command.begin(), command.end());
  return whole;
}

std::string network_lab::address_of_host(int host, side network) {
  return fmt::format("10.213.{}.{}", number_of(network), host + 1);
}

std::string network_lab::own_address(side network) {
  return address_of_host(this_process, network);
}

std::string network_lab::addresses(side network) {
  return fmt::format("10.213.{}.0/24", number_of(network));
}

void network_lab::cut(int host, side network) const {
  run(fmt::format("link set {} nomaster\n", plug_of(host, network)));
}

void network_lab::mend(int host, side network) const {
  run(fmt::format("link set {} master {}\n", plug_of(host, network), name_of(network)));
}

void network_lab::run(const std::string& lines, std::optional<int> host) const {
  const std::filesystem::path batch = folder_ / "commands";
  std::ofstream(batch, std::ios::trunc) << lines;
  std::vector<std::string> command{ip_program, "-batch", batch.string()};
  if (host) command = on_host(*host, command);
  child_process program({.command = std::move(command),
                         .environment = {},
                         .folder = folder_.path(),
                         .out = folder_ / "out",
                         .err = folder_ / "err"});
  if (program.wait(std::chrono::seconds(10)) != 0)
    throw std::runtime_error("a network could not be made: " + program.err());
}

}  // namespace guildfleet::support
