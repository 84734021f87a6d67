#include "support/redis_server.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <csignal>
#include <fmt/format.h>
#include <fstream>
#include <stdexcept>

#include "net/throwaway_ca.hpp"
#include "support/eventually.hpp"

namespace guildfleet::support {
namespace {

constexpr const char* program = "/usr/bin/redis-server";

void write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path) << text;
}

bool listens(std::uint16_t port) {
  boost::asio::io_context context;
  boost::asio::ip::tcp::socket socket(context);
  boost::system::error_code refused;
  socket.connect({boost::asio::ip::address_v4::loopback(), port}, refused);
  return !refused;
}

}  // namespace

std::uint16_t free_port() {
  boost::asio::io_context context;
  const boost::asio::ip::tcp::acceptor taken(context, {boost::asio::ip::address_v4::loopback(), 0});
  return taken.local_endpoint().port();
}

redis_server::redis_server(redis_options options) : options_(std::move(options)), port_(free_port()) {
  if (!std::filesystem::exists(program))
    throw std::runtime_error("redis-server is missing: scripts/install-deps build test");
  if (!options_.tls) return;
  const auto made = net::make_throwaway_ca({"127.0.0.1", "localhost"});
  if (!made) throw std::runtime_error(made.error().message());
  write_file(folder_ / "ca.pem", made->ca_pem);
  write_file(folder_ / "cert.pem", made->certificate_pem);
  write_file(folder_ / "key.pem", made->key_pem);
}

bool redis_server::start() {
  std::string config =
      fmt::format("bind 127.0.0.1\nsave \"\"\nappendonly no\ndir {}\n", folder_.path().string());
  if (options_.tls) {
    config += fmt::format("port 0\ntls-port {}\ntls-cert-file {}\ntls-key-file {}\ntls-ca-cert-file {}\n",
                          port_, (folder_ / "cert.pem").string(), (folder_ / "key.pem").string(),
                          (folder_ / "ca.pem").string());
    config += "tls-auth-clients no\n";
  } else {
    config += fmt::format("port {}\n", port_);
  }
  if (!options_.password.empty()) config += fmt::format("requirepass {}\n", options_.password);
  write_file(folder_ / "redis.conf", config);
  child_settings settings;
  settings.command = {program, (folder_ / "redis.conf").string()};
  settings.command.insert(settings.command.end(), options_.more.begin(), options_.more.end());
  settings.folder = folder_.path();
  settings.out = folder_ / "redis.out";
  settings.err = folder_ / "redis.err";
  process_ = std::make_unique<child_process>(std::move(settings));
  return eventually(std::chrono::seconds(10), [this] { return listens(port_); });
}

void redis_server::kill() {
  process_->signal(SIGKILL);
  (void)process_->wait(std::chrono::seconds(10));
}

std::string redis_server::url(const std::string& database) const {
  const std::string login = options_.password.empty() ? "" : fmt::format(":{}@", options_.password);
  return fmt::format("{}://{}127.0.0.1:{}/{}", options_.tls ? "rediss" : "redis", login, port_, database);
}

std::string redis_server::ca_file() const {
  return (folder_ / "ca.pem").string();
}

}  // namespace guildfleet::support
