; Go. The words are explained in ../README.md.

; Definitions -----------------------------------------------------------------------------------------------------------------

(function_declaration name: (identifier) @name) @definition.function @local.scope
(method_declaration name: (field_identifier) @name) @definition.method @local.scope
(method_declaration receiver: (parameter_list (parameter_declaration type: [
  (type_identifier) @container
  (generic_type type: (type_identifier) @container)
  (pointer_type (type_identifier) @container)
  (pointer_type (generic_type type: (type_identifier) @container))
  (parenthesized_type (pointer_type (type_identifier) @container))])) name: (field_identifier) @name) @definition.method

; In a group each line is its own definition; alone, the whole declaration is.
(type_spec name: (type_identifier) @name) @definition.type
(type_spec name: (type_identifier) @name type: (struct_type (field_declaration_list) @body)) @definition.struct
(type_spec name: (type_identifier) @name type: (interface_type "{" @body)) @definition.interface
(type_alias name: (type_identifier) @name) @definition.type
(type_declaration . (type_spec name: (type_identifier) @name) .) @definition.type
(type_declaration . (type_spec name: (type_identifier) @name type: (struct_type (field_declaration_list) @body)) .) @definition.struct
(type_declaration . (type_spec name: (type_identifier) @name type: (interface_type "{" @body)) .) @definition.interface
(type_declaration . (type_alias name: (type_identifier) @name) .) @definition.type
(field_declaration name: (field_identifier) @name) @definition.field
(method_elem name: (field_identifier) @name) @definition.method
((const_spec name: (identifier) @name) @definition.constant (#not-eq? @name "_") (#set! local))
((const_declaration . (const_spec name: (identifier) @name) .) @definition.constant (#not-eq? @name "_") (#set! local))
((var_spec name: (identifier) @name) @definition.variable (#not-eq? @name "_") (#set! local))
((var_declaration . (var_spec name: (identifier) @name) .) @definition.variable (#not-eq? @name "_") (#set! local))

; References ------------------------------------------------------------------------------------------------------------------

(call_expression function: [
  (identifier) @name
  (selector_expression field: (field_identifier) @name)
  (parenthesized_expression (identifier) @name)
  (type_instantiation_expression type: (type_identifier) @name)]) @reference.call
(field_declaration !name type: [
  (type_identifier) @name
  (generic_type type: (type_identifier) @name)
  (qualified_type name: (type_identifier) @name)]) @reference.implementation
(interface_type (type_elem . [(type_identifier) @name (qualified_type name: (type_identifier) @name)] .)) @reference.implementation
(composite_literal
  type: [(type_identifier) (qualified_type) (generic_type)]
  body: (literal_value (keyed_element key: (literal_element (identifier) @name)))) @reference.field
(literal_element (literal_value (keyed_element key: (literal_element (identifier) @name)))) @reference.field

(package_clause) @ignore

; Imports ---------------------------------------------------------------------------------------------------------------------

(import_spec !name path: (_) @import.from) @import
(import_spec name: (package_identifier) @import.alias @ignore path: (_) @import.from) @import
((import_spec name: (dot) path: (_) @import.from) @import (#set! name "*"))
((import_spec name: (blank_identifier) @import.alias path: (_) @import.from) @import)

; Locals ----------------------------------------------------------------------------------------------------------------------

[
  (func_literal) (block) (if_statement) (for_statement) (expression_switch_statement) (type_switch_statement)
  (expression_case) (type_case) (default_case) (communication_case) (function_type) (method_elem)
] @local.scope
[(type_spec) (type_alias)] @local.types
(parameter_declaration name: (identifier) @local.definition)
(variadic_parameter_declaration name: (identifier) @local.definition)
(type_parameter_declaration name: (identifier) @local.definition)
(method_declaration receiver: (parameter_list (parameter_declaration type: [
  (generic_type (type_arguments (type_elem (type_identifier) @local.definition)))
  (pointer_type (generic_type (type_arguments (type_elem (type_identifier) @local.definition))))])))
(short_var_declaration left: (expression_list) @local.pattern) @local.after
(range_clause left: (expression_list) @local.pattern ":=") @local.after
(receive_statement left: (expression_list) @local.pattern ":=") @local.after
(type_switch_statement alias: (expression_list) @local.pattern)
