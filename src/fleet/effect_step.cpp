#include "fleet/effect_step.hpp"

#include <array>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

namespace guildfleet::fleet {
namespace {

constexpr std::chrono::minutes nonce_trusted_for{2};

}  // namespace

effect_step next_step(const store::announced_effect& announced, bool has_nonce) {
  if (announced.first) return effect_step::perform;
  if (!announced.outcome.empty()) return effect_step::known;
  return has_nonce && announced.ago < nonce_trusted_for ? effect_step::perform : effect_step::look_first;
}

std::string nonce_of(const store::effect_key& key) {
  // No part may hold a line break unseen: the bot's name and the action are names, the origin is Discord's.
  const std::string text = fmt::format("{}\n{}/{}\n{}\n{}\n{}", key.shard.bot.value, key.shard.shard.index,
                                       key.shard.shard.count, key.sequence, key.action, key.origin);
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  constexpr int bytes = 18;
  std::array<unsigned char, 25> encoded{};  // base64 and a terminating zero
  EVP_EncodeBlock(encoded.data(), digest.data(), bytes);
  return {reinterpret_cast<const char*>(encoded.data()), 24};
}

}  // namespace guildfleet::fleet
