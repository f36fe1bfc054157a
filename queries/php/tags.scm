; PHP. The words are explained in ../README.md.

; Definitions -----------------------------------------------------------------------------------------------------------------

((namespace_definition name: (_) @name) @definition.namespace (#set! flat))
(namespace_definition name: (_) @ignore)
(class_declaration name: (name) @name) @definition.class
(interface_declaration name: (name) @name) @definition.interface
(trait_declaration name: (name) @name) @definition.interface
(enum_declaration name: (name) @name) @definition.enum
(enum_case name: (name) @name) @definition.enum_member
(function_definition name: (name) @name) @definition.function @local.scope
(method_declaration name: (name) @name) @definition.method @local.scope
((method_declaration name: (name) @name) @definition.constructor (#eq? @name "__construct"))
(property_declaration (property_element name: (variable_name (name) @name))) @definition.property
((property_promotion_parameter name: (variable_name (name) @name)) @definition.property (#set! outer))
(const_declaration (const_element . (name) @name)) @definition.constant
((function_call_expression function: (name) @_function arguments: (arguments . (argument (string (string_content) @name)))) @definition.constant
  (#eq? @_function "define"))
((program (expression_statement (assignment_expression left: (variable_name (name) @name)) @definition.variable)) (#set! once)
  (#set! head "name"))

(attribute_list) @attribute

; References ------------------------------------------------------------------------------------------------------------------

; A function and a variable of one name are two things: no variable hides it.
(function_call_expression function: [(name) @name (qualified_name (name) @name .)]) @reference.macro
(member_call_expression name: (name) @name) @reference.call
(nullsafe_member_call_expression name: (name) @name) @reference.call
(scoped_call_expression name: (name) @name) @reference.call
(object_creation_expression . [(name) @name (qualified_name (name) @name .)]) @reference.call
(named_type [(name) @name (qualified_name (name) @name .)]) @reference.type
(binary_expression operator: "instanceof" right: [(name) @name (qualified_name (name) @name .)]) @reference.type
(scoped_call_expression scope: [(name) @name (qualified_name (name) @name .)]) @reference.type
(scoped_property_access_expression scope: [(name) @name (qualified_name (name) @name .)]) @reference.type
(class_constant_access_expression . [(name) @name (qualified_name (name) @name .)]) @reference.type
(member_access_expression name: (name) @name) @reference.field
(scoped_property_access_expression name: (variable_name (name) @name)) @reference.field
(nullsafe_member_access_expression name: (name) @name) @reference.field
(base_clause [(name) @name (qualified_name (name) @name .)]) @reference.implementation
(class_interface_clause [(name) @name (qualified_name (name) @name .)]) @reference.implementation
(declaration_list (use_declaration [(name) @name (qualified_name (name) @name .)])) @reference.implementation
(attribute [(name) @name (qualified_name (name) @name .)]) @reference.type
(argument name: (name) @ignore)
((named_type (name) @ignore) (#any-of? @ignore "static" "self" "parent"))
((object_creation_expression . (name) @ignore) (#any-of? @ignore "static" "self" "parent"))
((class_constant_access_expression (name) @ignore .) (#eq? @ignore "class"))
((variable_name (name) @ignore) (#eq? @ignore "this"))

; Imports ---------------------------------------------------------------------------------------------------------------------

(namespace_use_declaration (namespace_use_clause . (name) @import.from @import.name alias: (name)? @import.alias)) @import
(namespace_use_declaration (namespace_use_clause . (qualified_name prefix: (_) @import.from (name) @import.name .) !alias)) @import
(namespace_use_declaration (namespace_use_clause . (qualified_name prefix: (_) @import.from (name) @import.name .) alias: (name) @import.alias)) @import
(namespace_use_declaration (namespace_name) @import.source body: (namespace_use_group)) @import
(namespace_use_group (namespace_use_clause . (name) @import.name !alias) @import.item)
(namespace_use_group (namespace_use_clause . (name) @import.name alias: (name) @import.alias) @import.item)
(namespace_use_group (namespace_use_clause . (qualified_name (name) @import.name .) !alias) @import.item)
(namespace_use_group (namespace_use_clause . (qualified_name (name) @import.name .) alias: (name) @import.alias) @import.item)

; Locals ----------------------------------------------------------------------------------------------------------------------

[(anonymous_function) (arrow_function)] @local.scope
(simple_parameter name: (variable_name (name) @local.definition))
(variadic_parameter name: (variable_name (name) @local.definition))
(assignment_expression left: (variable_name (name) @local.definition))
(reference_assignment_expression left: (variable_name (name) @local.definition))
(list_literal (variable_name (name) @local.definition))
(foreach_statement (_) (variable_name (name) @local.definition))
(foreach_statement (by_ref (variable_name (name) @local.definition)))
(foreach_statement (pair (variable_name (name) @local.definition)))
(foreach_statement (pair (by_ref (variable_name (name) @local.definition))))
(catch_clause name: (variable_name (name) @local.definition))
(static_variable_declaration name: (variable_name (name) @local.definition))
(global_declaration (variable_name (name) @local.global))
