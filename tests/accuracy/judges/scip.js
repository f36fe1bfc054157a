// Prints the occurrences of a SCIP index: "file<TAB>line<TAB>start<TAB>end line<TAB>end<TAB>roles<TAB>symbol", zero-based.
// The messages are those that scip-typescript was made with; argv: the folder of that package, the index.
const [, , scipPackage, indexFile] = process.argv;
const { scip } = require(`${scipPackage}/dist/src/scip.js`);
const index = scip.Index.deserializeBinary(require("fs").readFileSync(indexFile));
const rows = [];
for (const document of index.documents) {
  for (const { range, symbol, symbol_roles } of document.occurrences) {
    const end = range.length === 4 ? [range[2], range[3]] : [range[0], range[2]];
    rows.push([document.relative_path, range[0], range[1], ...end, symbol_roles, symbol].join("\t"));
  }
}
process.stdout.write(rows.join("\n") + "\n");
