#include "ops/deploy_section.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace guildfleet::ops {
namespace {

// A DNS name or a label of one: hosts, namespaces, classes.
bool is_dns_name(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  return !text.empty() && text.size() <= 253 && std::ranges::all_of(text, fits) && text.front() != '-' &&
         text.front() != '.' && text.back() != '-' && text.back() != '.';
}

void read_dns_name(section_reader& reader, std::string_view key, std::string& out) {
  reader.read(key, out);
  if (reader.given(key) && !is_dns_name(out))
    reader.report_bad_value(key, "a DNS name: letters, digits, hyphens and dots");
}

void read_image(section_reader& reader, std::string& image) {
  reader.read("image", image);
  const bool printable = std::ranges::all_of(image, [](char c) { return c > ' ' && c <= '~'; });
  if (image.empty() || image.size() > 255 || !printable)
    reader.report_bad_value("image", "the name of an image");
  const std::size_t name = image.find_last_of('/') == std::string::npos ? 0 : image.find_last_of('/');
  const bool has_version = image.find(':', name) != std::string::npos || image.contains('@');
  if (!has_version || image.ends_with(":latest"))
    reader.warn(
        "image",
        fmt::format("{} names no version: nobody can tell what runs, and a roll back finds nothing", image),
        "add one, such as guildfleet:1.0");
}

void read_cpus(section_reader& reader, double& cpus) {
  const auto text = reader.text("cpus");
  if (!text) return;
  double value = 0;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (problem == std::errc() && end == text->data() + text->size() && value >= 0.05 && value <= 64)
    cpus = value;
  else
    reader.report_bad_value("cpus", "a number from 0.05 to 64");
}

void read_namespace(section_reader& reader, std::string_view key, std::string& out) {
  constexpr std::size_t longest = 59;  // of 63; the overlay dev adds four
  reader.read(key, out);
  if (reader.given(key) && (!is_dns_name(out) || out.contains('.') || out.size() > longest))
    reader.report_bad_value(key, "the name of a namespace: at most 59 letters, digits and hyphens");
}

// The tag of an image and the value of RELEASE.
void read_canary(section_reader& reader, std::string& out) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_';
  };
  reader.read("canary", out);
  if (out.empty() || out.size() > 128 || !std::ranges::all_of(out, fits) || out.front() == '-' ||
      out.front() == '.')
    reader.report_bad_value("canary", "the tag of an image, such as 1.1");
}

void read_kubernetes(section_reader& reader, kubernetes_section& kubernetes) {
  read_namespace(reader, "namespace", kubernetes.name_space);
  read_dns_name(reader, "storage_class", kubernetes.storage_class);
  reader.read_choice<std::string>("ingress_class", kubernetes.ingress_class,
                                  {{"traefik", "traefik"}, {"nginx", "nginx"}});
  read_dns_name(reader, "pull_secret", kubernetes.pull_secret);
  read_canary(reader, kubernetes.canary);
  reader.read_number<std::uint32_t>("storage_gib", kubernetes.storage_gib, 1, 65'536);
  reader.read_number<std::uint32_t>("database_gib", kubernetes.database_gib, 1, 65'536);
  reader.read_number<std::uint16_t>("database_port", kubernetes.database_port, 1, 65'535);
  reader.read_number<std::uint16_t>("redis_port", kubernetes.redis_port, 1, 65'535);
  reader.read_choice("monitoring", kubernetes.monitoring, {{"true", true}, {"false", false}});
  read_namespace(reader, "monitoring_namespace", kubernetes.monitoring_namespace);
  reader.finish();
}

}  // namespace

std::string_view name_of(deploy_pattern value) {
  switch (value) {
    case deploy_pattern::independent:
      return "independent";
    case deploy_pattern::shared:
      return "shared";
    case deploy_pattern::services:
      return "services";
  }
  return "unknown";
}

void read_deploy(section_reader& reader, deploy_pattern by_use, const std::string& fleet,
                 const std::string& release, deploy_section& deploy) {
  deploy.pattern = by_use;
  deploy.image = fmt::format("guildfleet:{}", release);
  // Names of fleets may hold what a DNS label may not.
  deploy.kubernetes.name_space = fleet;
  std::ranges::replace(deploy.kubernetes.name_space, '_', '-');
  while (deploy.kubernetes.name_space.ends_with('-')) deploy.kubernetes.name_space.pop_back();
  reader.read_choice("pattern", deploy.pattern,
                     {{"independent", deploy_pattern::independent},
                      {"shared", deploy_pattern::shared},
                      {"services", deploy_pattern::services}});
  if (reader.given("image"))
    read_image(reader, deploy.image);
  else
    (void)reader.text("image");
  reader.read_number<std::uint32_t>("nodes", deploy.nodes, 1, 1'000);
  auto drain = static_cast<std::uint32_t>(deploy.drain.count());
  reader.read_number<std::uint32_t>("drain", drain, 10, 600);
  deploy.drain = std::chrono::seconds(drain);
  reader.read_number<std::uint32_t>("memory_mib", deploy.memory_mib, 64, 1'048'576);
  read_cpus(reader, deploy.cpus);
  read_dns_name(reader, "host", deploy.host);
  deploy.trusted_proxies = read_networks(reader, "trusted_proxies");
  const std::vector<std::pair<std::string_view, server_place>> places = {{"inside", server_place::inside},
                                                                         {"outside", server_place::outside}};
  reader.read_choice("database", deploy.database, places);
  reader.read_choice("redis", deploy.redis, places);
  reader.read_choice("alert_webhook", deploy.alert_webhook, {{"true", true}, {"false", false}});
  section_reader kubernetes(reader.context(), reader.mapping("kubernetes"), reader.path_of("kubernetes."));
  read_kubernetes(kubernetes, deploy.kubernetes);
  reader.finish();
}

}  // namespace guildfleet::ops
