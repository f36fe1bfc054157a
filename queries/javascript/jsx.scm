; JSX, for JavaScript and TSX. An element in capitals calls its component; one in small letters is no name of ours.

((jsx_opening_element name: (identifier) @name) @reference.call (#match? @name "^[A-Z_$]"))
((jsx_closing_element name: (identifier) @name) @reference.call (#match? @name "^[A-Z_$]"))
((jsx_self_closing_element name: (identifier) @name) @reference.call (#match? @name "^[A-Z_$]"))
((jsx_opening_element name: (identifier) @ignore) (#match? @ignore "^[a-z]"))
((jsx_closing_element name: (identifier) @ignore) (#match? @ignore "^[a-z]"))
((jsx_self_closing_element name: (identifier) @ignore) (#match? @ignore "^[a-z]"))
(jsx_opening_element name: (member_expression property: (property_identifier) @name)) @reference.call
(jsx_self_closing_element name: (member_expression property: (property_identifier) @name)) @reference.call
(jsx_attribute (property_identifier) @name) @reference.field
