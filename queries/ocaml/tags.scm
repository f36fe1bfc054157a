; OCaml, interfaces and implementations. The words are explained in ../README.md.

; Definitions -----------------------------------------------------------------------------------------------------------------

; In a group with `and` each line is its own definition; alone, the whole declaration is.
(module_definition (module_binding (module_name) @name)) @definition.module
(module_type_definition (module_type_name) @name) @definition.interface
(class_definition (class_binding (class_name) @name)) @definition.class @local.scope
(class_type_definition (class_type_binding (class_type_name) @name)) @definition.interface
(type_definition (type_binding name: (type_constructor) @name) @definition.type)
(type_definition (type_binding name: (type_constructor) @name body: (record_declaration)) @definition.struct)
(type_definition (type_binding name: (type_constructor) @name body: (variant_declaration)) @definition.enum)
(type_definition . (type_binding name: (type_constructor) @name) .) @definition.type
(type_definition . (type_binding name: (type_constructor) @name body: (record_declaration)) .) @definition.struct
(type_definition . (type_binding name: (type_constructor) @name body: (variant_declaration)) .) @definition.enum
(type_definition "and") @wrapper
(variant_declaration (constructor_declaration (constructor_name) @name) @definition.enum_member)
(type_definition (type_binding name: (type_constructor_path) body: (variant_declaration
  (constructor_declaration (constructor_name) @name) @definition.enum_member)))
((constructor_declaration (constructor_name) @name) @definition.enum_member (#set! flat))
(exception_definition (constructor_declaration (constructor_name) @name)) @definition.struct
(field_declaration (field_name) @name) @definition.field

(value_specification [(value_name) @name (parenthesized_operator (_) @name)]) @definition.variable
(value_specification [(value_name) @name (parenthesized_operator (_) @name)] type: (function_type)) @definition.function
(value_specification [(value_name) @name (parenthesized_operator (_) @name)] type: (polymorphic_type (function_type))) @definition.function
(external [(value_name) @name (parenthesized_operator (_) @name)]) @definition.function

(method_specification (method_name) @name) @definition.method
(instance_variable_specification (instance_variable_name) @name) @definition.field

; References ------------------------------------------------------------------------------------------------------------------

(include_module_type module_type: (module_type_path (module_type_name) @name)) @reference.implementation
(module_binding module_type: (module_type_path (module_type_name) @name)) @reference.implementation
(include_module_type module_type: (module_type_constraint
  module_type: (module_type_path (module_type_name) @name))) @reference.implementation
(item_attribute) @attribute
(attribute_id) @ignore
(attribute_payload) @ignore
(labeled_argument_type (label_name) @ignore)

; Imports ---------------------------------------------------------------------------------------------------------------------

((open_module_signature module: (_) @import.from) @import (#set! name "*"))
((module_definition (module_binding (module_name) @import.alias body: [(module_path) (extended_module_path)] @import.from)) @import
  (#set! name ""))

; Locals ----------------------------------------------------------------------------------------------------------------------

(module_parameter (module_name) @ignore)
