#include "ops/render/nginx.hpp"

#include <fmt/format.h>

namespace guildfleet::ops {
namespace {

const std::string command = "guildfleet render nginx";

// Everything it writes lies in /tmp: it runs as any user, on a file system that is read only.
constexpr std::string_view beginning = R"(worker_processes auto;
pid /tmp/nginx.pid;
error_log stderr warn;

events {
  worker_connections 1024;
}

http {
  access_log /dev/stdout;
  server_tokens off;
  client_body_temp_path /tmp/body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;

  # One client's share; more is answered with 429.
  limit_req_zone $binary_remote_addr zone=requests:10m rate=20r/s;
  limit_req_status 429;
  limit_conn_zone $binary_remote_addr zone=connections:10m;
  limit_conn connections 50;
  client_max_body_size 1m;
  client_body_timeout 15s;
  client_header_timeout 15s;
  send_timeout 30s;
  keepalive_timeout 60s;
  large_client_header_buffers 4 8k;

  proxy_http_version 1.1;
  proxy_connect_timeout 2s;
  proxy_send_timeout 30s;
  proxy_read_timeout 30s;
  proxy_next_upstream error timeout;
  proxy_next_upstream_tries 2;
  # What a client says of itself is not believed: the address is the one of its connection.
  proxy_set_header Host $host;
  proxy_set_header X-Real-IP $remote_addr;
  proxy_set_header X-Forwarded-For $remote_addr;
  proxy_set_header X-Forwarded-Proto $scheme;
  proxy_set_header Upgrade $http_upgrade;
  proxy_set_header Connection $connection_upgrade;
  map $http_upgrade $connection_upgrade {
    default upgrade;
    ''      '';
  }

  include /etc/guildfleet-weights/*.conf;
)";

constexpr std::string_view tls = R"(
  server {{
    listen 8080;
    server_name {0};
    return 308 https://$host$request_uri;
  }}

  server {{
    listen 8443 ssl;
    server_name {0};
    ssl_certificate /etc/guildfleet-tls/tls.crt;
    ssl_certificate_key /etc/guildfleet-tls/tls.key;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_session_cache shared:tls:4m;
    add_header Strict-Transport-Security "max-age=31536000" always;
)";

constexpr std::string_view plain = R"(
  server {
    listen 8080 default_server;
)";

// Metrics and the peer link are not for the world.
std::string locations_of(const std::string& bot, const service& of, bool has_api) {
  std::string out;
  for (const char* page : {"health", "readyz", "livez"}) {
    out += fmt::format(
        "\n    location = /{0}/{2} {{\n      limit_req zone=requests burst=40 nodelay;\n"
        "      proxy_pass http://{1}/{2};\n    }}\n",
        bot, of.name, page);
  }
  if (!has_api) return out;
  return out + fmt::format(
                   "\n    location /{0}/api/ {{\n      limit_req zone=requests burst=40 nodelay;\n"
                   "      proxy_pass http://{1}-api/api/;\n    }}\n",
                   bot, of.name);
}

std::string server_of(const fleet_config& config, const deployment& all) {
  std::string out =
      config.deploy.host.empty() ? std::string(plain) : fmt::format(fmt::runtime(tls), config.deploy.host);
  out += "\n    location = /health {\n      default_type text/plain;\n      return 200 \"ok\\n\";\n    }\n";
  for (const service& each : all.services) {
    for (const std::size_t bot : each.bots)
      out += locations_of(config.bots[bot].name, each, config.api.port.has_value());
  }
  return out + "\n    location / {\n      return 404;\n    }\n  }\n}\n";
}

// Open-source nginx is told of changes by a signal only. Addresses change when a container is made anew.
constexpr std::string_view runner = R"(conf=/etc/guildfleet/nginx.conf
state() {{
  cat /etc/guildfleet-weights/*.conf
  for name in {0}; do getent hosts "$name" || true; done
}}
nginx -c "$conf" -g 'daemon off;' &
nginx=$!
trap 'nginx -c "$conf" -s quit' TERM INT QUIT
seen=$(state)
while kill -0 "$nginx" 2>/dev/null; do
  sleep 1 &
  wait $! || true
  now=$(state)
  if [ "$now" != "$seen" ]; then
    seen=$now
    if nginx -t -q -c "$conf"; then nginx -c "$conf" -s reload; fi
  fi
done
wait "$nginx"
)";

std::string names_of(const deployment& all) {
  std::string out;
  for (const service& each : all.services) {
    for (std::uint32_t node = 1; node <= each.nodes; ++node)
      out += fmt::format("{0}{1}-{2} {1}-{2}-green", out.empty() ? "" : " ", each.name, node);
  }
  return out;
}

std::string upstream(const service& of, const std::string& suffix, std::uint16_t port,
                     const release_weights& weights) {
  std::string out = fmt::format("upstream {}{} {{\n  zone {}{} 64k;\n", of.name, suffix, of.name, suffix);
  for (std::uint32_t node = 1; node <= of.nodes; ++node) {
    if (weights.blue > 0)
      out += fmt::format("  server {}-{}:{} weight={};\n", of.name, node, port, weights.blue);
    if (weights.green > 0)
      out += fmt::format("  server {}-{}-green:{} weight={};\n", of.name, node, port, weights.green);
  }
  return out + "  keepalive 16;\n}\n";
}

}  // namespace

std::string nginx_upstream(const service& of, const release_weights& weights) {
  return header_of(command) + upstream(of, "", health_port, weights) +
         upstream(of, "-api", api_port, weights);
}

rendering render_nginx(const fleet_config& config, const deployment& all) {
  rendering out;
  out.files.push_back(
      {"nginx/nginx.conf", header_of(command) + std::string(beginning) + server_of(config, all)});
  out.files.push_back({"nginx/run-nginx",
                       "#!/bin/sh\n" + header_of(command) + fmt::format(fmt::runtime(runner), names_of(all)),
                       true});
  for (const service& each : all.services)
    out.files.push_back({fmt::format("nginx-weights/{}.conf", each.name), nginx_upstream(each, {})});
  if (!config.deploy.host.empty())
    out.next.push_back("put the certificate of " + config.deploy.host +
                       " into tls/tls.crt and its key into tls/tls.key");
  return out;
}

}  // namespace guildfleet::ops
