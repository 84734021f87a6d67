#include "api/health_routes.hpp"

#include "api/health_json.hpp"
#include "base/process_memory.hpp"

namespace guildfleet::api {
namespace {

net::http_response probe(const verdict& judged) {
  return net::http_response::text(judged.good ? 200 : 503, judged.text + "\n");
}

net::http_response not_cached(net::http_response response) {
  response.fields.set("Cache-Control", "no-store");
  return response;
}

}  // namespace

net::http_response health_routes::answer(const net::http_request& request) {
  if (request.method != "GET" && request.method != "HEAD") {
    auto refused = net::http_response::text(405, "only GET and HEAD\n");
    refused.fields.set("Allow", "GET, HEAD");
    return refused;
  }
  const std::string_view path = request.path();
  if (path == "/health") {
    const auto snapshot = status_.snapshot();
    const bool ready = readiness_.judge(snapshot).good;
    return not_cached(net::http_response::json(200, health_json(snapshot, ready, base::resident_memory())));
  }
  if (path == "/livez") return not_cached(probe(judge_liveness(status_.snapshot(), settings_)));
  if (path == "/readyz") return not_cached(probe(readiness_.judge(status_.snapshot())));
  if (path == "/metrics") {
    own_series_.update(status_.snapshot(), base::resident_memory());
    auto response = net::http_response::text(200, metrics_.expose());
    response.fields.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    return not_cached(std::move(response));
  }
  if (path == "/memory" && memory_ != nullptr) {
    const auto now = status_.snapshot();
    const auto uptime = std::chrono::duration_cast<std::chrono::seconds>(now.uptime);
    return not_cached(net::http_response::json(200, memory_->json(now.node, uptime)));
  }
  return net::http_response::text(404, "not here; try /health, /livez, /readyz, /metrics or /memory\n");
}

}  // namespace guildfleet::api
