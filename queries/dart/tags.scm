; Dart. The words are explained in ../README.md.

; Definitions -----------------------------------------------------------------------------------------------------------------

(class_declaration name: (identifier) @name) @definition.class @local.types
(class_declaration (mixin_application_class . (identifier) @name)) @definition.class @local.types
(mixin_declaration name: (identifier) @name) @definition.class @local.types
(enum_declaration name: (identifier) @name) @definition.enum
(enum_entry name: (identifier) @name) @definition.enum_member
(extension_declaration name: (identifier) @name) @definition.class @local.types
(extension_type_declaration name: (extension_type_name . (identifier) @name)) @definition.class @local.types
(extension_type_representation name: (identifier) @name) @definition.property
(type_alias "typedef" . (type_identifier) @name) @definition.type @local.types
(function_declaration signature: (function_signature name: (identifier) @name)) @definition.function @local.scope
(local_function_declaration (function_signature name: (identifier) @name) (function_body) @body) @definition.function @local.scope
(external_function_declaration signature: (function_signature name: (identifier) @name)) @definition.function
(getter_declaration signature: (getter_signature name: (identifier) @name)) @definition.variable @local.scope
(setter_declaration signature: (setter_signature name: (identifier) @name)) @definition.variable @local.scope
(method_declaration signature: (method_signature (function_signature name: (identifier) @name))) @definition.method
(method_declaration signature: (method_signature (getter_signature name: (identifier) @name))) @definition.property
(method_declaration signature: (method_signature (setter_signature name: (identifier) @name))) @definition.property
(method_declaration signature: (method_signature (operator_signature operator: (_) @name))) @definition.method
(method_declaration signature: (method_signature
  (constructor_signature name: (identifier) @name . parameters: (_) (initializers)? @body))) @definition.constructor
(method_declaration signature: (method_signature
  (factory_constructor_signature name: (identifier) @name . parameters: (_)))) @definition.constructor
(declaration (function_signature name: (identifier) @name)) @definition.method
(declaration (getter_signature name: (identifier) @name)) @definition.property
(declaration (setter_signature name: (identifier) @name)) @definition.property
(declaration (operator_signature operator: (_) @name)) @definition.method
(declaration (constructor_signature name: (identifier) @name . parameters: (_))) @definition.constructor
(declaration (constant_constructor_signature name: (identifier) @name . parameters: (_))) @definition.constructor
(declaration (constant_constructor_signature name: (identifier) @name . parameters: (_)) (initializers) @body) @definition.constructor
(declaration (redirecting_factory_constructor_signature name: (identifier) @name . parameters: (_))) @definition.constructor
(declaration (initialized_identifier_list (initialized_identifier name: (identifier) @name))) @definition.field
(declaration (static_final_declaration_list (static_final_declaration name: (identifier) @name))) @definition.field
(declaration "const" (static_final_declaration_list (static_final_declaration name: (identifier) @name))) @definition.constant
(top_level_variable_declaration (initialized_identifier_list (initialized_identifier name: (identifier) @name))) @definition.variable
(top_level_variable_declaration (static_final_declaration_list (static_final_declaration name: (identifier) @name))) @definition.constant

(member_declaration) @wrapper
(annotation) @attribute

; References ------------------------------------------------------------------------------------------------------------------

(call_expression function: [
  (identifier) @name
  (member_expression property: (identifier) @name)
  (null_aware_member_expression property: (identifier) @name)
  (instantiation_expression . [(identifier) @name (member_expression property: (identifier) @name)])
]) @reference.call
(cascade_call_expression property: (identifier) @name) @reference.call
(new_expression type: (type . (type_identifier) @name)) @reference.call
(const_object_expression type: (type . (type_identifier) @name)) @reference.call
(constructor_invocation type: (type_identifier) @name) @reference.call
(superclass type: (type . (type_identifier) @name)) @reference.implementation
(mixins (type . (type_identifier) @name)) @reference.implementation
(mixin_application (type . (type_identifier) @name)) @reference.implementation
(interfaces (type . (type_identifier) @name)) @reference.implementation
(annotation name: (identifier) @name) @reference.type
(field_formal_parameter name: (identifier) @name) @reference.field
(field_initializer name: (identifier) @name) @reference.field
(cascade_selector (identifier) @name) @reference.field

(super_formal_parameter name: (identifier) @ignore)
(label (identifier) @ignore)
(library_name) @ignore
(typed_identifier name: (identifier) @ignore)

; Imports ---------------------------------------------------------------------------------------------------------------------

((library_import (import_specification uri: (configurable_uri) @import.from alias: (identifier)? @import.alias)) @import (#set! name "*"))
((library_export uri: (configurable_uri) @import.from) @import (#set! name "*"))
((part_directive uri: (uri) @import.from) @import (#set! name "*"))
((part_of_directive (uri) @import.from) @import (#set! name "*"))

; Locals ----------------------------------------------------------------------------------------------------------------------

[
  (method_declaration) (function_expression) (block) (for_statement) (for_element) (try_statement) (switch_statement_case)
  (switch_expression_case) (if_statement)
] @local.scope
(formal_parameter name: (identifier) @local.definition)
(formal_parameter . (identifier) @local.definition)
(initialized_variable_declaration name: (identifier) @local.definition)
(initialized_variable_declaration (initialized_identifier name: (identifier) @local.definition))
(for_statement name: (identifier) @local.definition)
(for_element name: (identifier) @local.definition)
(catch_clause exception: (identifier) @local.definition)
(catch_clause stack_trace: (identifier) @local.definition)
(variable_pattern name: (identifier) @local.definition)
(type_parameter name: (type_identifier) @local.definition)
