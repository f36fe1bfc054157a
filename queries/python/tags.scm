; Python. The words are explained in ../README.md.

; Definitions -----------------------------------------------------------------------------------------------------------------

(function_definition name: (identifier) @name) @definition.function @local.scope
(class_definition name: (identifier) @name) @definition.class @local.types
((class_definition name: (identifier) @name superclasses: (argument_list [
  (identifier) @_base
  (attribute attribute: (identifier) @_base)])) @definition.enum
  (#match? @_base "^(Enum|IntEnum|StrEnum|Flag|IntFlag)$"))

((assignment left: (identifier) @name) @definition.variable (#set! local) (#set! once) (#set! flat))
((assignment left: [
  (pattern_list (identifier) @name)
  (tuple_pattern (identifier) @name)
  (list_pattern (identifier) @name)]) @definition.variable (#set! local) (#set! once) (#set! flat))
((assignment left: (identifier) @name) @definition.constant
  (#match? @name "^_*[A-Z][A-Z0-9_]*$") (#set! local) (#set! once) (#set! flat))
((class_definition body: (block (expression_statement (assignment left: (identifier) @name) @definition.field))) (#set! once) (#set! flat))
((class_definition
  superclasses: (argument_list [(identifier) @_base (attribute attribute: (identifier) @_base)])
  body: (block (expression_statement (assignment left: (identifier) @name !type) @definition.enum_member)))
  (#match? @_base "^(Enum|IntEnum|StrEnum|Flag|IntFlag)$") (#not-match? @name "^_") (#set! once) (#set! flat))
((assignment left: (attribute object: (identifier) @_self attribute: (identifier) @name)) @definition.field
  (#eq? @_self "self") (#set! once) (#set! outer))
((type_alias_statement left: (type (identifier) @name)) @definition.type)
((type_alias_statement left: (type (generic_type (identifier) @name))) @definition.type @local.types)

(class_definition body: (block (function_definition name: (identifier) @name) @definition.method))
(class_definition body: (block (decorated_definition (function_definition name: (identifier) @name) @definition.method)))
((class_definition body: (block (decorated_definition
  (decorator [(identifier) @_property (attribute attribute: (identifier) @_property)])
  definition: (function_definition name: (identifier) @name) @definition.property)))
  (#match? @_property "property$|^setter$|^deleter$"))
((class_definition body: (block (function_definition name: (identifier) @name) @definition.constructor))
  (#eq? @name "__init__"))

(decorated_definition) @wrapper
(decorator) @attribute
(class_definition body: (block . (expression_statement (string) @doc))) @documented
(function_definition body: (block . (expression_statement (string) @doc))) @documented

; References ------------------------------------------------------------------------------------------------------------------

(call function: [(identifier) @name (attribute attribute: (identifier) @name)]) @reference.call
(decorator [(identifier) @name (attribute attribute: (identifier) @name)]) @reference.call
(keyword_argument name: (identifier) @name) @reference.field
(keyword_pattern . (identifier) @name) @reference.field
(type [
  (identifier) @name
  (attribute attribute: (identifier) @name)
  (generic_type . (identifier) @name)
  (binary_operator (identifier) @name)]) @reference.type
; Types that are written as strings.
(type (string (string_content) @name)) @reference.type
(type (subscript subscript: (string (string_content) @name))) @reference.type
(type (subscript subscript: (subscript subscript: (string (string_content) @name)))) @reference.type
(type (subscript subscript: (subscript subscript: (subscript subscript: (string (string_content) @name))))) @reference.type
(type (subscript subscript: (list (string (string_content) @name)))) @reference.type
(class_definition superclasses: (argument_list [
  (identifier) @name
  (attribute attribute: (identifier) @name)
  (subscript value: (identifier) @name)])) @reference.implementation
(except_clause value: [(identifier) @name (as_pattern . (identifier) @name)]) @reference.type

; Imports ---------------------------------------------------------------------------------------------------------------------

((import_statement name: (dotted_name) @import.from @import.alias) @import (#set! name ""))
((import_statement name: (aliased_import name: (dotted_name) @import.from alias: (identifier) @import.alias)) @import
  (#set! name ""))
(import_from_statement module_name: (_) @import.from name: (dotted_name) @import.name) @import
(import_from_statement module_name: (_) @import.from
  name: (aliased_import name: (dotted_name) @import.name alias: (identifier) @import.alias)) @import
((import_from_statement module_name: (_) @import.from (wildcard_import)) @import (#set! name "*"))
(future_import_statement) @ignore
(aliased_import alias: (identifier) @ignore)

; Locals ----------------------------------------------------------------------------------------------------------------------

(lambda) @local.scope
(parameters (_) @local.pattern)
(lambda_parameters (_) @local.pattern)
(typed_parameter type: (_) @local.use)
(default_parameter value: (_) @local.use)
(typed_default_parameter type: (_) @local.use)
(typed_default_parameter value: (_) @local.use)
; The same kind of node holds the arguments of a generic type, which bind nothing.
(function_definition type_parameters: (type_parameter (type (identifier) @local.definition)))
(class_definition type_parameters: (type_parameter (type (identifier) @local.definition)))
(type_alias_statement left: (type (generic_type (type_parameter (type (identifier) @local.definition)))))

(for_statement left: (_) @local.pattern right: (_) @local.after)
(as_pattern_target (_) @local.pattern)
(named_expression name: (identifier) @local.definition) @local.after
(global_statement (identifier) @local.global)
(case_clause (case_pattern) @local.pattern)
(class_pattern . (dotted_name) @local.use)

[(list_comprehension) (set_comprehension) (dictionary_comprehension) (generator_expression)] @local.scope
(list_comprehension (for_in_clause left: [(identifier) @local.definition (_ (identifier) @local.definition)])) @local.scope
(set_comprehension (for_in_clause left: [(identifier) @local.definition (_ (identifier) @local.definition)])) @local.scope
(dictionary_comprehension (for_in_clause left: [(identifier) @local.definition (_ (identifier) @local.definition)])) @local.scope
(generator_expression (for_in_clause left: [(identifier) @local.definition (_ (identifier) @local.definition)])) @local.scope
(for_in_clause left: (_) @local.pattern)
