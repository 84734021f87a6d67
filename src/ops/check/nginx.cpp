#include "ops/check/nginx.hpp"

#include "ops/check/nginx_proxy.hpp"
#include "ops/check/nginx_server.hpp"
#include "ops/check/nginx_syntax.hpp"
#include "ops/render/rendered_file.hpp"
#include "ops/token_text.hpp"

namespace guildfleet::ops {
namespace {

// `guildfleet rollout` moves the weights of these along with the shards.
bool is_rendered(std::string_view text) {
  const std::string header = header_of("guildfleet render nginx");
  return text.starts_with(std::string_view(header).substr(0, header.find('\n') + 1));
}

}  // namespace

std::span<const check_rule> nginx_rules() {
  return nginx_rule::table;
}

finding_list check_nginx(const source_text& file) {
  const auto root = parse_nginx(file.text);
  if (!root) return {{&nginx_rule::unreadable, file.source, root.error().at, root.error().message}};
  nginx_review review(*root, file.source);
  if (!is_rendered(file.text)) check_nginx_weights(review);
  check_nginx_metrics(review);
  each_scope(*root, [&](const nginx_scope& scope) {
    if (scope.within("stream") != nullptr) return;
    check_nginx_proxy(review, scope);
    check_nginx_addresses(review, scope);
    check_nginx_web_socket(review, scope);
    check_nginx_tls(review, scope);
    check_nginx_content(review, scope);
    check_nginx_levels(review, scope);
  });
  check_nginx_default_servers(review);
  finding_list found = review.take();
  // Names are shown, and somebody may have pasted a token as one.
  for (finding& each : found) each.detail = without_tokens(each.detail);
  return found;
}

}  // namespace guildfleet::ops
