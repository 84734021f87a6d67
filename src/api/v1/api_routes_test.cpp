#include "api/v1/api_routes.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/v1/openapi.hpp"
#include "base/api_token.hpp"
#include "base/scratch_folder.hpp"
#include "settings/test_schema.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "support/json_schema.hpp"

namespace guildfleet::api::v1 {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr const settings::feature_schema* schemas[] = {&settings::testing_schema::welcome,
                                                       &settings::testing_schema::other};
const std::string guild = "/api/v1/bots/music/guilds/500";
const std::string welcome = guild + "/config/welcome";

// An API over a real SQLite store, without a socket.
class api : public testing::Test {
 protected:
  api() {
    store::sqlite_settings at;
    at.path = (folder / "a.sqlite").string();
    at.node = {"node", 1};
    auto opened = store::open_sqlite_store(std::move(at), clock);
    data = std::move(opened).value().data;
    desk = std::make_unique<settings::settings_desk>(
        context.get_executor(), settings::desk_parts{data,
                                                     thread,
                                                     nullptr,
                                                     catalogue,
                                                     {},
                                                     settings::make_settings_metrics(metrics),
                                                     base::random_source(1),
                                                     base::logger::root(),
                                                     {}});
    feed = std::make_unique<settings::change_feed>(
        context.get_executor(), settings::feed_settings{},
        settings::feed_parts{data, thread, metrics, base::logger::root()});
    bot::bot_stores stores{.sessions = nullptr,
                           .session_thread = thread,
                           .leases = leases,
                           .data = data,
                           .data_threads = thread,
                           .settings = *desk,
                           .changes = *feed,
                           .environment = {},
                           .control = context.get_executor()};
    bots->push_back({"music", stores});
    trust({});
    for (const auto scope : {store::token_scope::read, store::token_scope::config, store::token_scope::admin})
      add_token(std::string(store::name_of(scope)), scope);
  }
  ~api() override { thread.stop(); }

  // Begins anew, with these proxies.
  void trust(std::vector<base::network> proxies) {
    routes = std::make_unique<api_routes>(api_parts{bots, clock, metrics, std::move(proxies)});
  }

  void add_token(const std::string& name, store::token_scope scope) const {
    ASSERT_TRUE(data->add_token({name, base::hash_api_token("gft_" + name), static_cast<std::uint8_t>(scope),
                                 clock.wall_now(), std::nullopt}));
  }

  net::http_response ask(const std::string& method, const std::string& target,
                         std::vector<std::pair<std::string, std::string>> fields = {}, std::string body = {},
                         const std::string& token = "admin") {
    net::http_request request{.method = method,
                              .target = target,
                              .fields = {},
                              .body = std::move(body),
                              .remote_address = "127.0.0.1"};
    if (!token.empty()) request.fields.set("Authorization", "Bearer gft_" + token);
    for (const auto& [key, value] : fields) request.fields.set(key, value);
    auto future = net::asio::co_spawn(context, routes->answer(std::move(request)), net::asio::use_future);
    context.restart();
    while (future.wait_for(0s) != std::future_status::ready && context.run_one_for(10s) > 0) {
    }
    auto answer = future.get();
    check_described(method, target, answer);
    return answer;
  }
  net::http_response patch(const std::string& if_match, const std::string& body,
                           const std::string& token = "config") {
    return ask("PATCH", welcome, {{"If-Match", if_match}, {"Content-Type", "application/merge-patch+json"}},
               body, token);
  }
  static json::object object_of(const net::http_response& answer) {
    return json::parse(answer.body).as_object();
  }
  static std::string etag_of(const net::http_response& answer) {
    return std::string(answer.fields.find("ETag").value_or(""));
  }

  // Whatever the API answers, its own description knows it.
  void check_described(const std::string& method, const std::string& target,
                       const net::http_response& answer) {
    const std::string path = target.substr(0, target.find('?'));
    for (const auto& [pattern, item] : description.at("paths").as_object()) {
      if (!fits(std::string(pattern), path)) continue;
      std::string lower = method;
      std::ranges::transform(lower, lower.begin(), [](char c) { return static_cast<char>(c | 0x20); });
      const json::value* operation = item.as_object().if_contains(lower);
      if (operation == nullptr) continue;
      const json::value* response =
          operation->at("responses").as_object().if_contains(std::to_string(answer.status));
      ASSERT_NE(response, nullptr) << method << " " << path << " answers " << answer.status;
      const json::value* content = response->as_object().if_contains("content");
      if (content == nullptr) return;
      const std::string type(answer.fields.find("Content-Type").value_or(""));
      ASSERT_TRUE(content->as_object().contains(type)) << path << ": " << type;
      const auto wrong = checker.check(content->at(type).at("schema"), json::parse(answer.body));
      EXPECT_FALSE(wrong) << path << ": " << *wrong << "\n" << answer.body;
      return;
    }
  }
  static bool fits(std::string pattern, const std::string& path) {
    static const std::map<std::string, std::string> values{
        {"{bot}", "music"}, {"{guild}", "500"}, {"{feature}", "welcome"}, {"{token}", "read"}};
    for (const auto& [name, value] : values) {
      if (const auto at = pattern.find(name); at != std::string::npos)
        pattern.replace(at, name.size(), value);
    }
    return pattern == path;
  }

  base::scratch_folder folder;
  base::system_clock clock;
  base::metrics metrics;
  net::asio::io_context context{1};
  settings::schema_catalogue catalogue{schemas};
  store::store_executor thread;
  std::shared_ptr<store::data_store> data;
  bot::lease_keeper leases{context.get_executor(), nullptr, thread, clock, {}, base::logger::root()};
  std::unique_ptr<settings::settings_desk> desk;
  std::unique_ptr<settings::change_feed> feed;
  std::shared_ptr<std::vector<served_bot>> bots = std::make_shared<std::vector<served_bot>>();
  std::unique_ptr<api_routes> routes;
  json::value description = openapi_document(catalogue);
  test::json_schema checker{description, test::unknown_keys::refused};
};

TEST_F(api, shows_settings_with_their_version_as_etag) {
  const auto all = ask("GET", guild + "/config");
  EXPECT_EQ(all.status, 200);
  EXPECT_EQ(object_of(all).at("features").as_array().size(), 2U);
  const auto one = ask("GET", welcome);
  EXPECT_EQ(etag_of(one), "\"0\"");
  EXPECT_EQ(object_of(one).at("settings").at("limit"), 10);
  EXPECT_EQ(ask("GET", welcome, {{"If-None-Match", "\"0\""}}).status, 304);
  EXPECT_EQ(ask("GET", guild + "/config", {{"If-None-Match", etag_of(all)}}).status, 304);
}

TEST_F(api, a_patch_needs_the_version_that_was_seen) {
  const auto saved = patch("\"0\"", R"({"limit": 20})");
  EXPECT_EQ(saved.status, 200) << saved.body;
  EXPECT_EQ(etag_of(saved), "\"1\"");
  EXPECT_EQ(object_of(saved).at("changed_by"), "config");
  const auto late = patch("\"0\"", R"({"limit": 30})");
  EXPECT_EQ(late.status, 412);
  EXPECT_EQ(etag_of(late), "\"1\"");
  EXPECT_EQ(object_of(late).at("current").at("settings").at("limit"), 20);
  EXPECT_THAT(late.body, HasSubstr("config changed welcome at"));
  EXPECT_EQ(ask("PATCH", welcome, {{"Content-Type", "application/json"}}, "{}").status, 428);
  EXPECT_EQ(patch("*", R"({"limit": 40})").status, 200);
  EXPECT_EQ(object_of(patch("\"2\"", R"({"limit": null})")).at("settings").at("limit"), 10);
}

TEST_F(api, what_cannot_be_saved_is_told_field_by_field) {
  const auto wrong = patch("\"0\"", R"({"limit": 0, "nope": 1})");
  EXPECT_EQ(wrong.status, 422);
  EXPECT_EQ(object_of(wrong).at("problems").as_array().size(), 2U);
  EXPECT_EQ(patch("\"0\"", "{").status, 400);
  EXPECT_EQ(patch("\"0\"", "[1]").status, 400);
  EXPECT_EQ(patch("5", "{}").status, 400);
  EXPECT_EQ(patch("\"0\"", R"({"welcome_text": ")" + std::string(70'000, 'x') + "\"}").status, 413);
  EXPECT_EQ(ask("PATCH", welcome, {{"If-Match", "\"0\""}, {"Content-Type", "text/plain"}}, "{}").status, 415);
  EXPECT_EQ(etag_of(ask("GET", welcome)), "\"0\"");
}

TEST_F(api, resets_shows_history_and_undoes) {
  EXPECT_EQ(patch("\"0\"", R"({"limit": 20})").status, 200);
  EXPECT_EQ(ask("DELETE", welcome).status, 428);
  EXPECT_EQ(ask("DELETE", welcome, {{"If-Match", "\"1\""}}).status, 200);
  const auto history = object_of(ask("GET", guild + "/config/history?limit=1")).at("changes").as_array();
  ASSERT_EQ(history.size(), 1U);
  EXPECT_EQ(history[0].at("before").at("limit"), 20);
  const std::string undo = json::serialize(json::object{{"change", history[0].at("id")}});
  EXPECT_EQ(object_of(ask("POST", guild + "/config/undo", {}, undo)).at("settings").at("limit"), 20);
  EXPECT_EQ(ask("POST", guild + "/config/undo", {}, undo).status, 409) << "it has been changed since";
  EXPECT_EQ(ask("POST", guild + "/config/undo", {}, R"({"change": 99})").status, 404);
  EXPECT_EQ(ask("POST", guild + "/config/undo", {}, R"({"change": "x"})").status, 422);
}

TEST_F(api, exports_and_imports_all_or_nothing) {
  EXPECT_EQ(patch("\"0\"", R"({"limit": 20})").status, 200);
  const auto exported = ask("GET", guild + "/export");
  EXPECT_EQ(exported.status, 200);
  EXPECT_EQ(ask("DELETE", welcome, {{"If-Match", "*"}}).status, 200);
  EXPECT_EQ(object_of(ask("POST", guild + "/import?dry_run=true", {}, exported.body)).at("applied"), false);
  EXPECT_EQ(object_of(ask("GET", welcome)).at("settings").at("limit"), 10);
  EXPECT_EQ(object_of(ask("POST", guild + "/import", {}, exported.body)).at("applied"), true);
  EXPECT_EQ(object_of(ask("GET", welcome)).at("settings").at("limit"), 20);
  EXPECT_EQ(ask("POST", guild + "/import", {{"If-Match", etag_of(exported)}}, exported.body).status, 412);
  const std::string seen = etag_of(ask("GET", guild + "/export"));
  EXPECT_EQ(ask("POST", guild + "/import", {{"If-Match", seen}}, exported.body).status, 200);
  EXPECT_EQ(ask("POST", guild + "/import", {}, "{}").status, 400);
  std::string wrong = exported.body;
  wrong.replace(wrong.find("20"), 2, "0 ");
  EXPECT_EQ(ask("POST", guild + "/import", {}, wrong).status, 422);
}

TEST_F(api, tokens_open_what_their_scope_holds) {
  const struct {
    std::string token;
    int read;
    int write;
    int tokens;
  } cases[] = {{"", 401, 401, 401},
               {"wrong", 401, 401, 401},
               {"read", 200, 403, 403},
               {"config", 200, 200, 403},
               {"admin", 200, 200, 200}};
  for (const auto& each : cases) {
    SCOPED_TRACE(each.token);
    EXPECT_EQ(ask("GET", welcome, {}, {}, each.token).status, each.read);
    EXPECT_EQ(patch("*", R"({"limit": 5})", each.token).status, each.write);
    EXPECT_EQ(ask("GET", "/api/v1/tokens", {}, {}, each.token).status, each.tokens);
  }
  EXPECT_EQ(ask("DELETE", "/api/v1/tokens/read").status, 200);
  EXPECT_EQ(ask("GET", welcome, {}, {}, "read").status, 401) << "revoked";
}

TEST_F(api, an_address_that_guesses_tokens_has_to_wait) {
  for (int i = 0; i < 10; ++i) EXPECT_EQ(ask("GET", welcome, {}, {}, "wrong").status, 401);
  const auto waits = ask("GET", welcome, {}, {}, "admin");
  EXPECT_EQ(waits.status, 429);
  EXPECT_TRUE(waits.fields.find("Retry-After"));
}

TEST_F(api, behind_a_proxy_only_who_guesses_has_to_wait) {
  const std::vector<std::pair<std::string, std::string>> guesser = {{"X-Forwarded-For", "203.0.113.1"}};
  const std::vector<std::pair<std::string, std::string>> other = {{"X-Forwarded-For", "203.0.113.2"}};
  trust({*base::network::parse("127.0.0.0/8")});
  for (int i = 0; i < 10; ++i) EXPECT_EQ(ask("GET", welcome, guesser, {}, "wrong").status, 401);
  EXPECT_EQ(ask("GET", welcome, guesser).status, 429);
  EXPECT_EQ(ask("GET", welcome, other).status, 200);
  trust({});
  for (int i = 0; i < 10; ++i) EXPECT_EQ(ask("GET", welcome, guesser, {}, "wrong").status, 401);
  EXPECT_EQ(ask("GET", welcome, other).status, 429) << "nobody is believed";
}

TEST_F(api, says_what_is_not_there) {
  EXPECT_EQ(ask("GET", "/api/v1/nope").status, 404);
  EXPECT_EQ(ask("GET", "/api/v1/bots/game/guilds/500/config").status, 404);
  EXPECT_EQ(ask("GET", "/api/v1/bots/music/guilds/x/config").status, 404);
  EXPECT_EQ(ask("GET", guild + "/config/musik").status, 404);
  const auto method = ask("PUT", welcome);
  EXPECT_EQ(method.status, 405);
  EXPECT_EQ(method.fields.find("Allow"), "GET, PATCH, DELETE");
}

TEST_F(api, tells_of_bots_and_counts) {
  EXPECT_EQ(object_of(ask("GET", "/api/v1/bots")).at("bots").at(0).at("name"), "music");
  EXPECT_EQ(patch("\"0\"", R"({"limit": 20})").status, 200);
  const auto stats = object_of(ask("GET", "/api/v1/stats"));
  EXPECT_EQ(stats.at("config_changes").at(0).at("changes"), 1);
}

TEST_F(api, tells_an_administrator_of_the_heap) {
  EXPECT_EQ(ask("GET", "/api/v1/heap", {}, {}, "config").status, 403);
  const auto heap = object_of(ask("GET", "/api/v1/heap"));
  EXPECT_EQ(heap.at("kind"), "arenas") << "tests run on glibc's allocator";
  EXPECT_NE(std::string_view(heap.at("hint").as_string()).find("--heap-profile"), std::string_view::npos);
}

TEST_F(api, describes_itself_to_everybody) {
  const auto described = ask("GET", "/api/v1/openapi.json", {}, {}, "");
  EXPECT_EQ(described.status, 200);
  std::size_t operations = 0;
  for (const auto& [pattern, item] : object_of(described).at("paths").as_object())
    operations += item.as_object().size();
  EXPECT_EQ(operations, api_table().size());
}

}  // namespace
}  // namespace guildfleet::api::v1
