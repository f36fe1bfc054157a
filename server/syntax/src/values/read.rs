//! Expressions read from a tree: TypeScript's, JavaScript's and Python's nodes.

use tree_sitter::Node;

use super::fields::{Field, Fields};

/// Longer expressions say nothing.
pub(super) const MAX_LENGTH: usize = 200;
/// So many steps are followed in one expression.
pub(super) const MAX_STEPS: usize = 16;

/// Where the text of nodes comes from.
#[derive(Clone, Copy)]
pub(crate) struct Reading<'t> {
    pub(crate) text: &'t str,
    pub(crate) fields: &'t Fields,
}

impl<'t> Reading<'t> {
    fn field<'tree>(self, node: Node<'tree>, field: Field) -> Option<Node<'tree>> {
        node.child_by_field_id(self.fields.id(field)?)
    }

    fn of(self, node: Node<'_>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    /// The expression that a node is; `None` where it is none that can be followed.
    pub(crate) fn expression(self, node: Node<'_>) -> Option<String> {
        let mut steps: Vec<String> = Vec::new();
        let mut node = node;
        let mut head = None;
        for _ in 0..MAX_STEPS {
            let field = |field: Field| self.field(node, field);
            let next = match node.kind() {
                "identifier" | "this" | "super" | "type_identifier" => {
                    head = Some(self.of(node).to_owned());
                    break;
                }
                "member_expression" | "attribute" => {
                    let name = field(Field::Property).or_else(|| field(Field::Attribute))?;
                    steps.push(format!(".{}", self.of(name)));
                    field(Field::Object)
                }
                "call_expression" | "call" => {
                    let function = field(Field::Function)?;
                    if function.kind() == "identifier" && self.of(function) == "super" {
                        head = Some("super".to_owned());
                        break;
                    }
                    if function.kind() == "attribute" && self.of(function) == "t.cast" || self.of(function) == "cast" {
                        let wanted = field(Field::Arguments)?.named_child(0)?;
                        head = Some(self.typed(wanted)?);
                        break;
                    }
                    steps.push("()".to_owned());
                    Some(function)
                }
                "new_expression" => {
                    let class = self.expression(field(Field::Constructor)?)?;
                    head = Some(format!("new {class}()"));
                    break;
                }
                "subscript_expression" | "subscript" => {
                    let index = field(Field::Index).or_else(|| field(Field::Subscript))?;
                    let named = (index.kind() == "string" && node.kind() == "subscript_expression").then(|| self.of(index));
                    steps.push(named.map_or_else(|| "[]".to_owned(), |name| format!(".{}", name.trim_matches(['"', '\'']))));
                    field(Field::Object).or_else(|| field(Field::Value))
                }
                "as_expression" | "satisfies_expression" | "type_assertion" => {
                    let wanted = node.named_child(u32::from(node.kind() != "type_assertion"));
                    match wanted.filter(|wanted| wanted.kind() != "type_arguments") {
                        Some(wanted) => {
                            head = Some(self.typed(wanted)?);
                            break;
                        }
                        None => node.named_child(0),
                    }
                }
                "await_expression" | "await" | "non_null_expression" | "parenthesized_expression" => node.named_child(0),
                "assignment_expression" | "assignment" => field(Field::Right),
                "ternary_expression" => field(Field::Consequence),
                "binary_expression" if matches!(field(Field::Operator).map(|operator| self.of(operator)), Some("??" | "||")) => {
                    field(Field::Left)
                }
                "boolean_operator" => field(Field::Left),
                "conditional_expression" => node.named_child(0),
                "named_expression" => field(Field::Value),
                _ => None,
            };
            node = next?;
        }
        let mut expression = head?;
        steps.iter().rev().for_each(|step| expression.push_str(step));
        (expression.len() <= MAX_LENGTH && !expression.contains(['\n', '"', '#'])).then_some(expression)
    }

    /// A value of the type that a node writes.
    pub(crate) fn typed(self, node: Node<'_>) -> Option<String> {
        self.typed_up_to(node, MAX_LENGTH)
    }

    /// The same, where the type is not longer than so many bytes.
    pub(crate) fn typed_up_to(self, node: Node<'_>, most: usize) -> Option<String> {
        let written = self.of(node).trim_start_matches(':').trim().trim_matches(['"', '\'']);
        if written.len() > most {
            // What stands in it is listed by itself.
            return written.starts_with('{').then(|| "<{}>".to_owned());
        }
        let mut folded = String::with_capacity(written.len() + 2);
        folded.push('<');
        for word in written.split_whitespace() {
            if folded.len() > 1 {
                folded.push(' ');
            }
            folded.push_str(word);
        }
        folded.push('>');
        Some(folded)
    }

    /// What a declaration of a name gives it: its type, else what it begins as.
    pub(crate) fn declared(self, node: Node<'_>) -> Option<String> {
        let field = |field: Field| self.field(node, field);
        if let Some(written) = field(Field::Type).filter(|written| matches!(written.kind(), "type_annotation" | "type")) {
            return self.typed(written);
        }
        self.expression(field(Field::Value).or_else(|| field(Field::Right))?)
    }

    /// What the node at the end of `around` is wanted as by what stands around it; the outermost comes first.
    pub(crate) fn wanted(self, around: &[Node<'_>], steps: usize) -> Option<String> {
        let (&node, outer) = around.split_last()?;
        let &parent = outer.last()?;
        let more = steps.checked_sub(1)?;
        let field = |field: Field| self.field(parent, field);
        let is = |found: Option<Node<'_>>| found.is_some_and(|found| found.id() == node.id());
        match parent.kind() {
            "parenthesized_expression" | "await_expression" | "ternary_expression" => self.wanted(outer, more),
            "binary_expression" if is(field(Field::Right)) => self.wanted(outer, more),
            "pair" => {
                let key = self.of(field(Field::Key)?);
                let (_, object) = outer.split_last()?;
                Some(format!("{}.{}", self.wanted(object, more)?, key.trim_matches(['"', '\''])))
            }
            "array" => Some(format!("{}[]", self.wanted(outer, more)?)),
            "arguments" => {
                let (_, call) = outer.split_last()?;
                let &call_node = call.last()?;
                let callee = self.field(call_node, Field::Function).map(|function| self.expression(function));
                let callee = match callee {
                    Some(callee) => callee?,
                    None => format!("new {}", self.expression(self.field(call_node, Field::Constructor)?)?),
                };
                let mut cursor = parent.walk();
                let place = parent.named_children(&mut cursor).position(|argument| argument.id() == node.id())?;
                let given = self.field(call_node, Field::TypeArguments).map(|given| self.of(given));
                // A value whose declared type is called like the function that makes it has the same arguments.
                let declared = call.len().checked_sub(2).and_then(|outer| self.field(*call.get(outer)?, Field::Type));
                let declared = declared.map(|declared| self.of(declared).trim_start_matches(':').trim());
                let same =
                    declared.and_then(|declared| declared.strip_prefix(callee.as_str())).filter(|rest| rest.starts_with('<'));
                let given = given.or(same).unwrap_or_default();
                let short = given.len() < MAX_LENGTH && !given.contains('\n');
                Some(format!("{callee}{}({place}", if short { given } else { "" }))
            }
            "variable_declarator" | "public_field_definition" | "required_parameter" | "optional_parameter" => {
                self.typed(field(Field::Type)?)
            }
            "assignment_expression" if is(field(Field::Right)) => self.expression(field(Field::Left)?),
            "as_expression" | "satisfies_expression" => match parent.named_child(1) {
                Some(wanted) => self.typed(wanted),
                None => self.wanted(outer, more),
            },
            "return_statement" => {
                let function = outer.iter().rposition(|around| is_function(around.kind()))?;
                self.returned(&outer[..=function], more)
            }
            "arrow_function" if is(field(Field::Body)) => self.returned(outer, more),
            _ => None,
        }
    }

    /// What the function at the end of `around` has to return.
    fn returned(self, around: &[Node<'_>], steps: usize) -> Option<String> {
        let function = around.last()?;
        if let Some(written) = self.field(*function, Field::ReturnType) {
            return self.typed(written);
        }
        Some(format!("{}()", self.wanted(around, steps)?))
    }

    /// What the name at the end of `around`, which a pattern binds or takes apart, is the value of.
    pub(crate) fn bound(self, around: &[Node<'_>], name: Node<'_>) -> Option<String> {
        let mut path = String::new();
        let mut inner = name;
        for (depth, &node) in around.iter().enumerate().rev() {
            let field = |field: Field| self.field(node, field);
            let base = match node.kind() {
                "object_pattern" => {
                    if matches!(inner.kind(), "shorthand_property_identifier_pattern" | "object_assignment_pattern") {
                        let key = self.field(inner, Field::Left).unwrap_or(inner);
                        path.insert_str(0, &format!(".{}", self.of(key)));
                    }
                    None
                }
                "pair_pattern" => {
                    path.insert_str(0, &format!(".{}", self.of(field(Field::Key)?)));
                    None
                }
                "array_pattern" => {
                    path.insert_str(0, "[]");
                    None
                }
                "object_assignment_pattern" | "assignment_pattern" => None,
                "rest_pattern" | "tuple_pattern" | "list_pattern" | "pattern_list" => return None,
                "variable_declarator" => Some(self.declared(node)?),
                "required_parameter" | "optional_parameter" | "typed_parameter" | "typed_default_parameter"
                    if field(Field::Type).is_some() =>
                {
                    Some(self.typed(field(Field::Type)?)?)
                }
                "default_parameter" => Some(self.expression(field(Field::Value)?)?),
                "formal_parameters" => {
                    let function = &around[..depth];
                    let mut cursor = node.walk();
                    let place = node.named_children(&mut cursor).position(|parameter| parameter.id() == inner.id())?;
                    Some(format!("{}({place}", self.wanted(function, MAX_STEPS)?))
                }
                "arrow_function" => Some(format!("{}(0", self.wanted(&around[..=depth], MAX_STEPS)?)),
                "required_parameter" | "optional_parameter" => None,
                "for_in_statement" | "for_statement" | "for_in_clause" => {
                    Some(format!("{}[]", self.expression(field(Field::Right)?)?))
                }
                "as_pattern_target" => None,
                "as_pattern" => {
                    let value = node.named_child(0)?;
                    let catches = depth
                        .checked_sub(1)
                        .and_then(|outer| around.get(outer))
                        .is_some_and(|outer| outer.kind() == "except_clause");
                    Some(if catches { self.typed(value)? } else { format!("{}@", self.expression(value)?) })
                }
                _ => return None,
            };
            if let Some(base) = base {
                let whole = format!("{base}{path}");
                return (whole.len() <= MAX_LENGTH).then_some(whole);
            }
            inner = node;
        }
        None
    }

    /// What the node at `place` binds, a declaration, gives the name that stands in it.
    pub(crate) fn local(self, declaration: Node<'_>, name: Node<'_>) -> Option<String> {
        let mut around = vec![declaration];
        let mut node = declaration;
        while node.id() != name.id() {
            let mut cursor = node.walk();
            let inner = node
                .named_children(&mut cursor)
                .find(|child| child.start_byte() <= name.start_byte() && child.end_byte() >= name.end_byte())?;
            if inner.id() == name.id() {
                break;
            }
            around.push(inner);
            node = inner;
        }
        match around.as_slice() {
            [assignment] | [assignment, _]
                if assignment.kind() == "assignment"
                    && around.last().is_some_and(|last| !last.kind().ends_with("pattern") && last.kind() != "pattern_list") =>
            {
                self.declared(*assignment)
            }
            [member]
                if matches!(
                    member.kind(),
                    "public_field_definition"
                        | "field_definition"
                        | "property_signature"
                        | "required_parameter"
                        | "optional_parameter"
                ) =>
            {
                self.declared(*member)
            }
            [_, declarator] if declarator.kind() == "variable_declarator" => self.declared(*declarator),
            _ => self.bound(&around, name),
        }
    }
}

fn is_function(kind: &str) -> bool {
    matches!(
        kind,
        "arrow_function"
            | "function_expression"
            | "function_declaration"
            | "method_definition"
            | "generator_function"
            | "generator_function_declaration"
    )
}
