#include <ostream>

#include "base/replace_file.hpp"
#include "cli/doctor_memory.hpp"
#include "cli/fetch.hpp"
#include "discord/rest/json_object.hpp"
#include "ops/secret_file.hpp"

namespace guildfleet::cli {
namespace {

constexpr std::chrono::seconds heap_limit{60};  // a large heap takes its time, and is megabytes of text
constexpr const char* token_variable = "GUILDFLEET_API_TOKEN";
constexpr const char* how_to_get_a_token =
    "make one with `guildfleet token create doctor --scope admin --expires 1d` (with --bot NAME where each "
    "bot has a file of its own) and give it in GUILDFLEET_API_TOKEN or by --token-file";

struct heap_answer {
  std::string kind{};
  std::string text{};
  std::string hint{};
};

exit_code refuse(const terminal& to, const std::string& why) {
  to.err << "guildfleet: " << why << '\n';
  return exit_code::usage;
}

std::expected<base::secret, std::string> token_of(const doctor_request& request, const program_facts& facts) {
  if (!request.token_file.empty()) {
    auto token = ops::read_secret_file(request.token_file);
    if (!token) return std::unexpected(fmt::format("{} ({})", token.error().message, token.error().fix));
    return std::move(*token);
  }
  auto token = facts.variables(token_variable);
  if (token && !token->empty()) return base::secret(std::move(*token));
  return std::unexpected(fmt::format("the heap is shown to administrators only: {}", how_to_get_a_token));
}

std::expected<std::string, std::string> api_of(const doctor_request& request, const program_facts& facts) {
  if (!request.api.empty()) return request.api;
  const auto outcome = load_config(request.node.config, facts, false);
  if (outcome.config && outcome.config->api.port.value_or(0) != 0)
    return fmt::format("http://{}:{}",
                       outcome.config->api.address == "0.0.0.0" ? "127.0.0.1" : outcome.config->api.address,
                       *outcome.config->api.port);
  return std::unexpected(
      "the heap is asked over the API, and this configuration has none: set api.port, start the node again, "
      "or name another address with --api");
}

// What the API says when it refuses, in its own words.
std::string complaint_in(const net::http_response& answer) {
  const auto body = discord::parse_object(answer.body);
  const auto* detail = body ? body->if_contains("detail") : nullptr;
  const auto* title = body ? body->if_contains("title") : nullptr;
  std::string out = fmt::format("status {}", answer.status);
  for (const auto* each : {title, detail}) {
    if (each != nullptr && each->is_string())
      out += fmt::format(": {}", std::string_view(each->get_string()));
  }
  if (answer.status == 401 || answer.status == 403) out += fmt::format("; {}", how_to_get_a_token);
  return out;
}

std::optional<heap_answer> read_heap(std::string_view text) {
  const auto body = discord::parse_object(text);
  if (!body) return std::nullopt;
  heap_answer out;
  for (const auto& [key, into] : {std::pair{"kind", &out.kind}, {"text", &out.text}, {"hint", &out.hint}}) {
    const auto* value = body->if_contains(key);
    if (value == nullptr || !value->is_string()) return std::nullopt;
    *into = std::string(value->get_string());
  }
  return out;
}

std::string name_of_file(const heap_answer& heap, base::wall_time at) {
  const auto now = std::chrono::floor<std::chrono::seconds>(at);
  const char* kind = heap.kind == "profile" ? "heap" : heap.kind == "statistics" ? "json" : "xml";
  return fmt::format("guildfleet-heap-{}.{}", now.time_since_epoch().count(), kind);
}

}  // namespace

exit_code save_heap(const doctor_request& request, const program_facts& facts, const base::clock& clock,
                    const terminal& to) {
  const auto api = api_of(request, facts);
  if (!api) return refuse(to, api.error());
  const auto token = token_of(request, facts);
  if (!token) return refuse(to, token.error());
  net::http_fields fields;
  fields.set("Authorization", fmt::format("Bearer {}", token->reveal()));
  const auto answer = fetch(*api, "/api/v1/heap", heap_limit, fields);
  if (!answer) return tell_no_answer(answer.error(), to);
  if (answer->status != 200) {
    to.err << "guildfleet: " << *api << "/api/v1/heap: " << shown(complaint_in(*answer)) << '\n';
    return exit_code::failed;
  }
  const auto heap = read_heap(answer->body);
  if (!heap) {
    to.err << "guildfleet: " << *api
           << ": the answer is not that of a guildfleet node; is the address right?\n";
    return exit_code::failed;
  }
  const std::string file = request.file.empty() ? name_of_file(*heap, clock.wall_now()) : request.file;
  // For this user alone, and never over something that is there.
  if (const auto done = base::write_new_file(file, heap->text, 0600); !done)
    return tell_failure(to, done.error());
  to.out << "wrote " << file << ": " << shown(heap->kind) << " of the node's heap\n";
  if (heap->kind == "profile")
    to.out << "read it with: jeprof --text \"$(command -v guildfleet)\" " << file
           << "   # apt-get install libjemalloc-dev\n";
  else
    to.out << "no profile: " << shown(heap->hint) << '\n';
  return exit_code::fine;
}

}  // namespace guildfleet::cli
