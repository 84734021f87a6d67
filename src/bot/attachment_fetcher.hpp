// Downloads what users attached: from Discord's CDN and from nowhere else, as the address comes in a payload.
#pragma once

#include "features/attachment_port.hpp"
#include "net/http_types.hpp"
#include "net/tls_context.hpp"

namespace guildfleet::bot {

class attachment_fetcher final : public features::attachment_port {
 public:
  // Where `api` is not Discord's, its own origin serves attachments too: a simulator, or a proxy of the API.
  attachment_fetcher(net::url api, net::tls_context tls) : api_(std::move(api)), tls_(std::move(tls)) {}

  [[nodiscard]] net::task<base::result<std::string>> fetch(std::string url, std::size_t max_bytes) override;

  [[nodiscard]] bool trusts(const net::url& from) const;

 private:
  net::url api_;
  net::tls_context tls_;
};

}  // namespace guildfleet::bot
