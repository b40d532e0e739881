// The library's code for Json, for all sources that are not optimised.
#include <nlohmann/json.hpp>

template class nlohmann::basic_json<nlohmann::ordered_map>;
