// A small world, a recording socket and a scripted client for the tests of the gateway.
#pragma once

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "sim/gateway/gateway_hub.hpp"

namespace guildfleet::sim::test_kit {

namespace json = boost::json;

// Guild number `index`; with two shards, its shard is index % 2.
[[nodiscard]] constexpr id guild_id(id index) {
  return (index << 22U) + 5;
}

class small_world final : public world_view, public request_port {
 public:
  small_world() {
    bot = {.application = 100, .user = 100, .token = "token", .name = "alpha", .application_flags = 0x45000};
    other = {.application = 200, .user = 200, .token = "other", .name = "beta", .application_flags = 0};
    for (id index = 1; index <= 3; ++index) guilds.push_back(guild_id(index));
  }

  const bot_account* find_bot_by_token(std::string_view token) const override {
    if (token == bot.token) return &bot;
    return token == other.token ? &other : nullptr;
  }
  const bot_account* find_bot(id application) const override {
    return application == 100 ? &bot : application == 200 ? &other : nullptr;
  }
  std::vector<id> guilds_of(id) const override { return guilds; }
  json::object guild_create(id guild, id, std::uint64_t) const override {
    return {{"id", std::to_string(guild)}, {"name", "guild"}, {"soundboard_sounds", json::array{}}};
  }
  bool guild_unavailable(id guild) const override { return guild == unavailable; }
  json::object self_user(id application) const override {
    return {{"id", std::to_string(application)}, {"username", "bot"}, {"bot", true}};
  }
  void reset_token(id) override { bot.token = "a new one"; }

  std::vector<json::object> members(const guild_members_request& request) const override {
    std::vector<json::object> found;
    for (id user = 1; user <= member_count; ++user)
      if (!request.by_ids || std::ranges::find(request.user_ids, user) != request.user_ids.end())
        found.push_back({{"user", {{"id", std::to_string(user)}}}});
    return found;
  }
  json::object presence(id, id user) const override { return {{"user", {{"id", std::to_string(user)}}}}; }
  json::array channel_info(id) const override {
    return {{{"id", "7"}, {"status", "hi"}, {"voice_start_time", 5}}};
  }
  void set_voice_state(id, const voice_state_request& request) override { voice = request; }
  void set_presence(id, const presence_request& request) override { presences.push_back(request.status); }

  bot_account bot;
  bot_account other;
  std::vector<id> guilds;
  id unavailable = 0;
  id member_count = 3;
  std::optional<voice_state_request> voice;
  std::vector<std::string> presences;
};

class recorded_output final : public connection_output {
 public:
  void send(std::string_view text) override {
    messages.push_back(json::parse(json::string_view(text)).as_object());
  }
  void compress_payloads() override { compressed = true; }
  void close(std::uint16_t code, std::string_view) override { closed = code; }
  void drop() override { dropped = true; }
  void wake() override {}
  std::size_t queued_bytes() const override { return queued; }
  void corrupt_next() override {}
  void send_garbage() override {}
  void throttle(std::size_t) override {}
  void freeze() override { frozen = true; }

  std::vector<json::object> messages;
  std::optional<std::uint16_t> closed;
  bool dropped = false;
  bool compressed = false;
  bool frozen = false;
  std::size_t queued = 0;
};

// One connection that is pulled after each step.
class scripted_client final {
 public:
  scripted_client(gateway_hub& hub, const base::clock& clock, connect_query query = {"10", "json", ""})
      : clock_(clock), connection_(hub, output_, std::move(query), 1) {
    connection_.open(clock_.steady_now());
  }

  scripted_client& sends(std::string_view text) {
    connection_.on_text(text, clock_.steady_now());
    connection_.pull();
    return *this;
  }
  scripted_client& identifies(std::uint64_t intents = intent_all_unprivileged, int shard = 0, int count = 1,
                              std::string_view token = "token") {
    return sends(
        fmt::format(R"({{"op":2,"d":{{"token":"{}","properties":{{}},"intents":{},"shard":[{},{}]}}}})",
                    token, intents, shard, count));
  }
  scripted_client& resumes(std::string_view session, std::uint64_t sequence,
                           std::string_view token = "token") {
    return sends(fmt::format(R"({{"op":6,"d":{{"token":"{}","session_id":"{}","seq":{}}}}})", token, session,
                             sequence));
  }
  scripted_client& ticks() {
    connection_.on_tick(clock_.steady_now());
    connection_.pull();
    return *this;
  }

  // "READY", "GUILD_CREATE", or "op9:false" for what is no dispatch; with sequences: "READY#1".
  [[nodiscard]] std::vector<std::string> heard(bool with_sequences = false) const {
    std::vector<std::string> names;
    for (const json::object& message : output_.messages) {
      if (!message.at("t").is_string()) {
        names.push_back(
            fmt::format("op{}:{}", message.at("op").as_int64(), json::serialize(message.at("d"))));
        continue;
      }
      names.emplace_back(message.at("t").as_string().c_str());
      if (with_sequences) names.back() += fmt::format("#{}", message.at("s").as_int64());
    }
    return names;
  }
  // What came since the last time, without Hello.
  std::vector<std::string> news(bool with_sequences = false) {
    auto names = heard(with_sequences);
    names.erase(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(seen_, 1)));
    seen_ = output_.messages.size();
    return names;
  }
  [[nodiscard]] std::string session_name() const {
    for (const json::object& message : output_.messages)
      if (message.at("t") == "READY") return message.at("d").at("session_id").as_string().c_str();
    return {};
  }
  [[nodiscard]] const std::vector<json::object>& messages() const { return output_.messages; }
  [[nodiscard]] const json::object& last() const { return output_.messages.back(); }
  [[nodiscard]] recorded_output& output() { return output_; }
  [[nodiscard]] gateway_connection& connection() { return connection_; }
  [[nodiscard]] std::optional<std::uint16_t> closed() const { return output_.closed; }

  static constexpr std::uint64_t intent_all_unprivileged = 53575421;

 private:
  const base::clock& clock_;
  recorded_output output_;
  gateway_connection connection_;
  std::size_t seen_ = 0;
};

// A message by user 1 in guild 1, as the world would publish it.
[[nodiscard]] inline world_event message_event(std::string content = "hello", id author = 1) {
  world_event event;
  event.type = "MESSAGE_CREATE";
  event.data = {{"id", "9"},
                {"content", std::move(content)},
                {"author", {{"id", std::to_string(author)}}},
                {"embeds", {1}},
                {"attachments", json::array{}},
                {"mentions", json::array{}},
                {"guild_id", std::to_string(guild_id(1))}};
  event.guild = guild_id(1);
  event.any_of_intents = 1U << 9U;
  event.holds_message_content = true;
  return event;
}

}  // namespace guildfleet::sim::test_kit
