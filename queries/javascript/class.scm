; Classes as JavaScript alone writes them: TypeScript's grammar has other words for the same.

(class_declaration name: (identifier) @name) @definition.class
(class name: (identifier) @name) @definition.class
(class_heritage [(identifier) @name (member_expression property: (property_identifier) @name)]) @reference.implementation
(class_heritage (call_expression arguments: (arguments [
  (identifier) @name
  (member_expression property: (property_identifier) @name)]))) @reference.implementation

(field_definition property: [(property_identifier) (private_property_identifier)] @name) @definition.field
(field_definition
  property: [(property_identifier) (private_property_identifier)] @name
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @definition.method

(formal_parameters (_) @local.pattern)
