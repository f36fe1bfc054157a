; Bash, and the shells that write alike. The words are explained in ../README.md.

; Definitions -----------------------------------------------------------------------------------------------------------------

(function_definition name: (word) @name) @definition.function @local.scope

; What is set at the top is a variable of the script; what a function sets is so only if it is not declared there.
((program (variable_assignment name: (variable_name) @name) @definition.variable) (#set! once) (#set! flat))
((program (variable_assignments (variable_assignment name: (variable_name) @name) @definition.variable)) (#set! once) (#set! flat))
((program (list (variable_assignment name: (variable_name) @name) @definition.variable)) (#set! once) (#set! flat))
((program (if_statement (variable_assignment name: (variable_name) @name) @definition.variable)) (#set! once) (#set! flat))
((program (if_statement (_ (variable_assignment name: (variable_name) @name) @definition.variable))) (#set! once) (#set! flat))
((program (case_statement (case_item (variable_assignment name: (variable_name) @name) @definition.variable)))
  (#set! once) (#set! flat))
((declaration_command ["declare" "typeset" "local"] (variable_assignment name: (variable_name) @name)) @definition.variable
  (#set! local) (#set! once) (#set! flat))
((declaration_command ["declare" "typeset" "local"] (variable_name) @name) @definition.variable
  (#set! local) (#set! once) (#set! flat))
((program (declaration_command "export" (variable_assignment name: (variable_name) @name)) @definition.variable)
  (#set! once) (#set! flat))
((program (declaration_command "readonly" (variable_assignment name: (variable_name) @name)) @definition.constant)
  (#set! once) (#set! flat))
((program (declaration_command (word) @_flag (variable_assignment name: (variable_name) @name)) @definition.constant)
  (#match? @_flag "^-[a-zA-Z]*r") (#set! once) (#set! flat))
((command name: (command_name (word) @_alias) argument: (concatenation . (word) @name)) @definition.function
  (#eq? @_alias "alias") (#set! once) (#set! flat))

; References ------------------------------------------------------------------------------------------------------------------

((command name: (command_name (word) @name)) @reference.call (#match? @name "^[A-Za-z_][A-Za-z0-9_.:-]*$"))
((command name: (command_name (word) @_trap) . argument: (word) @name) @reference.call (#eq? @_trap "trap"))

; Imports ---------------------------------------------------------------------------------------------------------------------

((command name: (command_name (word) @ignore) . argument: (_) @import.from) @import
  (#any-of? @ignore "source" ".") (#set! name "*"))

; Locals ----------------------------------------------------------------------------------------------------------------------

(for_statement variable: (variable_name) @local.definition)
