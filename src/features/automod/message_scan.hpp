// What a message has in it that rules ask for. Pure; any bytes will do.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace guildfleet::features::automod_rules {

// Different members and roles that the text mentions; @everyone and @here count as one each.
[[nodiscard]] std::size_t count_mentions(std::string_view content);

// The code of the first invite to a server that is not among `allowed` (folded); empty: there is none. Takes
// a folded text, so that invites in letters of other scripts are seen too.
[[nodiscard]] std::string_view first_invite(std::string_view folded_text,
                                            std::span<const std::string> allowed);

// The host of the first http or https link that is neither one of the `allowed` domains (small letters) nor
// below one; empty: there is none. Takes the text as it was written, so that a host that only looks like an
// allowed one is told from it.
[[nodiscard]] std::string first_link(std::string_view content, std::span<const std::string> allowed);

// A domain as a member may write it ("https://Example.com/page"): "example.com"; empty when it is none.
[[nodiscard]] std::string domain_of(std::string_view written);
// The same of an invite: its code, folded.
[[nodiscard]] std::string invite_code_of(std::string_view written);

}  // namespace guildfleet::features::automod_rules
