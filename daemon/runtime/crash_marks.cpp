#include "daemon/runtime/crash_marks.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace ipaas::daemon {
namespace {

/// Changes with the layout: a file of another layout says nothing.
constexpr std::uint64_t kLayout = 0x6970'6161'7364'0001;
constexpr std::size_t kSlots = 128;

enum State : std::uint32_t { kFree, kTaken, kMarked, kFaulted };

struct Who {
  std::array<char, 40> tenant{};
  std::array<char, 40> execution{};
  std::int64_t place = 0;

  friend bool operator==(const Who&, const Who&) = default;
};

struct Slot {
  std::atomic<std::uint32_t> state{kFree};
  Who who;
};
static_assert(std::atomic<std::uint32_t>::is_always_lock_free, "marks are set in memory that a signal handler writes, too");

template <std::size_t Size>
void put(std::array<char, Size>& to, const std::string& text) {
  to.fill('\0');
  std::copy_n(text.begin(), std::min(text.size(), Size - 1), to.begin());
}

template <std::size_t Size>
std::string text_of(const std::array<char, Size>& from) {
  return std::string(from.data(), ::strnlen(from.data(), Size));
}

thread_local Slot* own_slot = nullptr;

}  // namespace

struct CrashMarks::Page {
  std::uint64_t layout = kLayout;
  std::array<Slot, kSlots> slots;
  /// Who was marked when a process was killed, the last time that one was.
  std::array<Who, kSlots> killed;
};

namespace {

Error cannot(std::string_view what, const std::filesystem::path& file) {
  return {ErrorKind::kUnavailable, std::string(what) + " " + file.string() + ": " + std::strerror(errno)};
}

void* map(int descriptor, std::size_t size) {
  const int flags = descriptor < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED;
  return ::mmap(nullptr, size, PROT_READ | PROT_WRITE, flags, descriptor, 0);
}

}  // namespace

CrashMarks::CrashMarks() : page_(nullptr) {
  void* memory = map(-1, sizeof(Page));
  if (memory == MAP_FAILED) throw std::bad_alloc();
  page_ = new (memory) Page;
}

CrashMarks::~CrashMarks() { ::munmap(page_, sizeof(Page)); }

Result<std::vector<CrashMarks::Found>> CrashMarks::open(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) return tl::unexpected(cannot("cannot open", file));
  // All its bytes are there from now on: a full disk must not become a fault when a mark is set.
  const int reserved = ::posix_fallocate(descriptor, 0, sizeof(Page));
  errno = reserved;
  void* memory = reserved == 0 ? map(descriptor, sizeof(Page)) : MAP_FAILED;
  const auto error = cannot("cannot use", file);
  ::close(descriptor);
  if (memory == MAP_FAILED) return tl::unexpected(error);
  ::munmap(page_, sizeof(Page));
  page_ = static_cast<Page*>(memory);

  std::vector<Found> found;
  if (page_->layout != kLayout) {
    new (memory) Page;
    return found;
  }
  std::vector<Who> marked, faulted;
  for (const Slot& slot : page_->slots) {
    if (slot.state == kMarked) marked.push_back(slot.who);
    if (slot.state == kFaulted) faulted.push_back(slot.who);
  }
  const auto blame = [&](const Who& who, int crashes) {
    found.push_back({TenantId(text_of(who.tenant)), ExecutionId(text_of(who.execution)), crashes});
  };
  const auto killed = page_->killed;
  for (Slot& slot : page_->slots) slot.state = kFree;
  if (!faulted.empty()) {
    for (const Who& who : faulted) blame(who, 1);
    return found;
  }
  page_->killed.fill({});
  for (std::size_t i = 0; i < marked.size(); ++i) {
    Who& now = page_->killed[i] = marked[i];
    // The sign of the place says that the kill before this one is counted already.
    const bool counted = std::any_of(killed.begin(), killed.end(), [&](Who before) {
      before.place = -before.place;
      return before == now;
    });
    const bool again = std::find(killed.begin(), killed.end(), now) != killed.end();
    if (again || counted) {
      blame(now, counted ? 1 : 2);
      now.place = -now.place;
    }
  }
  return found;
}

CrashMarks::Mark::Mark(CrashMarks& marks, const TenantId& tenant, const ExecutionId& execution, std::int64_t place) {
  if (own_slot != nullptr) return;  // what is around it is about the same execution
  auto& slots = marks.page_->slots;
  const std::uint32_t first = marks.next_.fetch_add(1, std::memory_order_relaxed);
  for (std::uint32_t i = 0; i < kSlots; ++i) {
    Slot& slot = slots[(first + i) % kSlots];
    std::uint32_t free = kFree;
    if (!slot.state.compare_exchange_strong(free, kTaken)) continue;
    put(slot.who.tenant, tenant.str());
    put(slot.who.execution, execution.str());
    slot.who.place = place;
    slot.state.store(kMarked, std::memory_order_release);
    state_ = &slot.state;
    own_slot = &slot;
    return;
  }
}

CrashMarks::Mark::~Mark() {
  if (state_ == nullptr) return;
  own_slot = nullptr;
  state_->store(kFree, std::memory_order_release);
}

void CrashMarks::note_fault() {
  if (own_slot != nullptr) own_slot->state.store(kFaulted);
}

}  // namespace ipaas::daemon
