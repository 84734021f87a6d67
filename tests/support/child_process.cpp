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

// glibc 2.36 forgot to say that it is C.
extern "C" {
#include <sys/pidfd.h>
}

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

pid_t start(const child_settings& settings) {
  std::vector<std::string> environment = environment_of(settings);
  std::vector<std::string> words = settings.command;
  const std::vector<char*> variables = pointers_to(environment);
  const std::vector<char*> command = pointers_to(words);
  const int out = open_for_append(settings.out);
  const int err = open_for_append(settings.err);
  const pid_t child = ::fork();
  if (child == 0) become(command.data(), variables.data(), settings.folder.c_str(), out, err);
  ::close(out);
  ::close(err);
  if (child < 0) throw std::runtime_error("cannot start " + settings.command.front());
  return child;
}

}  // namespace

child_process::child_process(child_settings settings)
    : settings_(std::move(settings)), pid_(start(settings_)), end_(::pidfd_open(pid_, 0), "pidfd_open") {}

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
  // The kernel reports a stop when the last thread of the process stands.
  siginfo_t told{};
  if (::waitid(P_PID, static_cast<id_t>(pid_), &told, WSTOPPED | WEXITED | WNOWAIT) != 0) return false;
  if (told.si_code != CLD_STOPPED) return false;
  return ::waitid(P_PID, static_cast<id_t>(pid_), &told, WSTOPPED) == 0;
}

std::optional<int> child_process::wait(std::chrono::milliseconds limit) {
  if (!ended_ && wait_readable({&end_}, std::chrono::steady_clock::now() + limit)) {
    int status = 0;
    if (::waitpid(pid_, &status, 0) == pid_)
      ended_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  return ended_;
}

bool child_process::writes(std::chrono::milliseconds limit, const std::function<bool()>& condition) {
  const auto until = std::chrono::steady_clock::now() + limit;
  file_watch output;
  output.add(settings_.out);
  output.add(settings_.err);
  while (!condition()) {
    if (!running()) return condition();
    if (!wait_readable({&output.news(), &end_}, until)) return false;
    output.take();
  }
  return true;
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
