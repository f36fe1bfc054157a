import com.sun.source.tree.*;
import com.sun.source.util.*;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;
import javax.lang.model.element.*;
import javax.tools.*;

/**
 * Prints what javac says of every name: "file TAB line TAB start TAB end line TAB end TAB roles TAB symbol", zero-based, columns in UTF-16
 * units; roles is 1 for a definition. Argument: the folder of the sources. Of what comes from classes that are not there nothing is said.
 */
public final class Elements {
    private static final PrintStream OUT = new PrintStream(System.out, false, StandardCharsets.UTF_8);

    public static void main(String[] arguments) throws Exception {
        Path root = Path.of(arguments[0]).toRealPath();
        List<Path> paths;
        try (var walk = Files.walk(root)) {
            paths = walk.filter(path -> path.toString().endsWith(".java") && !path.endsWith("module-info.java")).sorted().toList();
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8);
        List<String> options = List.of("-proc:none", "-XDshould-stop.ifError=FLOW", "-nowarn", "-implicit:none");
        JavacTask task = (JavacTask) compiler.getTask(
            null, files, problem -> {}, options, null, files.getJavaFileObjectsFromPaths(paths));
        List<CompilationUnitTree> units = new ArrayList<>();
        task.parse().forEach(units::add);
        task.analyze();
        for (CompilationUnitTree unit : units) {
            new Scanner(root, Trees.instance(task), unit).scan(unit, null);
        }
        OUT.flush();
    }

    private static final class Scanner extends TreePathScanner<Void, Void> {
        private final Trees trees;
        private final SourcePositions positions;
        private final CompilationUnitTree unit;
        private final String file;
        private final String text;

        Scanner(Path root, Trees trees, CompilationUnitTree unit) throws Exception {
            this.trees = trees;
            this.unit = unit;
            positions = trees.getSourcePositions();
            file = root.relativize(Path.of(unit.getSourceFile().toUri())).toString();
            text = unit.getSourceFile().getCharContent(true).toString();
        }

        /** Prints a row for the name that begins at a place, if it does. */
        private void row(long start, CharSequence name, Element element, int roles) {
            if (start < 0 || element == null || !text.startsWith(name.toString(), (int) start)) {
                return;
            }
            String symbol = symbol(element);
            if (symbol != null) {
                long line = unit.getLineMap().getLineNumber(start) - 1;
                long column = start - unit.getLineMap().getPosition(line + 1, 1);
                OUT.printf("%s\t%d\t%d\t%d\t%d\t%d\t%s%n", file, line, column, line, column + name.length(), roles, symbol);
            }
        }

        /** Where a name is first written as a word of its own behind a place. */
        private long wordBehind(long from, CharSequence name) {
            // What an anonymous class begins with has no name.
            int at = name.isEmpty() ? -1 : (int) from;
            while (at >= 0 && (at = text.indexOf(name.toString(), at)) >= 0) {
                boolean begins = at == 0 || !Character.isJavaIdentifierPart(text.charAt(at - 1));
                int end = at + name.length();
                if (begins && (end == text.length() || !Character.isJavaIdentifierPart(text.charAt(end)))) {
                    return at;
                }
                at = end;
            }
            return -1;
        }

        private void definition(Tree tree, Tree modifiers, Tree before, CharSequence name) {
            long from = positions.getStartPosition(unit, tree);
            for (Tree part : Arrays.asList(modifiers, before)) {
                long end = part == null ? -1 : positions.getEndPosition(unit, part);
                from = Math.max(from, end);
            }
            row(wordBehind(from, name), name, trees.getElement(getCurrentPath()), 1);
        }

        @Override
        public Void visitClass(ClassTree tree, Void nothing) {
            if (!tree.getSimpleName().isEmpty()) {
                definition(tree, tree.getModifiers(), null, tree.getSimpleName());
            }
            return super.visitClass(tree, nothing);
        }

        @Override
        public Void visitMethod(MethodTree tree, Void nothing) {
            Element element = trees.getElement(getCurrentPath());
            CharSequence name = tree.getName();
            if (element != null && element.getKind() == ElementKind.CONSTRUCTOR) {
                name = element.getEnclosingElement().getSimpleName();
            }
            Tree before = tree.getReturnType();
            for (Tree parameter : tree.getTypeParameters()) {
                before = before == null ? parameter : before;
            }
            definition(tree, tree.getModifiers(), before, name);
            return super.visitMethod(tree, nothing);
        }

        @Override
        public Void visitVariable(VariableTree tree, Void nothing) {
            Element element = trees.getElement(getCurrentPath());
            boolean isConstant = element != null && element.getKind() == ElementKind.ENUM_CONSTANT;
            definition(tree, tree.getModifiers(), isConstant ? null : tree.getType(), tree.getName());
            return super.visitVariable(tree, nothing);
        }

        @Override
        public Void visitIdentifier(IdentifierTree tree, Void nothing) {
            // These two name a constructor by no name of its own.
            if (!tree.getName().contentEquals("this") && !tree.getName().contentEquals("super")) {
                row(positions.getStartPosition(unit, tree), tree.getName(), trees.getElement(getCurrentPath()), 0);
            }
            return super.visitIdentifier(tree, nothing);
        }

        @Override
        public Void visitMemberSelect(MemberSelectTree tree, Void nothing) {
            long end = positions.getEndPosition(unit, tree);
            row(end - tree.getIdentifier().length(), tree.getIdentifier(), trees.getElement(getCurrentPath()), 0);
            return super.visitMemberSelect(tree, nothing);
        }

        @Override
        public Void visitMemberReference(MemberReferenceTree tree, Void nothing) {
            long end = positions.getEndPosition(unit, tree);
            row(end - tree.getName().length(), tree.getName(), trees.getElement(getCurrentPath()), 0);
            return super.visitMemberReference(tree, nothing);
        }

        private static String symbol(Element element) {
            return switch (element.getKind()) {
                case PACKAGE, MODULE -> null;
                case CLASS, INTERFACE, ENUM, ANNOTATION_TYPE, RECORD -> isLocal(element) ? "local " + element : "java " + element + "#";
                case METHOD, CONSTRUCTOR, FIELD, ENUM_CONSTANT, RECORD_COMPONENT -> isLocal(element)
                    ? "local " + element
                    : "java " + element.getEnclosingElement() + "#" + element.toString().replace(" ", "") + ".";
                default -> "local " + element;
            };
        }

        /** Whether it stands in a method, as what an anonymous class defines does. */
        private static boolean isLocal(Element element) {
            for (Element around = element.getEnclosingElement(); around != null; around = around.getEnclosingElement()) {
                if (around.getKind() == ElementKind.METHOD || around instanceof TypeElement type && type.getNestingKind() == NestingKind.LOCAL
                    || around instanceof TypeElement other && other.getNestingKind() == NestingKind.ANONYMOUS) {
                    return true;
                }
            }
            return false;
        }
    }
}
