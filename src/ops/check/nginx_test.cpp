#include "ops/check/nginx.hpp"

#include <fmt/format.h>

#include "ops/check/finding_test_kit.hpp"
#include "ops/render/render_test_kit.hpp"
#include "ops/render/targets.hpp"

namespace guildfleet::ops {
namespace {

// Two bots behind one name, and nothing wrong with it.
constexpr std::string_view good = R"(events { worker_connections 512; }
http {
  server_tokens off;
  limit_req_zone $binary_remote_addr zone=requests:10m rate=20r/s;
  client_max_body_size 1m;
  map $http_upgrade $connection_upgrade { default upgrade; '' close; }
  upstream bots { server bot1:3001; server bot2:3001; }
  upstream shop { server shop-1:80; server shop-2:80; }
  ssl_protocols TLSv1.2 TLSv1.3;
  server {
    listen 80 default_server;
    return 308 https://$host$request_uri;
  }
  server {
    listen 443 ssl default_server;
    server_name bots.example.org;
    ssl_certificate /tls/a.crt;
    ssl_certificate_key /tls/a.key;
    limit_req zone=requests burst=40 nodelay;
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-For $remote_addr;
    location = /bot1/metrics { return 404; }
    location /bot1/ {
      proxy_pass http://bot1:3001/;
    }
    location /ws {
      proxy_http_version 1.1;
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_read_timeout 1h;
      proxy_pass http://shop;
    }
    location /bot1/api/v1/ {
      proxy_pass http://bot1:3002/api/v1/;
    }
    location /files/ {
      alias /srv/files/;
      access_log off;
    }
    location = /status {
      allow 10.0.0.0/8;
      deny all;
      stub_status;
    }
  }
}
)";

std::string told(const std::string& text) {
  return told(check_nginx({"nginx.conf", text}), text);
}

TEST(nginx_check, has_nothing_to_say_of_what_is_right) {
  EXPECT_EQ(told(std::string(good)), "");
}

void expect_one(const broken_case& each) {
  const std::string text = replaced(std::string(good), each.from, each.to);
  const finding_list found = check_nginx({"nginx.conf", text});
  ASSERT_EQ(found.size(), 1U) << each.to << " gave:\n" << told(found, text);
  EXPECT_EQ(found.front().rule->id, each.id) << told(found, text);
  EXPECT_TRUE(line_of(text, found.front().at.line).contains(each.line)) << told(found, text);
  EXPECT_EQ(found.front().source, "nginx.conf");
}

TEST(nginx_check, finds_what_cannot_be_read_or_moved) {
  const broken_case cases[] = {
      {"events {", "events {{", "GF401", "events"},
      {"server bot1:3001; server", "server bot1:3001 weight=9; server", "GF402", "weight=9"},
      {"ssl_protocols", "split_clients $remote_addr $bot { 10% bots; * shop; }\n  ssl_protocols", "GF402",
       "split_clients"},
  };
  for (const auto& each : cases) expect_one(each);
}

TEST(nginx_check, lets_weights_be_that_move_requests_alone) {
  const std::string shop = replaced(std::string(good), "server shop-1:80;", "server shop-1:80 weight=9;");
  EXPECT_EQ(told(shop), "");
  const std::string equal = replaced(std::string(good), "server bot1:3001; server bot2:3001;",
                                     "server bot1:3001 weight=5; server bot2:3001 weight=5;");
  EXPECT_EQ(told(equal), "");
}

TEST(nginx_check, finds_what_is_wrong_with_web_sockets) {
  const broken_case cases[] = {
      {"      proxy_set_header Upgrade $http_upgrade;\n", "", "GF403", "proxy_pass http://shop;"},
      {"      proxy_set_header Connection $connection_upgrade;\n", "", "GF403", "proxy_pass http://shop;"},
      {"      proxy_http_version 1.1;\n", "", "GF403", "proxy_pass http://shop;"},
      {"      proxy_read_timeout 1h;\n", "", "GF404", "proxy_pass http://shop;"},
      {"proxy_read_timeout 1h;", "proxy_read_timeout 30s;", "GF404", "proxy_read_timeout 30s;"},
  };
  for (const auto& each : cases) expect_one(each);
}

TEST(nginx_check, finds_missing_limits) {
  const broken_case cases[] = {
      {"client_max_body_size 1m;", "client_max_body_size 0;", "GF406", "client_max_body_size"},
      {"client_max_body_size 1m;", "client_max_body_size 2g;", "GF406", "client_max_body_size"},
  };
  for (const auto& each : cases) expect_one(each);
  const std::string text = replaced(std::string(good), "    limit_req zone=requests burst=40 nodelay;\n", "");
  EXPECT_EQ(told(text),
            "GF405 location /bot1/ has no limit_req, nor has what is around it in:     location /bot1/ {\n"
            "GF413 location /bot1/api/v1/ has no limit_req, nor has what is around it in:       proxy_pass "
            "http://bot1:3002/api/v1/;\n");
}

TEST(nginx_check, finds_what_is_wrong_with_tls) {
  const broken_case cases[] = {
      {"TLSv1.2 TLSv1.3", "TLSv1 TLSv1.1 TLSv1.2", "GF407", "ssl_protocols"},
      {"    ssl_certificate_key /tls/a.key;\n", "", "GF408", "ssl_certificate /tls/a.crt;"},
      {"    ssl_certificate /tls/a.crt;\n", "", "GF408", "ssl_certificate_key /tls/a.key;"},
      {"    ssl_certificate /tls/a.crt;\n    ssl_certificate_key /tls/a.key;\n", "", "GF408",
       "listen 443 ssl"},
      {"listen 443 ssl default_server", "listen 8080 default_server", "GF409", "listen 8080"},
      {"listen 443 ssl default_server;\n    server_name bots.example.org",
       "listen 172.16.0.1:80 default_server;\n    server_name _", "GF409", "listen 172.16.0.1:80"},
  };
  for (const auto& each : cases) expect_one(each);
}

TEST(nginx_check, lets_plain_http_be_where_nobody_comes) {
  for (const std::string_view listen : {"127.0.0.1:8080", "unix:/run/nginx.sock", "[::1]:80"}) {
    const std::string text =
        replaced(std::string(good), "listen 443 ssl default_server", fmt::format("listen {}", listen));
    EXPECT_EQ(told(text), "") << listen;
  }
  const std::string container = replaced(
      std::string(good), "listen 443 ssl default_server;\n    server_name bots.example.org;", "listen 8080;");
  EXPECT_EQ(told(container), "");
}

TEST(nginx_check, finds_slashes_that_decide) {
  const broken_case cases[] = {
      {"http://bot1:3001/;", "http://bot1:3001;", "GF410", "proxy_pass http://bot1:3001;"},
      {"location /bot1/ {", "location /bot1 {", "GF410", "proxy_pass http://bot1:3001/;"},
      {"http://bot1:3002/api/v1/;", "http://bot1:3002/api;", "GF410", "proxy_pass http://bot1:3002/api;"},
      {"location /files/ {", "location /files {", "GF421", "alias"},
  };
  for (const auto& each : cases) expect_one(each);
}

TEST(nginx_check, finds_what_everybody_can_reach) {
  const broken_case cases[] = {
      {"    location = /bot1/metrics { return 404; }\n", "", "GF412", "proxy_pass http://bot1:3001/;"},
      {"location = /bot1/metrics { return 404; }",
       "location = /bot1/metrics { proxy_pass http://bot1:3001/metrics; }", "GF412", "/bot1/metrics"},
      {"      deny all;\n", "", "GF412", "stub_status"},
      {"      access_log off;", "      autoindex on;", "GF420", "autoindex"},
  };
  for (const auto& each : cases) {
    const std::string text = replaced(std::string(good), each.from, each.to);
    const finding_list found = check_nginx({"nginx.conf", text});
    ASSERT_FALSE(found.empty()) << each.to;
    for (const finding& one : found) EXPECT_EQ(one.rule->id, each.id) << told(found, text);
    EXPECT_TRUE(line_of(text, found.front().at.line).contains(each.line)) << told(found, text);
  }
}

TEST(nginx_check, finds_addresses_that_are_believed) {
  const broken_case cases[] = {
      {"server_tokens off;", "server_tokens off; set_real_ip_from 0.0.0.0/0;", "GF414", "set_real_ip_from"},
      {"X-Forwarded-For $remote_addr;", "X-Forwarded-For $http_x_forwarded_for;", "GF415", "X-Forwarded-For"},
      {"limit_req_zone $binary_remote_addr", "limit_req_zone $http_x_forwarded_for", "GF415",
       "limit_req_zone"},
      {"X-Forwarded-For $remote_addr;", "X-Forwarded-For $proxy_add_x_forwarded_for;", "GF416",
       "X-Forwarded-For"},
  };
  for (const auto& each : cases) expect_one(each);
  const std::string behind = replaced(
      replaced(std::string(good), "server_tokens off;", "server_tokens off; set_real_ip_from 10.0.0.0/8;"),
      "X-Forwarded-For $remote_addr;", "X-Forwarded-For $proxy_add_x_forwarded_for;");
  EXPECT_EQ(told(behind), "");
}

TEST(nginx_check, finds_other_slips) {
  const broken_case cases[] = {
      {"http://bot1:3001/;", "http://bot1:3001/; proxy_ssl_verify off;", "GF411", "proxy_ssl_verify"},
      {"  server_tokens off;\n", "", "GF417", "http {"},
      {"server_tokens off;", "server_tokens on;", "GF417", "server_tokens on;"},
      {"http://bot1:3001/;", "http://bot1:3001/; proxy_next_upstream error non_idempotent;", "GF418",
       "non_idempotent"},
      {"      proxy_set_header Host $host;\n      proxy_set_header X-Forwarded-For",
       "      proxy_set_header X-Forwarded-For", "GF419", "proxy_set_header X-Forwarded-For"},
      {"server_tokens off;", "server_tokens off; access_log off;", "GF422", "access_log off;"},
      {"      access_log off;", "      if ($arg_x) { expires 1h; }", "GF423", "if ($arg_x)"},
      {"http://bot1:3001/;", "http://$arg_bot:3001;", "GF425", "$arg_bot"},
  };
  for (const auto& each : cases) expect_one(each);
}

TEST(nginx_check, lets_variables_be_that_name_upstreams) {
  const std::string named =
      replaced(std::string(good), "proxy_pass http://bot1:3001/;", "set $to bots; proxy_pass http://$to;");
  EXPECT_EQ(told(named), "");
  const std::string resolved = replaced(std::string(good), "proxy_pass http://bot1:3001/;",
                                        "resolver 127.0.0.11; proxy_pass http://$arg_bot:3001;");
  EXPECT_EQ(told(resolved), "");
}

TEST(nginx_check, shows_no_query_of_an_address) {
  for (const std::string_view to : {"/api?key=hidden", "?key=hidden", "/a/b?key=hidden/"}) {
    const std::string text =
        replaced(std::string(good), "http://bot1:3001/;", fmt::format("http://bot1:3001{};", to));
    const std::string said = told(text);
    EXPECT_TRUE(said.starts_with("GF410")) << said;
    EXPECT_FALSE(said.substr(0, said.find(" in:")).contains("hidden")) << said;
  }
}

TEST(nginx_check, misses_a_default_server_among_several) {
  std::string text =
      "server { listen 8080; server_name a.local; }\nserver { listen *:8080; server_name b.local; }\n";
  EXPECT_EQ(told(text).substr(0, 5), "GF424");
  text = replaced(text, "listen 8080;", "listen 8080 default_server;");
  EXPECT_EQ(told(text), "");
}

TEST(nginx_check, reads_a_part_of_a_configuration) {
  EXPECT_EQ(told("upstream bots {\n  server bot1:3001 weight=3;\n  server bot2:3001;\n}\n").substr(0, 5),
            "GF402");
  EXPECT_EQ(told("location /bot1 {\n  limit_req zone=a;\n  proxy_pass http://bot1:3001/;\n}\n").substr(0, 5),
            "GF410");
}

// What guildfleet renders must stand before its own rules; notes are allowed.
TEST(nginx_check, has_nothing_against_what_guildfleet_renders) {
  for (const std::string_view text :
       {std::string_view(
            "fleet: trio\nstore: { database_url: \"${DATABASE_URL}\" }\nredis: { url: \"${REDIS_URL}\" "
            "}\napi: { "
            "port: 3002 }\nbots:\n  - { name: bot1, token: \"${MUSIC_TOKEN}\" }\n  - { name: bot2, token: "
            "\"${OTHER_TOKEN}\" }\n"),
        std::string_view(
            "fleet: trio\nstore: { database_url: \"${DATABASE_URL}\" }\nredis: { url: \"${REDIS_URL}\" "
            "}\napi: { "
            "port: 3002 }\ndeploy: { host: bots.example.org, nodes: 2 }\nbots:\n  - { name: bot1, token: "
            "\"${MUSIC_TOKEN}\" }\n")}) {
    const rendering all = render("nginx", fleet(text)).value();
    for (const rendered_file& each : all.files) {
      if (!each.path.ends_with(".conf")) continue;
      for (const finding& found : check_nginx({each.path, each.text}))
        EXPECT_EQ(found.rule->severity, finding_severity::note)
            << each.path << ":" << found.at.line << " " << found.rule->id << " " << found.detail;
    }
  }
}

TEST(nginx_check, has_ids_in_order) {
  const auto rules = nginx_rules();
  EXPECT_TRUE(std::ranges::is_sorted(rules, {}, &check_rule::id));
  for (const check_rule& each : rules) EXPECT_TRUE(each.id.starts_with("GF4")) << each.id;
}

}  // namespace
}  // namespace guildfleet::ops
