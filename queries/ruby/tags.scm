; Ruby. The words are explained in ../README.md.

; Definitions -----------------------------------------------------------------------------------------------------------------

(module name: (constant) @name) @definition.module
(module name: (scope_resolution scope: (_) @container name: (constant) @name)) @definition.module
(module name: (scope_resolution !scope name: (constant) @name)) @definition.module
(class name: (constant) @name) @definition.class
(class name: (scope_resolution !scope name: (constant) @name)) @definition.class
(class name: (scope_resolution scope: (_) @container name: (constant) @name)) @definition.class
(method name: [(identifier) (constant) (operator)] @name) @definition.method
(method) @local.scope
(method name: (setter name: (identifier) @name)) @definition.method
(program (method name: (identifier) @name) @definition.function)
((method name: (identifier) @name) @definition.constructor (#eq? @name "initialize"))
(singleton_method name: [(identifier) (constant) (operator)] @name) @definition.method
(singleton_method name: (setter name: (identifier) @name)) @definition.method
(assignment left: (constant) @name) @definition.constant
(assignment left: (left_assignment_list (constant) @name)) @definition.constant
((assignment left: (constant) @name right: (call receiver: (constant) @_type method: (identifier) @_method)) @definition.class
  (#any-of? @_type "Struct" "Data" "Class") (#any-of? @_method "new" "define"))
((assignment left: (constant) @name right: (call receiver: (constant) @_type method: (identifier) @_method)) @definition.module
  (#eq? @_type "Module") (#eq? @_method "new"))
((assignment left: (instance_variable) @name) @definition.field (#set! outer) (#set! once) (#set! head "name"))
((operator_assignment left: (instance_variable) @name) @definition.field (#set! outer) (#set! once) (#set! head "name"))
((assignment left: (class_variable) @name) @definition.field (#set! outer) (#set! once) (#set! head "name"))
((assignment left: (global_variable) @name) @definition.variable (#set! once) (#set! head "name"))
((call !receiver method: (identifier) @_method arguments: (argument_list (simple_symbol) @name)) @definition.property
  (#any-of? @_method "attr_reader" "attr_writer" "attr_accessor" "attr" "cattr_accessor" "cattr_reader" "mattr_accessor" "class_attribute"))
((call !receiver method: (identifier) @_method arguments: (argument_list . (simple_symbol) @name)) @definition.property
  (#any-of? @_method "has_many" "has_one" "belongs_to" "has_and_belongs_to_many" "attribute"))
((call !receiver method: (identifier) @_method arguments: (argument_list . (simple_symbol) @name)) @definition.method
  (#any-of? @_method "alias_method" "define_method" "scope"))
(alias name: (_) @name) @definition.method

; References ------------------------------------------------------------------------------------------------------------------

(call method: [(identifier) (constant)] @name) @reference.call
(alias alias: (_) @name) @reference.call
((call !receiver method: (identifier) @_method arguments: (argument_list (_) (simple_symbol) @name)) @reference.call
  (#eq? @_method "alias_method"))
(block_argument (simple_symbol) @name) @reference.call
(superclass [(constant) @name (scope_resolution name: (constant) @name)]) @reference.implementation
((call !receiver method: (identifier) @_method arguments: (argument_list [
  (constant) @name
  (scope_resolution name: (constant) @name)])) @reference.implementation
  (#any-of? @_method "include" "extend" "prepend"))
(exceptions [(constant) @name (scope_resolution name: (constant) @name)]) @reference.type
(pattern [(constant) @name (scope_resolution name: (constant) @name)]) @reference.type

; Imports ---------------------------------------------------------------------------------------------------------------------

((call !receiver method: (identifier) @_method @ignore arguments: (argument_list . (string (string_content) @import.from))) @import
  (#any-of? @_method "require" "require_relative" "load") (#set! name "*"))

; Locals ----------------------------------------------------------------------------------------------------------------------

[(block) (do_block) (lambda) (singleton_method)] @local.scope
(method_parameters (identifier) @local.definition)
(block_parameters (identifier) @local.definition)
(lambda_parameters (identifier) @local.definition)
(block_parameters locals: (identifier) @local.definition)
(destructured_parameter (identifier) @local.definition)
(optional_parameter name: (identifier) @local.definition)
(keyword_parameter name: (identifier) @local.definition)
(splat_parameter name: (identifier) @local.definition)
(hash_splat_parameter name: (identifier) @local.definition)
(block_parameter name: (identifier) @local.definition)
(assignment left: (identifier) @local.definition)
(operator_assignment left: (identifier) @local.definition)
(assignment left: (left_assignment_list (identifier) @local.definition))
(assignment left: (left_assignment_list (destructured_left_assignment (identifier) @local.definition)))
(rest_assignment (identifier) @local.definition)
(for pattern: (identifier) @local.definition)
(for pattern: (left_assignment_list (identifier) @local.definition))
(exception_variable (identifier) @local.definition)
(as_pattern name: (identifier) @local.definition)
(keyword_pattern key: (hash_key_symbol) @local.definition !value)
(array_pattern (identifier) @local.definition)
