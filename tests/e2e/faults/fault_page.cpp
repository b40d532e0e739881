#include "tests/e2e/faults/fault_page.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <new>
#include <stdexcept>

namespace ipaas::test {

FaultPage::FaultPage(DaemonProcess& daemon, const std::filesystem::path& directory, const std::filesystem::path& shim) {
  const std::filesystem::path path = directory / "faults";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0 || ::ftruncate(file, sizeof(FaultControl)) != 0) throw std::runtime_error("no file for the faults");
  void* const page = ::mmap(nullptr, sizeof(FaultControl), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ::close(file);
  if (page == MAP_FAILED) throw std::runtime_error("the file for the faults cannot be mapped");
  control_ = new (page) FaultControl;
  daemon.set_variable(kFaultFile, path.string());
  daemon.set_variable("LD_PRELOAD", shim.string());
}

FaultPage::~FaultPage() {
  ::munmap(control_, sizeof(FaultControl));
}

void FaultPage::strike(DiskCall call, std::uint64_t nth, std::uint64_t times, int error) {
  FaultControl::Plan& plan = control_->of(call);
  plan.strike = FaultControl::kNever;
  plan.error = error;
  plan.times = times;
  plan.strike = plan.calls + nth - 1;
}

void FaultPage::disarm() {
  for (FaultControl::Plan& plan : control_->plans) plan.strike = FaultControl::kNever;
}

}  // namespace ipaas::test
