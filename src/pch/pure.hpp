#pragma once
#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <expected>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace guildfleet::pch {

// A precompiled header keeps the templates that it used; each source would instantiate these again.
inline std::string instantiate(std::uint64_t number, std::string_view text) {
  return fmt::format("{}{}{:.1f}", number, text, static_cast<double>(number));
}

}  // namespace guildfleet::pch
