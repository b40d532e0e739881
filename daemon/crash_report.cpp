#include "daemon/crash_report.h"

#include <execinfo.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <string_view>

#include "core/base/version.h"
#include "daemon/runtime/crash_marks.h"

namespace ipaas::daemon {
namespace {

constexpr std::size_t kStackBytes = 64 * 1024;
/// A stack that was overrun is deep, and the same again and again.
constexpr int kMostFrames = 64;
/// A daemon that crashes for ever does not fill the disk.
constexpr off_t kLargestFile = 256 * 1024;

std::atomic<int> report_file{-1};
std::atomic<pid_t> reporter{0};  ///< the thread that reports

// From here to on_fault all runs in a signal handler: no allocation, no lock, no stream.

void say(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void say(int descriptor, long number) {
  std::array<char, 24> digits{};
  std::size_t at = digits.size();
  for (auto rest = static_cast<unsigned long>(number); at > 0; rest /= 10) {
    digits[--at] = static_cast<char>('0' + rest % 10);
    if (rest < 10) break;
  }
  say(descriptor, {digits.data() + at, digits.size() - at});
}

std::string_view name_of(int signal) {
  switch (signal) {
    case SIGSEGV: return "SIGSEGV";
    case SIGBUS: return "SIGBUS";
    case SIGFPE: return "SIGFPE";
    case SIGILL: return "SIGILL";
    default: return "SIGABRT";
  }
}

void report(int descriptor, int signal, void* const* frames, int count) {
  say(descriptor, "ipaasd ");
  say(descriptor, kVersion);
  say(descriptor, " crashed at ");
  say(descriptor, static_cast<long>(::time(nullptr)));
  say(descriptor, " by ");
  say(descriptor, name_of(signal));
  say(descriptor, "; it was at:\n");
  ::backtrace_symbols_fd(frames, count, descriptor);
}

[[noreturn]] void die_by(int signal) {
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  ::sigaction(signal, &standard, nullptr);
  sigset_t only{};
  ::sigemptyset(&only);
  ::sigaddset(&only, signal);
  ::pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
  ::raise(signal);
  ::_exit(128 + signal);
}

extern "C" void on_fault(int signal, siginfo_t*, void*) {
  // Of several threads that fault at once the first one reports; the others wait for the end. A fault in here is the end.
  const pid_t self = ::gettid();
  pid_t nobody = 0;
  if (!reporter.compare_exchange_strong(nobody, self)) {
    while (nobody != self) ::pause();
    die_by(signal);
  }
  CrashMarks::note_fault();
  std::array<void*, kMostFrames> frames{};
  const int count = ::backtrace(frames.data(), kMostFrames);
  report(STDERR_FILENO, signal, frames.data(), count);
  if (const int file = report_file; file >= 0) report(file, signal, frames.data(), count);
  die_by(signal);
}

Result<void> open_report(const std::filesystem::path& file) {
  if (file.empty()) return {};
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  struct stat about {};
  if (descriptor < 0 || ::fstat(descriptor, &about) != 0) {
    return fail(ErrorKind::kUnavailable, "cannot open " + file.string() + ": " + std::strerror(errno));
  }
  if (about.st_size > kLargestFile && ::ftruncate(descriptor, 0) != 0) {
    ::close(descriptor);
    return fail(ErrorKind::kUnavailable, "cannot shorten " + file.string() + ": " + std::strerror(errno));
  }
  if (const int before = report_file.exchange(descriptor); before >= 0) ::close(before);
  return {};
}

}  // namespace

Result<void> report_crashes(const std::filesystem::path& file) {
  if (auto opened = open_report(file); !opened) return opened;
  // The first call loads a library, which a handler must not do.
  std::array<void*, 2> warm_up{};
  static_cast<void>(::backtrace(warm_up.data(), 2));
  struct sigaction action {};
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  ::sigemptyset(&action.sa_mask);
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) ::sigaction(signal, &action, nullptr);
  return {};
}

FaultStack::FaultStack() : memory_(std::make_unique<std::byte[]>(kStackBytes)) {
  stack_t stack{};
  stack.ss_sp = memory_.get();
  stack.ss_size = kStackBytes;
  ::sigaltstack(&stack, &before_);
}

FaultStack::~FaultStack() { ::sigaltstack(&before_, nullptr); }

}  // namespace ipaas::daemon
