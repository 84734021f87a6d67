#include "store/postgres/note_session.hpp"

#include <fcntl.h>
#include <optional>
#include <pqxx/connection>
#include <pqxx/errorhandler>
#include <pqxx/except>
#include <pqxx/nontransaction>
#include <pqxx/notification>
#include <unistd.h>
#include <utility>

#include "store/postgres/library_edge.hpp"

namespace guildfleet::store {
namespace {

class note_box final : public pqxx::notification_receiver {
 public:
  using notification_receiver::notification_receiver;
  void operator()(const std::string& payload, int /*sender*/) override { notes.push_back(payload); }
  std::vector<std::string> notes;
};

}  // namespace

struct note_session::impl {
  impl(connection_target where, const std::string& parameters)
      : target(std::move(where)), connection(parameters), silence(connection) {}

  connection_target target;
  pqxx::connection connection;
  pqxx::quiet_errorhandler silence;
  std::optional<note_box> box;
};

note_session::note_session(std::unique_ptr<impl> made)
    : impl_(std::move(made)), socket_(::fcntl(impl_->connection.sock(), F_DUPFD_CLOEXEC, 0)) {}

note_session::~note_session() {
  if (socket_ >= 0) ::close(socket_);
}

base::result<std::unique_ptr<note_session>> note_session::connect(const connection_target& target) {
  return connect_at_edge(target, [&](const std::string& parameters) {
    auto made = std::make_unique<impl>(target, parameters);
    prepare_connection(made->connection);
    return std::unique_ptr<note_session>(new note_session(std::move(made)));
  });
}

void note_session::listen(const std::string& channel) {
  at_edge(impl_->target, impl_->connection, [&] { impl_->box.emplace(impl_->connection, channel); });
}

void note_session::check() {
  at_edge(impl_->target, impl_->connection, [&] {
    pqxx::nontransaction question(impl_->connection);
    question.exec("SELECT 1");
  });
}

std::vector<std::string> note_session::take_notes() {
  at_edge(impl_->target, impl_->connection, [&] { impl_->connection.get_notifs(); });
  return std::exchange(impl_->box->notes, {});
}

}  // namespace guildfleet::store
