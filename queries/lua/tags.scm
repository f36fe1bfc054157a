; Lua. The words are explained in ../README.md.

; Definitions -----------------------------------------------------------------------------------------------------------------

(function_declaration name: (identifier) @name) @definition.function @local.scope
((function_declaration name: (dot_index_expression table: (_) @container field: (identifier) @name)) @definition.function @local.scope
  (#set! root))
((function_declaration name: (method_index_expression table: (_) @container method: (identifier) @name)) @definition.method @local.scope
  (#set! root))

; `local x = require "x"` is an import and no variable.
((variable_declaration (variable_list name: (identifier) @name)) @definition.variable (#set! local))
((variable_declaration (assignment_statement (variable_list name: (identifier) @name))) @definition.variable (#set! local)
  (#not-match? @definition.variable "^\\w+\\s+\\w+\\s*=\\s*require\\b"))
((variable_declaration (assignment_statement
  (variable_list name: (identifier) @name)
  (expression_list . value: (table_constructor) @body))) @definition.variable (#set! local))
((variable_declaration (variable_list name: (identifier) @name attribute: (attribute))) @definition.constant (#set! local))
((variable_declaration (assignment_statement (variable_list name: (identifier) @name attribute: (attribute)))) @definition.constant
  (#set! local))
((variable_declaration (assignment_statement
  (variable_list name: (identifier) @name)
  (expression_list . value: [(function_definition body: (_) @body) (function_definition !body)]))) @definition.function)
(chunk (assignment_statement (variable_list name: (identifier) @name)) @definition.variable (#set! once))
(chunk (assignment_statement
  (variable_list name: (identifier) @name)
  (expression_list . value: (table_constructor) @body)) @definition.variable (#set! once))
(chunk (assignment_statement
  (variable_list name: (identifier) @name)
  (expression_list . value: [(function_definition body: (_) @body) (function_definition !body)])) @definition.function (#set! once))
(chunk (assignment_statement
  (variable_list name: (dot_index_expression table: (_) @container field: (identifier) @name))) @definition.field (#set! once))
((assignment_statement
  (variable_list . name: (dot_index_expression table: (_) @container field: (identifier) @name) .)
  (expression_list . value: [(function_definition body: (_) @body) (function_definition !body)])) @definition.function
  (#set! root) (#set! once))
(do_statement body: (block (assignment_statement
  (variable_list . name: (identifier) @name .)
  (expression_list . value: [(function_definition body: (_) @body) (function_definition !body)])) @definition.function))

; What stands in a table that is given a name at the top belongs to it; functions are listed at any depth.
(chunk (variable_declaration (assignment_statement (expression_list value: (table_constructor
  (field !operator name: (identifier) @name) @definition.field)))))
(chunk (assignment_statement (expression_list value: (table_constructor (field !operator name: (identifier) @name) @definition.field))))
(field !operator name: (identifier) @name value: [(function_definition body: (_) @body) (function_definition !body)]) @definition.method

; References ------------------------------------------------------------------------------------------------------------------

(function_call name: [
  (identifier) @name
  (dot_index_expression field: (identifier) @name)
  (method_index_expression method: (identifier) @name)]) @reference.call
(field !operator name: (identifier) @name) @reference.field
((field !operator name: (identifier) @_index value: (identifier) @name) @reference.implementation (#eq? @_index "__index"))
(label_statement (identifier) @ignore)
(goto_statement (identifier) @ignore)
(attribute (identifier) @ignore)

; Imports ---------------------------------------------------------------------------------------------------------------------

((variable_declaration (assignment_statement
  (variable_list . name: (identifier) @import.alias .)
  (expression_list . value: (function_call
    name: (identifier) @ignore
    arguments: (arguments (string content: (string_content) @import.from)))))) @import
  (#eq? @ignore "require") (#set! name ""))

; Locals ----------------------------------------------------------------------------------------------------------------------

[(function_definition) (for_statement) (block) (do_statement) (repeat_statement)] @local.scope
(parameters name: (identifier) @local.definition)
(for_generic_clause (variable_list name: (identifier) @local.definition))
(for_numeric_clause name: (identifier) @local.definition)
