#include "store/copy/copier.hpp"

#include <array>
#include <fmt/format.h>
#include <openssl/sha.h>

#include "store/error.hpp"

namespace guildfleet::store {
namespace {

// What must be the same in both stores.
table_row compared(const copied_table& table, const table_row& row) {
  table_row out;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (table.columns[i].role != column_role::order) out.push_back(row[i]);
  }
  return out;
}

// A chain: each link is the SHA-256 of the one before and of a row.
class checksum final {
 public:
  void add(const table_row& row) {
    std::string text(reinterpret_cast<const char*>(link_.data()), link_.size());
    for (const cell& each : row) {
      if (const auto* number = std::get_if<std::int64_t>(&each))
        fmt::format_to(std::back_inserter(text), "i{};", *number);
      else if (const auto* held = std::get_if<std::string>(&each))
        fmt::format_to(std::back_inserter(text), "t{}:{}", held->size(), *held);
      else
        text += "n;";
    }
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), link_.data());
  }
  [[nodiscard]] std::string text() const {
    std::string out;
    for (const unsigned char byte : link_) fmt::format_to(std::back_inserter(out), "{:02x}", byte);
    return out;
  }

 private:
  std::array<unsigned char, SHA256_DIGEST_LENGTH> link_{};
};

using row_work = std::function<base::result<void>(std::span<const table_row>)>;

class copy_run final {
 public:
  copy_run(table_side& source, table_side& target, const copy_options& options)
      : source_(source), target_(target), options_(options) {}

  base::result<copy_outcome> run() {
    copy_outcome out;
    if (auto refused = refusal(); !refused)
      return std::unexpected(std::move(refused).error());
    else if (*refused)
      return copy_outcome{{}, std::move(*refused)};
    const auto from = copied_tables(source_.speaks());
    const auto to = copied_tables(target_.speaks());
    for (std::size_t i = 0; i < from.size(); ++i) {
      auto done = copy_table(from[i], to[i]);
      if (!done) return std::unexpected(std::move(done).error());
      out.tables.push_back(std::move(*done));
    }
    return out;
  }

 private:
  base::result<std::optional<copy_refusal>> refusal() {
    if (options_.force) return std::nullopt;
    for (table_side* side : {&source_, &target_}) {
      const auto owner = side->owner_of(options_.scope.bot);
      if (!owner) return std::unexpected(owner.error());
      if (*owner) {
        return copy_refusal{
            fmt::format("node {} runs {} on {}", **owner, options_.scope.bot.value, side->place()),
            "Stop it first: what it writes meanwhile would be lost."};
      }
    }
    std::uint64_t of_bot = 0;
    for (const copied_table& table : copied_tables(source_.speaks())) {
      if (!table.has("bot") || table.of_fleet) continue;
      const auto rows = source_.count(table, options_.scope);
      if (!rows) return std::unexpected(rows.error());
      of_bot += *rows;
    }
    if (of_bot == 0) {
      return copy_refusal{
          fmt::format("{} holds nothing of a bot {}", source_.place(), options_.scope.bot.value),
          "Check the name; with --force what the bots share is copied all the same."};
    }
    return find_conflict();
  }

  base::result<std::optional<copy_refusal>> find_conflict() {
    const auto from = copied_tables(source_.speaks());
    const auto to = copied_tables(target_.speaks());
    for (std::size_t i = 0; i < from.size(); ++i) {
      std::uint64_t different = 0;
      const auto looked = each_page(from[i], [&](std::span<const table_row> rows) -> base::result<void> {
        for (const table_row& row : rows) {
          const auto there = target_.find(to[i], row);
          if (!there) return std::unexpected(there.error());
          if (*there && compared(to[i], **there) != compared(from[i], row)) ++different;
        }
        return {};
      });
      if (!looked) return std::unexpected(looked.error());
      if (different > 0) {
        return copy_refusal{
            fmt::format("{} holds other values in {} rows of {}", target_.place(), different, from[i].name),
            "--force replaces them."};
      }
    }
    return std::nullopt;
  }

  base::result<void> each_page(const copied_table& table, const row_work& work) {
    std::optional<table_row> after;
    while (true) {
      auto rows = source_.page(table, options_.scope, after, options_.page);
      if (!rows) return std::unexpected(std::move(rows).error());
      if (rows->empty()) return {};
      if (auto done = work(*rows); !done) return done;
      if (rows->size() < options_.page) return {};
      after = std::move(rows->back());
    }
  }

  base::result<table_outcome> copy_table(const copied_table& from, const copied_table& to) {
    table_outcome out{std::string(from.name), 0, 0, {}};
    const auto all = source_.count(from, options_.scope);
    if (!all) return std::unexpected(all.error());
    checksum sent;
    checksum arrived;
    const auto copied = each_page(from, [&](std::span<const table_row> rows) -> base::result<void> {
      std::vector<table_row> missing;
      for (const table_row& row : rows) {
        sent.add(compared(from, row));
        const auto there = target_.find(to, row);
        if (!there) return std::unexpected(there.error());
        if (!*there || compared(to, **there) != compared(from, row)) missing.push_back(row);
      }
      if (!missing.empty()) {
        if (auto written = target_.write(to, missing); !written) return written;
      }
      out.written += missing.size();
      for (const table_row& row : rows) {
        const auto there = target_.find(to, row);
        if (!there) return std::unexpected(there.error());
        if (*there) arrived.add(compared(to, **there));
      }
      out.rows += rows.size();
      if (options_.progress) options_.progress(from.name, out.rows, *all);
      return {};
    });
    if (!copied) return std::unexpected(copied.error());
    out.checksum = sent.text();
    if (arrived.text() != out.checksum || out.rows != *all) {
      return base::fail(store_error::failed, fmt::format("{}: what arrived is not what was sent", from.name),
                        "Does something else write to one of the stores? Run the copy again.");
    }
    return out;
  }

  table_side& source_;
  table_side& target_;
  const copy_options& options_;
};

}  // namespace

base::result<copy_outcome> copy_bot(table_side& source, table_side& target, const copy_options& options) {
  return copy_run(source, target, options).run();
}

}  // namespace guildfleet::store
