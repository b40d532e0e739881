# Builds files into a program: `ipaas_embed` adds one generated source to a target, with a function that lists them.
#
#   ipaas_embed(ipaas_connectors NAMESPACE ipaas::connectors FUNCTION manifest_files FILES a.yaml b.yaml)
#
# defines `ipaas::EmbeddedFiles ipaas::connectors::manifest_files()`, which a header of the room declares.
# The source is generated again when a file changes. Paths are relative to the caller's folder.
function(ipaas_embed target)
  cmake_parse_arguments(EMBED "" "NAMESPACE;FUNCTION" "FILES" ${ARGN})
  set(files)
  foreach(file ${EMBED_FILES})
    get_filename_component(path ${file} ABSOLUTE)
    list(APPEND files ${path})
  endforeach()
  list(SORT files)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded/${target}_${EMBED_FUNCTION}.cpp)
  string(REPLACE ";" "|" joined "${files}")
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DNAMESPACE=${EMBED_NAMESPACE} -DFUNCTION=${EMBED_FUNCTION}
            "-DFILES=${joined}" -P ${CMAKE_SOURCE_DIR}/packaging/cmake/write_embedded.cmake
    DEPENDS ${files} ${CMAKE_SOURCE_DIR}/packaging/cmake/write_embedded.cmake
    COMMENT "Embedding ${EMBED_FUNCTION}" VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
