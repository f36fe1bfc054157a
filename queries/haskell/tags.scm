; Haskell. The words are explained in ../README.md.

; Definitions -----------------------------------------------------------------------------------------------------------------

; A signature and the equations below it are one symbol.
(declarations (signature name: [(variable) @name (prefix_id (operator) @name)]) @definition.function (#set! clause))
(declarations (signature names: (binding_list [(variable) @name (prefix_id (operator) @name)])) @definition.function (#set! clause))
(declarations (function name: [(variable) @name (prefix_id (operator) @name)]) @definition.function (#set! clause))
(declarations (function (infix operator: [(operator) @name (infix_id (variable) @name)])) @definition.function (#set! clause))
(declarations (bind name: [(variable) @name (prefix_id (operator) @name)]) @definition.function (#set! clause))
(foreign_import signature: (signature name: (variable) @name)) @definition.function
((pattern_synonym (equation synonym: [
  (constructor) @name
  (apply function: (constructor) @name)
  (record constructor: (constructor) @name)
  (infix operator: (constructor_operator) @name)])) @definition.constructor (#set! clause))
(pattern_synonym (signature synonym: (constructor) @name)) @definition.constructor

(data_type name: [(name) (prefix_id)] @name) @definition.enum @local.types
(newtype name: (name) @name) @definition.struct @local.types
(type_synonym name: (name) @name) @definition.type @local.types
(type_family name: (name) @name) @definition.type @local.types
(data_family name: (name) @name) @definition.type @local.types
((data_constructor [
  (prefix name: [(constructor) @name (prefix_id (constructor_operator) @name)])
  (record name: (constructor) @name)
  (infix operator: (constructor_operator) @name)]) @definition.enum_member (#set! flat))
((newtype_constructor name: (constructor) @name) @definition.enum_member (#set! flat))
((gadt_constructor name: (constructor) @name) @definition.enum_member (#set! flat))
((gadt_constructor names: (_ (constructor) @name)) @definition.enum_member (#set! flat))
(field name: (field_name (variable) @name)) @definition.field

(class name: (name) @name) @definition.interface @local.types
(class_declarations (signature name: [(variable) @name (prefix_id (operator) @name)]) @definition.method (#set! clause))
(class_declarations (signature names: (binding_list [(variable) @name (prefix_id (operator) @name)])) @definition.method (#set! clause))
(class_declarations (function name: [(variable) @name (prefix_id (operator) @name)]) @definition.method (#set! clause))
(class_declarations (bind name: [(variable) @name (prefix_id (operator) @name)]) @definition.method (#set! clause))
(class_declarations (function (infix operator: [(operator) @name (infix_id (variable) @name)])) @definition.method (#set! clause))

; The comment in front of the first declaration is no part of them to the grammar.
(declarations) @wrapper

; What stands in an `instance` belongs to the type.
(instance patterns: (type_patterns . [
  (name) @container
  (apply constructor: (name) @container)
  (parens type: [(name) @container (apply constructor: (name) @container) (apply constructor: (apply constructor: (name) @container))])
])) @container.scope
(instance_declarations (function name: [(variable) @name (prefix_id (operator) @name)]) @definition.method (#set! clause))
(instance_declarations (function (infix operator: [(operator) @name (infix_id (variable) @name)])) @definition.method (#set! clause))
(instance_declarations (bind name: [(variable) @name (prefix_id (operator) @name)]) @definition.method (#set! clause))

; References ------------------------------------------------------------------------------------------------------------------

(apply function: [(variable) @name (qualified id: (variable) @name)]) @reference.call
((infix left_operand: [(variable) @name (qualified id: (variable) @name)] operator: (operator) @_operator) @reference.call
  (#any-of? @_operator "$" "$!" "<$>" "<$!>"))
(infix_id [(variable) @name (qualified id: (variable) @name)]) @reference.call
(instance name: [(name) @name (qualified id: (name) @name)]) @reference.implementation
(deriving classes: [
  (name) @name
  (qualified id: (name) @name)
  (tuple [(name) @name (qualified id: (name) @name)])
  (parens [(name) @name (qualified id: (name) @name)])]) @reference.implementation
(class context: (context context: [
  (apply constructor: (name) @name)
  (parens (apply constructor: (name) @name))
  (tuple (apply constructor: (name) @name))])) @reference.implementation
(field_update field: (field_name (variable) @name)) @reference.field
(field_update field: (field_name (variable) @name) !expression) @reference.shorthand
(field_pattern field: (field_name (variable) @name)) @reference.field
(field_pattern field: (field_name (variable) @name) !pattern) @reference.shorthand
(projection field: (field_name (variable) @name)) @reference.field
(exports (module_export module: (module (module_id) @name))) @reference.import
(exports (export [(variable) @name (name) @name (children element: [(constructor) (variable)] @name)])) @reference.import

(header module: (module) @ignore)
(import alias: (module) @ignore)
(forall) @ignore

; Imports ---------------------------------------------------------------------------------------------------------------------

((import module: (module) @import.from !names !alias) @import (#not-match? @import "\\bqualified\\b") (#set! name "*"))
((import module: (module) @import.from @import.alias !alias) @import (#match? @import "\\bqualified\\b") (#set! name ""))
((import module: (module) @import.from alias: (module) @import.alias) @import (#set! name ""))
((import module: (module) @import.from alias: (module) !names) @import (#not-match? @import "\\bqualified\\b") (#set! name "*"))
((import module: (module) @import.from names: (import_list)) @import (#match? @import "\\bhiding\\b") (#set! name "*"))
((import module: (module) @import.source names: (import_list)) @import (#not-match? @import "\\bhiding\\b"))
(import_name [(variable) (name)] @import.name) @import.item

; Locals ----------------------------------------------------------------------------------------------------------------------

[(function) (bind name: (_)) (let_in) (alternative) (lambda) (do) (list_comprehension) (match)] @local.scope
[(signature) (instance) (type_instance) (equation) (gadt_constructor)] @local.types
(signature type: (_) @local.pattern)
(type_params bind: (variable) @local.definition)
(type_params (_ bind: (variable) @local.definition))
(type_patterns) @local.pattern
(instance context: (_) @local.pattern)
(class context: (_) @local.pattern)
(pattern_synonym (equation synonym: (_) @local.pattern))
(gadt_constructor type: (_) @local.pattern)
(function patterns: (patterns) @local.pattern)
(declarations (function (infix left_operand: (_) @local.pattern)))
(declarations (function (infix right_operand: (_) @local.pattern)))
(instance_declarations (function (infix left_operand: (_) @local.pattern)))
(instance_declarations (function (infix right_operand: (_) @local.pattern)))
(lambda patterns: (patterns) @local.pattern)
(alternative pattern: (_) @local.pattern)
(do (bind pattern: (_) @local.pattern) @local.after)
(generator pattern: (_) @local.pattern)
(list_comprehension qualifiers: (qualifiers [
  (generator pattern: (variable) @local.definition)
  (let binds: (local_binds decl: [(function name: (variable) @local.definition) (bind name: (variable) @local.definition)]))])) @local.scope
(pattern_guard pattern: (_) @local.pattern)
(view_pattern expression: (_) @local.use)
; What `where` and `let` bind is in scope in all that it stands with.
(function binds: (local_binds decl: [(function name: (variable) @local.definition) (bind name: (variable) @local.definition)])) @local.scope
(bind binds: (local_binds decl: [(function name: (variable) @local.definition) (bind name: (variable) @local.definition)])) @local.scope
(alternative binds: (local_binds decl: [(function name: (variable) @local.definition) (bind name: (variable) @local.definition)])) @local.scope
(let_in binds: (local_binds decl: [(function name: (variable) @local.definition) (bind name: (variable) @local.definition)])) @local.scope
(do (let binds: (local_binds decl: [(function name: (variable) @local.definition) (bind name: (variable) @local.definition)]))) @local.scope
(local_binds decl: (bind pattern: (_) @local.pattern))
(local_binds decl: (signature name: (variable) @local.definition))
