#include "store/redis/redis_reply.hpp"

#include <fmt/format.h>
#include <hiredis/hiredis.h>

#include "store/redis/redis_error.hpp"

namespace guildfleet::store {
namespace {

constexpr std::size_t most_buffered_bytes = 1U << 20U;

using raw_reply = std::unique_ptr<redisReply, decltype([](redisReply* reply) { freeReplyObject(reply); })>;
using raw_reader =
    std::unique_ptr<redisReader, decltype([](redisReader* reader) { redisReaderFree(reader); })>;

redis_reply converted(const redisReply& raw) {
  redis_reply out;
  switch (raw.type) {
    case REDIS_REPLY_INTEGER:
      out.is = redis_reply::kind::number;
      out.number = raw.integer;
      break;
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
      out.is = redis_reply::kind::text;
      out.text.assign(raw.str, static_cast<std::size_t>(raw.len));
      break;
    case REDIS_REPLY_ERROR:
      out.is = redis_reply::kind::error;
      out.text.assign(raw.str, static_cast<std::size_t>(raw.len));
      break;
    case REDIS_REPLY_ARRAY:
      out.is = redis_reply::kind::list;
      for (const redisReply* item : std::span(raw.element, raw.elements))
        out.items.push_back(converted(*item));
      break;
    default:
      break;
  }
  return out;
}

std::unexpected<base::error> not_redis() {
  return base::fail(redis_error::bad_answer, "Redis", "Check that the address is that of a Redis server.");
}

}  // namespace

std::string_view redis_reply::error_code() const {
  return std::string_view(text).substr(0, text.find(' '));
}

struct redis_reply_reader::impl {
  raw_reader reader{redisReaderCreate()};
  std::size_t waiting = 0;  // bytes fed since the last whole reply
};

redis_reply_reader::redis_reply_reader() : impl_(std::make_unique<impl>()) {}
redis_reply_reader::~redis_reply_reader() = default;

base::result<void> redis_reply_reader::feed(std::string_view bytes) {
  impl_->waiting += bytes.size();
  if (impl_->waiting > most_buffered_bytes) return not_redis();
  if (redisReaderFeed(impl_->reader.get(), bytes.data(), bytes.size()) != REDIS_OK) return not_redis();
  return {};
}

base::result<std::optional<redis_reply>> redis_reply_reader::next() {
  void* made = nullptr;
  if (redisReaderGetReply(impl_->reader.get(), &made) != REDIS_OK) return not_redis();
  if (made == nullptr) return std::nullopt;
  const raw_reply reply(static_cast<redisReply*>(made));
  impl_->waiting = 0;
  return converted(*reply);
}

std::string encode_redis_command(std::span<const std::string> words) {
  std::string out = fmt::format("*{}\r\n", words.size());
  for (const std::string& word : words)
    fmt::format_to(std::back_inserter(out), "${}\r\n{}\r\n", word.size(), word);
  return out;
}

}  // namespace guildfleet::store
