#include "features/file_transfer.hpp"

#include "features/common_texts.hpp"
#include "features/file_transfer_texts.hpp"
#include "features/message_template.hpp"
#include "features/reasons.hpp"
#include "features/replies.hpp"

namespace guildfleet::features {
namespace {

namespace texts = file_transfer_texts;

// A message's embeds hold 6,000 characters; what would change may take 4,096.
constexpr std::size_t longest_notes = 1'500;

std::string custom_id_of(const feature_declaration& of, std::string action, std::string payload) {
  return discord::encode({std::string(of.name), of.component_version, std::move(action), std::move(payload)})
      .value_or(std::string());
}

std::vector<discord::action_row> buttons(const feature_declaration& of, std::string fingerprint,
                                         language user) {
  discord::button save{.style = discord::button_style::success,
                       .label = std::string(texts::save_button.in(user)),
                       .custom_id = custom_id_of(of, "import", std::move(fingerprint))};
  discord::button cancel{.label = std::string(texts::cancel_button.in(user)),
                         .custom_id = custom_id_of(of, "cancel", {})};
  return {{.items = {std::move(save), std::move(cancel)}}};
}

std::vector<discord::embed> pages_of(import_question& of, language user) {
  std::vector<discord::embed> out(1);
  out.front().description = clipped(std::move(of.changes), longest_embed_description);
  if (of.notes.empty()) return out;
  out.emplace_back();
  out.back().title = texts::look_at.in(user);
  out.back().description = clipped(std::move(of.notes), longest_notes);
  return out;
}

discord::upload file_of(std::string name, std::string text) {
  return {.filename = std::move(name), .content_type = "application/json", .bytes = std::move(text)};
}

const discord::attached_file* find_file(const discord::interaction& what) {
  if (what.command() == nullptr)
    return what.message_attachments.empty() ? nullptr : &what.message_attachments.front();
  const auto& files = what.resolved.attachments;
  const auto found = files.find({what.command()->id_of("file").value_or(0)});
  return found == files.end() ? nullptr : &found->second;
}

}  // namespace

net::task<> give_file(interaction_call call, std::string content, std::string name, std::string text) {
  discord::message_body message = private_message(std::move(content));
  message.attachments = {{.filename = name}};
  (void)co_await call.answers->reply_with_files(std::move(message),
                                                {file_of(std::move(name), std::move(text))});
}

net::task<std::expected<given_file, std::string>> read_given_file(interaction_call call,
                                                                  attachment_port& attachments) {
  const language user = call.user_language();
  const discord::attached_file* const file = find_file(*call.what);
  if (file == nullptr) co_return std::unexpected(std::string(texts::no_file.in(user)));
  if (file->size > longest_given_file) {
    const std::string_view why = texts::file_too_large.in(user);
    co_return std::unexpected(common_texts::refused.format(user, fmt::arg("problems", why)));
  }
  auto text = co_await attachments.fetch(file->url, longest_given_file);
  if (!text) {
    const std::string reason = reason_of(text.error(), user);
    co_return std::unexpected(common_texts::failed.format(user, fmt::arg("reason", reason)));
  }
  co_return given_file{file->filename, std::move(*text)};
}

net::task<> ask(interaction_call call, const feature_declaration& of, import_question question,
                given_file file) {
  std::vector<discord::embed> pages = pages_of(question, call.user_language());
  auto rows = buttons(of, std::move(question.fingerprint), call.user_language());
  if (call.what->command() == nullptr) {
    discord::message_edit edit;
    edit.content = std::move(question.content);
    edit.embeds = std::move(pages);
    edit.rows = std::move(rows);
    (void)co_await call.answers->update(std::move(edit));
    co_return;
  }
  discord::message_body message = private_message(std::move(question.content));
  message.embeds = std::move(pages);
  message.rows = std::move(rows);
  message.attachments = {{.filename = file.name}};
  (void)co_await call.answers->reply_with_files(std::move(message),
                                                {file_of(std::move(file.name), std::move(file.text))});
}

net::task<std::optional<std::string>> confirmed(interaction_call call, discord::custom_id id) {
  call.answers->prefer_update();
  if (id.action == "import") co_return std::move(id.payload);
  co_await close_question(call, std::string(texts::cancelled.in(call.user_language())));
  co_return std::nullopt;
}

net::task<> close_question(interaction_call call, std::string content) {
  discord::message_edit edit;
  edit.content = clipped(std::move(content), longest_content);
  edit.embeds = std::vector<discord::embed>{};
  edit.rows = std::vector<discord::action_row>{};
  edit.kept_attachments.emplace();
  (void)co_await call.answers->update(std::move(edit));
}

}  // namespace guildfleet::features
