// A small world with its REST API for tests: one guild, two bots, a clock that stands still, and what was
// published.
#pragma once

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include "sim/rest/rest_api.hpp"
#include "sim/world/member_actions.hpp"
#include "sim/world/state.hpp"

namespace guildfleet::sim {

class recording_sink final : public event_sink {
 public:
  void publish(world_event event) override { events.push_back(std::move(event)); }
  [[nodiscard]] start_limit session_start_limit(id) const override { return {1000, 990, 5000, 1}; }

  [[nodiscard]] std::vector<std::string> types() const {
    std::vector<std::string> out;
    for (const auto& event : events) out.push_back(event.type);
    return out;
  }
  [[nodiscard]] const world_event* last(std::string_view type) const {
    for (auto at = events.rbegin(); at != events.rend(); ++at) {
      if (at->type == type) return &*at;
    }
    return nullptr;
  }

  std::vector<world_event> events;
};

class rest_fixture : public testing::Test {
 protected:
  static world_settings small_world() {
    world_settings out;
    out.bots = 2;
    out.guilds = 2;
    out.members = 5;
    return out;
  }
  static rest_settings unlimited() {
    rest_settings out;
    out.bucket_limits = false;
    out.global_per_second = 0;
    return out;
  }

  explicit rest_fixture(rest_settings settings = unlimited())
      : simulated(clock, small_world()),
        rest(clock, simulated, std::move(settings), &sink),
        people(simulated) {
    simulated.connect(&sink);
    bot = simulated.bots().front();
    guild = simulated.guilds().front();
    const auto& record = simulated.state().guilds.at(guild);
    for (const id which : record.channels) {
      if (channel == 0 && simulated.state().channels.at(which).type == channel_type::text) channel = which;
      if (voice == 0 && simulated.state().channels.at(which).type == channel_type::voice) voice = which;
    }
    for (const auto& [user, _] : record.members) {
      if (user != record.owner && !simulated.state().bots.contains(user)) human = user;
    }
  }

  net::http_request request(std::string method, std::string path, const std::string& body = {}) const {
    net::http_request out;
    out.method = std::move(method);
    out.target = "/api/v10" + std::move(path);
    out.remote_address = "127.0.0.1";
    out.fields.set("Authorization", "Bot " + bot.token);
    out.fields.set("User-Agent", "DiscordBot (https://example.invalid, 1.0)");
    if (!body.empty()) out.fields.set("Content-Type", "application/json");
    out.body = body;
    return out;
  }
  net::http_response call(std::string method, std::string path, const std::string& body = {}) {
    return rest.handle(request(std::move(method), std::move(path), body)).response;
  }
  // "/channels/{c}/x" with the ids of the fixture: {c} text channel, {v} voice channel, {g} guild, {u} human,
  // {b} bot.
  std::string filled(std::string path) const {
    for (const auto& [name, value] : {std::pair{"{c}", channel},
                                      {"{v}", voice},
                                      {"{g}", guild},
                                      {"{u}", human},
                                      {"{b}", bot.user},
                                      {"{m}", message}}) {
      for (auto at = path.find(name); at != std::string::npos; at = path.find(name))
        path.replace(at, 3, id_text(value));
    }
    return path;
  }
  static json::value parsed(const net::http_response& response) { return json::parse(response.body); }
  static int code_of(const net::http_response& response) {
    return static_cast<int>(int_field(parsed(response).as_object(), "code", -1));
  }
  id post(const std::string& content) {
    const auto response =
        call("POST", filled("/channels/{c}/messages"), json::serialize(json::object{{"content", content}}));
    message = id_field(parsed(response).as_object(), "id");
    return message;
  }
  void set_bot_permissions(bits permissions) {
    auto& record = simulated.state().guilds.at(guild);
    record.roles.at(guild).permissions = 0;
    record.roles.at(record.members.at(bot.user).roles.front()).permissions = permissions;
  }

  base::manual_clock clock;
  recording_sink sink;
  world simulated;
  rest_api rest;
  member_actions people;
  bot_account bot;
  id guild = 0;
  id channel = 0;
  id voice = 0;
  id human = 0;
  id message = 0;
};

}  // namespace guildfleet::sim
