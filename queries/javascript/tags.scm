; JavaScript, and what TypeScript and TSX share with it. The words are explained in ../README.md.

; Definitions -----------------------------------------------------------------------------------------------------------------

(function_declaration name: (identifier) @name) @definition.function @local.scope
(generator_function_declaration name: (identifier) @name) @definition.function @local.scope
(method_definition name: [
  (property_identifier) (private_property_identifier) (computed_property_name)] @name) @definition.method
(method_definition name: (string (string_fragment) @name)) @definition.method
(method_definition ["get" "set"] name: [
  (property_identifier) (private_property_identifier) (computed_property_name)] @name) @definition.property
((method_definition name: (property_identifier) @name) @definition.constructor (#eq? @name "constructor"))

((lexical_declaration "const" (variable_declarator name: (identifier) @name)) @definition.constant (#set! local))
((lexical_declaration "let" (variable_declarator name: (identifier) @name)) @definition.variable (#set! local))
((variable_declaration (variable_declarator name: (identifier) @name)) @definition.variable (#set! local))
((lexical_declaration (variable_declarator name: [
  (object_pattern [
    (shorthand_property_identifier_pattern) @name
    (pair_pattern value: (identifier) @name)
    (object_assignment_pattern left: (shorthand_property_identifier_pattern) @name)
    (rest_pattern (identifier) @name)])
  (array_pattern [(identifier) @name (rest_pattern (identifier) @name)])])) @definition.variable (#set! local))
((variable_declaration (variable_declarator name: [
  (object_pattern [
    (shorthand_property_identifier_pattern) @name
    (pair_pattern value: (identifier) @name)])
  (array_pattern (identifier) @name)])) @definition.variable (#set! local))
(lexical_declaration (variable_declarator
  name: (identifier) @name
  value: [
    (arrow_function body: (_) @body)
    (function_expression body: (_) @body)
    (generator_function body: (_) @body)])) @definition.function
(variable_declaration (variable_declarator
  name: (identifier) @name
  value: [
    (arrow_function body: (_) @body)
    (function_expression body: (_) @body)
    (generator_function body: (_) @body)])) @definition.function
(lexical_declaration (variable_declarator name: (identifier) @name value: (class body: (_) @body))) @definition.class

; Functions that are hung on something that exists.
((expression_statement (assignment_expression
  left: (member_expression object: (identifier) @container property: (property_identifier) @name)
  right: [(arrow_function body: (_) @body) (function_expression body: (_) @body)])) @definition.method
  (#not-eq? @name "exports") (#set! once))
((expression_statement (assignment_expression
  left: (member_expression object: (identifier) @_module property: (property_identifier) @_exports)
  right: (function_expression name: (identifier) @name body: (_) @body))) @definition.function
  (#eq? @_module "module") (#eq? @_exports "exports"))
((expression_statement (assignment_expression
  left: (member_expression object: (_) @_exports property: (property_identifier) @name)
  right: [(arrow_function body: (_) @body) (function_expression body: (_) @body)])) @definition.function
  (#match? @_exports "^(module\\.)?exports$") (#set! once))
((expression_statement (assignment_expression
  left: (member_expression
    object: (member_expression object: (identifier) @container property: (property_identifier) @_prototype)
    property: (property_identifier) @name)
  right: [(arrow_function body: (_) @body) (function_expression body: (_) @body)])) @definition.method
  (#eq? @_prototype "prototype") (#set! once))
(pair key: (property_identifier) @name
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @definition.method
(pair key: (string (string_fragment) @name)
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @definition.method
(pair key: (computed_property_name) @name
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @definition.method

; Functions that are handed on under a name.
(arguments (function_expression name: (identifier) @name) @definition.function)
(return_statement (function_expression name: (identifier) @name) @definition.function)

(export_statement) @wrapper
(decorator) @attribute

; References ------------------------------------------------------------------------------------------------------------------

(call_expression function: [
  (identifier) @name
  (member_expression property: [(property_identifier) (private_property_identifier)] @name)]) @reference.call
(new_expression constructor: [
  (identifier) @name
  (member_expression property: (property_identifier) @name)]) @reference.call
(decorator [(identifier) @name (member_expression property: (property_identifier) @name)]) @reference.call
(pair key: (property_identifier) @name) @reference.field
(pair_pattern key: (property_identifier) @name) @reference.field
(shorthand_property_identifier) @name @reference.shorthand
(shorthand_property_identifier_pattern) @name @reference.shorthand
(export_specifier name: (identifier) @name) @reference.import
(export_specifier alias: (identifier) @ignore)
(namespace_export (identifier) @ignore)

; Imports ---------------------------------------------------------------------------------------------------------------------

((import_statement !source) @import)
((import_statement . source: (string (string_fragment) @import.from)) @import (#set! name ""))
((import_statement
  (import_clause (identifier) @import.alias)
  source: (string (string_fragment) @import.from)) @import (#set! name "default"))
((import_statement
  (import_clause (namespace_import (identifier) @import.alias @ignore))
  source: (string (string_fragment) @import.from)) @import (#set! name "*"))
; One pattern over statement and name at once would cost the square of a long list.
(import_statement source: (string (string_fragment) @import.source)) @import
(export_statement source: (string (string_fragment) @import.source)) @import
(import_specifier name: (_) @import.name !alias) @import.item
(import_specifier name: (_) @import.name alias: (_) @import.alias @ignore) @import.item
(export_specifier name: (_) @import.name !alias) @import.item
(export_specifier name: (_) @import.name alias: (_) @import.alias) @import.item
((export_statement
  (namespace_export (identifier) @import.alias)
  source: (string (string_fragment) @import.from)) @import (#set! name "*"))
((export_statement "*" source: (string (string_fragment) @import.from)) @import (#set! name "*"))

; Locals ----------------------------------------------------------------------------------------------------------------------

[
  (method_definition) (arrow_function) (function_expression) (generator_function) (class_static_block)
  (statement_block) (for_statement) (for_in_statement) (catch_clause) (switch_body)
] @local.scope
(function_expression name: (identifier) @local.definition)
(arrow_function parameter: (identifier) @local.definition)
(variable_declarator name: [(object_pattern) (array_pattern)] @local.pattern) @local.after
(for_in_statement kind: _ left: (_) @local.pattern right: (_) @local.after)
(catch_clause parameter: (_) @local.pattern)
(assignment_pattern right: (_) @local.use)
(object_assignment_pattern right: (_) @local.use)
(computed_property_name) @local.use
