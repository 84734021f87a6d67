#include "ops/render/nginx.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace guildfleet::ops {
namespace {

const std::string command = "guildfleet render nginx";

// Every path is below the folder that it is started with (nginx -p), or below the one of its configuration:
// it runs as any user, on a file system that is read only.
constexpr std::string_view beginning =
    R"(# run-nginx.sh starts it, with a folder of its own that all paths are below.
worker_processes 2;
# A connection that is open as weights change stays with the worker that has it, at most so long.
worker_shutdown_timeout 1h;
pid nginx.pid;
error_log stderr warn;

events {
  worker_connections 1024;
}

http {
  access_log /dev/stdout;
  server_tokens off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;

)";

constexpr std::string_view limits = R"(
  # One client's share; more is answered with 429.
  limit_req_zone $binary_remote_addr zone=requests:10m rate=20r/s;
  limit_req_status 429;
  limit_conn_zone $binary_remote_addr zone=connections:10m;
  limit_conn connections 50;
  limit_conn_status 429;
  client_max_body_size 1m;
  client_body_timeout 15s;
  client_header_timeout 15s;
  send_timeout 30s;
  keepalive_timeout 60s;
  large_client_header_buffers 4 8k;

  proxy_http_version 1.1;
  proxy_connect_timeout 2s;
  proxy_send_timeout 30s;
  # Also how long a WebSocket may be silent.
  proxy_read_timeout 60s;
  # At a second node, but for POST and PATCH, which might have been done by the first.
  proxy_next_upstream error timeout;
  proxy_next_upstream_tries 2;
  proxy_next_upstream_timeout 5s;
  proxy_set_header Host $host;
  proxy_set_header X-Real-IP $remote_addr;
  proxy_set_header X-Forwarded-For $remote_addr;
  proxy_set_header Upgrade $http_upgrade;
  proxy_set_header Connection $connection_upgrade;
  map $http_upgrade $connection_upgrade {
    default upgrade;
    ''      '';
  }

  include upstreams.conf;
)";

constexpr std::string_view tls = R"(
  server {{
    listen 8080 default_server;
    server_name {0};{1}
    location / {{
      return 308 https://{0}$request_uri;
    }}
  }}

  server {{
    listen 8443 ssl default_server;
    server_name {0};
    ssl_certificate tls/tls.crt;
    ssl_certificate_key tls/tls.key;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305;
    ssl_prefer_server_ciphers off;
    ssl_session_cache shared:tls:4m;
    ssl_session_timeout 1d;
    ssl_session_tickets off;
    add_header Strict-Transport-Security "max-age=31536000" always;
)";

constexpr std::string_view plain = R"(
  server {
    listen 8080 default_server;
)";

constexpr std::string_view own_health = R"(
    location = /health {
      access_log off;
      default_type text/plain;
      return 200 "ok\n";
    }
)";

// Who may say on whose behalf it asks. Everybody else is taken for the address of its connection.
std::string clients(const std::vector<std::string>& trusted) {
  if (trusted.empty())
    return "  # What a client says of itself is not believed: the address is the one of its connection.\n"
           "  proxy_set_header X-Forwarded-Proto $scheme;\n";
  std::string out =
      "  # Proxies in front, deploy.trusted_proxies, say for whom they ask; nobody else is believed.\n"
      "  real_ip_header X-Forwarded-For;\n  real_ip_recursive on;\n";
  for (const std::string& each : trusted) out += fmt::format("  set_real_ip_from {};\n", each);
  out += "  geo $realip_remote_addr $from_trusted {\n    default 0;\n";
  for (const std::string& each : trusted) out += fmt::format("    {} 1;\n", each);
  return out +
         "  }\n  map $from_trusted$http_x_forwarded_proto $client_scheme {\n"
         "    default $scheme;\n    1http http;\n    1https https;\n  }\n"
         "  proxy_set_header X-Forwarded-Proto $client_scheme;\n";
}

std::string location(const std::string& match, const std::string& target) {
  return fmt::format(
      "\n    location {} {{\n      limit_req zone=requests burst=40 nodelay;\n      proxy_pass http://{};\n"
      "    }}\n",
      match, target);
}

// Metrics and the peer link are not for the world.
std::string locations_of(const std::string& bot, const service& of, bool has_api) {
  std::string out;
  for (const char* page : {"health", "readyz", "livez"})
    out += location(fmt::format("= /{}/{}", bot, page), fmt::format("{}/{}", of.name, page));
  if (has_api) out += location(fmt::format("/{}/api/", bot), fmt::format("{}.api/api/", of.name));
  return out;
}

std::string servers_of(const fleet_config& config, const deployment& all) {
  const std::string& host = config.deploy.host;
  std::string out = host.empty() ? std::string(plain) : fmt::format(fmt::runtime(tls), host, own_health);
  out += own_health;
  for (const service& each : all.services) {
    for (const std::size_t bot : each.bots)
      out += locations_of(config.bots[bot].name, each, config.api.port.has_value());
  }
  return out + "\n    location / {\n      return 404;\n    }\n  }\n}\n";
}

std::string upstream(const std::string& name, std::uint16_t port, std::span<const weighted_node> nodes) {
  // A kilobyte holds more than one server.
  std::string out =
      fmt::format("upstream {0} {{\n  zone {0} {1}k;\n", name, std::max<std::size_t>(64, nodes.size()));
  for (const weighted_node& each : nodes) {
    const std::string share = each.weight == 0 ? "down" : fmt::format("weight={}", each.weight);
    out += fmt::format("  server {}:{} {};\n", each.name, port, share);
  }
  return out + "  keepalive 16;\n}\n";
}

}  // namespace

rendered_file upstream_file(const fleet_config& config, const service& of,
                            std::span<const weighted_node> nodes, const std::string& writer) {
  rendered_file out{of.name + ".conf", header_of(writer) + upstream(of.name, health_port, nodes)};
  if (config.api.port) out.text += upstream(of.name + ".api", api_port, nodes);
  return out;
}

rendering render_nginx(const fleet_config& config, const deployment& all) {
  rendering out;
  out.files.push_back({"nginx/nginx.conf", header_of(command) + std::string(beginning) +
                                               clients(config.deploy.trusted_proxies) + std::string(limits) +
                                               servers_of(config, all)});
  out.files.push_back(
      {"nginx/run-nginx.sh", "#!/bin/sh\n" + header_of(command) + std::string(nginx_runner()), true});
  for (const service& each : all.services) {
    rendered_file file = upstream_file(config, each, node_weights(each, {}, {}), command);
    file.path = "nginx/upstreams/" + file.path;
    out.files.push_back(std::move(file));
  }
  if (!config.deploy.host.empty())
    out.next.push_back("put the certificate of " + config.deploy.host +
                       " into tls/tls.crt and its key into tls/tls.key");
  return out;
}

}  // namespace guildfleet::ops
