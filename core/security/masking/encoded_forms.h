// One text in the encodings that carry it over the web.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace ipaas::security::masking {

/// What of base64 is the same wherever the text stands in the encoded bytes: for each of the three offsets, in both
/// alphabets, without the digits that its neighbours share; and with them, for a text at the very end.
void add_base64(std::string_view text, std::set<std::string>& forms);

/// Lower and upper case.
void add_hex(std::string_view text, std::set<std::string>& forms);

/// As encodeURIComponent, encodeURI, Python's quote, RFC 3986 and HTML forms (`+`) have it, escapes in both cases.
void add_url(std::string_view text, std::set<std::string>& forms);

/// Inside a JSON string: with and without `\/`, `\u` for what is not ASCII or could be HTML, digits in both cases;
/// once more escaped, too, for JSON inside of JSON.
void add_json(std::string_view text, std::set<std::string>& forms);

/// Named and numeric references for & < > " '.
void add_xml(std::string_view text, std::set<std::string>& forms);

}  // namespace ipaas::security::masking
