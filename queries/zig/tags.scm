; Zig. The words are explained in ../README.md.

; Definitions -----------------------------------------------------------------------------------------------------------------

(function_declaration name: (identifier) @name) @definition.function @local.scope
(struct_declaration (function_declaration name: (identifier) @name) @definition.method)
(enum_declaration (function_declaration name: (identifier) @name) @definition.method)
(union_declaration (function_declaration name: (identifier) @name) @definition.method)
(opaque_declaration (function_declaration name: (identifier) @name) @definition.method)

; `const x = @import("x")` is an import; it is a definition too where it is public.
((variable_declaration "var" . (identifier) @name) @definition.variable (#set! local))
((variable_declaration "const" . (identifier) @name) @definition.constant (#set! local)
  (#not-match? @definition.constant "^const\\s+\\w+\\s*=\\s*@import\\([^)]*\\)\\s*;"))
; In a struct that a function returns they are its members, whatever function is around.
([(struct_declaration (variable_declaration "const" . (identifier) @name) @definition.constant)
  (union_declaration (variable_declaration "const" . (identifier) @name) @definition.constant)
  (enum_declaration (variable_declaration "const" . (identifier) @name) @definition.constant)
  (opaque_declaration (variable_declaration "const" . (identifier) @name) @definition.constant)]
  (#not-match? @definition.constant "^const\\s+\\w+\\s*=\\s*@import\\([^)]*\\)\\s*;"))
((variable_declaration "pub" "const" . (identifier) @name (builtin_function)) @definition.module
  (#match? @definition.module "^pub\\s+const\\s+\\w+\\s*=\\s*@import\\(") (#set! local))
(variable_declaration "const" . (identifier) @name (struct_declaration "{" @body)) @definition.struct
(variable_declaration "const" . (identifier) @name (union_declaration "{" @body)) @definition.struct
(variable_declaration "const" . (identifier) @name (opaque_declaration "{" @body)) @definition.struct
(variable_declaration "const" . (identifier) @name (enum_declaration "{" @body)) @definition.enum
(variable_declaration "const" . (identifier) @name (error_set_declaration "{" @body)) @definition.enum
(container_field name: (identifier) @name) @definition.field
(enum_declaration (container_field name: (identifier) @name) @definition.enum_member)
(variable_declaration (error_set_declaration (identifier) @name @definition.enum_member))

; References ------------------------------------------------------------------------------------------------------------------

(call_expression function: [(identifier) @name (field_expression member: (identifier) @name)]) @reference.call
(struct_initializer . [(identifier) @name (field_expression member: (identifier) @name)]) @reference.type
(initializer_list (assignment_expression left: (field_expression !object member: (identifier) @name))) @reference.field
(parameter type: [(identifier) @name (field_expression member: (identifier) @name)]) @reference.type
(function_declaration type: [(identifier) @name (field_expression member: (identifier) @name)]) @reference.type
(container_field type: [(identifier) @name (field_expression member: (identifier) @name)]) @reference.type
(variable_declaration type: [(identifier) @name (field_expression member: (identifier) @name)]) @reference.type
(pointer_type [(identifier) @name (field_expression member: (identifier) @name)]) @reference.type
(slice_type [(identifier) @name (field_expression member: (identifier) @name)]) @reference.type
(nullable_type [(identifier) @name (field_expression member: (identifier) @name)]) @reference.type
(error_union_type error: [(identifier) @name (field_expression member: (identifier) @name)]) @reference.type
(error_union_type ok: [(identifier) @name (field_expression member: (identifier) @name)]) @reference.type

(block_label (identifier) @ignore)
(break_label (identifier) @ignore)

; Imports ---------------------------------------------------------------------------------------------------------------------

((variable_declaration . (identifier) @import.alias
  (builtin_function (builtin_identifier) @_import (arguments (string (string_content) @import.from)))) @import
  (#eq? @_import "@import") (#set! name ""))
((using_namespace_declaration (builtin_function (builtin_identifier) @_import (arguments (string (string_content) @import.from)))) @import
  (#eq? @_import "@import") (#set! name "*"))

; Locals ----------------------------------------------------------------------------------------------------------------------

[
  (block) (if_statement) (if_expression) (while_statement) (while_expression) (for_statement) (for_expression) (switch_case)
  (else_clause) (catch_expression) (test_declaration) (errdefer_statement)
] @local.scope
(parameter name: (identifier) @local.definition)
(payload (identifier) @local.definition)
