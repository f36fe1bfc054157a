; C++: what it adds to ../c/tags.scm. The words are explained in ../README.md.

; Definitions -----------------------------------------------------------------------------------------------------------------

(function_definition declarator: (_) @declarator (field_initializer_list) @body) @definition.function
(class_specifier name: (type_identifier) @name body: (_)) @definition.class
(class_specifier name: (template_type name: (type_identifier) @name) body: (_)) @definition.class
(class_specifier name: (qualified_identifier name: (type_identifier) @name) body: (_)) @definition.class
(struct_specifier name: (template_type name: (type_identifier) @name) body: (_)) @definition.struct
(struct_specifier name: (qualified_identifier name: (type_identifier) @name) body: (_)) @definition.struct
(namespace_definition name: (namespace_identifier) @name) @definition.namespace
(namespace_definition name: (nested_namespace_specifier (namespace_identifier) @name .)) @definition.namespace
(namespace_definition name: (nested_namespace_specifier
  (nested_namespace_specifier (namespace_identifier) @name .) .)) @definition.namespace
(alias_declaration name: (type_identifier) @name) @definition.type
(concept_definition name: (identifier) @name) @definition.interface

(template_declaration) @wrapper

; References ------------------------------------------------------------------------------------------------------------------

(call_expression function: [
  (qualified_identifier name: (identifier) @name)
  (qualified_identifier name: (qualified_identifier name: (identifier) @name))
  (template_function name: (identifier) @name)
  (qualified_identifier name: (template_function name: (identifier) @name))
  (field_expression field: (template_method name: (field_identifier) @name))]) @reference.call
(new_expression type: [
  (type_identifier) @name
  (template_type name: (type_identifier) @name)
  (qualified_identifier name: (type_identifier) @name)]) @reference.call
(base_class_clause [
  (type_identifier) @name
  (template_type name: (type_identifier) @name)
  (qualified_identifier name: (type_identifier) @name)
  (qualified_identifier name: (template_type name: (type_identifier) @name))]) @reference.implementation
(field_initializer (field_identifier) @name) @reference.field
((template_function name: (identifier) @ignore) (#match? @ignore "^(static|dynamic|const|reinterpret)_cast$"))

; Locals ----------------------------------------------------------------------------------------------------------------------

[(lambda_expression) (for_range_loop) (if_statement) (while_statement) (catch_clause) (requires_expression)] @local.scope
(template_declaration) @local.types
(optional_parameter_declaration declarator: (_) @local.pattern)
(optional_parameter_declaration default_value: (_) @local.use)
(variadic_parameter_declaration declarator: (_) @local.pattern)
(for_range_loop declarator: (_) @local.pattern right: (_) @local.after)
(structured_binding_declarator (identifier) @local.definition)
(lambda_capture_initializer left: (identifier) @local.definition)
(type_parameter_declaration (type_identifier) @local.definition)
(variadic_type_parameter_declaration (type_identifier) @local.definition)
(optional_type_parameter_declaration name: (type_identifier) @local.definition)
