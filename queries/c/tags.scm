; C, and what C++ shares with it. The words are explained in ../README.md.
; What a macro expands to is plain text to the grammar: the names in it are not listed.

; Definitions -----------------------------------------------------------------------------------------------------------------

(function_definition declarator: (_) @declarator) @definition.function @local.scope
; A declarator that is a function makes this a function: a prototype.
((declaration declarator: (_) @declarator) @definition.variable (#set! local))
((declaration
  type: [
    (struct_specifier name: (_) body: (_))
    (union_specifier name: (_) body: (_))
    (enum_specifier name: (_) body: (_))]
  declarator: (_) @declarator) @definition.variable (#set! local) (#set! flat))
(field_declaration declarator: (_) @declarator) @definition.field
(struct_specifier name: (type_identifier) @name body: (_)) @definition.struct
(union_specifier name: (type_identifier) @name body: (_)) @definition.struct
(enum_specifier name: (type_identifier) @name body: (_)) @definition.enum
(enumerator name: (identifier) @name) @definition.enum_member
((type_definition declarator: (_) @declarator) @definition.type (#set! flat))
(type_definition type: (struct_specifier !name body: (_) @body) declarator: (_) @declarator) @definition.struct
(type_definition type: (union_specifier !name body: (_) @body) declarator: (_) @declarator) @definition.struct
(type_definition type: (enum_specifier !name body: (_) @body) declarator: (_) @declarator) @definition.enum
(preproc_def name: (identifier) @name) @definition.constant
((preproc_function_def name: (identifier) @name parameters: (_) value: (_) @body) @definition.macro)
(preproc_function_def name: (identifier) @name parameters: (_) !value) @definition.macro

; References ------------------------------------------------------------------------------------------------------------------

(call_expression function: [(identifier) @name (field_expression field: (field_identifier) @name)]) @reference.call
(initializer_pair designator: (field_designator (field_identifier) @name)) @reference.field
(offsetof_expression member: (field_identifier) @name) @reference.field
(preproc_params (identifier) @ignore)
(attribute_specifier) @ignore

; Imports ---------------------------------------------------------------------------------------------------------------------

((preproc_include path: (_) @import.from) @import (#set! name "*"))

; Locals ----------------------------------------------------------------------------------------------------------------------

[(compound_statement) (for_statement)] @local.scope
(parameter_declaration declarator: (_) @local.pattern)
(array_declarator size: (_) @local.use)
