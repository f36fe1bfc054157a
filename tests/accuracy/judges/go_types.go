// Prints what Go's own type checker says of every name: "file<TAB>line<TAB>start<TAB>end line<TAB>end<TAB>roles<TAB>symbol",
// zero-based, columns in characters; roles is 1 for a definition. argv: the folder of one module, its import path. Packages that are
// not there are left out: of what comes from them nothing is said.
package main

import (
	"bufio"
	"fmt"
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

type judge struct {
	root     string
	files    *token.FileSet
	lines    map[string][]string
	locals   map[types.Object]int
	standard types.Importer
	module   string
	packages map[string]*types.Package
	out      *bufio.Writer
}

// Import reads the module's own packages from its folder, and others by the compiler's sources.
func (j *judge) Import(path string) (*types.Package, error) {
	if path != j.module && !strings.HasPrefix(path, j.module+"/") {
		return j.standard.Import(path)
	}
	if found, ok := j.packages[path]; ok {
		return found, nil
	}
	folder := filepath.Join(j.root, strings.TrimPrefix(path, j.module))
	found := j.check(path, folder, func(name string) bool { return !strings.HasSuffix(name, "_test.go") }, false)
	j.packages[path] = found
	return found, nil
}

// check reads the files of a folder that are wanted as one package, and prints what they say if that is wanted.
func (j *judge) check(path, folder string, wanted func(string) bool, print bool) *types.Package {
	entries, _ := os.ReadDir(folder)
	var parsed []*ast.File
	for _, entry := range entries {
		name := entry.Name()
		matches, err := build.Default.MatchFile(folder, name)
		if err != nil || !matches || !strings.HasSuffix(name, ".go") || !wanted(name) {
			continue
		}
		file, _ := parser.ParseFile(j.files, filepath.Join(folder, name), nil, parser.SkipObjectResolution)
		if file != nil {
			parsed = append(parsed, file)
		}
	}
	// Files of `package x_test` are a package of their own.
	byPackage := map[string][]*ast.File{}
	for _, file := range parsed {
		byPackage[file.Name.Name] = append(byPackage[file.Name.Name], file)
	}
	var result *types.Package
	for name, files := range byPackage {
		info := &types.Info{Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}}
		configuration := types.Config{Importer: j, Error: func(error) {}, FakeImportC: true}
		full := path
		if strings.HasSuffix(name, "_test") {
			full += "_test"
		}
		found, _ := configuration.Check(full, j.files, files, info)
		if result == nil || !strings.HasSuffix(name, "_test") {
			result = found
		}
		if print {
			for identifier, object := range info.Defs {
				j.row(identifier, object, 1)
			}
			for identifier, object := range info.Uses {
				j.row(identifier, object, 0)
			}
		}
	}
	return result
}

func (j *judge) row(identifier *ast.Ident, object types.Object, roles int) {
	if object == nil || object.Pkg() == nil {
		return
	}
	place := j.files.Position(identifier.Pos())
	relative, err := filepath.Rel(j.root, place.Filename)
	if err != nil {
		return
	}
	lines, ok := j.lines[place.Filename]
	if !ok {
		text, _ := os.ReadFile(place.Filename)
		lines = strings.Split(string(text), "\n")
		j.lines[place.Filename] = lines
	}
	start := utf8.RuneCountInString(lines[place.Line-1][:place.Column-1])
	end := start + utf8.RuneCountInString(identifier.Name)
	fmt.Fprintf(j.out, "%s\t%d\t%d\t%d\t%d\t%d\t%s\n", relative, place.Line-1, start, place.Line-1, end, roles, j.symbol(object))
}

// symbol names what is meant by where it is defined: one file is checked several times, for tests and for those who import it.
func (j *judge) symbol(object types.Object) string {
	place := j.files.Position(object.Pos())
	where := fmt.Sprintf("%s:%d:%d", place.Filename, place.Line, place.Column)
	switch object := object.(type) {
	case *types.PkgName, *types.Label:
		return "local " + where
	case *types.Var:
		if !object.IsField() && object.Parent() != object.Pkg().Scope() {
			return "local " + where
		}
	case *types.TypeName:
		if _, ok := object.Type().(*types.TypeParam); ok {
			return "local " + where
		}
	}
	if isInFunction(object) {
		return "local " + where
	}
	return "go " + where + "."
}

// isInFunction tells whether only one function can see it.
func isInFunction(object types.Object) bool {
	scope := object.Parent()
	return scope != nil && scope != object.Pkg().Scope() && scope != types.Universe
}

func main() {
	root, module := os.Args[1], os.Args[2]
	build.Default.CgoEnabled = false
	files := token.NewFileSet()
	j := &judge{
		root: root, files: files, lines: map[string][]string{}, module: module, packages: map[string]*types.Package{},
		standard: importer.ForCompiler(files, "source", nil), out: bufio.NewWriter(os.Stdout),
	}
	defer j.out.Flush()
	filepath.WalkDir(root, func(folder string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		if name := entry.Name(); folder != root && (strings.HasPrefix(name, ".") || name == "testdata" || name == "vendor") {
			return filepath.SkipDir
		}
		relative, _ := filepath.Rel(root, folder)
		path := module
		if relative != "." {
			path += "/" + filepath.ToSlash(relative)
		}
		j.check(path, folder, func(string) bool { return true }, true)
		return nil
	})
}
