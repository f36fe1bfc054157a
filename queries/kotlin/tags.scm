; Kotlin. The words are explained in ../README.md.

; Definitions -----------------------------------------------------------------------------------------------------------------

(class_declaration name: (identifier) @name) @definition.class @local.types
(class_declaration "interface" name: (identifier) @name) @definition.interface
(class_declaration name: (identifier) @name (enum_class_body) @body) @definition.enum
(class_declaration name: (identifier) @name (class_body) @body) @definition.class
(class_declaration "interface" name: (identifier) @name (class_body) @body) @definition.interface
; What the grammar makes of a class without a body behind annotations with arguments.
((annotated_expression (infix_expression (identifier) (identifier) @_class (identifier) @name) @definition.class) (#eq? @_class "class"))
(class_parameters (class_parameter ["val" "var"] . (identifier) @name) @definition.property)
(object_declaration name: (identifier) @name) @definition.class
(object_declaration name: (identifier) @name (class_body) @body) @definition.class
(companion_object name: (identifier) @name) @definition.class
(enum_entry . (identifier) @name) @definition.enum_member
(enum_entry . (identifier) @name (class_body) @body) @definition.enum_member
(enum_entry . (modifiers) . (identifier) @name) @definition.enum_member
(type_alias type: (identifier) @name) @definition.type @local.types
(source_file (function_declaration name: (identifier) @name) @definition.function)
(function_declaration name: (identifier) @name) @definition.function
(function_declaration name: (identifier) @name (function_body) @body) @definition.function
(class_body (function_declaration name: (identifier) @name) @definition.method)
(class_body (function_declaration name: (identifier) @name (function_body) @body) @definition.method)
(enum_class_body (function_declaration name: (identifier) @name) @definition.method)
(enum_class_body (function_declaration name: (identifier) @name (function_body) @body) @definition.method)
(function_declaration) @local.scope
(function_declaration (type_parameters (type_parameter (identifier) @local.definition))) @local.scope
(secondary_constructor "constructor" @name (constructor_delegation_call)? @body) @definition.constructor @local.scope
((property_declaration (variable_declaration . (identifier) @name)) @definition.property (#set! local))
(source_file (property_declaration (variable_declaration . (identifier) @name)) @definition.variable)
((source_file (property_declaration (modifiers) @_modifiers (variable_declaration . (identifier) @name)) @definition.constant)
  (#match? @_modifiers "\\bconst\\b"))
((class_body (property_declaration (modifiers) @_modifiers (variable_declaration . (identifier) @name)) @definition.constant)
  (#match? @_modifiers "\\bconst\\b"))

(modifiers (annotation) @attribute)

; References ------------------------------------------------------------------------------------------------------------------

(call_expression . (identifier) @name) @reference.call
(call_expression . (navigation_expression (identifier) @name .)) @reference.call
(callable_reference (identifier) @name .) @reference.call
(constructor_invocation (user_type (identifier) @name .)) @reference.call
(user_type (identifier) @name .) @reference.type
(user_type (identifier) @name . (type_arguments)) @reference.type
(delegation_specifier (user_type (identifier) @name .)) @reference.implementation
(delegation_specifier (user_type (identifier) @name . (type_arguments))) @reference.implementation
(delegation_specifier (constructor_invocation (user_type (identifier) @name .))) @reference.implementation
(delegation_specifier (constructor_invocation (user_type (identifier) @name . (type_arguments)))) @reference.implementation
(delegation_specifier (explicit_delegation (user_type (identifier) @name .))) @reference.implementation
(annotation (constructor_invocation (user_type (identifier) @name .))) @reference.type
(value_argument . (identifier) @name . (_)) @reference.field

(package_header) @ignore
(this_expression (identifier) @ignore)
(label) @ignore

; Imports ---------------------------------------------------------------------------------------------------------------------

(import (qualified_identifier (identifier) @import.name .) @import.from .) @import
(import (qualified_identifier (identifier) @import.name .) @import.from . (identifier) @import.alias) @import
((import (qualified_identifier) @import.from "*") @import (#set! name "*"))

; Locals ----------------------------------------------------------------------------------------------------------------------

[
  (block) (for_statement) (catch_block) (when_expression) (when_entry) (lambda_literal) (anonymous_function) (getter) (setter)
  (if_expression) (while_statement)
] @local.scope
(property_declaration (multi_variable_declaration (variable_declaration . (identifier) @local.definition)) @local.after)
(for_statement (variable_declaration . (identifier) @local.definition))
(for_statement (multi_variable_declaration (variable_declaration . (identifier) @local.definition)))
(lambda_parameters (variable_declaration . (identifier) @local.definition))
(lambda_parameters (multi_variable_declaration (variable_declaration . (identifier) @local.definition)))
(when_subject (variable_declaration . (identifier) @local.definition))
(catch_block . (identifier) @local.definition)
(parameter . (identifier) @local.definition)
(class_parameter . (identifier) @local.definition)
(setter . (identifier) @local.definition)
(type_parameter . (identifier) @local.definition)
