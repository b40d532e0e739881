// Where a credential may go.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/connectors/url.h"

namespace ipaas::connectors {

/// Hosts that a credential's `hosts` names: `api.example.com`, `*.example.com` (any depth below, not the domain itself),
/// `127.0.0.1:8080` (that port only), `[::1]`.
class HostRule {
 public:
  /// `hosts` is a list of texts or one text with commas. The error says what is right and has the code `input_invalid`.
  [[nodiscard]] static Result<HostRule> parse(const Json& hosts);

  [[nodiscard]] bool permits(const Url& url) const;

 private:
  struct Entry {
    std::string host;  ///< lower case; a wildcard without its star: `.example.com`
    bool wildcard = false;
    int port = 0;  ///< 0: any
  };

  [[nodiscard]] static Result<Entry> parse_entry(std::string_view text);

  std::vector<Entry> entries_;
};

/// May the credential with these fields be sent to `url`? `hosts` and the origin of `base_url` say where; a credential with
/// neither goes wherever the workflow points it. The error has the code `credential_refused`.
[[nodiscard]] Result<void> check_destination(std::string_view credential, const Json& fields, const Url& url);

}  // namespace ipaas::connectors
