#include "cli/system_world.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <thread>

namespace ipaas::cli {
namespace {

// A signal handler can only reach globals. `echo_is_off` is set while `with_echo` holds what to restore.
volatile std::sig_atomic_t echo_is_off = 0;
termios with_echo{};

constexpr int kInterrupted = 130;

extern "C" void on_interrupt(int) {
  if (echo_is_off != 0) tcsetattr(STDIN_FILENO, TCSAFLUSH, &with_echo);
  _exit(kInterrupted);
}

/// Echo is off while this lives.
class SilentTerminal {
 public:
  SilentTerminal() {
    if (tcgetattr(STDIN_FILENO, &with_echo) != 0) return;
    termios silent = with_echo;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    echo_is_off = 1;
    ok_ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
  }
  ~SilentTerminal() {
    if (echo_is_off != 0) tcsetattr(STDIN_FILENO, TCSAFLUSH, &with_echo);
    echo_is_off = 0;
  }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;
  [[nodiscard]] bool ok() const { return ok_; }

 private:
  bool ok_ = false;
};

Result<Secret> read_secret(std::string_view prompt) {
  const SilentTerminal silent;
  if (!silent.ok()) return fail(ErrorKind::kInvalid, "the terminal cannot be silenced", "give the value in a file");
  std::cerr << prompt << std::flush;
  std::string line;
  const bool read = static_cast<bool>(std::getline(std::cin, line));
  std::cerr << '\n';
  if (!read) return fail(ErrorKind::kInvalid, "the input ended before a value was given", "give the value in a file");
  return Secret(std::move(line));
}

std::string variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::string() : std::string(value);
}

bool reader_is_gone() {
  pollfd out{STDOUT_FILENO, 0, 0};
  return ::poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

std::shared_ptr<void> every(Duration pause, std::function<void()> task) {
  struct Ticker {
    std::mutex mutex;
    std::condition_variable_any woken;
    std::jthread thread;
  };
  auto ticker = std::make_shared<Ticker>();
  // The thread ends with what owns it, and so may look at it.
  ticker->thread = std::jthread([owner = ticker.get(), pause, task = std::move(task)](const std::stop_token& stop) {
    std::unique_lock lock(owner->mutex);
    while (!stop.stop_requested()) {
      owner->woken.wait_for(lock, stop, pause, [] { return false; });
      if (!stop.stop_requested()) task();
    }
  });
  return ticker;
}

}  // namespace

Instant SystemClock::now() const {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

World system_world(const Clock& clock, Randomness& randomness) {
  std::ios::sync_with_stdio(false);
  World world{std::cin,   std::cout, std::cerr,   clock,
              randomness, variable,  read_secret, [](Duration time) { std::this_thread::sleep_for(time); }};
  world.reader_is_gone = reader_is_gone;
  world.every = every;
  world.in_is_terminal = isatty(STDIN_FILENO) == 1;
  world.out_is_terminal = isatty(STDOUT_FILENO) == 1;
  world.err_is_terminal = isatty(STDERR_FILENO) == 1;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    world.columns = size.ws_col;
    world.rows = size.ws_row;
  }
  return world;
}

void install_signals() {
  std::signal(SIGINT, on_interrupt);
  std::signal(SIGPIPE, SIG_IGN);
}

}  // namespace ipaas::cli
