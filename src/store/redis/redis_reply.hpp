// Redis' protocol (RESP 2) both ways, without I/O. Reading is hiredis' reply reader.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace guildfleet::store {

struct redis_reply {
  enum class kind { nothing, number, text, list, error };
  kind is = kind::nothing;
  std::int64_t number = 0;
  std::string text;  // of an error too: "WRONGPASS invalid ..."
  std::vector<redis_reply> items;

  // The first word of an error, which names its kind and holds no data.
  [[nodiscard]] std::string_view error_code() const;
};

// Puts replies together from pieces of the stream.
class redis_reply_reader final {
 public:
  redis_reply_reader();
  ~redis_reply_reader();
  redis_reply_reader(const redis_reply_reader&) = delete;
  redis_reply_reader& operator=(const redis_reply_reader&) = delete;

  // Error bad_answer: not the protocol, or a reply of more than 1 MiB; the reader is of no use then.
  [[nodiscard]] base::result<void> feed(std::string_view bytes);
  // nullopt: no whole reply is there yet. Errors as feed().
  [[nodiscard]] base::result<std::optional<redis_reply>> next();

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

// A command as Redis reads it.
[[nodiscard]] std::string encode_redis_command(std::span<const std::string> words);

}  // namespace guildfleet::store
