#include "rendered/monitoring/watchers.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <fstream>
#include <stdexcept>
#include <yaml-cpp/yaml.h>

#include "support/eventually.hpp"
#include "support/http_call.hpp"

namespace guildfleet::rendered {
namespace {

constexpr std::chrono::seconds patience{60};

support::child_settings in(const base::scratch_folder& folder, std::vector<std::string> command) {
  const std::string name = std::filesystem::path(command.front()).filename().string();
  return {std::move(command), {}, folder.path(), folder / (name + ".out"), folder / (name + ".err")};
}

}  // namespace

void must_run(const base::scratch_folder& folder, const std::vector<std::string>& command) {
  support::child_process program(in(folder, command));
  if (program.wait(patience) != 0)
    throw std::runtime_error(fmt::format("{}: {}{}", fmt::join(command, " "), program.out(), program.err()));
}

void adapt_prometheus(const std::filesystem::path& file, const std::vector<std::string>& targets,
                      std::uint16_t alertmanager) {
  YAML::Node root = YAML::LoadFile(file.string());
  root["global"]["scrape_interval"] = "1s";
  root["global"]["evaluation_interval"] = "1s";
  root["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"][0] =
      fmt::format("127.0.0.1:{}", alertmanager);
  YAML::Node nodes = root["scrape_configs"][0];
  nodes.remove("dns_sd_configs");
  YAML::Node only(YAML::NodeType::Sequence);
  only.push_back(YAML::Node(YAML::NodeType::Map));
  only[0]["targets"] = targets;
  nodes["static_configs"] = only;
  YAML::Node jobs(YAML::NodeType::Sequence);
  jobs.push_back(nodes);
  root["scrape_configs"] = jobs;
  std::ofstream(file) << root << '\n';
}

watcher::watcher(const base::scratch_folder& folder, std::vector<std::string> command, std::uint16_t port,
                 std::string prefix)
    : origin_(fmt::format("http://127.0.0.1:{}", port)),
      prefix_(std::move(prefix)),
      process_(in(folder, std::move(command))) {}

bool watcher::starts() {
  return support::eventually(
      patience, [this] { return support::answer_to({.origin = origin_, .path = "/-/ready"}).status == 200; });
}

json::value watcher::ask(const std::string& path) const {
  const auto answer = support::answer_to({.origin = origin_, .path = prefix_ + path});
  return answer.status == 200 ? json::parse(answer.body) : json::value();
}

bool watcher::post(const std::string& path, const json::value& what) const {
  return support::answer_to({.origin = origin_,
                             .path = prefix_ + path,
                             .method = "POST",
                             .fields = {{"Content-Type", "application/json"}},
                             .text = json::serialize(what)})
             .status == 200;
}

std::string url_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return out;
}

}  // namespace guildfleet::rendered
