// What tests of renderers share: a fleet from its text, and a file of what was rendered.
#pragma once

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <string_view>

#include "ops/fleet_config.hpp"
#include "ops/render/rendered_file.hpp"

namespace guildfleet::ops {

// The token of the variable MUSIC_TOKEN; it must never be rendered.
inline constexpr std::string_view canary =
    "MTIzNDU2Nzg5MDEyMzQ1Njc4.GAbcde.this-token-must-be-nowhere-0123456789";

// Fails the test at a problem of the text.
inline fleet_config fleet(std::string_view text, std::map<std::string, std::string> variables = {}) {
  variables.emplace("MUSIC_TOKEN", canary);
  config_surroundings around;
  around.variables = [&](std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(std::string(name));
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
  around.build_version = "1.0";
  around.known_features = {"ping", "help"};
  around.default_features = {"ping", "help"};
  around.runs_here = false;
  auto outcome = parse_fleet_config(text, "fleet.yaml", around);
  for (const auto& each : outcome.problems) ADD_FAILURE() << base::to_text(each);
  return outcome.config.value_or(fleet_config{});
}

inline std::string text_of(const rendering& all, std::string_view path) {
  const auto found = std::ranges::find(all.files, path, &rendered_file::path);
  EXPECT_NE(found, all.files.end()) << path;
  return found == all.files.end() ? std::string() : found->text;
}

}  // namespace guildfleet::ops
