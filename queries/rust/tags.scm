; Rust. The words are explained in ../README.md.

; Definitions -----------------------------------------------------------------------------------------------------------------

(function_item name: (identifier) @name) @definition.function @local.scope
(function_signature_item name: (identifier) @name) @definition.function @local.scope
(impl_item body: (declaration_list (function_item name: (identifier) @name) @definition.method))
(trait_item body: (declaration_list (function_item name: (identifier) @name) @definition.method))
(trait_item body: (declaration_list (function_signature_item name: (identifier) @name) @definition.method))
(struct_item name: (type_identifier) @name) @definition.struct @local.scope
(union_item name: (type_identifier) @name) @definition.struct @local.scope
(enum_item name: (type_identifier) @name) @definition.enum @local.scope
(enum_variant name: (identifier) @name) @definition.enum_member
(field_declaration name: (field_identifier) @name) @definition.field
(trait_item name: (type_identifier) @name) @definition.interface @local.scope
(type_item name: (type_identifier) @name) @definition.type @local.scope
(associated_type name: (type_identifier) @name) @definition.type @local.scope
(const_item name: (identifier) @name) @definition.constant
(static_item name: (identifier) @name) @definition.variable
(mod_item name: (identifier) @name) @definition.module
((macro_definition name: (identifier) @name) @definition.macro (#set! head "name"))

; What stands in an `impl` belongs to the type.
(impl_item type: (type_identifier) @container) @container.scope @local.scope
(impl_item type: (primitive_type) @container) @container.scope @local.scope
(impl_item type: (scoped_type_identifier name: (type_identifier) @container)) @container.scope @local.scope
(impl_item type: (generic_type type: (type_identifier) @container)) @container.scope @local.scope
(impl_item type: (generic_type type: (scoped_type_identifier name: (type_identifier) @container))) @container.scope @local.scope
(impl_item type: (reference_type type: (type_identifier) @container)) @container.scope @local.scope
(impl_item type: (reference_type type: (generic_type type: (type_identifier) @container))) @container.scope @local.scope
(impl_item) @local.scope

[(attribute_item) (inner_attribute_item)] @attribute

; References ------------------------------------------------------------------------------------------------------------------

(call_expression function: [
  (identifier) @name
  (field_expression field: (field_identifier) @name)
  (scoped_identifier name: (identifier) @name)
  (generic_function function: [
    (identifier) @name
    (field_expression field: (field_identifier) @name)
    (scoped_identifier name: (identifier) @name)])]) @reference.call
(macro_invocation macro: [(identifier) @name (scoped_identifier name: (identifier) @name)]) @reference.macro
((token_tree (identifier) @name) @reference.call (#followed-by? @name "("))
((token_tree (identifier) @name) @reference.macro (#followed-by? @name "!(" "![" "!{"))
(struct_expression name: [
  (type_identifier) @name
  (scoped_type_identifier name: (type_identifier) @name)
  (generic_type_with_turbofish type: (type_identifier) @name)]) @reference.type
(field_initializer field: (field_identifier) @name) @reference.field
(field_pattern name: (field_identifier) @name) @reference.field
(shorthand_field_initializer (identifier) @name) @reference.shorthand
(type_binding name: (type_identifier) @name) @reference.field

(impl_item trait: [
  (type_identifier) @name
  (scoped_type_identifier name: (type_identifier) @name)
  (generic_type type: (type_identifier) @name)
  (generic_type type: (scoped_type_identifier name: (type_identifier) @name))]) @reference.implementation
(trait_item bounds: (trait_bounds [
  (type_identifier) @name
  (scoped_type_identifier name: (type_identifier) @name)
  (generic_type type: (type_identifier) @name)])) @reference.implementation
(attribute (identifier) @name) @reference.macro
((attribute (identifier) @_derive arguments: (token_tree (identifier) @name)) @reference.implementation (#eq? @_derive "derive"))

(use_declaration) @import
(use_as_clause alias: (identifier) @ignore)
(extern_crate_declaration name: (identifier) @name) @reference.import
((extern_crate_declaration name: (identifier) @import.from alias: (identifier) @import.alias) @import (#set! name ""))
(extern_crate_declaration alias: (identifier) @ignore)
(lifetime (identifier) @ignore)
(label (identifier) @ignore)
(visibility_modifier (identifier) @ignore)

; Locals ----------------------------------------------------------------------------------------------------------------------

[(block) (closure_expression) (match_arm) (if_expression) (while_expression) (for_expression) (macro_rule)] @local.scope
(parameter pattern: (_) @local.pattern)
(closure_parameters (_) @local.pattern)
(parameter type: (_) @local.use)
(let_declaration pattern: (_) @local.pattern) @local.after
(let_condition pattern: (_) @local.pattern) @local.after
(for_expression pattern: (_) @local.pattern value: (_) @local.after)
(match_arm pattern: (match_pattern) @local.pattern)
(match_pattern condition: (_) @local.use)
(tuple_struct_pattern type: (_) @local.use)
(struct_pattern type: (_) @local.use)
(range_pattern left: (_) @local.use)
(range_pattern right: (_) @local.use)
(field_pattern name: (shorthand_field_identifier) @name) @reference.shorthand
(type_parameter name: (type_identifier) @local.definition)
(const_parameter name: (identifier) @local.definition)
