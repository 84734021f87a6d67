// One request of the API on its way: what was asked, of which bot, by whom; and the table of what can be
// asked.
#pragma once

#include <boost/json/object.hpp>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bot/fleet_stores.hpp"
#include "net/http_types.hpp"
#include "net/io.hpp"

namespace guildfleet::api::v1 {

namespace json = boost::json;

// A bot of this node with its stores, which outlive the API.
struct served_bot {
  std::string name;
  bot::bot_stores stores;
};

struct api_call {
  net::http_request request;
  std::shared_ptr<const std::vector<served_bot>> bots;
  std::string bot;  // the next four are of the path; empty where it has none
  std::string guild_text;
  std::string feature;
  std::string token;
  discord::guild_id guild;
  store::token_row who;

  // Of `bot`, which was found before the handler is called.
  [[nodiscard]] const bot::bot_stores& stores() const;
  [[nodiscard]] store::change_author author(store::change_origin origin = store::change_origin::api) const {
    return {who.name, origin};
  }
};

// What the body of a request or of an answer is; openapi.cpp has the schemas.
enum class body_kind {
  none,
  settings,
  all_settings,
  patch,
  changed,
  history,
  undo,
  transfer,
  import_outcome,
  bots,
  stats,
  tokens,
  heap,
  openapi
};

struct query_parameter {
  std::string_view name;
  std::string_view description;
};

struct api_route {
  std::string_view method;
  std::string_view pattern;  // "/api/v1/bots/{bot}/guilds/{guild}/config"
  std::string_view summary;
  std::optional<store::token_scope> scope;  // nullopt: for everybody
  body_kind takes = body_kind::none;
  body_kind gives = body_kind::none;
  enum class condition { none, needed, possible } if_match = condition::none;
  std::span<const query_parameter> query{};
  std::span<const int> problems{};  // statuses beside 200, and those that every route has
  net::task<net::http_response> (*handle)(api_call) = nullptr;
};

[[nodiscard]] std::span<const api_route> api_table();

[[nodiscard]] net::http_response json_response(const json::value& body);
// 2026-11-25T08:09:10Z
[[nodiscard]] std::string rfc3339(base::wall_time time);

}  // namespace guildfleet::api::v1
