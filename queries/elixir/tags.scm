; Elixir. The words are explained in ../README.md.

; Definitions -----------------------------------------------------------------------------------------------------------------

((call target: (identifier) @_def (arguments . (alias) @name)) @definition.module (#eq? @_def "defmodule"))
((call target: (identifier) @_def (arguments . (alias) @name)) @definition.interface (#eq? @_def "defprotocol"))

; The clauses of a function are one symbol, unless a later one is documented by itself.
((call target: (identifier) @_def (arguments . [
  (identifier) @name
  (call target: (identifier) @name)
  (binary_operator left: (identifier) @name operator: "when")
  (binary_operator left: (call target: (identifier) @name) operator: "when")])) @definition.function @local.scope
  (#any-of? @_def "def" "defp" "defdelegate" "defn" "defnp") (#set! clause))
((call target: (identifier) @_def (arguments . (binary_operator operator: _ @name))) @definition.function @local.scope
  (#any-of? @_def "def" "defp") (#not-eq? @name "when") (#set! clause))
((call target: (identifier) @_def (arguments . [
  (identifier) @name
  (call target: (identifier) @name)
  (binary_operator left: (identifier) @name operator: "when")
  (binary_operator left: (call target: (identifier) @name) operator: "when")])) @definition.macro @local.scope
  (#any-of? @_def "defmacro" "defmacrop" "defguard" "defguardp") (#set! clause))

((call target: (identifier) @_def (arguments [
  (list [(atom) @name @definition.field (keywords (pair key: (keyword) @name) @definition.field)])
  (keywords (pair key: (keyword) @name) @definition.field)]))
  (#any-of? @_def "defstruct" "defexception"))

((unary_operator operator: "@" operand: (call target: (identifier) @_type (arguments (binary_operator left: [
  (identifier) @name
  (call target: (identifier) @name)] operator: "::")))) @definition.type @local.types (#any-of? @_type "type" "typep" "opaque"))
((unary_operator operator: "@" operand: (call target: (identifier) @_callback (arguments [
  (binary_operator left: (call target: (identifier) @name) operator: "::")
  (binary_operator left: (binary_operator left: (call target: (identifier) @name) operator: "::") operator: "when")]))) @definition.method
  (#any-of? @_callback "callback" "macrocallback"))
((unary_operator operator: "@" operand: (call target: (identifier) @name (arguments))) @definition.constant
  (#set! once) (#set! flat)
  (#not-match? @name "^(doc|moduledoc|typedoc|spec|impl|type|typep|opaque|callback|macrocallback|behaviour|derive|enforce_keys|optional_callbacks|compile|deprecated|since|dialyzer|external_resource|on_load|before_compile|after_compile|on_definition|vsn|tag|moduletag|describetag|nifs|file)$"))

; What stands in a `defimpl` belongs to the type.
((call target: (identifier) @_impl (arguments (keywords (pair key: (keyword) @_for value: (alias) @container)))) @container.scope
  (#eq? @_impl "defimpl") (#match? @_for "^for:"))

((unary_operator operator: "@" operand: (call target: (identifier) @_doc (arguments [(string) (sigil)]))) @doc.next
  (#any-of? @_doc "doc" "typedoc"))
((unary_operator operator: "@" operand: (call target: (identifier) @_doc (arguments [(string) (sigil)] @doc)))
  (#eq? @_doc "moduledoc"))
((unary_operator operator: "@" operand: (call target: (identifier) @_attribute)) @attribute
  (#any-of? @_attribute "spec" "impl" "deprecated" "since" "doc" "dialyzer" "tag"))

; References ------------------------------------------------------------------------------------------------------------------

(call target: [(identifier) @name (dot right: (identifier) @name)]) @reference.call
(binary_operator operator: "|>" right: (identifier) @name) @reference.call
(unary_operator operator: "&" operand: (binary_operator left: [
  (identifier) @name
  (call target: (dot right: (identifier) @name))] operator: "/")) @reference.call
(unary_operator operator: "@" operand: (identifier) @name) @reference.global
((unary_operator operator: "@" operand: (call target: (identifier) @name)) @reference.global)
((unary_operator operator: "@" operand: (call target: (identifier) @_spec (arguments
  (binary_operator left: (call target: (identifier) @name) operator: "::")))) @reference.global (#eq? @_spec "spec"))
(map_content (keywords (pair key: (keyword) @name))) @reference.field
((call target: (identifier) @_use (arguments . (alias) @name)) @reference.implementation (#any-of? @_use "use" "defimpl"))
((unary_operator operator: "@" operand: (call target: (identifier) @_behaviour (arguments (alias) @name))) @reference.implementation
  (#any-of? @_behaviour "behaviour" "derive"))
((unary_operator operator: "@" operand: (call target: (identifier) @_derive (arguments (list (alias) @name)))) @reference.implementation
  (#eq? @_derive "derive"))

; What the language itself calls.
((call target: (identifier) @ignore)
  (#any-of? @ignore "def" "defp" "defdelegate" "defguard" "defguardp" "defmacro" "defmacrop" "defn" "defnp" "defmodule" "defprotocol"
    "defimpl" "defstruct" "defexception" "defoverridable" "alias" "case" "cond" "for" "if" "import" "quote" "receive" "require"
    "super" "try" "unless" "unquote" "unquote_splicing" "use" "with"))
((unary_operator operator: "@" operand: (call target: (identifier) @ignore))
  (#match? @ignore "^(doc|moduledoc|typedoc|spec|impl|type|typep|opaque|callback|macrocallback|behaviour|derive|enforce_keys|optional_callbacks|compile|deprecated|since|dialyzer|external_resource|on_load|before_compile|after_compile|on_definition|vsn|tag|moduletag|describetag|nifs|file)$"))
((identifier) @ignore (#any-of? @ignore "__MODULE__" "__ENV__" "__CALLER__" "__STACKTRACE__" "__DIR__" "_"))

; Imports ---------------------------------------------------------------------------------------------------------------------

((call target: (identifier) @_alias (arguments . (alias) @import.from @import.alias .)) @import
  (#any-of? @_alias "alias" "require") (#set! name ""))
((call target: (identifier) @_alias (arguments . (alias) @import.from (keywords (pair value: (alias) @import.alias @ignore)))) @import
  (#any-of? @_alias "alias" "require") (#set! name ""))
((call target: (identifier) @_import (arguments . (alias) @import.from)) @import (#eq? @_import "import") (#set! name "*"))
((call target: (identifier) @_alias (arguments . (dot left: (alias) @import.source right: (tuple)))) @import
  (#any-of? @_alias "alias" "require" "import"))
(dot right: (tuple (alias) @import.item @import.name))

; Locals ----------------------------------------------------------------------------------------------------------------------

[(do_block) (stab_clause)] @local.scope
((unary_operator operator: "@" operand: (call target: (identifier) @_type (arguments (binary_operator
  left: (call (arguments) @local.pattern) operator: "::")))) (#any-of? @_type "type" "typep" "opaque"))
((call target: (identifier) @_for) @local.scope (#any-of? @_for "for" "with"))
((call target: (identifier) @_def (arguments . [
  (call (arguments) @local.pattern)
  (binary_operator left: (call (arguments) @local.pattern) operator: "when")]))
  (#match? @_def "^def(p|macro|macrop|guard|guardp|delegate|n|np)?$"))
(stab_clause left: (arguments) @local.pattern)
(stab_clause left: (binary_operator left: (arguments) @local.pattern operator: "when"))
(binary_operator left: (_) @local.pattern operator: "=") @local.after
(binary_operator left: (_) @local.pattern operator: "<-") @local.after
(binary_operator operator: "\\\\" right: (_) @local.use)
(unary_operator operator: "^" operand: (_) @local.use)
