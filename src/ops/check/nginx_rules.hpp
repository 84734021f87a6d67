// The rules GF4xx, about nginx. docs/checks.md tells more of each.
#pragma once

#include <algorithm>
#include <array>

#include "ops/check/finding.hpp"

namespace guildfleet::ops::nginx_rule {

using enum finding_severity;

inline constexpr auto table = std::to_array<check_rule>({
    {"GF401", error, "The file cannot be read", "nginx would not start with it.",
     "Correct the place that is named; nginx -t says more."},
    {"GF402", warning, "Weights that cannot move a bot's work",
     "Discord sends events over the connection that a bot opened; they never pass nginx. Weights move HTTP "
     "requests only, so this canary gets none of the guilds.",
     "Move shards instead: guildfleet rollout start --to RELEASE; it writes the weights of its own upstreams "
     "itself."},
    {"GF403", warning, "A WebSocket that is never upgraded",
     "Upgrade and Connection go from hop to hop: nginx passes them on only when told to, and only with "
     "HTTP/1.1.",
     "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "
     "$connection_upgrade; with a map of that variable."},
    {"GF404", warning, "An idle WebSocket is cut off",
     "Without a longer proxy_read_timeout nginx closes a connection on which the server said nothing for 60 "
     "seconds.",
     "proxy_read_timeout 1h; in this location, or pings that come more often."},
    {"GF405", note, "No request limit",
     "One client can keep the bots' HTTP server busy, or guess at passwords as fast as it likes.",
     "limit_req_zone $binary_remote_addr zone=requests:10m rate=20r/s; in http, limit_req zone=requests "
     "burst=40 nodelay; in the location."},
    {"GF406", warning, "Very large request bodies",
     "nginx stores a body on its disk before it passes it on; a few clients fill it.",
     "client_max_body_size 1m; or as much as the server behind it takes."},
    {"GF407", warning, "Old TLS versions",
     "SSLv3, TLS 1.0 and 1.1 are broken or withdrawn (RFC 7568, RFC 8996).",
     "ssl_protocols TLSv1.2 TLSv1.3;"},
    {"GF408", error, "Half a certificate",
     "A server with ssl needs a certificate and its key; with one of them nginx does not start.",
     "Give ssl_certificate and ssl_certificate_key together."},
    {"GF409", warning, "No TLS",
     "Tokens of the API and everything else go over the network as everybody can read it.",
     "listen 443 ssl; with a certificate, and return 308 https://$host$request_uri; on port 80."},
    {"GF410", warning, "A slash decides what the server is asked for",
     "With a path in proxy_pass nginx puts it in the place of the location's own, letter by letter; without "
     "one it passes the path on whole, prefix and all.",
     "location /bot1/ { proxy_pass http://bot1:3001/; }: a slash at the end of both."},
    {"GF411", warning, "The upstream's certificate is not looked at",
     "Whoever is between nginx and the server can read and change everything; TLS is then for nothing.",
     "proxy_ssl_verify on; proxy_ssl_trusted_certificate FILE; proxy_ssl_name HOST;"},
    {"GF412", error, "Metrics for everybody",
     "Metrics name guild counts, machines, versions and errors; nobody outside needs them.",
     "Route /health, /livez and /readyz one by one with location =, or keep /metrics away: location = "
     "/bot1/metrics { return 404; }"},
    {"GF413", warning, "An API without a request limit",
     "Whoever reaches the API of a bot can guess tokens as fast as nginx passes them on.",
     "limit_req in this location, or allow and deny by address."},
    {"GF414", error, "Everybody may say what address he has",
     "set_real_ip_from for all addresses takes the address from a header that any client can send: limits, "
     "allow, deny and logs become worthless.",
     "Name the addresses of the proxy or load balancer in front, and no others."},
    {"GF415", warning, "A client's own word for its address",
     "$http_x_forwarded_for is what the client sent. A limit by it is no limit, and the server behind is "
     "lied "
     "to.",
     "$remote_addr (or $binary_remote_addr); behind a proxy with set_real_ip_from and real_ip_header."},
    {"GF416", note, "The client's X-Forwarded-For is kept",
     "$proxy_add_x_forwarded_for appends the address to what the client sent; a server that reads the first "
     "one reads the client's invention.",
     "proxy_set_header X-Forwarded-For $remote_addr; where nginx is the first proxy."},
    {"GF417", note, "nginx tells its version", "Scanners look for versions with known holes.",
     "server_tokens off; in http."},
    {"GF418", warning, "Requests that change something are sent twice",
     "With non_idempotent a POST that timed out goes to the next server, although the first may have done "
     "it.",
     "Take non_idempotent out; error and timeout alone repeat only what is safe to repeat."},
    {"GF419", note, "Headers from outside are lost here",
     "A level with add_header or proxy_set_header of its own inherits none of the levels around it.",
     "Repeat them here, or keep them in a file that both include."},
    {"GF420", warning, "Folders are listed", "Everybody can see and fetch every file in them.",
     "Take autoindex on out."},
    {"GF421", error, "A way out of the folder",
     "location /files with alias /data/files/ also answers /files../: that is /data/files/../, one folder "
     "up.",
     "End both with a slash: location /files/ { alias /data/files/; }"},
    {"GF422", note, "No access log", "After an attack or an outage nobody can tell what was asked.",
     "Leave the log on, and turn it off for health checks only, in their location."},
    {"GF423", note, "if inside of a location",
     "if begins a location of its own; what stands beside it is then not in force, or in unexpected ways. "
     "Only "
     "return, rewrite, set and break are safe in it.",
     "Use map, a location of its own, or error_page."},
    {"GF424", note, "No default server",
     "A request for an unknown host goes to whichever server stands first in the file.",
     "One server with listen 443 ssl default_server; ssl_reject_handshake on; and for port 80 return 444;"},
    {"GF425", error, "A variable address without a resolver",
     "nginx looks an address that holds a variable up at each request and needs a resolver for it; without "
     "one "
     "it answers 502.",
     "resolver 127.0.0.11 valid=10s; in Docker, else the address of your DNS server; or an upstream."},
});

// Of a table; does not compile for an id that it lacks.
consteval const check_rule& of(std::string_view id) {
  return *std::ranges::find(table, id, &check_rule::id);
}

inline constexpr const check_rule& unreadable = of("GF401");
inline constexpr const check_rule& weights_of_bots = of("GF402");
inline constexpr const check_rule& no_upgrade = of("GF403");
inline constexpr const check_rule& idle_web_socket = of("GF404");
inline constexpr const check_rule& no_request_limit = of("GF405");
inline constexpr const check_rule& large_bodies = of("GF406");
inline constexpr const check_rule& old_tls = of("GF407");
inline constexpr const check_rule& half_certificate = of("GF408");
inline constexpr const check_rule& no_tls = of("GF409");
inline constexpr const check_rule& prefix_slash = of("GF410");
inline constexpr const check_rule& unverified_upstream = of("GF411");
inline constexpr const check_rule& public_metrics = of("GF412");
inline constexpr const check_rule& open_api = of("GF413");
inline constexpr const check_rule& anybody_is_proxy = of("GF414");
inline constexpr const check_rule& believed_address = of("GF415");
inline constexpr const check_rule& appended_address = of("GF416");
inline constexpr const check_rule& shown_version = of("GF417");
inline constexpr const check_rule& repeated_requests = of("GF418");
inline constexpr const check_rule& lost_headers = of("GF419");
inline constexpr const check_rule& listed_folders = of("GF420");
inline constexpr const check_rule& alias_traversal = of("GF421");
inline constexpr const check_rule& no_access_log = of("GF422");
inline constexpr const check_rule& if_in_location = of("GF423");
inline constexpr const check_rule& no_default_server = of("GF424");
inline constexpr const check_rule& no_resolver = of("GF425");

}  // namespace guildfleet::ops::nginx_rule
