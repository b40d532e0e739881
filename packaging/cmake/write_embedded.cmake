# Run by ipaas_embed at build time: writes OUTPUT, a source that holds the bytes of FILES (separated by `|`).
string(REPLACE "|" ";" files "${FILES}")
set(rows "")
set(count 0)
foreach(file ${files})
  get_filename_component(name ${file} NAME)
  file(READ ${file} bytes HEX)
  string(LENGTH "${bytes}" digits)
  math(EXPR size "${digits} / 2")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" literal "${bytes}")
  string(APPEND rows "    {\"${name}\", std::string_view(\"${literal}\", ${size})},\n")
  math(EXPR count "${count} + 1")
endforeach()
file(WRITE ${OUTPUT} "// Generated; see packaging/cmake/EmbedFiles.cmake.
#include <array>

#include \"core/base/embedded_file.h\"

namespace ${NAMESPACE} {

EmbeddedFiles ${FUNCTION}();

EmbeddedFiles ${FUNCTION}() {
  static constexpr std::array<EmbeddedFile, ${count}> kFiles = {{
${rows}  }};
  return kFiles;
}

}  // namespace ${NAMESPACE}
")
