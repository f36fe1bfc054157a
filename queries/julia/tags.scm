; Julia. The words are explained in ../README.md.

; Definitions -----------------------------------------------------------------------------------------------------------------

((module_definition name: (identifier) @name) @definition.module (#set! head "name"))
(struct_definition (type_head [
  (identifier) @name
  (parametrized_type_expression . (identifier) @name)
  (binary_expression . [(identifier) @name (parametrized_type_expression . (identifier) @name)])])) @definition.struct @local.types
(abstract_definition (type_head [
  (identifier) @name
  (parametrized_type_expression . (identifier) @name)
  (binary_expression . [(identifier) @name (parametrized_type_expression . (identifier) @name)])])) @definition.interface @local.types
(primitive_definition (type_head [(identifier) @name (binary_expression . (identifier) @name)])) @definition.type
(struct_definition (identifier) @name @definition.field)
(struct_definition (typed_expression . (identifier) @name) @definition.field)
(struct_definition (assignment . [(identifier) @name (typed_expression . (identifier) @name)]) @definition.field)

((assignment . [
  (identifier) @name
  (typed_expression . (identifier) @name)
  (open_tuple (identifier) @name)
  (tuple_expression (identifier) @name)]) @definition.variable (#set! local) (#set! once) (#set! flat))
((assignment . (parametrized_type_expression . (identifier) @name)) @definition.type (#set! local) (#set! once) (#set! flat))
(assignment . (identifier) @name . (operator) @body . (arrow_function_expression)) @definition.function
((const_statement (assignment . [
  (identifier) @name
  (typed_expression . (identifier) @name)
  (open_tuple (identifier) @name)])) @definition.constant (#set! local) (#set! once) (#set! flat))

; A method is written with or without `function`, a type behind it, type parameters behind that.
(function_definition (signature [(identifier) (call_expression) (typed_expression) (where_expression)] @_signature)) @local.scope
(function_definition (signature [
  (identifier) @name
  (call_expression . [(identifier) @name (operator) @name (parametrized_type_expression . (identifier) @name) (field_expression [(identifier) @name (quote_expression (operator) @name)] .)])
  (typed_expression . (call_expression . [(identifier) @name (field_expression (identifier) @name .)]))
  (where_expression . [
    (call_expression . [(identifier) @name (operator) @name (parametrized_type_expression . (identifier) @name) (field_expression [(identifier) @name (quote_expression (operator) @name)] .)])
    (typed_expression . (call_expression . [(identifier) @name (field_expression (identifier) @name .)]))
    (where_expression . (call_expression . [(identifier) @name (parametrized_type_expression . (identifier) @name) (field_expression (identifier) @name .)]))])])) @definition.function
(assignment . [
  (call_expression . [(identifier) @name (operator) @name (parametrized_type_expression . (identifier) @name) (field_expression [(identifier) @name (quote_expression (operator) @name)] .)])
  (typed_expression . (call_expression . [(identifier) @name (field_expression (identifier) @name .)]))
  (where_expression . [
    (call_expression . [(identifier) @name (operator) @name (parametrized_type_expression . (identifier) @name) (field_expression [(identifier) @name (quote_expression (operator) @name)] .)])
    (typed_expression . (call_expression . [(identifier) @name (field_expression (identifier) @name .)]))
    (where_expression . (call_expression . [(identifier) @name (parametrized_type_expression . (identifier) @name) (field_expression (identifier) @name .)]))])] . (operator) @body) @definition.function @local.scope
(struct_definition (function_definition (signature [
  (call_expression . [(identifier) @name (parametrized_type_expression . (identifier) @name)])
  (where_expression . (call_expression . [(identifier) @name (parametrized_type_expression . (identifier) @name)]))])) @definition.constructor)
(struct_definition (assignment . [
  (call_expression . [(identifier) @name (parametrized_type_expression . (identifier) @name)])
  (where_expression . (call_expression . [(identifier) @name (parametrized_type_expression . (identifier) @name)]))] . (operator) @body) @definition.constructor)
(macro_definition (signature (call_expression . (identifier) @name))) @definition.macro @local.scope

((macrocall_expression (macro_identifier (identifier) @_enum) (macro_argument_list . [
  (identifier) @name
  (typed_expression . (identifier) @name)]) @definition.enum) (#eq? @_enum "enum"))
((macrocall_expression (macro_identifier (identifier) @_enum) (macro_argument_list . (_) (identifier) @name @definition.enum_member))
  (#eq? @_enum "enum"))
((macrocall_expression (macro_identifier (identifier) @_enum) (macro_argument_list . (_) (assignment . (identifier) @name) @definition.enum_member))
  (#eq? @_enum "enum"))
((macrocall_expression (macro_identifier (identifier) @_enum) (macro_argument_list . (_) (compound_statement (identifier) @name @definition.enum_member)))
  (#eq? @_enum "enum"))

(macrocall_expression) @wrapper
((macrocall_expression (macro_identifier (identifier) @_macro) (macro_argument_list) @wrapper) (#not-eq? @_macro "enum"))
(source_file (string_literal) @doc.next)
(module_definition (string_literal) @doc.next)

; References ------------------------------------------------------------------------------------------------------------------

(call_expression . [(identifier) @name (field_expression (identifier) @name .) (parametrized_type_expression . (identifier) @name)]) @reference.call
(broadcast_call_expression . [(identifier) @name (field_expression (identifier) @name .)]) @reference.call
(macro_identifier (identifier) @name) @reference.macro
(typed_expression . (_) [
  (identifier) @name
  (field_expression (identifier) @name .)
  (parametrized_type_expression . (identifier) @name)] .) @reference.type
(unary_typed_expression [(identifier) @name (parametrized_type_expression . (identifier) @name)]) @reference.type
(curly_expression [(identifier) @name (binary_expression (identifier) @name .)]) @reference.type
(type_head (binary_expression . (_) . (operator) . [
  (identifier) @name
  (field_expression (identifier) @name .)
  (parametrized_type_expression . (identifier) @name)])) @reference.implementation
(call_expression (argument_list (named_argument . (identifier) @name))) @reference.field
(quote_expression (identifier) @ignore)
(export_statement (identifier) @name) @reference.import
(public_statement (identifier) @name) @reference.import

; Imports ---------------------------------------------------------------------------------------------------------------------

((using_statement [(identifier) (scoped_identifier) (import_path)] @import.from) @import (#set! name "*"))
((import_statement [(identifier) (scoped_identifier) (import_path)] @import.from @import.alias) @import (#set! name ""))
((import_statement (import_alias . (_) @import.from (identifier) @import.alias .)) @import (#set! name ""))
(using_statement (selected_import . (_) @import.source)) @import
(import_statement (selected_import . (_) @import.source)) @import
(selected_import . (_) [(identifier) (operator)] @import.item @import.name)
((call_expression . (identifier) @ignore (argument_list (string_literal (content) @import.from))) @import
  (#eq? @ignore "include") (#set! name "*"))

; Locals ----------------------------------------------------------------------------------------------------------------------

[
  (arrow_function_expression) (do_clause) (for_statement) (while_statement) (let_statement) (try_statement) (catch_clause)
  (comprehension_expression)
] @local.scope
(signature [
  (call_expression (argument_list) @local.pattern)
  (typed_expression . (call_expression (argument_list) @local.pattern))
  (where_expression . [
    (call_expression (argument_list) @local.pattern)
    (typed_expression . (call_expression (argument_list) @local.pattern))
    (where_expression . (call_expression (argument_list) @local.pattern))])])
(assignment . [
  (call_expression (argument_list) @local.pattern)
  (typed_expression . (call_expression (argument_list) @local.pattern))
  (where_expression . [
    (call_expression (argument_list) @local.pattern)
    (typed_expression . (call_expression (argument_list) @local.pattern))
    (where_expression . (call_expression (argument_list) @local.pattern))])])
(typed_expression . (_) (_) @local.use .)
(unary_typed_expression (_) @local.use)
(named_argument (operator) (_) @local.use)
(signature (call_expression (argument_list (named_argument . (identifier) @local.definition))))
(signature (where_expression (call_expression (argument_list (named_argument . (identifier) @local.definition)))))
(signature (typed_expression (call_expression (argument_list (named_argument . (identifier) @local.definition)))))
(assignment . [
  (call_expression (argument_list (named_argument . (identifier) @local.definition)))
  (typed_expression . (call_expression (argument_list (named_argument . (identifier) @local.definition))))
  (where_expression . (call_expression (argument_list (named_argument . (identifier) @local.definition))))])
(arrow_function_expression . (identifier) @local.definition)
(arrow_function_expression . (argument_list) @local.pattern)
(do_clause . (argument_list) @local.pattern)
(for_binding . (_) @local.pattern)
(let_binding . (_) @local.pattern)
(catch_clause . (identifier) @local.definition)
; Type parameters are written behind what uses them.
(function_definition (signature (where_expression [
  (identifier) @local.definition
  (curly_expression [(identifier) @local.definition (binary_expression . (identifier) @local.definition)])
  (binary_expression . (identifier) @local.definition)]))) @local.scope
(assignment . (where_expression [
  (identifier) @local.definition
  (curly_expression [(identifier) @local.definition (binary_expression . (identifier) @local.definition)])
  (binary_expression . (identifier) @local.definition)])) @local.scope
(assignment . (parametrized_type_expression
  (curly_expression [(identifier) @local.definition (binary_expression . (identifier) @local.definition)]))) @local.types
(struct_definition (type_head [
  (parametrized_type_expression (curly_expression [(identifier) @local.definition (binary_expression . (identifier) @local.definition)]))
  (binary_expression . (parametrized_type_expression
    (curly_expression [(identifier) @local.definition (binary_expression . (identifier) @local.definition)])))])) @local.types
(comprehension_expression (for_clause (for_binding . (identifier) @local.definition))) @local.scope
