// Email addresses, phone numbers, payment cards and bank accounts in a text.
#pragma once

#include <string_view>

#include "core/security/masking/span.h"

namespace ipaas::security::masking {

/// Adds what looks like personal data: emails, phone numbers (international, or as North America writes them), 13 to 19 digits with a right Luhn digit,
/// IBANs with a right checksum (ISO 13616).
void find_personal_data(std::string_view text, Spans& spans);

}  // namespace ipaas::security::masking
