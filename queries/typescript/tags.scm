; TypeScript and TSX: what they add to ../javascript/tags.scm. The words are explained in ../README.md.

; Definitions -----------------------------------------------------------------------------------------------------------------

(class_declaration name: (type_identifier) @name) @definition.class @local.types
(abstract_class_declaration name: (type_identifier) @name) @definition.class @local.types
(class name: (type_identifier) @name) @definition.class @local.types
(interface_declaration name: (type_identifier) @name) @definition.interface @local.types
(type_alias_declaration name: (type_identifier) @name) @definition.type @local.types
(enum_declaration name: (identifier) @name) @definition.enum
(enum_body name: (property_identifier) @name @definition.enum_member)
(enum_assignment name: (property_identifier) @name) @definition.enum_member
(internal_module name: (identifier) @name) @definition.namespace
(internal_module name: (nested_identifier object: (_) @container property: (_) @name)) @definition.namespace
(module name: (identifier) @name) @definition.namespace
(module name: (nested_identifier object: (_) @container property: (_) @name)) @definition.namespace
(function_signature name: (identifier) @name) @definition.function
(method_signature name: [(property_identifier) (private_property_identifier)] @name) @definition.method
(method_signature ["get" "set"] name: [(property_identifier) (private_property_identifier)] @name) @definition.property
(abstract_method_signature name: [(property_identifier) (private_property_identifier)] @name) @definition.method
(property_signature name: (property_identifier) @name) @definition.property
(public_field_definition name: [(property_identifier) (private_property_identifier)] @name) @definition.field
(public_field_definition
  name: [(property_identifier) (private_property_identifier)] @name
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @definition.method
; `constructor(private store: Store)` declares a property of the class and a parameter at once.
((required_parameter (accessibility_modifier) pattern: (identifier) @name) @definition.property (#set! outer))
((optional_parameter (accessibility_modifier) pattern: (identifier) @name) @definition.property (#set! outer))
((required_parameter "readonly" pattern: (identifier) @name) @definition.property (#set! outer))

(ambient_declaration) @wrapper

; References ------------------------------------------------------------------------------------------------------------------

(extends_clause value: [(identifier) @name (member_expression property: (property_identifier) @name)]) @reference.implementation
(implements_clause [
  (type_identifier) @name
  (generic_type name: (type_identifier) @name)
  (nested_type_identifier name: (type_identifier) @name)
  (generic_type name: (nested_type_identifier name: (type_identifier) @name))]) @reference.implementation
(extends_type_clause type: [
  (type_identifier) @name
  (generic_type name: (type_identifier) @name)
  (nested_type_identifier name: (type_identifier) @name)]) @reference.implementation
(export_statement "type" (export_clause (export_specifier name: (identifier) @name))) @reference.import

((import_statement (import_require_clause (identifier) @import.alias @ignore
  source: (string (string_fragment) @import.from))) @import (#set! name "*"))

; Locals ----------------------------------------------------------------------------------------------------------------------

[
  (function_signature) (method_signature) (abstract_method_signature) (function_type) (constructor_type)
  (call_signature) (construct_signature)
] @local.scope
[(conditional_type) (index_signature)] @local.types
; What a namespace holds is not local to it.
(internal_module body: (statement_block) @local.types)
(module body: (statement_block) @local.types)
(required_parameter pattern: (_) @local.pattern)
(optional_parameter pattern: (_) @local.pattern)
(type_parameter name: (type_identifier) @local.definition)
(infer_type (type_identifier) @local.definition)
(mapped_type_clause name: (type_identifier) @local.definition)
(index_signature name: (identifier) @ignore)
