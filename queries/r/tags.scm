; R. The words are explained in ../README.md.

; Definitions -----------------------------------------------------------------------------------------------------------------

((binary_operator lhs: (identifier) @name operator: ["<-" "=" "<<-" ":="]) @definition.variable
  (#not-match? @definition.variable "^[\\w.]+\\s*(<-|=)\\s*([\\w.]+::)?set(Class|RefClass|Generic)\\b")
  (#set! local) (#set! once) (#set! flat))
((binary_operator operator: ["->" "->>"] rhs: (identifier) @name) @definition.variable (#set! local) (#set! once) (#set! flat))
((binary_operator lhs: (identifier) @name operator: ["<-" "=" "<<-"]) @definition.constant
  (#match? @name "^[A-Z][A-Z0-9_.]+$") (#set! local) (#set! once) (#set! flat))
(binary_operator lhs: [(identifier) @name (string content: (string_content) @name)] operator: ["<-" "=" "<<-"]
  rhs: (function_definition body: (_) @body)) @definition.function
(program (binary_operator lhs: (extract_operator lhs: (identifier) @container rhs: (identifier) @name) operator: ["<-" "="]
  rhs: (function_definition body: (_) @body)) @definition.method)

((binary_operator lhs: (identifier) @name rhs: (call function: [
  (identifier) @_class
  (namespace_operator rhs: (identifier) @_class)] arguments: (_) @body)) @definition.class
  (#any-of? @_class "R6Class" "setRefClass" "ggproto" "new_class"))
((call function: [(identifier) @_class (namespace_operator rhs: (identifier) @_class)] arguments: (arguments
  (argument name: (identifier) @_part value: (call arguments: (arguments (argument name: (identifier) @name) @definition.field)))))
  (#any-of? @_class "R6Class" "setRefClass" "new_class")
  (#any-of? @_part "public" "private" "active" "fields" "methods" "properties"))
((call function: [(identifier) @_class (namespace_operator rhs: (identifier) @_class)] arguments: (arguments
  (argument name: (identifier) @_part value: (call arguments: (arguments
    (argument name: (identifier) @name value: (function_definition body: (_) @body)) @definition.method)))))
  (#any-of? @_class "R6Class" "setRefClass" "new_class")
  (#any-of? @_part "public" "private" "active" "methods"))
((call function: (identifier) @_class arguments: (arguments
  (argument name: (identifier) @name value: (function_definition body: (_) @body)) @definition.method))
  (#any-of? @_class "ggproto"))
((call function: (identifier) @_class arguments: (arguments . (argument value: (string content: (string_content) @name)))) @definition.class
  (#eq? @_class "setClass"))
((call function: (identifier) @_class arguments: (arguments (argument value: (call
  function: (identifier) @_slots arguments: (arguments (argument name: (identifier) @name) @definition.field)))))
  (#eq? @_class "setClass") (#any-of? @_slots "representation" "list" "c"))
((call function: (identifier) @_generic arguments: (arguments . (argument value: (string content: (string_content) @name)))) @definition.function
  (#eq? @_generic "setGeneric"))
((call function: (identifier) @_method arguments: (arguments
  . (argument value: (string content: (string_content) @name))
  . (comma)
  . (argument value: [
    (string content: (string_content) @container)
    (call arguments: (arguments . (argument value: (string content: (string_content) @container))))]))) @definition.method
  (#any-of? @_method "setMethod" "setReplaceMethod"))

; References ------------------------------------------------------------------------------------------------------------------

(call function: [(identifier) @name (namespace_operator rhs: (identifier) @name) (extract_operator rhs: (identifier) @name)]) @reference.call
(argument name: (identifier) @name) @reference.field
((argument name: (identifier) @_contains value: (string content: (string_content) @name)) @reference.implementation
  (#eq? @_contains "contains"))
((argument name: (identifier) @_inherit value: (identifier) @name) @reference.implementation (#eq? @_inherit "inherit"))

; Imports ---------------------------------------------------------------------------------------------------------------------

((call function: (identifier) @ignore arguments: (arguments . (argument value: [(identifier) (string)] @import.from))) @import
  (#any-of? @ignore "library" "require" "requireNamespace" "source") (#set! name "*"))

; Locals ----------------------------------------------------------------------------------------------------------------------

(function_definition) @local.scope
(parameter name: (identifier) @local.definition)
(for_statement variable: (identifier) @local.definition)
