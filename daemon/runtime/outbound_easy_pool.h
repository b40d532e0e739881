// curl handles that are used again, as making one costs more than a small call.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace ipaas::daemon {

struct EasyDeleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
using EasyHandle = std::unique_ptr<CURL, EasyDeleter>;

/// Owns what all handles share: the library and the TLS sessions. Used by one thread, so the share needs no locks.
class OutboundEasyPool {
 public:
  /// Throws std::bad_alloc.
  OutboundEasyPool() : share_(curl_share_init()) {
    if (!share_) throw std::bad_alloc();
    curl_share_setopt(share_.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
  }

  [[nodiscard]] CURLSH* share() const { return share_.get(); }

  /// A handle without options, but for the size of its buffer.
  [[nodiscard]] EasyHandle take() {
    while (!spare_.empty()) {
      EasyHandle easy = std::move(spare_.back());
      spare_.pop_back();
      // After some failures a handle still has its buffer, which curl would take for one of another size from now on.
      if (set_buffer_size(easy)) return easy;
    }
    EasyHandle easy(curl_easy_init());
    if (!easy || !set_buffer_size(easy)) throw std::bad_alloc();
    return easy;
  }

  /// The handle must be out of its multi. Its URL and headers are forgotten.
  void put_back(EasyHandle easy) {
    if (spare_.size() == kSpareHandles) return;
    curl_easy_reset(easy.get());
    spare_.push_back(std::move(easy));
  }

 private:
  static constexpr std::size_t kSpareHandles = 256;
  /// Of each call that is out, and there may be 10,000; curl would take 16 KiB.
  static constexpr long kReceiveBuffer = 2048;

  static bool set_buffer_size(const EasyHandle& easy) {
    return curl_easy_setopt(easy.get(), CURLOPT_BUFFERSIZE, kReceiveBuffer) == CURLE_OK;
  }

  // Counted by curl itself and thread-safe since 7.84, so every owner holds one.
  struct Library {
    Library() { curl_global_init(CURL_GLOBAL_DEFAULT); }
    ~Library() { curl_global_cleanup(); }
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;
  };
  struct ShareDeleter {
    void operator()(CURLSH* share) const { curl_share_cleanup(share); }
  };

  Library library_;
  std::unique_ptr<CURLSH, ShareDeleter> share_;
  std::vector<EasyHandle> spare_;  ///< last: the handles hold on to the share
};

}  // namespace ipaas::daemon
