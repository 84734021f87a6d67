#include "ops/render/nginx.hpp"

#include <gmock/gmock.h>

#include "ops/render/render_test_kit.hpp"
#include "ops/render/targets.hpp"

namespace guildfleet::ops {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string two_bots = R"(
store: { database_url: "${DATABASE_URL}" }
redis: { url: "${REDIS_URL}" }
bots: [{ name: music, token: "${A}" }, { name: music_2, token: "${B}" }]
)";

std::string conf_of(const std::string& more = "") {
  return text_of(render("nginx", fleet(two_bots + more)).value(), "nginx/nginx.conf");
}

TEST(nginx, shows_health_and_no_metrics) {
  EXPECT_THAT(conf_of(), AllOf(HasSubstr("location = /music/health"), HasSubstr("location = /music_2/readyz"),
                               Not(HasSubstr("metrics")), Not(HasSubstr("/api/"))));
}

TEST(nginx, shows_the_api_where_there_is_one) {
  const std::string more = "api: { port: 3002 }";
  EXPECT_THAT(conf_of(more),
              AllOf(HasSubstr("location /music_2/api/"), HasSubstr("http://music-2.api/api/")));
  EXPECT_THAT(text_of(render("nginx", fleet(two_bots + more)).value(), "nginx/upstreams/music-2.conf"),
              AllOf(HasSubstr("upstream music-2.api {"), HasSubstr("server music-2-2:3002 weight=1;")));
}

TEST(nginx, takes_the_address_of_a_client_from_trusted_proxies_only) {
  EXPECT_THAT(conf_of(), Not(HasSubstr("set_real_ip_from")));
  const std::string conf = conf_of("deploy: { trusted_proxies: [10.0.0.0/8, \"2001:db8::7\"] }");
  for (const char* line : {"set_real_ip_from 10.0.0.0/8;", "set_real_ip_from 2001:db8::7;",
                           "real_ip_header X-Forwarded-For;", "real_ip_recursive on;", "10.0.0.0/8 1;"})
    EXPECT_THAT(conf, HasSubstr(line));
  for (const std::string& each : {conf_of(), conf})
    EXPECT_THAT(each, HasSubstr("proxy_set_header X-Forwarded-For $remote_addr;"));
}

TEST(nginx, speaks_tls_under_the_name_that_it_is_given) {
  EXPECT_THAT(conf_of(), Not(HasSubstr("ssl")));
  EXPECT_THAT(
      conf_of("deploy: { host: bots.example.org }"),
      AllOf(HasSubstr("listen 8443 ssl"), HasSubstr("return 308 https://bots.example.org$request_uri;"),
            HasSubstr("ssl_protocols TLSv1.2 TLSv1.3;")));
}

TEST(nginx, is_given_every_blue_node_until_a_rollout_says_more) {
  const std::string text = text_of(render("nginx", fleet(two_bots)).value(), "nginx/upstreams/music.conf");
  EXPECT_THAT(text, AllOf(HasSubstr("upstream music {"), HasSubstr("server music-1:3001 weight=1;"),
                          HasSubstr("server music-2:3001 weight=1;"), Not(HasSubstr("green")),
                          Not(HasSubstr("3002"))));
}

// weight=0 is an error to nginx.
TEST(nginx, is_told_of_a_node_without_a_share_that_it_is_down) {
  const fleet_config config = fleet(two_bots);
  const deployment all = deployment_of(config).value();
  const std::vector<weighted_node> nodes = {{"music-1", 3}, {"music-1-green", 0}};
  const rendered_file file = upstream_file(config, all.services[0], nodes, "a test");
  EXPECT_EQ(file.path, "music.conf");
  EXPECT_THAT(file.text,
              AllOf(HasSubstr("# Written by: a test\n"), HasSubstr("server music-1:3001 weight=3;"),
                    HasSubstr("server music-1-green:3001 down;"), Not(HasSubstr("weight=0"))));
}

}  // namespace
}  // namespace guildfleet::ops
