; Classes as JavaScript alone writes them: TypeScript's grammar has other words for the same.

(class_declaration name: (identifier) @name) @definition.class
(class name: (identifier) @name) @definition.class
(class_heritage [(identifier) @name (member_expression property: (property_identifier) @name)]) @reference.implementation
(class_heritage (call_expression arguments: (arguments [
  (identifier) @name
  (member_expression property: (property_identifier) @name)]))) @reference.implementation

((field_definition property: [(property_identifier) (private_property_identifier)] @name) @definition.field (#set! once))
; Before classes could declare their fields, constructors made them.
((assignment_expression left: (member_expression object: (this) property: (property_identifier) @name)) @definition.field
  (#set! once) (#set! outer))
(field_definition
  property: [(property_identifier) (private_property_identifier)] @name
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @definition.method

(formal_parameters (_) @local.pattern)

; What CommonJS imports.

((variable_declarator name: (identifier) @import.alias
  value: (call_expression function: (identifier) @_require arguments: (arguments . (string (string_fragment) @import.from)))) @import
  (#eq? @_require "require") (#set! name "*"))
((variable_declarator name: (identifier) @import.alias
  value: (call_expression function: (identifier) @_require arguments: (arguments . (string (string_fragment) @import.from)))) @import
  (#eq? @_require "require") (#set! name "default"))
((variable_declarator name: (identifier) @import.alias
  value: (member_expression
    object: (call_expression function: (identifier) @_require arguments: (arguments . (string (string_fragment) @import.from)))
    property: (property_identifier) @import.name)) @import
  (#eq? @_require "require"))
((variable_declarator name: (object_pattern)
  value: (call_expression function: (identifier) @_require arguments: (arguments . (string (string_fragment) @import.source)))) @import
  (#eq? @_require "require"))
(object_pattern (shorthand_property_identifier_pattern) @import.name @import.item)
(object_pattern (pair_pattern key: (property_identifier) @import.name value: (identifier) @import.alias) @import.item)
