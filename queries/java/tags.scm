; Java. The words are explained in ../README.md.

; Definitions -----------------------------------------------------------------------------------------------------------------

(class_declaration name: (identifier) @name) @definition.class @local.types
(record_declaration name: (identifier) @name) @definition.class @local.types
(interface_declaration name: (identifier) @name) @definition.interface @local.types
(annotation_type_declaration name: (identifier) @name) @definition.interface
(enum_declaration name: (identifier) @name) @definition.enum
(enum_constant name: (identifier) @name) @definition.enum_member
(method_declaration name: (identifier) @name) @definition.method @local.scope
(annotation_type_element_declaration name: (identifier) @name) @definition.method
(constructor_declaration name: (identifier) @name) @definition.constructor @local.scope
(compact_constructor_declaration name: (identifier) @name) @definition.constructor @local.scope
(field_declaration declarator: (variable_declarator name: (identifier) @name)) @definition.field
(field_declaration (modifiers "static" "final") declarator: (variable_declarator name: (identifier) @name)) @definition.constant
(constant_declaration declarator: (variable_declarator name: (identifier) @name)) @definition.constant
(record_declaration parameters: (formal_parameters (formal_parameter name: (identifier) @name) @definition.field))

(modifiers [(annotation) (marker_annotation)] @attribute)

; References ------------------------------------------------------------------------------------------------------------------

(method_invocation name: (identifier) @name) @reference.call
(object_creation_expression type: [
  (type_identifier) @name
  (scoped_type_identifier (type_identifier) @name .)
  (generic_type (type_identifier) @name)
  (generic_type (scoped_type_identifier (type_identifier) @name .))]) @reference.call
(method_reference (_) (identifier) @name .) @reference.call
(superclass [
  (type_identifier) @name
  (generic_type . (type_identifier) @name)
  (scoped_type_identifier (type_identifier) @name .)]) @reference.implementation
(super_interfaces (type_list [
  (type_identifier) @name
  (generic_type . (type_identifier) @name)
  (scoped_type_identifier (type_identifier) @name .)])) @reference.implementation
(extends_interfaces (type_list [
  (type_identifier) @name
  (generic_type . (type_identifier) @name)
  (scoped_type_identifier (type_identifier) @name .)])) @reference.implementation
(annotation name: [(identifier) @name (scoped_identifier name: (identifier) @name)]) @reference.type
(marker_annotation name: [(identifier) @name (scoped_identifier name: (identifier) @name)]) @reference.type
(element_value_pair key: (identifier) @name) @reference.field
(record_pattern (identifier) @name) @reference.type

(package_declaration) @ignore
(labeled_statement . (identifier) @ignore)
(break_statement (identifier) @ignore)
(continue_statement (identifier) @ignore)

; Imports ---------------------------------------------------------------------------------------------------------------------

(import_declaration (scoped_identifier scope: (_) @import.from name: (identifier) @import.name) . ";") @import
((import_declaration (scoped_identifier) @import.from (asterisk)) @import (#set! name "*"))

; Locals ----------------------------------------------------------------------------------------------------------------------

[
  (lambda_expression) (block) (for_statement) (enhanced_for_statement) (catch_clause) (try_with_resources_statement)
  (switch_block_statement_group) (switch_rule) (if_statement) (while_statement)
] @local.scope
(local_variable_declaration declarator: (variable_declarator name: (identifier) @local.definition) @local.after)
(formal_parameter name: (identifier) @local.definition)
(spread_parameter (variable_declarator name: (identifier) @local.definition))
(catch_formal_parameter name: (identifier) @local.definition)
(enhanced_for_statement name: (identifier) @local.definition value: (_) @local.after)
(resource name: (identifier) @local.definition)
(lambda_expression parameters: (identifier) @local.definition)
(inferred_parameters (identifier) @local.definition)
(instanceof_expression name: (identifier) @local.definition)
(type_pattern (identifier) @local.definition)
(record_pattern_component (identifier) @local.definition)
(type_parameter . (type_identifier) @local.definition)
