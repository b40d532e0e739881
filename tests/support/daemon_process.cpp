#include "tests/support/daemon_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>  // kill is not in <csignal>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace ipaas::test {
namespace {

using std::chrono::steady_clock;

int milliseconds_until(steady_clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - steady_clock::now()).count();
  return left > 0 ? static_cast<int>(left) : 0;
}

}  // namespace

DaemonProcess::DaemonProcess(std::filesystem::path bin, std::filesystem::path directory, const std::string& config)
    : bin_(std::move(bin)), directory_(std::move(directory)) {
  std::ofstream(directory_ / "ipaasd.yaml") << "egress:\n  allow:\n    - 127.0.0.0/8\n" << config;
}

void DaemonProcess::become_daemon(int output) const {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (most_files_ > 0) {
    const rlimit files{most_files_, most_files_};
    ::setrlimit(RLIMIT_NOFILE, &files);
  }
  const int messages = ::open(log().c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(messages, STDERR_FILENO);
  for (const auto& [name, value] : variables_) ::setenv(name.c_str(), value.c_str(), 1);
  const std::string program = bin_ / "ipaasd", config = directory_ / "ipaasd.yaml", directory = data(),
                    control = socket();
  ::execl(program.c_str(), "ipaasd", "--config", config.c_str(), "--data-dir", directory.c_str(), "--socket",
          control.c_str(), "--listen", "127.0.0.1:0", nullptr);
  ::_exit(127);
}

void DaemonProcess::spawn() {
  int pipe[2];
  if (::pipe2(pipe, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("no process");
  if (pid_ == 0) become_daemon(pipe[1]);
  ::close(pipe[1]);
  close_output();
  output_ = pipe[0];
}

std::optional<std::uint16_t> DaemonProcess::wait_until_ready(std::chrono::seconds within) {
  const auto deadline = steady_clock::now() + within;
  std::string said;
  for (;;) {
    // "ready: webhooks on http://127.0.0.1:40123, control socket …"
    const std::size_t address = said.find("http://127.0.0.1:");
    if (address != std::string::npos && said.find(',', address) != std::string::npos) {
      return static_cast<std::uint16_t>(std::atoi(said.c_str() + address + 17));
    }
    pollfd wanted{output_, POLLIN, 0};
    if (::poll(&wanted, 1, milliseconds_until(deadline)) != 1) return std::nullopt;
    char bytes[1024];
    const ssize_t size = ::read(output_, bytes, sizeof bytes);
    if (size <= 0) return std::nullopt;
    said.append(bytes, static_cast<std::size_t>(size));
  }
}

bool DaemonProcess::kill() {
  if (pid_ <= 0) return false;
  int status = 0;
  ::kill(pid_, SIGKILL);
  ::waitpid(std::exchange(pid_, 0), &status, 0);
  close_output();
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

std::optional<int> DaemonProcess::wait_for_end(std::chrono::milliseconds within) {
  // A descriptor of the process becomes readable when it ends, so there is nothing to ask again and again.
  const int process = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  pollfd ended{process, POLLIN, 0};
  const bool in_time = ::poll(&ended, 1, milliseconds_until(steady_clock::now() + within)) == 1;
  ::close(process);
  if (!in_time) return std::nullopt;
  int status = 0;
  ::waitpid(std::exchange(pid_, 0), &status, 0);
  close_output();
  return status;
}

std::optional<int> DaemonProcess::terminate(std::chrono::seconds within) {
  ::kill(pid_, SIGTERM);
  const auto status = wait_for_end(within);
  if (!status) {
    kill();
    return std::nullopt;
  }
  return WIFEXITED(*status) ? WEXITSTATUS(*status) : 128 + WTERMSIG(*status);
}

bool DaemonProcess::apply(const std::string& yaml) const {
  const std::filesystem::path file = directory_ / "workflows.yaml";
  std::ofstream(file) << yaml;
  return !ipaas("apply -o name -f '" + file.string() + "'").empty();
}

std::string DaemonProcess::ipaas(const std::string& arguments) const {
  const std::string command = "'" + (bin_ / "ipaas").string() + "' --host 'unix://" + socket().string() + "' " +
                              arguments + " 2>>'" + log().string() + "'";
  std::string output;
  FILE* const pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("no process");
  char bytes[4096];
  while (const std::size_t size = std::fread(bytes, 1, sizeof bytes, pipe)) output.append(bytes, size);
  ::pclose(pipe);
  return output;
}

std::uint64_t DaemonProcess::resident_bytes() const {
  std::ifstream file("/proc/" + std::to_string(pid_) + "/statm");
  std::uint64_t all = 0, resident = 0;
  file >> all >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::chrono::milliseconds DaemonProcess::processor_time() const {
  std::ifstream file("/proc/" + std::to_string(pid_) + "/stat");
  std::string ignored;
  for (int field = 1; field < 14; ++field) file >> ignored;  // proc(5): utime and stime are 14 and 15
  std::int64_t user = 0, system = 0;
  file >> user >> system;
  return std::chrono::milliseconds((user + system) * 1000 / ::sysconf(_SC_CLK_TCK));
}

void DaemonProcess::close_output() {
  if (output_ >= 0) ::close(std::exchange(output_, -1));
}

}  // namespace ipaas::test
