#include "support/child_process.hpp"

#include <csignal>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/eventually.hpp"

namespace guildfleet::support {
namespace {

constexpr std::array kept_variables{"PATH",         "TMPDIR",        "ASAN_OPTIONS",
                                    "TSAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"};

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

std::vector<std::string> environment_of(const child_settings& settings) {
  std::vector<std::string> out;
  for (const char* name : kept_variables) {
    if (const char* value = std::getenv(name); value != nullptr)
      out.push_back(fmt::format("{}={}", name, value));
  }
  for (const auto& [name, value] : settings.environment) out.push_back(fmt::format("{}={}", name, value));
  return out;
}

// After fork() only calls that are safe in a process of many threads.
[[noreturn]] void become(char* const* command, char* const* environment, const char* folder, int out,
                         int err) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  if (::chdir(folder) != 0 || ::dup2(out, STDOUT_FILENO) < 0 || ::dup2(err, STDERR_FILENO) < 0) ::_exit(127);
  ::execve(command[0], command, environment);
  ::_exit(127);
}

int open_for_append(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) throw std::runtime_error("cannot write " + path.string());
  return file;
}

}  // namespace

child_process::child_process(child_settings settings) : settings_(std::move(settings)) {
  std::vector<std::string> environment = environment_of(settings_);
  const std::vector<char*> variables = pointers_to(environment);
  const std::vector<char*> command = pointers_to(settings_.command);
  const int out = open_for_append(settings_.out);
  const int err = open_for_append(settings_.err);
  pid_ = ::fork();
  if (pid_ == 0) become(command.data(), variables.data(), settings_.folder.c_str(), out, err);
  ::close(out);
  ::close(err);
  if (pid_ < 0) throw std::runtime_error("cannot start " + settings_.command.front());
}

child_process::~child_process() {
  if (!running()) return;
  signal(SIGKILL);
  signal(SIGCONT);
  (void)wait(std::chrono::seconds(10));
}

void child_process::signal(int number) const {
  if (!ended_) ::kill(pid_, number);
}

bool child_process::freeze() const {
  signal(SIGSTOP);
  return eventually(std::chrono::seconds(5), [this] {
    for (const auto& thread : std::filesystem::directory_iterator(fmt::format("/proc/{}/task", pid_))) {
      const std::string stat = read_file(thread.path() / "stat");
      const auto state = stat.rfind(") ");
      if (state == std::string::npos || stat.at(state + 2) != 'T') return false;
    }
    return true;
  });
}

std::optional<int> child_process::wait(std::chrono::milliseconds limit) {
  (void)eventually(limit, [this] {
    int status = 0;
    if (!ended_ && ::waitpid(pid_, &status, WNOHANG) == pid_)
      ended_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    return ended_.has_value();
  });
  return ended_;
}

std::string child_process::out() const {
  return read_file(settings_.out);
}

std::string child_process::err() const {
  return read_file(settings_.err);
}

std::string child_process::command_line() const {
  return read_file(fmt::format("/proc/{}/cmdline", pid_));
}

std::size_t child_process::resident_bytes() const {
  std::istringstream pages(read_file(fmt::format("/proc/{}/statm", pid_)));
  std::size_t whole = 0;
  std::size_t resident = 0;
  pages >> whole >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace guildfleet::support
