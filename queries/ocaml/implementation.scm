; OCaml, what only implementations have. The words are explained in ../README.md.

; Definitions -----------------------------------------------------------------------------------------------------------------

(compilation_unit (value_definition (let_binding pattern: [(value_name) @name (parenthesized_operator (_) @name)]) @definition.variable))
(structure (value_definition (let_binding pattern: [(value_name) @name (parenthesized_operator (_) @name)]) @definition.variable))
(compilation_unit (value_definition (let_binding pattern: [
  (tuple_pattern (value_name) @name)
  (parenthesized_pattern (tuple_pattern (value_name) @name))
  (typed_pattern pattern: (value_name) @name)
  (parenthesized_pattern (typed_pattern pattern: (value_name) @name))])) @definition.variable)
(compilation_unit (value_definition (let_binding
  pattern: [(value_name) @name (parenthesized_operator (_) @name)] [(parameter) body: [(fun_expression) (function_expression)]])
  @definition.function))
(structure (value_definition (let_binding
  pattern: [(value_name) @name (parenthesized_operator (_) @name)] [(parameter) body: [(fun_expression) (function_expression)]])
  @definition.function))
(compilation_unit (value_definition . (let_binding pattern: [(value_name) @name (parenthesized_operator (_) @name)]) .) @definition.variable)
(structure (value_definition . (let_binding pattern: [(value_name) @name (parenthesized_operator (_) @name)]) .) @definition.variable)
(compilation_unit (value_definition . (let_binding
  pattern: [(value_name) @name (parenthesized_operator (_) @name)] [(parameter) body: [(fun_expression) (function_expression)]]) .)
  @definition.function)
(structure (value_definition . (let_binding
  pattern: [(value_name) @name (parenthesized_operator (_) @name)] [(parameter) body: [(fun_expression) (function_expression)]]) .)
  @definition.function)
(value_definition "and") @wrapper

(method_definition (method_name) @name) @definition.method @local.scope
(instance_variable_definition (instance_variable_name) @name) @definition.field

; References ------------------------------------------------------------------------------------------------------------------

(application_expression function: [
  (value_path (value_name) @name)
  (parenthesized_expression expression: (value_path (value_name) @name))]) @reference.call
((infix_expression operator: (_) @_operator right: (value_path (value_name) @name)) @reference.call (#eq? @_operator "|>"))
((infix_expression left: (value_path (value_name) @name) operator: (_) @_operator) @reference.call (#eq? @_operator "@@"))
(method_invocation method: (method_name) @name) @reference.call
(new_expression (class_path (class_name) @name)) @reference.call
(field_expression (field_path (field_name) @name)) @reference.field
(field_expression . (field_path . (field_name) @name) .) @reference.shorthand
(field_pattern (field_path (field_name) @name)) @reference.field
(field_pattern . (field_path . (field_name) @name) .) @reference.shorthand
(include_module module: (module_path (module_name) @name .)) @reference.implementation
(inheritance_definition class: (class_path (class_name) @name)) @reference.implementation
(labeled_argument (label_name) @ignore expression: (_))
(parameter (label_name) @ignore)

; Imports ---------------------------------------------------------------------------------------------------------------------

((open_module module: (_) @import.from) @import (#set! name "*"))
; Locals ----------------------------------------------------------------------------------------------------------------------

(compilation_unit (value_definition) @local.scope)
(structure (value_definition) @local.scope)
[(let_expression) (fun_expression) (match_case) (for_expression) (object_expression)] @local.scope
(parameter pattern: (_) @local.pattern)
(let_expression (value_definition (let_binding pattern: (_) @local.pattern)))
(match_case pattern: (_) @local.pattern)
(for_expression name: (_) @local.pattern)
(object_expression self: (_) @local.pattern)
(inheritance_definition alias: (_) @local.pattern)
(abstract_type (type_constructor) @local.definition)
