// Ports for unit tests of what a feature decides and answers: they keep answers, and fail the test where
// anything else is done. Those that keep what is done are in feature_world.hpp; what it comes to at Discord
// is tested with the real ones (tests/integration/feature_scenario.hpp).
#pragma once

#include <gtest/gtest.h>
#include <vector>

#include "features/feature.hpp"

namespace guildfleet::features::test_kit {

// Keeps what was answered.
class recorded_answers final : public interaction_answers {
 public:
  net::task<base::result<void>> reply_with_files(discord::message_body message,
                                                 std::vector<discord::upload> /*files*/) override {
    replies.push_back(std::move(message));
    co_return base::result<void>{};
  }
  net::task<base::result<void>> update(discord::message_edit edit) override {
    edits.push_back(std::move(edit));
    co_return base::result<void>{};
  }
  net::task<base::result<void>> show(discord::modal form) override {
    forms.push_back(std::move(form));
    co_return base::result<void>{};
  }
  net::task<base::result<void>> follow_up(discord::message_body message) override {
    replies.push_back(std::move(message));
    co_return base::result<void>{};
  }
  net::task<base::result<void>> suggest(std::vector<discord::choice> choices) override {
    suggestions.push_back(std::move(choices));
    co_return base::result<void>{};
  }
  void prefer_update() override {}

  std::vector<discord::message_body> replies;  // and follow-ups
  std::vector<discord::message_edit> edits;
  std::vector<discord::modal> forms;
  std::vector<std::vector<discord::choice>> suggestions;
};

// A test of who does nothing at Discord but answer.
class no_effects : public effect_port {
 public:
  net::task<base::result<discord::message_id>> post(effect_origin /*origin*/, discord::channel_id /*channel*/,
                                                    discord::message_body /*body*/) override {
    ADD_FAILURE() << "it posted a message";
    co_return discord::message_id{};
  }
  net::task<base::result<std::string>> make(effect_origin /*origin*/, discord::request /*request*/,
                                            finder /*find*/) override {
    ADD_FAILURE() << "it made something";
    co_return std::string();
  }
  net::task<base::result<std::string>> call(discord::request /*request*/) override {
    ADD_FAILURE() << "it made a request";
    co_return std::string();
  }
};

class no_settings : public settings_port {
 public:
  net::task<base::result<settings::current_settings>> get(discord::guild_id /*guild*/,
                                                          std::string /*feature*/) override {
    co_return settings::current_settings{};
  }
  net::task<base::result<settings::change_result>> edit(discord::guild_id /*guild*/, std::string /*feature*/,
                                                        store::change_author /*author*/,
                                                        settings::edit_function /*apply*/) override {
    co_return settings::change_result{};
  }
  net::task<base::result<settings::change_result>> reset(discord::guild_id /*guild*/, std::string /*feature*/,
                                                         store::change_author /*author*/) override {
    co_return settings::change_result{};
  }
  net::task<base::result<settings::change_result>> undo(discord::guild_id /*guild*/, std::uint64_t /*id*/,
                                                        store::change_author /*author*/) override {
    co_return settings::change_result{};
  }
  net::task<base::result<std::vector<store::audit_row>>> history(discord::guild_id /*guild*/,
                                                                 std::uint32_t /*limit*/) override {
    co_return std::vector<store::audit_row>{};
  }
  net::task<base::result<std::string>> export_guild(discord::guild_id /*guild*/) override {
    co_return std::string();
  }
  net::task<base::result<settings::import_check>> plan_import(discord::guild_id /*guild*/,
                                                              std::string /*text*/) override {
    co_return settings::import_check{};
  }
  net::task<base::result<settings::change_result>> apply_import(settings::import_plan /*plan*/,
                                                                store::change_author /*author*/) override {
    co_return settings::change_result{};
  }
  [[nodiscard]] const settings::schema_catalogue& schemas() const override { return none_; }

 private:
  settings::schema_catalogue none_{{}};
};

class no_attachments final : public attachment_port {
 public:
  net::task<base::result<std::string>> fetch(std::string /*url*/, std::size_t /*max_bytes*/) override {
    ADD_FAILURE() << "it fetched a file";
    co_return std::string();
  }
};

class no_jobs : public job_port {
 public:
  net::task<base::result<store::schedule_outcome>> schedule(timer, store::schedule_mode) override {
    co_return store::schedule_outcome::kept;
  }
  net::task<base::result<bool>> cancel(std::string) override { co_return false; }
};

class no_records final : public record_port {
 public:
  net::task<base::result<store::record_outcome>> change(std::vector<store::record_change>) override {
    ADD_FAILURE() << "it keeps something";
    co_return store::record_outcome{};
  }
  net::task<base::result<std::optional<store::record>>> get(store::record_key) override {
    co_return std::nullopt;
  }
  net::task<base::result<store::record_page>> list(store::record_query) override {
    co_return store::record_page{};
  }
  net::task<base::result<std::uint64_t>> next_number(discord::guild_id, std::string) override {
    co_return 1U;
  }
};

class no_moments : public moment_port {
 public:
  bool after(std::chrono::milliseconds, discord::guild_id, std::string,
             std::function<net::task<>()>) override {
    ADD_FAILURE() << "it puts something off";
    return false;
  }
  [[nodiscard]] std::optional<std::chrono::milliseconds> due_in(discord::guild_id,
                                                                const std::string&) const override {
    return std::nullopt;
  }
  void cancel(discord::guild_id, const std::string&) override {}
};

}  // namespace guildfleet::features::test_kit
