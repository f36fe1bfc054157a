; Scala, 2 and 3. The words are explained in ../README.md.

; Definitions -----------------------------------------------------------------------------------------------------------------

(class_definition name: (_) @name) @definition.class @local.types
(object_definition name: (_) @name) @definition.module
(package_object name: (_) @name) @definition.module
(trait_definition name: (_) @name) @definition.interface @local.types
(enum_definition name: (_) @name) @definition.enum @local.types
(simple_enum_case name: (_) @name) @definition.enum_member
(full_enum_case name: (_) @name) @definition.enum_member
(type_definition name: (_) @name) @definition.type
(function_definition name: (_) @name) @definition.function @local.scope
(function_declaration name: (_) @name) @definition.function @local.scope
(function_definition type_parameters: (type_parameters name: (identifier) @local.definition)) @local.scope
(template_body (function_definition name: (_) @name) @definition.method)
(template_body (function_declaration name: (_) @name) @definition.method)
(with_template_body (function_definition name: (_) @name) @definition.method)
(enum_body (function_definition name: (_) @name) @definition.method)
((template_body (function_definition name: (identifier) @name) @definition.constructor) (#eq? @name "this"))
((val_definition pattern: (identifier) @name) @definition.constant (#set! local))
((var_definition pattern: (identifier) @name) @definition.variable (#set! local))
(template_body (val_definition pattern: (identifier) @name) @definition.property)
(template_body (var_definition pattern: (identifier) @name) @definition.property)
(template_body (val_definition pattern: (tuple_pattern (identifier) @name)) @definition.property)
(template_body (var_definition pattern: (tuple_pattern (identifier) @name)) @definition.property)
(template_body (val_declaration name: (identifier) @name) @definition.property)
(template_body (var_declaration name: (identifier) @name) @definition.property)
(class_parameters (class_parameter ["val" "var"] . name: (identifier) @name) @definition.property)
(class_definition "case" class_parameters: (class_parameters (class_parameter name: (identifier) @name) @definition.property))
(given_definition name: (_) @name) @definition.constant

(annotation) @attribute

; References ------------------------------------------------------------------------------------------------------------------

(call_expression function: [
  (identifier) @name
  (field_expression field: (identifier) @name)
  (generic_function function: [(identifier) @name (field_expression field: (identifier) @name)])
]) @reference.call
(instance_expression [
  (type_identifier) @name
  (generic_type type: (type_identifier) @name)
  (stable_type_identifier (type_identifier) @name .)
]) @reference.call
(infix_expression operator: [(identifier) (operator_identifier)] @name) @reference.call
(extends_clause type: [
  (type_identifier) @name
  (generic_type type: [(type_identifier) @name (stable_type_identifier (type_identifier) @name .)])
  (stable_type_identifier (type_identifier) @name .)
]) @reference.implementation
(derives_clause (type_identifier) @name) @reference.implementation

(package_clause name: (_) @ignore)
(access_qualifier) @ignore
(interpolated_string_expression interpolator: (_) @ignore)
((field_expression value: (identifier) @ignore) (#eq? @ignore "this"))
((call_expression function: (identifier) @ignore) (#eq? @ignore "this"))

; Imports ---------------------------------------------------------------------------------------------------------------------

(import_declaration) @import

; Locals ----------------------------------------------------------------------------------------------------------------------

[
  (block) (indented_block) (for_expression) (case_clause) (lambda_expression) (given_definition) (extension_definition)
] @local.scope
(parameter name: (identifier) @local.definition)
(class_parameter name: (identifier) @local.definition)
(self_type . (identifier) @local.definition)
(lambda_expression parameters: (identifier) @local.definition)
(binding name: (identifier) @local.definition)
(enumerator . (identifier) @local.definition)
(enumerator . (tuple_pattern) @local.pattern)
(enumerator . (typed_pattern) @local.pattern)
(enumerator . (case_class_pattern) @local.pattern)
(case_clause pattern: (_) @local.pattern)
(val_definition pattern: (tuple_pattern) @local.pattern)
(val_definition pattern: (case_class_pattern) @local.pattern)
(type_parameters name: (identifier) @local.definition)
(covariant_type_parameter name: (identifier) @local.definition)
(contravariant_type_parameter name: (identifier) @local.definition)
