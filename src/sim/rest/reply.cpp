#include "sim/rest/reply.hpp"

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>

namespace guildfleet::sim {

namespace {

struct known_error {
  int code;
  int status;
  std::string_view message;
};

constexpr std::array known_errors = {
    known_error{10003, 404, "Unknown Channel"},
    known_error{10004, 404, "Unknown Guild"},
    known_error{10006, 404, "Unknown Invite"},
    known_error{10007, 404, "Unknown Member"},
    known_error{10008, 404, "Unknown Message"},
    known_error{10009, 404, "Unknown Permission Overwrite"},
    known_error{10011, 404, "Unknown Role"},
    known_error{10013, 404, "Unknown User"},
    known_error{10014, 400, "Unknown Emoji"},
    known_error{10015, 404, "Unknown Webhook"},
    known_error{10026, 404, "Unknown Ban"},
    known_error{10062, 404, "Unknown interaction"},
    known_error{10063, 404, "Unknown application command"},
    known_error{10065, 404, "Unknown Voice State"},
    known_error{20002, 403, "Only bots can use this endpoint"},
    known_error{20012, 403, "You are not authorized to perform this action on this application"},
    known_error{30003, 400, "Maximum number of pins reached for the channel (250)"},
    known_error{30005, 400, "Maximum number of guild roles reached (250)"},
    known_error{30007, 400, "Maximum number of webhooks reached (15)"},
    known_error{30010, 400, "Maximum number of reactions reached (20)"},
    known_error{30013, 400, "Maximum number of guild channels reached (500)"},
    known_error{30032, 400, "Maximum number of application commands reached (100)"},
    known_error{30034, 400, "Max number of daily application command creates has been reached (200)"},
    known_error{40007, 403, "The user is banned from this guild."},
    known_error{40009, 400, "Only one channel may change its parent_id"},
    known_error{40032, 400, "Target user is not connected to voice."},
    known_error{40041, 400, "Application command with that name already exists"},
    known_error{40058, 400, "Cannot send messages in this channel type"},
    known_error{40060, 400, "Interaction has already been acknowledged."},
    known_error{50001, 403, "Missing Access"},
    known_error{50003, 403, "Cannot execute action on a DM channel"},
    known_error{50005, 403, "Cannot edit a message authored by another user"},
    known_error{50006, 400, "Cannot send an empty message"},
    known_error{50007, 403, "Cannot send messages to this user"},
    known_error{50008, 400, "Cannot send messages in a non-text channel"},
    known_error{50013, 403, "Missing Permissions"},
    known_error{50016, 400, "You can only bulk delete messages between 2 and 100 at a time."},
    known_error{50021, 403, "Cannot execute action on a system message"},
    known_error{50024, 400, "Cannot execute action on this channel type"},
    known_error{50027, 401, "Invalid Webhook Token"},
    known_error{50028, 400, "Invalid Role"},
    known_error{50034, 400, "You can only bulk delete messages that are under 14 days old."},
    known_error{50041, 400, "Invalid API version"},
    known_error{50083, 400, "Thread is archived"},
    known_error{50109, 400, "The request body contains invalid JSON."},
    known_error{160002, 400, "Cannot reply without permission to read message history"},
    known_error{160004, 400, "A thread has already been created for this message"},
    known_error{160005, 400, "Thread is locked"},
    known_error{160014, 400, "Cannot forward a message you cannot read"},
    known_error{500000, 400, "Failed to ban users"},
};

}  // namespace

reply ok(json::value body) {
  return {.status = 200, .body = std::move(body)};
}
reply created(json::value body) {
  return {.status = 201, .body = std::move(body)};
}
reply no_content() {
  return {.status = 204};
}

reply failure(int status, int code, std::string_view message) {
  return {.status = status, .body = json::object{{"message", message}, {"code", code}}};
}

reply refuse(int code) {
  const auto* const known = std::ranges::find(known_errors, code, &known_error::code);
  return known == known_errors.end() ? failure(400, code, "Unknown error")
                                     : failure(known->status, code, known->message);
}

reply sublimited(std::chrono::milliseconds retry_after) {
  return {.status = 429, .retry_after = retry_after};
}

}  // namespace guildfleet::sim
