#include "peer/peer_words.hpp"

#include <array>
#include <boost/json/parse.hpp>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/json_text.hpp"

namespace guildfleet::peer {
namespace {

namespace json = boost::json;

constexpr std::string_view domain = "guildfleet-peer-v1";
constexpr std::int64_t most_shards = 1'000'000;

std::optional<std::uint32_t> number_at(const json::object& from, std::string_view key) {
  const json::value* value = from.if_contains(key);
  if (value == nullptr || !value->is_int64()) return std::nullopt;
  const std::int64_t number = value->as_int64();
  return number >= 0 && number <= most_shards ? std::optional(static_cast<std::uint32_t>(number))
                                              : std::nullopt;
}

}  // namespace

base::secret proof_of(const base::secret& fleet_key) {
  const std::string_view key = fleet_key.reveal();
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(domain.data()), domain.size(), digest.data(), &length);
  std::string text;
  for (unsigned int i = 0; i < length; ++i) text += fmt::format("{:02x}", digest[i]);
  return base::secret(std::move(text));
}

std::string to_json(const store::lease_key& shard) {
  base::json_writer out;
  out.begin_object().key("bot").string(shard.bot.value);
  out.key("index").number(std::uint64_t{shard.shard.index});
  out.key("count").number(std::uint64_t{shard.shard.count}).end_object();
  return out.take();
}

std::optional<store::lease_key> parse_shard(std::string_view text) {
  boost::system::error_code problem;
  const json::value parsed = json::parse(text, problem);
  return problem ? std::nullopt : shard_from(parsed);
}

std::optional<store::lease_key> shard_from(const json::value& from) {
  if (!from.is_object()) return std::nullopt;
  const json::object& object = from.as_object();
  const json::value* bot = object.if_contains("bot");
  const auto index = number_at(object, "index");
  const auto count = number_at(object, "count");
  if (bot == nullptr || !bot->is_string() || !index || !count || *index >= *count) return std::nullopt;
  return store::lease_key{{std::string(bot->as_string())}, {*index, *count}};
}

}  // namespace guildfleet::peer
