// Everything that the API can be asked.
#include <array>

#include "api/v1/config_calls.hpp"
#include "api/v1/other_calls.hpp"

namespace guildfleet::api::v1 {
namespace {

using condition = api_route::condition;
using store::token_scope;

constexpr int unconditional[] = {404};
constexpr int of_patch[] = {400, 404, 412, 413, 415, 422, 428};
constexpr int of_reset[] = {400, 404, 412, 428};
constexpr int of_undo[] = {400, 404, 409, 412, 413, 422};
constexpr int of_import[] = {400, 404, 409, 412, 413, 422};
constexpr int of_read[] = {304, 404};

constexpr query_parameter history_query[] = {{"feature", "only changes of this feature"},
                                             {"before", "only changes older than this id: for the next page"},
                                             {"limit", "how many, 1 to 200; 50 when it is not given"}};
constexpr query_parameter import_query[] = {
    {"dry_run", "true: nothing is saved, the answer tells what would be"}};

constexpr std::array routes = {
    api_route{"GET",
              "/api/v1/bots/{bot}/guilds/{guild}/config",
              "All settings of a guild",
              token_scope::read,
              body_kind::none,
              body_kind::all_settings,
              condition::none,
              {},
              of_read,
              get_all_settings},
    api_route{"GET", "/api/v1/bots/{bot}/guilds/{guild}/config/history",
              "Changes of a guild's settings, the newest first", token_scope::read, body_kind::none,
              body_kind::history, condition::none, history_query, unconditional, get_history},
    api_route{"POST",
              "/api/v1/bots/{bot}/guilds/{guild}/config/undo",
              "Takes one change back",
              token_scope::config,
              body_kind::undo,
              body_kind::changed,
              condition::none,
              {},
              of_undo,
              undo_change},
    api_route{"GET",
              "/api/v1/bots/{bot}/guilds/{guild}/config/{feature}",
              "The settings of a feature in a guild",
              token_scope::read,
              body_kind::none,
              body_kind::settings,
              condition::none,
              {},
              of_read,
              get_settings},
    api_route{"PATCH",
              "/api/v1/bots/{bot}/guilds/{guild}/config/{feature}",
              "Changes settings by JSON Merge Patch",
              token_scope::config,
              body_kind::patch,
              body_kind::changed,
              condition::needed,
              {},
              of_patch,
              patch_settings},
    api_route{"DELETE",
              "/api/v1/bots/{bot}/guilds/{guild}/config/{feature}",
              "Gives a feature its defaults again",
              token_scope::config,
              body_kind::none,
              body_kind::changed,
              condition::needed,
              {},
              of_reset,
              reset_settings},
    api_route{"GET",
              "/api/v1/bots/{bot}/guilds/{guild}/export",
              "All settings of a guild as a file",
              token_scope::read,
              body_kind::none,
              body_kind::transfer,
              condition::none,
              {},
              unconditional,
              export_settings},
    api_route{"POST", "/api/v1/bots/{bot}/guilds/{guild}/import",
              "Takes an export over: all of it or nothing", token_scope::config, body_kind::transfer,
              body_kind::import_outcome, condition::possible, import_query, of_import, import_settings},
    api_route{"GET",
              "/api/v1/bots",
              "The bots of this node",
              token_scope::read,
              body_kind::none,
              body_kind::bots,
              condition::none,
              {},
              {},
              get_bots},
    api_route{"GET",
              "/api/v1/stats",
              "Guilds, overlaps, uses, jobs and changes",
              token_scope::read,
              body_kind::none,
              body_kind::stats,
              condition::none,
              {},
              {},
              get_stats},
    api_route{"GET",
              "/api/v1/tokens",
              "The tokens, without their secrets",
              token_scope::admin,
              body_kind::none,
              body_kind::tokens,
              condition::none,
              {},
              {},
              get_tokens},
    api_route{"DELETE",
              "/api/v1/tokens/{token}",
              "Revokes a token",
              token_scope::admin,
              body_kind::none,
              body_kind::none,
              condition::none,
              {},
              unconditional,
              revoke_token},
    api_route{"GET",
              "/api/v1/heap",
              "Where this process' memory was taken, as its allocator tells",
              token_scope::admin,
              body_kind::none,
              body_kind::heap,
              condition::none,
              {},
              {},
              get_heap},
    api_route{"GET",
              "/api/v1/openapi.json",
              "This description",
              std::nullopt,
              body_kind::none,
              body_kind::openapi,
              condition::none,
              {},
              {},
              get_openapi},
};

}  // namespace

std::span<const api_route> api_table() {
  return routes;
}

}  // namespace guildfleet::api::v1
