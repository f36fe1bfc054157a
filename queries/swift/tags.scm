; Swift. The words are explained in ../README.md.

; Definitions -----------------------------------------------------------------------------------------------------------------

(class_declaration declaration_kind: "class" name: (type_identifier) @name) @definition.class
(class_declaration declaration_kind: "actor" name: (type_identifier) @name) @definition.class
(class_declaration declaration_kind: "struct" name: (type_identifier) @name) @definition.struct
(class_declaration declaration_kind: "enum" name: (type_identifier) @name) @definition.enum
(class_declaration declaration_kind: "extension" name: (user_type (type_identifier) @container)) @container.scope
(class_declaration) @local.types
(protocol_declaration name: (type_identifier) @name) @definition.interface
(enum_entry name: (simple_identifier) @name) @definition.enum_member
(typealias_declaration name: (type_identifier) @name) @definition.type @local.types
(associatedtype_declaration name: (type_identifier) @name) @definition.type
(function_declaration name: (simple_identifier) @name) @definition.function
(class_body (function_declaration name: (simple_identifier) @name) @definition.method)
(enum_class_body (function_declaration name: (simple_identifier) @name) @definition.method)
(class_body (function_declaration name: ["+" "-" "*" "/" "==" "!=" "<" ">" "<=" ">=" "+=" "-="] @name) @definition.method)
(function_declaration name: (custom_operator) @name) @definition.function
(protocol_function_declaration name: (simple_identifier) @name) @definition.method
(init_declaration name: "init" @name) @definition.constructor
(deinit_declaration "deinit" @name) @definition.method
(subscript_declaration "subscript" @name) @definition.method
((property_declaration name: (pattern bound_identifier: (simple_identifier) @name)) @definition.property (#set! local))
((property_declaration name: (pattern bound_identifier: (simple_identifier) @name) computed_value: (_) @body) @definition.property (#set! local))
((property_declaration name: (pattern bound_identifier: (simple_identifier) @name) (willset_didset_block) @body) @definition.property (#set! local))
(source_file (property_declaration name: (pattern bound_identifier: (simple_identifier) @name)) @definition.variable)
(source_file (property_declaration (value_binding_pattern mutability: "let")
  name: (pattern bound_identifier: (simple_identifier) @name)) @definition.constant)
(protocol_property_declaration name: (pattern bound_identifier: (simple_identifier) @name)) @definition.property

(modifiers (attribute) @attribute)

; References ------------------------------------------------------------------------------------------------------------------

(call_expression . (simple_identifier) @name) @reference.call
(call_expression . (navigation_expression suffix: (navigation_suffix suffix: (simple_identifier) @name))) @reference.call
(call_expression . (prefix_expression target: (simple_identifier) @name)) @reference.call
(constructor_expression constructed_type: (user_type (type_identifier) @name)) @reference.call
(inheritance_specifier inherits_from: (user_type (type_identifier) @name)) @reference.implementation

(value_argument_label) @ignore
(parameter external_name: (simple_identifier) @ignore)
(attribute (simple_identifier) @ignore)
(enum_type_parameters (simple_identifier) @ignore)
(statement_label) @ignore

; Imports ---------------------------------------------------------------------------------------------------------------------

((import_declaration (identifier) @import.from) @import (#set! name "*"))

; Locals ----------------------------------------------------------------------------------------------------------------------

[
  (function_declaration) (init_declaration) (deinit_declaration) (subscript_declaration) (lambda_literal) (computed_property)
  (computed_getter) (computed_setter) (willset_didset_block) (for_statement) (if_statement) (while_statement) (switch_entry)
  (catch_block) (do_statement) (protocol_function_declaration)
] @local.scope
(parameter name: (simple_identifier) @local.definition)
(lambda_parameter name: (simple_identifier) @local.definition)
(capture_list_item name: (simple_identifier) @local.definition)
(for_statement item: (pattern) @local.pattern)
(property_declaration name: (pattern (pattern)) @local.pattern)
(if_statement bound_identifier: (simple_identifier) @local.definition)
(guard_statement bound_identifier: (simple_identifier) @local.definition)
(while_statement bound_identifier: (simple_identifier) @local.definition)
(pattern bound_identifier: (simple_identifier) @local.definition)
(type_parameter . (type_identifier) @local.definition)
