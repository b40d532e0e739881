#include "core/security/aes_gcm.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "core/base/secret.h"

namespace ipaas::security {
namespace {

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

/// Fetched once: a look-up by name costs more than sealing a small payload.
const EVP_CIPHER* cipher() {
  static const EVP_CIPHER* const fetched = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  return fetched;
}

/// OpenSSL fails here only without memory or without the cipher; neither leaves anything sensible to do.
void require(bool done) {
  if (!done) std::abort();
}

const unsigned char* bytes_of(std::string_view text) {
  return static_cast<const unsigned char*>(static_cast<const void*>(text.data()));
}
unsigned char* bytes_of(char* text) { return static_cast<unsigned char*>(static_cast<void*>(text)); }

int size_of(std::string_view text) {
  require(text.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max()));
  return static_cast<int>(text.size());
}

Context prepare(std::string_view key, int encrypt) {
  Context context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  require(context != nullptr && EVP_CipherInit_ex2(context.get(), cipher(), bytes_of(key), nullptr, encrypt, nullptr) == 1);
  return context;
}

}  // namespace

/// A cipher for each direction with the key already expanded, and the nonces it may use.
class AesGcm::Lane {
 public:
  Lane(std::string_view key, Randomness& randomness)
      : randomness_(randomness), sealing_(prepare(key, 1)), opening_(prepare(key, 0)) {
    new_prefix();
  }

  void seal(std::string_view associated, std::string_view plain, std::string& out) {
    const std::size_t start = out.size();
    out.resize(start + kNonceSize + plain.size() + kTagSize);
    unsigned char* const nonce = bytes_of(out.data() + start);
    next_nonce(nonce);
    unsigned char* const body = nonce + kNonceSize;
    EVP_CIPHER_CTX* const context = sealing_.get();
    int size = 0;
    require(EVP_EncryptInit_ex2(context, nullptr, nullptr, nonce, nullptr) == 1 &&
            EVP_EncryptUpdate(context, nullptr, &size, bytes_of(associated), size_of(associated)) == 1 &&
            EVP_EncryptUpdate(context, body, &size, bytes_of(plain), size_of(plain)) == 1 &&
            EVP_EncryptFinal_ex(context, body + plain.size(), &size) == 1 &&
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kTagSize, body + plain.size()) == 1);
  }

  bool open(std::string_view associated, std::string_view sealed, std::string& plain) {
    std::array<unsigned char, kTagSize> tag{};
    std::memcpy(tag.data(), sealed.data() + sealed.size() - kTagSize, kTagSize);
    const std::string_view body = sealed.substr(kNonceSize, sealed.size() - kNonceSize - kTagSize);
    plain.resize(body.size() + 1);  // one more, so that data() is never the end of an empty text
    EVP_CIPHER_CTX* const context = opening_.get();
    int size = 0;
    const bool done = EVP_DecryptInit_ex2(context, nullptr, nullptr, bytes_of(sealed), nullptr) == 1 &&
                      EVP_DecryptUpdate(context, nullptr, &size, bytes_of(associated), size_of(associated)) == 1 &&
                      EVP_DecryptUpdate(context, bytes_of(plain.data()), &size, bytes_of(body), size_of(body)) == 1 &&
                      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kTagSize, tag.data()) == 1 &&
                      EVP_DecryptFinal_ex(context, bytes_of(plain.data()) + body.size(), &size) == 1;
    plain.resize(body.size());
    if (!done) wipe(plain);
    return done;
  }

 private:
  void new_prefix() {
    randomness_.fill(std::as_writable_bytes(std::span(prefix_)));
    counter_ = 0;
  }

  void next_nonce(unsigned char* nonce) {
    std::memcpy(nonce, prefix_.data(), prefix_.size());
    for (unsigned i = 0; i < 4; ++i) nonce[prefix_.size() + i] = static_cast<unsigned char>(counter_ >> (24 - 8 * i));
    if (++counter_ == 0) new_prefix();
  }

  Randomness& randomness_;
  Context sealing_;
  Context opening_;
  std::array<unsigned char, 8> prefix_{};
  std::uint32_t counter_ = 0;
};

/// A lane out of the free list for the length of a call. The lock is not held while the cipher works.
class AesGcm::Borrowed {
 public:
  explicit Borrowed(AesGcm& owner) : owner_(owner) {
    {
      const std::lock_guard lock(owner.mutex_);
      if (!owner.idle_.empty()) {
        lane_ = std::move(owner.idle_.back());
        owner.idle_.pop_back();
      }
    }
    if (!lane_) lane_ = std::make_unique<Lane>(owner.key_.reveal(), owner.randomness_);
  }
  Borrowed(const Borrowed&) = delete;
  Borrowed& operator=(const Borrowed&) = delete;
  ~Borrowed() {
    const std::lock_guard lock(owner_.mutex_);
    owner_.idle_.push_back(std::move(lane_));
  }
  Lane* operator->() { return lane_.get(); }

 private:
  AesGcm& owner_;
  std::unique_ptr<Lane> lane_;
};

AesGcm::AesGcm(std::string_view key, Randomness& randomness) : key_(std::string(key)), randomness_(randomness) {
  require(key.size() == kAesKeySize && cipher() != nullptr);
}

AesGcm::~AesGcm() = default;

void AesGcm::seal(std::string_view associated, std::string_view plain, std::string& out) {
  Borrowed(*this)->seal(associated, plain, out);
}

Result<std::string> AesGcm::open(std::string_view associated, std::string_view sealed) {
  std::string plain;
  if (sealed.size() < kNonceSize + kTagSize || !Borrowed(*this)->open(associated, sealed, plain)) {
    return fail(ErrorKind::kInvalid, "a sealed value was altered, or belongs elsewhere",
                "restore it from a backup; if the keyring was restored, restore the one of the same time", "seal_broken");
  }
  return plain;
}

}  // namespace ipaas::security
