//! C and C++ write a name in the middle of its type: `int (*handlers[4])(void)`.

use tree_sitter::Node;

/// Deeper declarators name nothing.
const MAX_DEPTH: usize = 64;

/// The name that a declarator declares, and whether it declares a function.
pub(crate) fn declared(declarator: Node<'_>) -> Option<(Node<'_>, bool)> {
    if is_argument(declarator) {
        return None;
    }
    let mut node = declarator;
    let mut function = false;
    for _ in 0..MAX_DEPTH {
        node = match node.kind() {
            "identifier" | "field_identifier" | "type_identifier" | "destructor_name" | "operator_name" => {
                return Some((node, function));
            }
            "operator_cast" => return Some((node, true)),
            "qualified_identifier" | "template_function" | "template_method" | "dependent_name" => {
                node.child_by_field_name("name").or_else(|| node.named_child(0))?
            }
            kind => {
                function = match kind {
                    "function_declarator" => true,
                    "pointer_declarator" | "array_declarator" | "reference_declarator" => false,
                    _ => function,
                };
                let last = u32::try_from(node.named_child_count()).ok()?.checked_sub(1);
                node.child_by_field_name("declarator").or_else(|| node.named_child(last?))?
            }
        };
    }
    None
}

/// `EXPORT(open);` looks like a variable `open` of the type `EXPORT` in needless parentheses, but it is the call of a macro.
fn is_argument(declarator: Node<'_>) -> bool {
    let inner = declarator.named_child(0).map(|inner| inner.kind());
    declarator.kind() == "parenthesized_declarator" && inner == Some("identifier")
}
