; C#. The words are explained in ../README.md.

; Definitions -----------------------------------------------------------------------------------------------------------------

((namespace_declaration name: (_) @name) @definition.namespace (#set! flat))
(namespace_declaration name: (qualified_name) @ignore)
((file_scoped_namespace_declaration name: (_) @name) @definition.namespace (#set! flat))
(file_scoped_namespace_declaration name: (qualified_name) @ignore)
(class_declaration name: (identifier) @name) @definition.class @local.types
(record_declaration name: (identifier) @name) @definition.class @local.types
(record_declaration (parameter_list (parameter name: (identifier) @name) @definition.property))
(struct_declaration name: (identifier) @name) @definition.struct @local.types
(interface_declaration name: (identifier) @name) @definition.interface @local.types
(delegate_declaration name: (identifier) @name) @definition.type @local.scope
(enum_declaration name: (identifier) @name) @definition.enum
(enum_member_declaration name: (identifier) @name) @definition.enum_member
(method_declaration name: (identifier) @name) @definition.method @local.scope
(local_function_statement name: (identifier) @name) @definition.function @local.scope
(constructor_declaration name: (identifier) @name (constructor_initializer)? @body) @definition.constructor @local.scope
(destructor_declaration name: (identifier) @name) @definition.method @local.scope
(operator_declaration operator: _ @name) @definition.method @local.scope
(conversion_operator_declaration) @local.scope
(indexer_declaration) @local.scope
(property_declaration name: (identifier) @name) @definition.property
(property_declaration name: (identifier) @name accessors: (_) @body) @definition.property
(property_declaration name: (identifier) @name value: (arrow_expression_clause) @body) @definition.property
(event_declaration name: (identifier) @name accessors: (_) @body) @definition.property
(event_field_declaration (variable_declaration (variable_declarator name: (identifier) @name))) @definition.field
(field_declaration (variable_declaration (variable_declarator name: (identifier) @name))) @definition.field
(field_declaration (modifier "const") (variable_declaration (variable_declarator name: (identifier) @name))) @definition.constant

(attribute_list) @attribute

; References ------------------------------------------------------------------------------------------------------------------

(invocation_expression function: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (member_access_expression name: [(identifier) @name (generic_name . (identifier) @name)])
  (conditional_access_expression (member_binding_expression name: [(identifier) @name (generic_name . (identifier) @name)]))
]) @reference.call
(object_creation_expression type: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])
]) @reference.call
(_ type: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])
]) @reference.type
(method_declaration returns: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])
]) @reference.type
(type_argument_list [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])
]) @reference.type
(as_expression right: [(identifier) @name (generic_name . (identifier) @name)]) @reference.type
(is_expression right: [(identifier) @name (generic_name . (identifier) @name)]) @reference.type
(explicit_interface_specifier [(identifier) @name (generic_name . (identifier) @name)]) @reference.type
(type_parameter_constraints_clause . (identifier) @name) @reference.type
(base_list [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])
  (primary_constructor_base_type type: [(identifier) @name (generic_name . (identifier) @name)])
]) @reference.implementation
(attribute name: [(identifier) @name (qualified_name name: (identifier) @name)]) @reference.type
(attribute_argument name: (identifier) @name) @reference.field
(argument name: (identifier) @name) @reference.field
(initializer_expression (assignment_expression left: (identifier) @name)) @reference.field
(with_initializer . (identifier) @name) @reference.field
(subpattern . (identifier) @name) @reference.field

(goto_statement (identifier) @ignore)
(labeled_statement . (identifier) @ignore)

; Imports ---------------------------------------------------------------------------------------------------------------------

((using_directive !name [(identifier) (qualified_name)] @import.from) @import (#set! name "*"))
(using_directive name: (identifier) @import.alias @ignore [
  (identifier) @import.name
  (qualified_name qualifier: (_) @import.from name: (_) @import.name)]) @import

; Locals ----------------------------------------------------------------------------------------------------------------------

[
  (block) (for_statement) (foreach_statement) (using_statement) (catch_clause) (switch_section) (switch_expression_arm)
  (lambda_expression) (anonymous_method_expression) (query_expression) (accessor_declaration)
] @local.scope
(local_declaration_statement (variable_declaration (variable_declarator name: (identifier) @local.definition) @local.after))
(for_statement initializer: (variable_declaration (variable_declarator name: (identifier) @local.definition) @local.after))
(using_statement (variable_declaration (variable_declarator name: (identifier) @local.definition) @local.after))
(fixed_statement (variable_declaration (variable_declarator name: (identifier) @local.definition) @local.after))
(variable_declarator (tuple_pattern) @local.pattern)
(parenthesized_variable_designation name: (identifier) @local.definition)
(foreach_statement left: (identifier) @local.definition)
(foreach_statement left: (tuple_pattern) @local.pattern)
(parameter name: (identifier) @local.definition)
(parameter_list name: (identifier) @local.definition)
(lambda_expression parameters: (implicit_parameter) @local.definition)
(catch_declaration name: (identifier) @local.definition)
(declaration_pattern name: (identifier) @local.definition)
(declaration_expression name: (identifier) @local.definition)
(recursive_pattern name: (identifier) @local.definition)
(var_pattern name: (identifier) @local.definition)
(from_clause name: (identifier) @local.definition)
(let_clause . (identifier) @local.definition)
(join_clause . (identifier) @local.definition)
(type_parameter name: (identifier) @local.definition)
(method_declaration type_parameters: (type_parameter_list (type_parameter name: (identifier) @local.definition))) @local.scope
