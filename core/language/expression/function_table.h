// The implementations that the table of functions names; what each does is said there.
#pragma once

#include "core/language/expression/functions.h"

namespace ipaas::language {

// text_functions.cpp, json_functions.cpp: GitHub's own
Outcome call_contains(const Call& call);
Outcome call_starts_with(const Call& call);
Outcome call_ends_with(const Call& call);
Outcome call_format(const Call& call);
Outcome call_join(const Call& call);
Outcome call_to_json(const Call& call);
Outcome call_from_json(const Call& call);

// logic_functions.cpp
Outcome call_case(Evaluation& evaluation, std::span<const NodePtr> arguments);
Outcome call_coalesce(Evaluation& evaluation, std::span<const NodePtr> arguments);
Outcome call_is_empty(const Call& call);
Outcome call_type_of(const Call& call);
Outcome call_same(const Call& call);
Outcome call_mask(const Call& call);

// string_functions.cpp
Outcome call_lower(const Call& call);
Outcome call_upper(const Call& call);
Outcome call_trim(const Call& call);
Outcome call_replace(const Call& call);
Outcome call_split(const Call& call);
Outcome call_substring(const Call& call);
Outcome call_pad_start(const Call& call);

// regex_functions.cpp
Outcome call_regex_match(const Call& call);
Outcome call_regex_replace(const Call& call);
Outcome call_regex_extract(const Call& call);

// list_functions.cpp
Outcome call_length(const Call& call);
Outcome call_first(const Call& call);
Outcome call_last(const Call& call);
Outcome call_slice(const Call& call);
Outcome call_range(const Call& call);
Outcome call_flatten(const Call& call);
Outcome call_unique(const Call& call);

// lambda_functions.cpp
Outcome call_map(const Call& call);
Outcome call_filter(const Call& call);
Outcome call_reduce(const Call& call);
Outcome call_sort_by(const Call& call);
Outcome call_group_by(const Call& call);

// object_functions.cpp
Outcome call_pick(const Call& call);
Outcome call_omit(const Call& call);
Outcome call_merge(const Call& call);
Outcome call_keys(const Call& call);
Outcome call_values(const Call& call);
Outcome call_entries(const Call& call);
Outcome call_from_entries(const Call& call);

// number_functions.cpp
Outcome call_add(const Call& call);
Outcome call_sub(const Call& call);
Outcome call_mul(const Call& call);
Outcome call_div(const Call& call);
Outcome call_mod(const Call& call);
Outcome call_round(const Call& call);
Outcome call_floor(const Call& call);
Outcome call_ceil(const Call& call);
Outcome call_abs(const Call& call);
Outcome call_min(const Call& call);
Outcome call_max(const Call& call);
Outcome call_sum(const Call& call);

// time_functions.cpp
Outcome call_now(const Call& call);
Outcome call_parse_date(const Call& call);
Outcome call_format_date(const Call& call);
Outcome call_date_add(const Call& call);
Outcome call_date_diff(const Call& call);

// encoding_functions.cpp
Outcome call_base64_encode(const Call& call);
Outcome call_base64_decode(const Call& call);
Outcome call_url_encode(const Call& call);
Outcome call_url_decode(const Call& call);
Outcome call_hex_encode(const Call& call);
Outcome call_sha256(const Call& call);
Outcome call_hmac_sha256(const Call& call);
Outcome call_uuid(const Call& call);

}  // namespace ipaas::language
