// Many writers change one list of one guild at once, by command, API and import, on three nodes of one
// database: no change is lost. GUILDFLEET_WRITERS and GUILDFLEET_EDITS say how many; 50 and 200 in the long
// form.
#include <atomic>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>
#include <thread>

#include "base/api_token.hpp"
#include "features/replies.hpp"
#include "integration/hosted_fleet.hpp"
#include "store/postgres/postgres_store.hpp"
#include "support/postgres_server.hpp"

namespace guildfleet::integration {
namespace {

using base::text;

constexpr settings::field fields[] = {
    settings::list_of(settings::text_field("items", 40, std::nullopt, text{"Items", "項目"},
                                           text{"One of each writer.", "書き手ごとに一つ。"}),
                      200, settings::repeats::refused)};
constexpr settings::feature_schema schema{"lists", text{"Lists", "リスト"}, fields};
static_assert(settings::sound(schema));

// The list with "<writer>:<value>" in place of "<writer>:<value - 1>"; nullopt: that is not there, so that an
// earlier change was lost.
std::optional<json::array> with_value(const json::array& items, const std::string& writer, int value) {
  json::array out;
  bool found = value == 1;
  const std::string before = fmt::format("{}:{}", writer, value - 1);
  for (const json::value& each : items) {
    if (std::string_view(each.as_string()) == before)
      found = true;
    else
      out.push_back(each);
  }
  out.emplace_back(fmt::format("{}:{}", writer, value));
  return found ? std::optional(std::move(out)) : std::nullopt;
}

json::array items_of(const json::object& values) {
  const json::value* items = values.if_contains("items");
  return items == nullptr ? json::array() : items->as_array();
}

// "/set writer value" changes the list, and says what came of it.
class listing final : public features::feature {
 public:
  explicit listing(const features::shard_services& services) : settings_(services.settings) {}

  net::task<> on_command(features::interaction_call call) override {
    const std::string writer(call.what->command()->text("writer").value_or(""));
    const int value = static_cast<int>(call.what->command()->integer("value").value_or(0));
    const auto apply = [writer, value](json::object values) -> base::result<json::object> {
      auto items = with_value(items_of(values), writer, value);
      if (!items) return base::fail(std::make_error_code(std::errc::no_message), "lost");
      values["items"] = std::move(*items);
      return values;
    };
    const auto outcome =
        co_await settings_.edit(call.what->guild, "lists", {writer, store::change_origin::command}, apply);
    std::string answer = "busy";
    if (outcome && std::holds_alternative<settings::changed>(*outcome)) answer = "saved";
    if (!outcome && outcome.error().code() == std::errc::no_message) answer = "lost";
    (void)co_await call.answers->reply(features::private_message(answer));
  }

 private:
  features::settings_port& settings_;
};

std::vector<discord::command_definition> commands() {
  discord::command_definition set;
  set.name = "set";
  set.description = "Sets a writer's value";
  discord::option_definition writer;
  writer.type = discord::option_type::string;
  writer.name = "writer";
  writer.description = "Whose";
  writer.required = true;
  discord::option_definition value = writer;
  value.type = discord::option_type::integer;
  value.name = "value";
  set.options = {writer, value};
  return {std::move(set)};
}

const features::feature_declaration lists{
    .name = "lists",
    .intents = discord::intent::guilds,
    .commands = commands,
    .settings = &schema,
    .make = [](const features::shard_services& services) -> std::unique_ptr<features::feature> {
      return std::make_unique<listing>(services);
    }};

int number_from(const char* variable, int fallback) {
  const char* given = std::getenv(variable);
  return given == nullptr ? fallback : std::stoi(given);
}

// One try; saved, or what kept it from being saved.
enum class attempt { saved, conflict, lost };

class edits : public testing::Test {
 protected:
  edits() {
    for (const std::string name : {"bot1", "bot2", "bot3"}) {
      bot::fleet_settings settings;
      settings.node = "node-of-" + name;
      settings.bots.push_back(
          plan_of(name, discord.token_of(name), discord.api_url(), folder.path(), {&lists}));
      settings.database.url = base::secret(url);
      nodes.push_back(std::make_unique<hosted_fleet>(std::move(settings)));
      origins.push_back(nodes.back()->start_api());
    }
    store::postgres_settings at;
    at.url = base::secret(url);
    at.node = {"test", 9};
    data = store::open_postgres_store(at, clock, base::random_source(1)).value().data;
    EXPECT_TRUE(data->add_token({"test", base::hash_api_token("gft_test"),
                                 static_cast<std::uint8_t>(store::token_scope::config), clock.wall_now(),
                                 std::nullopt}));
  }

  [[nodiscard]] net::http_response ask(int node, const std::string& method, const std::string& what,
                                       std::string body = {}, const std::string& etag = {}) const {
    support::http_call call{
        .origin = origins.at(static_cast<std::size_t>(node)),
        .path = fmt::format("/api/v1/bots/bot{}/guilds/{}/{}", node + 1, guild, what),
        .method = method,
        .limit = 30s,
        .fields = {{"Authorization", "Bearer gft_test"}, {"Content-Type", "application/merge-patch+json"}},
        .text = std::move(body)};
    if (!etag.empty()) call.fields.emplace_back("If-Match", etag);
    return support::answer_to(call);
  }

  [[nodiscard]] attempt by_command(int node, const std::string& writer, int value) const {
    const auto status = discord.try_act("command", {{"bot", fmt::format("bot{}", node + 1)},
                                                    {"name", "set"},
                                                    {"options", {{"writer", writer}, {"value", value}}},
                                                    {"guild", guild},
                                                    {"wait", 20'000}});
    if (!status) return attempt::conflict;
    const std::string text = json::serialize(*status);
    if (text.contains("lost")) return attempt::lost;
    return text.contains("saved") ? attempt::saved : attempt::conflict;
  }

  [[nodiscard]] attempt by_api(int node, const std::string& writer, int value) const {
    const auto seen = ask(node, "GET", "config/lists");
    const json::object state = support::object_of(seen);
    if (seen.status != 200) return attempt::conflict;
    const auto items = with_value(items_of(state.at("settings").as_object()), writer, value);
    // What another node knows may be a moment old; then the ETag is too, and saving is refused.
    const json::object patch{{"items", items.value_or(json::array{fmt::format("{}:{}", writer, value)})}};
    const auto done = ask(node, "PATCH", "config/lists", json::serialize(patch),
                          std::string(seen.fields.find("ETag").value_or("")));
    if (done.status == 200) return items ? attempt::saved : attempt::lost;
    return attempt::conflict;
  }

  [[nodiscard]] attempt by_import(int node, const std::string& writer, int value) const {
    const auto seen = ask(node, "GET", "export");
    if (seen.status != 200) return attempt::conflict;
    json::object state = support::object_of(seen);
    json::object& features = state.at("features").as_object();
    json::object& values =
        features["lists"].is_object() ? features["lists"].as_object() : features["lists"].emplace_object();
    const auto items = with_value(items_of(values), writer, value);
    values["items"] = items.value_or(json::array{fmt::format("{}:{}", writer, value)});
    const auto done = ask(node, "POST", "import", json::serialize(state),
                          std::string(seen.fields.find("ETag").value_or("")));
    if (done.status == 200) return items ? attempt::saved : attempt::lost;
    return attempt::conflict;
  }

  base::scratch_folder folder;
  base::system_clock clock;
  simulated_discord discord{{.bots = {"bot1", "bot2", "bot3"}, .bucket_limits = false}};
  std::string guild = discord.first_guild();
  support::postgres_server server;
  std::string url = server.url(server.make_database());
  std::vector<std::unique_ptr<hosted_fleet>> nodes;
  std::vector<std::string> origins;
  std::shared_ptr<store::data_store> data;
};

TEST_F(edits, of_many_writers_by_every_way_are_all_kept) {
  const int writers = number_from("GUILDFLEET_WRITERS", 9);
  const int each = number_from("GUILDFLEET_EDITS", 12);
  for (const auto& node : nodes) ASSERT_TRUE(node->ready());
  for (const std::string bot : {"bot1", "bot2", "bot3"})
    ASSERT_TRUE(eventually(
        patience, [&] { return by_command(bot.back() - '1', "first-of-" + bot, 1) == attempt::saved; }));
  std::atomic<int> conflicts{0};
  std::atomic<int> lost{0};
  const auto begin = std::chrono::steady_clock::now();
  {
    std::vector<std::jthread> threads;
    for (int writer = 0; writer < writers; ++writer) {
      threads.emplace_back([&, writer] {
        const std::string name = fmt::format("w{}", writer);
        const int node = writer % 3;
        for (int value = 1; value <= each; ++value) {
          attempt came = attempt::conflict;
          while (came == attempt::conflict) {
            came = writer / 3 % 3 == 0   ? by_command(node, name, value)
                   : writer / 3 % 3 == 1 ? by_api(node, name, value)
                                         : by_import(node, name, value);
            if (came == attempt::conflict) ++conflicts;
          }
          if (came == attempt::lost) ++lost;
        }
      });
    }
  }
  const auto took =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
  const auto row = data->read_settings({{}, {*discord::parse_snowflake(guild)}, "lists"});
  ASSERT_TRUE(row);
  EXPECT_EQ(lost, 0);
  EXPECT_EQ(row->version, static_cast<std::uint64_t>(writers * each + 3)) << "every change is a version";
  const json::array items = json::parse(row->document.value()).at("items").as_array();
  EXPECT_EQ(items.size(), static_cast<std::size_t>(writers) + 3);
  for (int writer = 0; writer < writers; ++writer) {
    const json::value wanted(fmt::format("w{}:{}", writer, each));
    EXPECT_NE(std::ranges::find(items, wanted), items.end()) << writer;
  }
  std::cout << fmt::format("{} edits by {} writers in {} ms, {} conflicts told\n", writers * each, writers,
                           took.count(), conflicts.load());
}

}  // namespace
}  // namespace guildfleet::integration
